"""Registers the start-up check of stored secrets once the models are there."""

from importlib import import_module

from django.apps import AppConfig


class IntegrationsConfig(AppConfig):
    name = "integrations"
    verbose_name = "Scanners"

    def ready(self) -> None:
        import_module("integrations.checks")

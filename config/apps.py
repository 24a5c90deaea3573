"""Registers the start-up checks: importing them is what registers them."""

from django.apps import AppConfig

from config import checks


class ConfigApp(AppConfig):
    name = "config"
    start_up_checks = checks

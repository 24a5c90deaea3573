"""A clinic's scanner connections, what lies on their other side, and every run that fetched from there."""

from integrations.models.attempts import ConnectAttempt
from integrations.models.callbacks import CallbackEvent
from integrations.models.connections import ScannerIntegration
from integrations.models.orders import ScannerOrder
from integrations.models.runs import SyncItem, SyncRun

__all__ = ["CallbackEvent", "ConnectAttempt", "ScannerIntegration", "ScannerOrder", "SyncItem", "SyncRun"]

"""Asking the cloud for a scan of a patient, so that it comes back under the patient's chart number."""

from dataclasses import dataclass

from integrations.connectors.itero.connector import IteroConnector
from integrations.models import ScannerIntegration
from integrations.services.connectors import connector_of
from patients.audit import Actor, record
from patients.errors import Conflict, Refused
from patients.models import Patient


@dataclass(frozen=True, slots=True)
class ScanRequest:
    procedure: str
    note: str = ""


def push(connection: ScannerIntegration, patient: Patient, wanted: ScanRequest, *, actor: Actor) -> str:
    """The id of the order that the scanner will offer for this patient.

    Raises Refused for a patient without a chart number, which is what the scan is to come back with; Conflict where
    the scanner takes no requests; ConnectorError.
    """
    if not patient.chart_number:
        raise Refused("no_chart_number", "This patient has no chart number: the scan could not be told apart by it.")
    if not connection.is_active or connection.state != ScannerIntegration.State.CONNECTED:
        raise Conflict("not_connected", "This scanner is not connected. An imaging admin can connect it.")
    connector = connector_of(connection)
    if not isinstance(connector, IteroConnector):
        raise Conflict("no_requests", "This scanner takes no requests.")
    order_id = connector.push_scan_request(patient.as_identity(), procedure=wanted.procedure, note=wanted.note)
    record(
        "scan.requested",
        "patient",
        patient.uuid,
        clinic=connection.clinic,
        actor=actor,
        integration=str(connection.uuid),
    )
    return order_id

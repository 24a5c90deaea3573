"""The deeds of the audit trail in words; programs and filters know them by their codes."""

from typing import Any

from django.utils.translation import gettext_lazy as _

VERBS: dict[str, Any] = {
    "case.assigned": _("filed under a patient by a person"),
    "case.filed": _("filed by Archway"),
    "case.held": _("put on hold"),
    "case.jaws_related": _("looked how the jaws meet"),
    "case.merged": _("merged into another case"),
    "case.patient_considered": _("patient proposed again"),
    "case.patient_ruled_out": _("patient ruled out"),
    "case.put_back": _("put back into the queue"),
    "case.received": _("case received"),
    "case.rejected": _("rejected"),
    "case.reprocessed": _("read again"),
    "case.scans_moved": _("scans moved to another case"),
    "case.split": _("split in two"),
    "case.viewed": _("looked at"),
    "clinic.changed": _("clinic changed"),
    "credentials.changed": _("secrets changed"),
    "credentials.deleted": _("secrets deleted"),
    "credentials.reencrypted": _("secrets encrypted anew"),
    "decision.undone": _("decision undone"),
    "delivery.announced": _("upload announced"),
    "delivery.duplicate": _("delivery was here already"),
    "delivery.file_arrived": _("file of an upload arrived"),
    "delivery.received": _("delivery received"),
    "delivery.rejected": _("delivery refused"),
    "delivery.stopped": _("upload stopped by the sender"),
    "delivery.viewed": _("looked at"),
    "integration.added": _("scanner added"),
    "integration.changed": _("scanner's settings changed"),
    "integration.connect_started": _("connecting started"),
    "integration.connected": _("scanner connected"),
    "integration.consented": _("access given by the cloud"),
    "integration.disconnected": _("scanner disconnected"),
    "job.started_again": _("background job started again"),
    "patient.changed": _("patient changed"),
    "patient.created": _("patient created"),
    "patient.viewed": _("looked at"),
    "patient.withdrawn": _("new patient taken back"),
    "patients.created": _("patients created"),
    "scan.downloaded": _("file downloaded"),
    "scan.requested": _("scan asked for at the scanner"),
    "scan.type_chosen": _("type chosen by a person"),
    "scan.viewed": _("looked at"),
    "scannerorder.viewed": _("looked at"),
    "sync.asked_for": _("look for new scans asked for"),
    "user.changed": _("account changed"),
    "user.created": _("account created"),
    "user.password_set": _("password set"),
}


def deed(verb: str) -> str:
    return str(VERBS.get(verb, verb))

"""Why a case waits: codes for programs, sentences for the front desk. Matching adds its own codes."""

from patients.matching.decide import BIRTH_DATE_CONFLICT, CHART_CONFLICT, NO_IDENTITY, SUFFIX_CONFLICT, TEST_PATIENT
from patients.matching.decide import WAIT_REASONS as MATCHING_REASONS
from scans.said import said

FILE_REJECTED = "FILE_REJECTED"
NEEDS_KEY = "NEEDS_KEY"
TYPE_CONFLICT = "TYPE_CONFLICT"
TYPE_UNSURE = "TYPE_UNSURE"
STATED_PATIENT_DIFFERS = "STATED_PATIENT_DIFFERS"
PUT_BACK = "PUT_BACK"
IDENTITY_CONFLICT = "IDENTITY_CONFLICT"
MISSING_FILE = "MISSING_FILE"
DOUBTFUL_FILE = "DOUBTFUL_FILE"
EARLIER_VERSION = "EARLIER_VERSION"
SCAN_OF_ANOTHER = "SCAN_OF_ANOTHER"
READY_TO_FILE = "READY_TO_FILE"
TOO_MANY_CANDIDATES = "TOO_MANY_CANDIDATES"
REMEMBERED_OTHER = "REMEMBERED_OTHER"
RULED_OUT = "RULED_OUT"
SPLIT_OFF = "SPLIT_OFF"
SCANS_MOVED = "SCANS_MOVED"

WAIT_REASONS: dict[str, str] = {
    **MATCHING_REASONS,
    FILE_REJECTED: "A file of this case could not be read. Ask for a new export, or file what is there.",
    MISSING_FILE: "The order names a scan that did not come with it. Ask for a complete export.",
    DOUBTFUL_FILE: "A scan was read, but something about it is doubtful: see its checks.",
    IDENTITY_CONFLICT: "The files of this case name different patients. Look at each before you file it.",
    SCAN_OF_ANOTHER: "The very same scan is filed under another patient. One of the two is wrong.",
    EARLIER_VERSION: "A person decided about an earlier version of this order. Look at that one first.",
    READY_TO_FILE: "Nothing is open about the scans: choose the patient.",
    NEEDS_KEY: "A file is encrypted by 3Shape. Export it as STL or PLY, or store the clinic's key.",
    TYPE_CONFLICT: "Name and shape of a scan disagree about what it is. Look at it and choose.",
    TYPE_UNSURE: "It is not certain what a scan shows. Look at it and choose.",
    STATED_PATIENT_DIFFERS: "The sender named a patient, but name or birth date in the scan speak against it.",
    TOO_MANY_CANDIDATES: "So many patients have a like name that they could not all be compared.",
    REMEMBERED_OTHER: "Last time a person filed the same name and number from this sender under another patient.",
    RULED_OUT: "A person said that this case is not the likeliest patient's.",
    SPLIT_OFF: "A person split this case off another one.",
    SCANS_MOVED: "A person took scans out of this case or put some into it.",
    PUT_BACK: "A person put this case back.",
}

BY_PERSON = frozenset({PUT_BACK, SPLIT_OFF, SCANS_MOVED})
"""Only a person clears these."""

SPEAKS_AGAINST = BY_PERSON | {
    BIRTH_DATE_CONFLICT, CHART_CONFLICT, EARLIER_VERSION, IDENTITY_CONFLICT, MISSING_FILE, NO_IDENTITY,
    REMEMBERED_OTHER, RULED_OUT, SCAN_OF_ANOTHER, STATED_PATIENT_DIFFERS, SUFFIX_CONFLICT, TEST_PATIENT,
    TOO_MANY_CANDIDATES,
}  # fmt: skip
"""Reasons to wait that a glance at the best candidate does not settle: such a case is opened before it is filed."""


def sentences(codes: list[str]) -> list[str]:
    """In the reader's language."""
    return [said(WAIT_REASONS.get(code, code)) for code in codes]

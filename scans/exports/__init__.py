"""What a folder, a zip or a set of loose files from a scanner means."""

from scans.exports.grouping import LEFT_OVER, split_into_cases
from scans.exports.manifest import (
    CaseManifest,
    EntryKind,
    ExportError,
    ExportFile,
    ManifestEntry,
    SeveralCases,
    Source,
)
from scans.exports.table import EXPORT_READERS, read_export

__all__ = [
    "EXPORT_READERS",
    "LEFT_OVER",
    "CaseManifest",
    "EntryKind",
    "ExportError",
    "ExportFile",
    "ManifestEntry",
    "SeveralCases",
    "Source",
    "read_export",
    "split_into_cases",
]

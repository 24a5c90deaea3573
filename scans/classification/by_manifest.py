"""What the export says of a file: the votes its reader gave, and what its kind alone tells."""

from scans.classification.verdict import Method, Role, Vote
from scans.exports.manifest import EntryKind, ManifestEntry

DESIGN = 0.95


def by_manifest(entry: ManifestEntry) -> tuple[Vote, ...]:
    if entry.kind is EntryKind.DESIGN:
        design = Vote(Method.VENDOR, role=Role.DESIGN, confidence=DESIGN, evidence="the export calls it a design")
        return (design, *entry.votes)
    return entry.votes

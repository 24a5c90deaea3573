"""Meshes of no known scheme: the words in their names decide, and what the names share may be the patient's."""

from patients.matching.identity import Identity
from scans.classification.words import looks_like_name, read_name
from scans.exports.exocad import matrices
from scans.exports.listing import Listing
from scans.exports.manifest import Source
from scans.exports.reading import ExportReader, Reading

WORDS_OF_A_NAME = 2
"""One word before "upper" may be anything ("phantom", "final"); two words of letters are worth suggesting."""


def recognises(listing: Listing) -> bool:
    return True


def read(listing: Listing) -> Reading:
    names = (read_name(file.name) for file in listing.meshes)
    label = next((name.label for name in names if name.label and not name.doubtful), "")
    full_name = label if looks_like_name(label, words_needed=WORDS_OF_A_NAME) else ""
    return Reading(Source.OTHER, "unknown", identity=Identity(full_name=full_name), files=matrices(listing))


GENERIC = ExportReader(Source.OTHER, recognises, read)

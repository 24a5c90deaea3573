"""The one table of export readers, and the way in."""

from collections.abc import Sequence

from scans.exports.assembly import assemble
from scans.exports.exocad import EXOCAD
from scans.exports.generic import GENERIC
from scans.exports.grouping import cases_in
from scans.exports.itero import ITERO
from scans.exports.listing import Listing, open_listing
from scans.exports.manifest import CaseManifest, EntryKind, ExportError, ExportFile, SeveralCases
from scans.exports.medit import MEDIT, MEDIT_CASE
from scans.exports.reading import ExportReader
from scans.exports.threeshape import THREESHAPE

EXPORT_READERS: tuple[ExportReader, ...] = (ITERO, MEDIT_CASE, THREESHAPE, MEDIT, EXOCAD, GENERIC)
"""In the order they are asked: own order files first, and Medit before exocad, whose folder Medit imitates.

Medit's case folder comes before 3Shape's names: scans of other systems lie in Medit Link under the names they had.
"""

NAMED_CASES = 10


def read_export(files: Sequence[ExportFile], *, container: str = "") -> CaseManifest:
    """One case out of the entries of a folder, an archive or loose files.

    container: the name of the archive or folder itself, when it is not part of the paths; iTero writes the order id
        there and Medit the patient.
    Raises SeveralCases (data["cases"]: their labels) and ExportError with a code: "empty" (no entries),
        "native_only" (only closed formats; the message names the way out), "nothing_usable" (no scan among them).
    """
    if not files:
        raise ExportError("There is nothing in this upload.", code="empty")
    listing = open_listing(files, container)
    _one_case(cases_in(listing))
    reader = next(reader for reader in EXPORT_READERS if reader.recognises(listing))
    manifest = assemble(listing, reader.read(listing))
    if not manifest.meshes:
        raise _nothing_usable(listing)
    return manifest


def _one_case(labels: Sequence[str]) -> None:
    if len(labels) <= 1:
        return
    named = ", ".join(labels[:NAMED_CASES]) + (", …" if len(labels) > NAMED_CASES else "")
    message = f"This upload holds {len(labels)} cases ({named}). Send each case on its own."
    raise SeveralCases(message, cases=list(labels))


def _nothing_usable(listing: Listing) -> ExportError:
    natives = list(dict.fromkeys(entry.note for entry in listing.entries if entry.kind is EntryKind.NATIVE))
    if natives:
        return ExportError(f"No scan in this upload can be read. {' '.join(natives)}", code="native_only")
    kinds = sorted({str(entry.kind) for entry in listing.entries})
    return ExportError(
        f"There is no scan in this upload, only: {', '.join(kinds)}.", code="nothing_usable", kinds=kinds
    )

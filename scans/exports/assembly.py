"""From a listing and a vendor's reading to the manifest: one line for every entry, in the listing's order."""

from collections.abc import Mapping
from dataclasses import dataclass

from patients.matching.identity import Identity
from scans.classification.by_filename import SILENT, by_filename, by_folder
from scans.classification.verdict import Arch, Role, Vote
from scans.exports.companions import Pairing, pair
from scans.exports.listing import Listed, Listing
from scans.exports.manifest import CaseManifest, EntryKind, ManifestEntry
from scans.exports.reading import FileReading, Reading
from scans.exports.sorting import ending

ATTACHABLE = frozenset({EntryKind.COMPANION, EntryKind.DOCUMENT})
NOTHING = FileReading()


@dataclass(frozen=True, slots=True)
class Context:
    """What every line of the manifest may need."""

    reading: Reading
    pairing: Pairing
    attached: frozenset[str]
    problems: Mapping[str, str]


def assemble(listing: Listing, reading: Reading) -> CaseManifest:
    kinds = {entry.path: reading.files.get(entry.path, NOTHING).kind or entry.kind for entry in listing.entries}
    context = _context(listing, reading, kinds)
    return CaseManifest(
        source=reading.source,
        vendor=reading.vendor,
        order_id=reading.order_id,
        identity=reading.identity,
        entries=tuple(_entry(entry, kinds[entry.path], context) for entry in listing.entries),
        captured_at=reading.captured_at,
        metadata=reading.metadata,
    )


def _context(listing: Listing, reading: Reading, kinds: Mapping[str, EntryKind]) -> Context:
    files = [(entry.file, kinds[entry.path]) for entry in listing.entries]
    meshes = [file for file, kind in files if kind is EntryKind.MESH]
    pairing = pair(meshes, [file for file, kind in files if kind in ATTACHABLE])
    named = {path for told in reading.files.values() for path in told.companions}
    problems = {sidecar.path: sidecar.problem for sidecar in listing.sidecars if sidecar.problem}
    return Context(reading, pairing, frozenset(pairing.attached | named), problems)


def _entry(entry: Listed, kind: EntryKind, context: Context) -> ManifestEntry:
    told = context.reading.files.get(entry.path, NOTHING)
    if kind is EntryKind.MESH:
        return _mesh(entry, told, context.reading.identity, context.pairing)
    if kind in ATTACHABLE:
        return _attached(entry, kind, told, context)
    note = context.problems.get(entry.path) or told.note or entry.note
    return ManifestEntry(entry.path, kind, told.votes, note, metadata=told.metadata)


def _mesh(entry: Listed, told: FileReading, identity: Identity, pairing: Pairing) -> ManifestEntry:
    companions = tuple(dict.fromkeys((*pairing.companions.get(entry.path, ()), *told.companions)))
    votes = _votes(entry.path, told, identity)
    if entry.path in pairing.alternates:
        note = f"The same scan as {ending(pairing.alternates[entry.path]).upper()}, which is used instead."
        metadata = {**told.metadata, "alternate_of": pairing.alternates[entry.path]}
        return ManifestEntry(entry.path, EntryKind.ALTERNATE, votes, note, companions, metadata=metadata)
    alternates = pairing.alternates_of(entry.path)
    return ManifestEntry(entry.path, EntryKind.MESH, votes, told.note, companions, alternates, told.metadata)


def _votes(path: str, told: FileReading, identity: Identity) -> tuple[Vote, ...]:
    names = (f"{identity.first_name} {identity.last_name}".strip(), identity.full_name)
    words = SILENT if told.knows_name else by_filename(path, [name for name in names if name][:1])
    return (*told.votes, *(vote for vote in (by_folder(path), words) if _speaks(vote)))


def _speaks(vote: Vote) -> bool:
    return vote.arch is not Arch.UNKNOWN or vote.role is not Role.UNKNOWN


def _attached(entry: Listed, kind: EntryKind, told: FileReading, context: Context) -> ManifestEntry:
    if entry.path in context.attached:
        return ManifestEntry(entry.path, EntryKind.COMPANION, note="The colour of a scan.", metadata=told.metadata)
    if kind is EntryKind.COMPANION:
        return ManifestEntry(entry.path, kind, note="A material file whose mesh is not in this upload.")
    return ManifestEntry(entry.path, kind, note=told.note or entry.note, metadata=told.metadata)

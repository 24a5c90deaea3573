"""Every limit of the readers in one place. Passed in, so that pure code reads no settings."""

from dataclasses import dataclass

MEGABYTE = 1024 * 1024


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """What a reader may take on before it says TooLarge.

    header_bytes: a PLY header, an STL name, and how much of a file is looked at to recognise it.
    line_bytes: one line of a text format. chunk_bytes: how much text is read at once; small enough for a processor's
    cache, which makes the passes over it several times faster.
    material_bytes, materials: an MTL file, and how often an OBJ may change its material.
    """

    file_bytes: int = 1024 * MEGABYTE
    faces: int = 20_000_000
    vertices: int = 20_000_000
    header_bytes: int = 64 * 1024
    line_bytes: int = 16 * MEGABYTE
    chunk_bytes: int = MEGABYTE // 2
    texture_bytes: int = 64 * MEGABYTE
    texture_pixels: int = 64_000_000
    material_bytes: int = MEGABYTE
    materials: int = 10_000
    xml_bytes: int = 512 * MEGABYTE


@dataclass(frozen=True, slots=True)
class ArchiveLimits:
    """What an archive may hold.

    ratio: unpacked to packed bytes of one entry; entries below `ratio_from_bytes` may be packed any better.
    depth: 1 opens the archive itself and only names the archives inside it.
    directory_bytes: the archive's own list of its entries.
    dictionary_bytes: what a packing may keep in memory (7z).
    """

    entries: int = 5_000
    entry_bytes: int = 1024 * MEGABYTE
    total_bytes: int = 4096 * MEGABYTE
    ratio: int = 200
    ratio_from_bytes: int = MEGABYTE
    depth: int = 1
    path_characters: int = 400
    directory_bytes: int = 16 * MEGABYTE
    dictionary_bytes: int = 1536 * MEGABYTE


READ_LIMITS = ReadLimits()
ARCHIVE_LIMITS = ArchiveLimits()

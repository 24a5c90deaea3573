"""Names of files as their sender gave them."""

ARCHIVE_ENDINGS = (".zip", ".7z")


def numbered(name: str, number: int) -> str:
    """ "folder/upper.stl", 2 -> "folder/upper (2).stl", as operating systems do it."""
    folder, slash, base = name.rpartition("/")
    stem, dot, ending = base.rpartition(".")
    return f"{folder}{slash}" + (f"{stem} ({number}){dot}{ending}" if dot else f"{base} ({number})")


def is_archive_name(name: str) -> bool:
    """An archive is opened only under an archive's name: one that calls itself a mesh is refused by the readers."""
    return name.lower().endswith(ARCHIVE_ENDINGS)


def without_archive_ending(name: str) -> str:
    return name.rpartition(".")[0] if is_archive_name(name) else name

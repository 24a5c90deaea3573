"""Names of files as their sender gave them."""


def numbered(name: str, number: int) -> str:
    """ "folder/upper.stl", 2 -> "folder/upper (2).stl", as operating systems do it."""
    folder, slash, base = name.rpartition("/")
    stem, dot, ending = base.rpartition(".")
    return f"{folder}{slash}" + (f"{stem} ({number}){dot}{ending}" if dot else f"{base} ({number})")


def is_zip_name(name: str) -> bool:
    """A zip is opened only under its own name: one that calls itself a mesh is refused by the readers."""
    return name.lower().endswith(".zip")

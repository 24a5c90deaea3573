"""What several models share."""

SHA256 = 64
"""Characters of a content's name."""


def choices_of(enum: type) -> list[tuple[str, str]]:
    return [(str(member), str(member).replace("_", " ")) for member in enum]  # type: ignore[attr-defined]

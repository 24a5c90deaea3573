"""MTL libraries and their pictures, taken only from the same upload: no path and no address is ever followed."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from scans.meshes.limits import ReadLimits
from scans.meshes.readers.text import plain_text, unix_lines

_OPTION_VALUES = {"-bm": 1, "-boost": 1, "-texres": 1, "-type": 1, "-imfchan": 1, "-mm": 2}
_OPTION_VALUES |= {"-blendu": 1, "-blendv": 1, "-cc": 1, "-clamp": 1}
_UP_TO_THREE = ("-o", "-s", "-t")
_NUMBER = re.compile(r"[-+]?[0-9.]+(?:[eE][-+]?[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Material:
    """color: red, green, blue 0..1 of Kd, or None. picture: the name of map_Kd as written, or empty."""

    color: tuple[float, float, float] | None = None
    picture: str = ""


def find_companion(name: str, companions: Mapping[str, Path]) -> Path | None:
    """The file of this upload that a library or picture name means, or None.

    Exporters write names, relative and absolute paths of the computer they ran on: only the last part counts. A name
    that climbs (`..`) or is an address means nothing of this upload, whatever its last part.
    """
    parts = name.strip().strip('"').replace("\\", "/").split("/")
    if ".." in parts or "://" in name or not parts[-1]:
        return None
    wanted = parts[-1].casefold()
    matches = [path for key, path in companions.items() if _last_part(key) == wanted]
    exact = companions.get("/".join(parts))
    return exact or (matches[0] if len(matches) == 1 else None)


def _last_part(name: str) -> str:
    return PurePosixPath(name.replace("\\", "/")).name.casefold()


def read_library(path: Path, limits: ReadLimits) -> dict[str, Material]:
    """Material name -> Material. Lines that cannot be read are left out; a library beyond the limit is empty."""
    if path.stat().st_size > limits.material_bytes:
        return {}
    found: dict[str, Material] = {}
    name = ""
    for line in unix_lines(path.read_bytes()).split(b"\n"):
        word, _, rest = plain_text(line).partition(" ")
        if word == "newmtl":
            name = rest.strip()
            found.setdefault(name, Material())
        elif name and word == "Kd":
            found[name] = Material(_color(rest), found[name].picture)
        elif name and word.lower() == "map_kd":
            found[name] = Material(found[name].color, _picture_name(rest))
    return found


def _color(text: str) -> tuple[float, float, float] | None:
    numbers = [float(n) for n in text.split()[:3] if _NUMBER.fullmatch(n) and n.count(".") < 2 and n.strip("+-.")]
    if len(numbers) != 3 or not all(0 <= n <= 1 for n in numbers):
        return None
    return numbers[0], numbers[1], numbers[2]


def _picture_name(text: str) -> str:
    """`-s 1 1 1 -clamp on my picture.png` -> `my picture.png`."""
    words = text.split()
    while words and words[0] in (*_OPTION_VALUES, *_UP_TO_THREE):
        option = words.pop(0)
        values = _OPTION_VALUES.get(option, 3)
        while words and values and (option in _OPTION_VALUES or _NUMBER.fullmatch(words[0])):
            words.pop(0)
            values -= 1
    return " ".join(words)

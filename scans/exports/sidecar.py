"""XML that came from outside: size and DTD are checked before anything is read from it."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Protocol, cast

from defusedxml import DefusedXmlException
from defusedxml.ElementTree import ParseError, fromstring

from scans.exports.manifest import ExportFile

SIDECAR_BYTES = 8 * 1024 * 1024
"""3Shape's Materials.xml reaches some megabytes; an order is far smaller."""


class XmlNode(Protocol):
    """What we use of an element."""

    tag: str
    text: str | None

    def get(self, key: str, default: str = "") -> str: ...
    def iter(self, tag: str | None = None) -> Iterator["XmlNode"]: ...
    def find(self, path: str) -> "XmlNode | None": ...
    def findall(self, path: str) -> list["XmlNode"]: ...
    def findtext(self, path: str, default: str = "") -> str: ...


@dataclass(frozen=True, slots=True)
class Sidecar:
    """A parsed XML beside the scans, or why it could not be read."""

    path: str
    root: XmlNode | None
    problem: str = ""

    @property
    def root_tag(self) -> str:
        return "" if self.root is None else local_name(self.root.tag)


def local_name(tag: object) -> str:
    # Comments and processing instructions have a function as their tag.
    return tag.rsplit("}", 1)[-1] if isinstance(tag, str) else ""


def parse_sidecar(file: ExportFile) -> Sidecar:
    """Never raises for what is in the file: a broken side-car costs its own information, not the case."""
    if file.size > SIDECAR_BYTES:
        return Sidecar(file.path, None, "Too large to be an order file; not read.")
    content = file.read()
    if len(content) > SIDECAR_BYTES:
        return Sidecar(file.path, None, "Too large to be an order file; not read.")
    try:
        return Sidecar(file.path, cast(XmlNode, fromstring(content, forbid_dtd=True)))
    except DefusedXmlException:
        return Sidecar(file.path, None, "Refused: it declares entities or a DTD, which no scanner's export does.")
    except (ParseError, ValueError, LookupError):
        return Sidecar(file.path, None, "This XML is broken and could not be read; the file names decide instead.")


def text_of(node: XmlNode | None, *paths: str) -> str:
    """The first of these that is there and not empty, stripped."""
    if node is None:
        return ""
    return next((text for path in paths if (text := (node.findtext(path) or "").strip())), "")

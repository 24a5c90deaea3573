"""3Shape's "DCM": an XML file with a packed mesh. hpsdecode unpacks it; everything around it is checked here.

Schema CA and CC are open and lossless, CE is CC encrypted with a key that only the clinic can supply, CB is lossy and
not documented. Nothing is transformed: coordinates are those of the file.
"""

import io
import struct
import zlib
from dataclasses import replace
from typing import Any

import hpsdecode.commands as hps_commands
import numpy as np
from hpsdecode.exceptions import HPSEncryptionError, HPSParseError
from hpsdecode.loader import TEXTURE_IMAGE_PATHS_ENCRYPTED, TEXTURE_IMAGE_PATHS_UNENCRYPTED
from hpsdecode.mesh import HPSMesh
from hpsdecode.schemas import CCSchemaParser, CESchemaParser, EncryptedData, ParseContext
from hpsdecode.schemas.cc import IndexMode
from numpy.typing import NDArray

from scans.meshes.errors import BadStructure, NativeFormat, NeedsKey, WrongKey
from scans.meshes.findings import Finding
from scans.meshes.limits import ReadLimits
from scans.meshes.readers.assemble import build_mesh, paint_vertices
from scans.meshes.readers.base import Reading, Source
from scans.meshes.readers.hps_document import HpsDocument, number, packed_bytes, parse_document
from scans.meshes.readers.remarks import colors_ignored
from scans.meshes.readers.sniff import HPS_ROOT, clear_text
from scans.meshes.readers.texture import TextureError, decode_image, sample

_ASTRAY = (EOFError, LookupError, ArithmeticError)
_UNDECODABLE = (*_ASTRAY, HPSParseError, ValueError, TypeError, AttributeError, struct.error, zlib.error)
_EXPORT = "export the case as STL or PLY from the 3Shape software"
_POINT_BYTES = 12
_PLAUSIBLE_MM = 1e6
_VERTEX_COLORS, _TEXTURE_PLACES = ".//VertexColorSets/VertexColorSet", ".//PerVertexTextureCoord"


class HpsReader:
    scan_format = "DCM"

    def accepts(self, source: Source) -> bool:
        return HPS_ROOT.match(clear_text(source.head)) is not None

    def read(self, source: Source) -> Reading:
        document = parse_document(source.read_bytes(), source.limits)
        _require_schema(document, source.hps_key)
        context = _context(document, with_colors=False)
        mesh = _decoded(document, context, source.hps_key)
        vertices = mesh.vertices.astype(np.float32)
        if len(vertices) != document.vertex_count or len(mesh.faces) != document.facet_count:
            raise _damaged("count_mismatch")
        _require_plausible(vertices, document)
        built = build_mesh(vertices, mesh.faces)
        colors, remarks = _colors(document, source)
        built = replace(built, colors=colors)
        return Reading("DCM", f"HPS {document.schema}", built, remarks, document.metadata())


def _require_schema(document: HpsDocument, key: str) -> None:
    if document.schema not in ("CA", "CC", "CE"):
        raise NativeFormat(
            f"This 3Shape file is packed in a way ({document.schema}) that only 3Shape's software opens. "
            f"Please {_EXPORT}.",
            code="hps_schema",
            schema=document.schema,
        )
    if document.schema == "CE" and not key:
        raise NeedsKey(
            "This 3Shape file is encrypted. Either store the clinic's own key with the 3Shape connection, "
            f"or {_EXPORT}.",
            metadata=document.metadata(),
        )


def _context(document: HpsDocument, *, with_colors: bool) -> ParseContext:
    """What hpsdecode unpacks. Raises BadStructure, Truncated before anything is allocated for false counts."""
    encrypted = document.schema == "CE"
    facets = packed_bytes(document.facets, "base64_encoded_bytes")
    vertices = packed_bytes(document.vertices, "base64_encoded_bytes")
    # Every facet costs at least one byte of commands.
    if document.facet_count > len(facets) or document.vertex_count * _POINT_BYTES > len(vertices):
        raise _damaged("count_mismatch")
    size = document.vertex_count * _POINT_BYTES
    return ParseContext(
        vertex_data=EncryptedData(vertices, size, "Key" in document.vertices.attrib) if encrypted else vertices,
        face_data=facets,
        vertex_count=document.vertex_count,
        face_count=document.facet_count,
        check_value=number(document.vertices, "check_value"),
        properties=document.properties,
        **(_color_data(document, encrypted=encrypted) if with_colors else {}),
    )


def _color_data(document: HpsDocument, *, encrypted: bool) -> dict[str, Any]:
    images = [(path, encrypted) for path in TEXTURE_IMAGE_PATHS_ENCRYPTED]
    images += [(path, False) for path in TEXTURE_IMAGE_PATHS_UNENCRYPTED]
    found = {id(e): (e, locked) for path, locked in reversed(images) for e in document.root.findall(path)}

    def data(element: Any, locked: bool) -> bytes | EncryptedData:
        raw = packed_bytes(element, "Base64EncodedBytes")
        size = number(element, "Base64EncodedBytes")
        return EncryptedData(raw, size, "Key" in element.attrib) if locked else raw

    colors, places = document.root.find(_VERTEX_COLORS), document.root.find(_TEXTURE_PLACES)
    return {
        "vertex_colors_data": None if colors is None else data(colors, encrypted),
        "texture_coords_data": None if places is None else data(places, encrypted),
        "texture_images": [data(element, locked) for element, locked in found.values()],
    }


def _decoded(document: HpsDocument, context: ParseContext, key: str) -> HPSMesh:
    try:
        return _parser(document, key).parse(context).mesh
    except HPSEncryptionError as error:
        raise _wrong_key(document) from error
    except _UNDECODABLE as error:
        # A key of impossible length fails inside the cipher, before any data is touched.
        if document.schema == "CE" and isinstance(error, ValueError):
            raise _wrong_key(document) from error
        raise _damaged("undecodable") from error


class _RetryingParser(CCSchemaParser):
    """hpsdecode tries 16-bit indices first, and gives up if that attempt ends in anything but its own error.

    On a file with 32-bit indices the first attempt runs through misread bytes, where any of _ASTRAY may come up.
    """

    _skip_16_bit = False

    def parse_faces(
        self, data: bytes, face_count: int, vertex_count: int
    ) -> tuple[NDArray[np.integer[Any]], list[hps_commands.AnyFaceCommand]]:
        try:
            return super().parse_faces(data, face_count, vertex_count)
        except _ASTRAY:
            self._skip_16_bit = True
            return super().parse_faces(data, face_count, vertex_count)

    def _parse_commands(self, data: bytes, mode: IndexMode) -> list[hps_commands.AnyFaceCommand]:
        if self._skip_16_bit and mode is IndexMode.MODE_16BIT:
            raise HPSParseError("16-bit indices have been tried")
        return super()._parse_commands(data, mode)


class _RetryingEncryptedParser(_RetryingParser, CESchemaParser):
    """CE: decrypts, then unpacks as above."""


def _parser(document: HpsDocument, key: str) -> CCSchemaParser:
    return _RetryingEncryptedParser(key_bytes(key)) if document.schema == "CE" else _RetryingParser()


def key_bytes(key: str) -> bytes:
    """A key as people keep it: "28,141,16,..." or as text."""
    parts = [part.strip() for part in key.split(",")]
    if len(parts) > 1 and all(part.isascii() and part.isdigit() and int(part) < 256 for part in parts):
        return bytes(int(part) for part in parts)
    return key.strip().encode("latin-1", errors="replace")


def _require_plausible(vertices: NDArray[np.float32], document: HpsDocument) -> None:
    """A file need not carry a check value; then this is how a wrong key shows."""
    is_plausible = bool((np.abs(vertices) < _PLAUSIBLE_MM).all())
    if document.schema == "CE" and not is_plausible:
        raise _wrong_key(document)


def _colors(document: HpsDocument, source: Source) -> tuple[NDArray[np.uint8] | None, tuple[Finding, ...]]:
    """Colours are an extra: where they cannot be read, the scan is accepted without them."""
    if all(document.root.find(path) is None for path in (_VERTEX_COLORS, _TEXTURE_PLACES)):
        return None, ()
    try:
        mesh = _decoded(document, _context(document, with_colors=True), source.hps_key)
        return _painted(mesh, source.limits), ()
    except (BadStructure, TextureError, *_UNDECODABLE):
        return None, (colors_ignored("its colours are packed in a way that we do not know"),)


def _painted(mesh: HPSMesh, limits: ReadLimits) -> NDArray[np.uint8] | None:
    if mesh.has_texture_coords and mesh.has_textures:
        image = mesh.texture_images[0]
        # 3Shape stores blue before red, and counts texture rows from the top (so does hpsdecode's own sampler).
        pixels = decode_image(io.BytesIO(image), len(image), limits)[::-1, :, ::-1]
        return paint_vertices(mesh.faces, sample(pixels, mesh.uv).reshape(-1, 3, 3), mesh.num_vertices)
    if not mesh.has_vertex_colors:
        return None
    if mesh.vertex_colors.shape != (mesh.num_vertices, 3):
        raise TextureError("its colours are fewer or more than its points")
    return np.ascontiguousarray(mesh.vertex_colors, dtype=np.uint8)


def _damaged(code: str) -> BadStructure:
    return BadStructure("This 3Shape file contradicts itself. Please export it again.", code=code)


def _wrong_key(document: HpsDocument) -> WrongKey:
    return WrongKey(
        f"The key stored with the 3Shape connection does not open this file. Please check the key, or {_EXPORT}.",
        metadata=document.metadata(),
    )

"""A mesh as a GLB for the viewer: 16-bit places, linear colours, no normals, compressed where the codec is there.

glTF 2.0 with KHR_mesh_quantization and EXT_meshopt_compression. The same mesh gives the same bytes.
"""

import json
import struct
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from scans.meshes.mesh import Mesh
from scans.meshes.previews.codec import meshopt
from scans.meshes.previews.shown import Shown, shown

QUANTIZED, COMPRESSED = "KHR_mesh_quantization", "EXT_meshopt_compression"
CAN_COMPRESS = meshopt is not None

_UNSIGNED_SHORT, _UNSIGNED_INT = 5123, 5125
_VERTICES, _INDICES = 34962, 34963
_TRIANGLES = 4
_LEVEL = 2
"""Of 3. The last one costs twice the time and saves 1 %."""


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """One buffer view: rows of `stride` bytes for vertices, or the corners of the faces."""

    rows: NDArray[Any]
    stride: int
    is_faces: bool = False

    @property
    def count(self) -> int:
        return self.rows.size if self.is_faces else len(self.rows)

    @property
    def size(self) -> int:
        return self.count * self.stride

    def compressed(self) -> bytes:
        if self.is_faces:
            return bytes(meshopt.encode_index_buffer(self.rows))
        # Version 0 is the one that EXT_meshopt_compression defines.
        return bytes(meshopt.encode_vertex_buffer_level(self.rows, _LEVEL, 0))


def glb(mesh: Mesh, *, compress: bool = CAN_COMPRESS) -> bytes:
    """Everything of the mesh that can be seen. Takes any valid mesh."""
    content = shown(mesh, in_order=compress)
    blocks = [_Block(content.faces, 4, is_faces=True), _Block(content.places, 8)]
    if content.light is not None:
        blocks.append(_Block(content.light, 8))
    layout, payload = _packed(blocks) if compress else _plain(blocks)
    extensions = [QUANTIZED, COMPRESSED] if compress else [QUANTIZED]
    return _container(
        {**_scene(content), **layout, "extensionsUsed": extensions, "extensionsRequired": extensions}, payload
    )


def _scene(content: Shown) -> dict[str, Any]:
    count = len(content.places)
    attributes = {"POSITION": 1}
    accessors: list[dict[str, Any]] = [
        {"bufferView": 0, "componentType": _UNSIGNED_INT, "count": content.faces.size, "type": "SCALAR"},
        {"bufferView": 1, "componentType": _UNSIGNED_SHORT, "count": count, "type": "VEC3", **_range(content.places)},
    ]
    if content.light is not None:
        attributes["COLOR_0"] = 2
        color = {"bufferView": 2, "componentType": _UNSIGNED_SHORT, "normalized": True, "count": count, "type": "VEC3"}
        accessors.append(color)
    surface = {"metallicFactor": 0, "roughnessFactor": 0.55}
    return {
        "asset": {"version": "2.0", "generator": "Archway"},
        "scene": 0,
        "scenes": [{"nodes": [0]}],
        "nodes": [{"mesh": 0, "translation": list(content.offset), "scale": [content.step] * 3}],
        "meshes": [{"primitives": [{"mode": _TRIANGLES, "indices": 0, "material": 0, "attributes": attributes}]}],
        "materials": [{"doubleSided": True, "pbrMetallicRoughness": surface}],
        "accessors": accessors,
    }


def _range(places: NDArray[np.uint16]) -> dict[str, list[int]]:
    columns = [places[:, axis] for axis in range(3)]
    return {"min": [int(column.min()) for column in columns], "max": [int(column.max()) for column in columns]}


def _plain(blocks: list[_Block]) -> tuple[dict[str, Any], bytes]:
    payload = b"".join(block.rows.tobytes() for block in blocks)
    return {"buffers": [{"byteLength": len(payload)}], "bufferViews": _views(blocks, 0)}, payload


def _packed(blocks: list[_Block]) -> tuple[dict[str, Any], bytes]:
    """Views into a second buffer that nobody stores, and where the codec finds the bytes that fill it."""
    views, parts, offset = _views(blocks, 1), [], 0
    for block, view in zip(blocks, views, strict=True):
        part = block.compressed()
        view["extensions"] = {
            COMPRESSED: {
                "buffer": 0,
                "byteOffset": offset,
                "byteLength": len(part),
                "byteStride": block.stride,
                "count": block.count,
                "mode": "TRIANGLES" if block.is_faces else "ATTRIBUTES",
            }
        }
        parts.append(_padded(part, b"\0"))
        offset += len(parts[-1])
    unpacked = {"byteLength": sum(block.size for block in blocks), "extensions": {COMPRESSED: {"fallback": True}}}
    return {"buffers": [{"byteLength": offset}, unpacked], "bufferViews": views}, b"".join(parts)


def _views(blocks: list[_Block], buffer: int) -> list[dict[str, Any]]:
    views, offset = [], 0
    for block in blocks:
        use = {"target": _INDICES} if block.is_faces else {"target": _VERTICES, "byteStride": block.stride}
        views.append({"buffer": buffer, "byteOffset": offset, "byteLength": block.size, **use})
        offset += block.size
    return views


def _container(tree: dict[str, Any], payload: bytes) -> bytes:
    text = _padded(json.dumps(tree, separators=(",", ":"), allow_nan=False).encode(), b" ")
    payload = _padded(payload, b"\0")
    length = 12 + 8 + len(text) + 8 + len(payload)
    head = struct.pack("<4sII", b"glTF", 2, length)
    return b"".join(
        [head, struct.pack("<I4s", len(text), b"JSON"), text, struct.pack("<I4s", len(payload), b"BIN\0"), payload]
    )


def _padded(part: bytes, filler: bytes) -> bytes:
    return part + filler * (-len(part) % 4)

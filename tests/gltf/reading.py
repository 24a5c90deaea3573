"""A GLB as a viewer takes it apart, and as Khronos' validator sees it; written for the tests, apart from the writer."""

import json
import shutil
import struct
import subprocess
from dataclasses import dataclass
from pathlib import Path

import meshopt
import numpy as np

HERE = Path(__file__).parent
_TYPES = {5123: np.dtype("<u2"), 5125: np.dtype("<u4")}
_WIDTHS = {"SCALAR": 1, "VEC3": 3}


@dataclass(frozen=True)
class Opened:
    """tree: the JSON. vertices: (V, 3) float64 in the scene. faces: (F, 3). light: (V, 3) 0..1 linear, or None."""

    tree: dict
    vertices: np.ndarray
    faces: np.ndarray
    light: np.ndarray | None


def open_glb(content: bytes) -> Opened:
    magic, version, length, text_length, text_kind = struct.unpack_from("<4sII I4s", content)
    assert (magic, version, length, text_kind) == (b"glTF", 2, len(content), b"JSON")
    tree = json.loads(content[20 : 20 + text_length])
    payload = content[20 + text_length + 8 :]
    node, primitive = tree["nodes"][0], tree["meshes"][0]["primitives"][0]
    places = _values(tree, payload, primitive["attributes"]["POSITION"])
    color = primitive["attributes"].get("COLOR_0")
    return Opened(
        tree,
        places * np.array(node["scale"]) + np.array(node["translation"]),
        _values(tree, payload, primitive["indices"]).reshape(-1, 3),
        None if color is None else _values(tree, payload, color) / 65535,
    )


def _values(tree: dict, payload: bytes, number: int) -> np.ndarray:
    accessor = tree["accessors"][number]
    view = tree["bufferViews"][accessor["bufferView"]]
    kind, width = _TYPES[accessor["componentType"]], _WIDTHS[accessor["type"]]
    stride = view.get("byteStride", width * kind.itemsize)
    raw = np.frombuffer(_bytes_of(view, payload), kind).reshape(accessor["count"], stride // kind.itemsize)
    values = raw[:, :width]
    assert "min" not in accessor or values.min(axis=0).tolist() == accessor["min"]
    assert "max" not in accessor or values.max(axis=0).tolist() == accessor["max"]
    return values


def _bytes_of(view: dict, payload: bytes) -> bytes:
    packed = view.get("extensions", {}).get("EXT_meshopt_compression")
    if packed is None:
        return payload[view["byteOffset"] : view["byteOffset"] + view["byteLength"]]
    part = payload[packed["byteOffset"] : packed["byteOffset"] + packed["byteLength"]]
    plain = meshopt.decode_gltf_buffer(part, packed["count"], packed["byteStride"], packed["mode"]).tobytes()
    assert len(plain) == view["byteLength"]
    return plain


def validate(*paths: Path) -> list[dict]:
    """One report of Khronos' validator for each file."""
    node = shutil.which("node")
    assert node, "Khronos' glTF validator needs Node: install nodejs and npm, then run `make node`"
    assert (HERE / "node_modules").is_dir(), "Khronos' glTF validator is not installed: run `make node`"
    done = subprocess.run(
        [node, HERE / "validate.js", *paths], capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stderr
    return [json.loads(line) for line in done.stdout.splitlines()]

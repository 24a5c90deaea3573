"""The zip of an order as iTero lays it out: shells, the order's XML, a picture, the prescription."""

import hashlib
import io
import threading
from collections import OrderedDict
from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from jinja2 import Environment, PackageLoader
from PIL import Image

from integrations.sandbox.orders import Order
from scans.classification.verdict import Arch
from scans.meshes.mesh import Mesh
from scans.synthetic import exports
from scans.synthetic.arch import make_arch

KEPT = 32
PICTURE_PIXELS = (160, 120)
OTHER_FACES = 6
"""Another number of faces is other noise and another grid: the same jaw, captured once more."""
_TEMPLATES = Environment(loader=PackageLoader("integrations.sandbox"), autoescape=True)


@dataclass(frozen=True, slots=True)
class Facts:
    size: int
    sha256: str


class Artefacts:
    """Zips, built when first asked for; the last few are kept, the facts about all of them. Safe between threads."""

    def __init__(self, faces: int) -> None:
        self._faces = faces
        self._lock = threading.Lock()
        self._zips: OrderedDict[tuple[str, int], bytes] = OrderedDict()
        self._facts: dict[tuple[str, int], Facts] = {}

    def facts(self, order: Order) -> Facts:
        with self._lock:
            known = self._facts.get(order.key)
        if known is None:
            content = self.zip_of(order)
            known = Facts(len(content), hashlib.sha256(content).hexdigest())
            with self._lock:
                self._facts[order.key] = known
        return known

    def known(self, order: Order) -> Facts | None:
        """What is known without building anything."""
        return self._facts.get(order.key)

    def remember(self, order: Order, facts: Facts) -> None:
        self._facts[order.key] = facts

    def zip_of(self, order: Order) -> bytes:
        if order.content is not None:
            return order.content
        with self._lock:
            content = self._zips.get(order.key)
            if content is None:
                content = self._zips[order.key] = build(order, self._faces)
            self._zips.move_to_end(order.key)
            while len(self._zips) > KEPT:
                self._zips.popitem(last=False)
        return content


def build(order: Order, faces: int) -> bytes:
    """Equal orders give equal bytes."""
    wanted = faces + OTHER_FACES * order.capture
    arches = {arch: _arch(arch, order.patient.seed, wanted) for arch in (Arch.UPPER, Arch.LOWER)}
    made = exports.Order(
        order.rx_id,
        order.captured_at,
        order.patient.first_name,
        order.patient.last_name,
        chart_number=order.patient.chart_number,
        arches=arches,
    )
    files = exports.itero_export(made, version=order.xml_version)
    folder = next(iter(files)).split("/")[0]
    pictures = {f"{folder}/Gallery/{order.rx_id}_{arch}.jpg": _picture(mesh) for arch, mesh in arches.items()}
    prescription = _TEMPLATES.get_template("rx.html").render(order=order)
    return exports.as_zip({**files, **pictures, f"{folder}/Rx_{order.rx_id}.html": prescription.encode()})


@lru_cache(maxsize=16)
def _arch(arch: Arch, seed: int, faces: int) -> Mesh:
    return make_arch(arch, seed=seed, faces=faces)


def _picture(mesh: Mesh) -> bytes:
    """The arch from above, brighter where it stands out."""
    wide, high = PICTURE_PIXELS
    low, high_corner = mesh.vertices.min(axis=0), mesh.vertices.max(axis=0)
    placed = (mesh.vertices - low) / (high_corner - low)
    pixels = np.zeros((high, wide), np.float64)
    rows = ((1 - placed[:, 1]) * (high - 1)).astype(np.intp)
    columns = (placed[:, 0] * (wide - 1)).astype(np.intp)
    np.maximum.at(pixels, (rows, columns), 80 + 175 * placed[:, 2])
    target = io.BytesIO()
    Image.fromarray(pixels.astype(np.uint8)).convert("RGB").save(target, "JPEG", quality=80)
    return target.getvalue()

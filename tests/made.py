"""Made-up things that tests share: the two clinics, meshes, exports, and how they are handed over."""

import io
import zipfile
from dataclasses import dataclass
from functools import cache

from django.contrib.auth.models import User

from patients.audit import Actor
from patients.models import Clinic
from scans.classification.verdict import Arch
from scans.models import Delivery
from scans.services.intake import Incoming, Receipt, Wanted, receive_and_read
from scans.synthetic import writers
from scans.synthetic.arch import make_arch

FACES = 6_000


@dataclass(frozen=True)
class World:
    ours: Clinic
    theirs: Clinic
    owner: User
    colleague: User
    imaging: User
    stranger: User


@cache
def upper_stl(seed: int = 1) -> bytes:
    return writers.stl(make_arch(Arch.UPPER, seed=seed, faces=FACES))


@cache
def lower_stl(seed: int = 1) -> bytes:
    return writers.stl(make_arch(Arch.LOWER, seed=seed, faces=FACES))


def zip_of(files: dict[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def hand_over(clinic: Clinic, files: dict[str, bytes], *, user: User | None = None, **wanted: str) -> Receipt:
    """Through the real intake and the real reading process."""
    return receive_and_read(
        clinic,
        [Incoming(name, [content], len(content)) for name, content in files.items()],
        channel=Delivery.Channel.API,
        wanted=Wanted(**wanted),
        actor=Actor.of(user) if user else Actor.system("test"),
    )


def itero_zip(order: str, patient: str, chart: str = "", *, seed: int = 1, without: str = "") -> dict[str, bytes]:
    """An iTero export as one zip: both arches in occlusion and the side-car, one of them left out on request."""
    folder = f"OrthoCAD_Export_{order}"
    objects = "".join(
        f'<Object ObjectType="Surface" SubType="Jaw" JawId="{jaw}" FileName="{order}_shell_occlusion_{letter}.stl"/>'
        for jaw, letter in (("Upper", "u"), ("Lower", "l"))
    )
    sidecar = (
        f'<iTeroExport Version="2.4"><RxInfo><OrderID>{order}</OrderID><Patient>{patient}</Patient>'
        f"<ChartNumber>{chart}</ChartNumber></RxInfo><ExportedObjects>{objects}</ExportedObjects></iTeroExport>"
    )
    files = {
        f"{folder}/{order}_shell_occlusion_u.stl": upper_stl(seed),
        f"{folder}/{order}_shell_occlusion_l.stl": lower_stl(seed),
        f"{folder}/itero_export_#{order}_v24.xml": sidecar.encode(),
    }
    kept = {name: content for name, content in files.items() if not without or without not in name}
    return {f"{folder}.zip": zip_of(kept)}

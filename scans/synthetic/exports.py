"""Made-up exports as scanners write them: paths and bytes of every file of one order.

Names and XML follow public vendor pages and public importers; see "What scanners export" in the project's notes.
"""

import io
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from xml.sax.saxutils import escape, quoteattr

from scans.classification.verdict import Arch
from scans.meshes.mesh import Mesh
from scans.synthetic import writers

Files = dict[str, bytes]
ZIP_TIME = (2026, 1, 1, 0, 0, 0)
"""One time stamp for all entries, so that equal files give equal archives."""
DUE = timedelta(days=10)


@dataclass(frozen=True, slots=True)
class Order:
    """Who was scanned, when (aware, or the clinic's local time), and the meshes. Empty text means "not typed in"."""

    order_id: str
    captured: datetime
    first_name: str = ""
    last_name: str = ""
    birth_date: date | None = None
    chart_number: str = ""
    arches: Mapping[Arch, Mesh] = field(default_factory=dict)
    bites: tuple[Mesh, ...] = ()

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def surname_first(self) -> str:
        return ", ".join(name for name in (self.last_name, self.first_name) if name)

    @property
    def day(self) -> str:
        return self.captured.date().isoformat()


def itero_export(order: Order, *, version: str = "3.0") -> Files:
    """`OrthoCAD_Export_<OrderID>/` with shells in occlusion (STL, zero normals) and the order's XML.

    Version 2.4 calls the order CaseId; the chart number stands in 2.4 and 5.0; 5.0 writes the name "Surname, First".
    """
    folder = f"OrthoCAD_Export_{order.order_id}"
    shells = {arch: f"{order.order_id}_shell_occlusion_{arch.value[0]}.stl" for arch in order.arches}
    files = {f"{folder}/{name}": writers.stl(order.arches[arch], zero_normals=True) for arch, name in shells.items()}
    files[f"{folder}/itero_export_#{order.order_id}_v{version.replace('.', '')}.xml"] = _itero_xml(
        order, version, shells
    )
    return files


def _itero_xml(order: Order, version: str, shells: Mapping[Arch, str]) -> bytes:
    objects = "".join(
        f'\n    <Object ObjectType="Surface" SubType="Jaw" JawId="{arch.value.title()}" FileName={quoteattr(name)}/>'
        for arch, name in shells.items()
    )
    due = order.captured + DUE
    rx = {
        "CaseId" if version < "3" else "OrderID": order.order_id,
        "OrderCode": f"{order.order_id}-A",
        "CaseTypeName": "Study Model",
        "Patient": order.surname_first if version >= "5" else order.full_name,
        **({"ChartNumber": order.chart_number} if version != "3.0" and order.chart_number else {}),
        "Doctor": "Dr. Example",
        "DueDate": f"{due:%m/%d/%Y}",
        "ExportTime": f"{order.captured:%m/%d/%Y %H:%M:%S}",
        **_utc_offset(order.captured),
    }
    text = (
        f'<?xml version="1.0" encoding="utf-8"?>\n<iTeroExport Version="{version}">\n  <RxInfo>{_elements(rx, 4)}\n'
        f"  </RxInfo>\n  <ExportedObjects>{objects}\n  </ExportedObjects>\n</iTeroExport>\n"
    )
    return text.encode()


def _utc_offset(moment: datetime) -> dict[str, str]:
    offset = moment.utcoffset()
    return {} if offset is None else {"UtcOffset": f"{offset.total_seconds() / 3600:g}"}


def trios_export(order: Order, *, prefix: str | None = None) -> Files:
    """The simple mesh export: `<prefix>UpperJawScan.stl`, `LowerJawScan`, `BiteScan`, `BiteScan2`, nothing else.

    prefix: glued to the name; without one the patient's name without blanks, as many clinics have it set up.
    """
    start = order.full_name.replace(" ", "") if prefix is None else prefix
    files = {f"{start}{arch.value.title()}JawScan.stl": writers.stl(mesh) for arch, mesh in order.arches.items()}
    for number, mesh in enumerate(order.bites, start=1):
        files[f"{start}BiteScan{number if number > 1 else ''}.stl"] = writers.stl(mesh)
    return files


def trios_order(order: Order) -> Files:
    """The order folder: `<OrderID>.xml` and `Scans/Upper|Lower/*.stl`; the arch is the parent folder."""
    names = {arch: "PreparationScan" if arch is Arch.UPPER else "AntagonistScan" for arch in order.arches}
    folder = f"{order.order_id}/Scans"
    files = {
        f"{folder}/{arch.value.title()}/{name}.stl": writers.stl(order.arches[arch]) for arch, name in names.items()
    }
    for number, mesh in enumerate(order.bites, start=1):
        files[f"{folder}/Common/Raw Bite scan{number if number > 1 else ''}.stl"] = writers.stl(mesh)
    return files | {f"{order.order_id}/{order.order_id}.xml": _trios_xml(order)}


def _trios_xml(order: Order) -> bytes:
    """Names as most clinics type them: the whole name in Patient_LastName. FileName is empty, as it often is."""
    scan_types = ["stPreperation"] * (Arch.UPPER in order.arches) + ["stAntagonistModel"] * (Arch.LOWER in order.arches)
    scan_types += ["stOcclusion"] * len(order.bites)
    scans = "".join(_tdm("TDM_Item_Scan", {"ScanType": kind, "FileName": ""}) for kind in scan_types)
    values = {
        "IntOrderID": order.order_id,
        "Patient_FirstName": "",
        "Patient_LastName": order.full_name,
        "Patient_RefNo": order.chart_number,
        "ScanSource": "ssTRIOS",
        "CacheMaxScanDate": f"{int(order.captured.timestamp())}",
    }
    text = (
        '<?xml version="1.0" encoding="utf-8"?>\n<DentalContainer version="2022-1">'
        '<Object name="MainObject" type="TDM_Container">\n'
        f'<Object name="OrderList" type="TDM_List_Order">{_tdm("TDM_Item_Order", values)}</Object>\n'
        f'<Object name="ScanList" type="TDM_List_Scan">{scans}</Object>\n</Object></DentalContainer>\n'
    )
    return text.encode()


def medit_export(order: Order) -> Files:
    """`<date>-<patient>'s Case/` with `<date>-<patient>-maxillary.obj`, `-mandibular`, `-occlusionfirst`."""
    start = f"{order.day}-{order.full_name}'s Case/{order.day}-{order.full_name}"
    parts = {Arch.UPPER: "maxillary", Arch.LOWER: "mandibular"}
    files = {f"{start}-{parts[arch]}.obj": writers.obj(mesh) for arch, mesh in order.arches.items()}
    for number, mesh in zip(("first", "second", "third"), order.bites, strict=False):
        files[f"{start}-occlusion{number}.obj"] = writers.obj(mesh)
    return files


def exocad_export(order: Order) -> Files:
    """`<date>_<id>_<patient>_exo/`: every scan as STL and PLY and OBJ with its .matrix4, and the .dentalProject."""
    name = f"{order.day}_{order.order_id}_{order.full_name.replace(' ', '-')}"
    scans = {f"{arch.value.title()}Jaw": mesh for arch, mesh in order.arches.items()}
    scans |= {f"TotalJaw{number}": mesh for number, mesh in enumerate(order.bites)}
    files: Files = {}
    for part, mesh in scans.items():
        path = f"{name}_exo/{name}-{part}"
        files[f"{path}.stl"], files[f"{path}.ply"] = writers.stl(mesh), writers.ply(mesh)
        files[f"{path}.obj"], files[f"{path}.matrix4"] = writers.obj(mesh), IDENTITY_MATRIX4
    return files | {f"{name}_exo/{name}.dentalProject": _dental_project(order)}


IDENTITY_MATRIX4 = b"1 0 0 0\r\n0 1 0 0\r\n0 0 1 0\r\n0 0 0 1\r\n"


def _dental_project(order: Order) -> bytes:
    """UTF-8 with BOM, CRLF. PatientId 0 means that there is none."""
    patient = {
        "PatientId": order.chart_number or "0",
        "PatientName": order.last_name,
        "PatientFirstName": order.first_name,
        **({"PatientDateOfBirth": f"{order.birth_date.isoformat()}T00:00:00"} if order.birth_date else {}),
    }
    project = {"ProjectGUID": order.order_id, "DateTime": order.captured.replace(tzinfo=None).isoformat()}
    text = (
        f'<?xml version="1.0" encoding="utf-8"?>\n<TreatmentData>\n  <Patient>{_elements(patient, 4)}\n  </Patient>'
        f"{_elements(project, 2)}\n</TreatmentData>\n"
    )
    return text.replace("\n", "\r\n").encode("utf-8-sig")


def as_zip(files: Mapping[str, bytes]) -> bytes:
    """Equal files give equal bytes."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for path, content in files.items():
            entry = zipfile.ZipInfo(path, ZIP_TIME)
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3
            entry.external_attr = 0o644 << 16
            archive.writestr(entry, content)
    return buffer.getvalue()


def _elements(values: Mapping[str, str], indent: int) -> str:
    return "".join(f"\n{' ' * indent}<{tag}>{escape(text)}</{tag}>" for tag, text in values.items())


def _tdm(kind: str, values: Mapping[str, str]) -> str:
    properties = "".join(f"<Property name={quoteattr(name)} value={quoteattr(text)}/>" for name, text in values.items())
    return f'<Object type="{kind}">{properties}</Object>'

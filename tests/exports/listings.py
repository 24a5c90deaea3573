"""Made-up exports, built in memory. Nobody here is real."""

from collections.abc import Mapping

from scans.classification.classify import classify_case
from scans.classification.verdict import Verdict
from scans.exports import CaseManifest, EntryKind, ExportFile, ManifestEntry

MESH = b"mesh"

ITERO_V50 = """<?xml version="1.0" encoding="utf-8"?>
<iTeroExport Version="5.0">
  <RxInfo>
    <OrderID>45678901</OrderID><OrderCode>X9</OrderCode><CaseTypeName>Crown</CaseTypeName>
    <Patient>Beispiel, Berta</Patient><ChartNumber>C-77</ChartNumber>
    <ExportTime>03/14/2026 10:05:07</ExportTime><UtcOffset>-5</UtcOffset>
    <Teeth><Tooth AdaId="3"/><Tooth AdaId="14"/></Teeth>
  </RxInfo>
  <ExportedObjects>
    <Object ObjectType="Surface" SubType="Jaw" JawId="Upper" FileName="scan_a.ply"/>
    <Object ObjectType="Texture" SubType="Jaw" JawId="Upper" FileName="scan_a_texture.jpg"/>
    <Object ObjectType="Surface" SubType="Jaw" JawId="Lower" FileName="C:\\Export\\scan_b.ply"/>
    <Object ObjectType="Surface" SubType="PreTreatment_Jaw" JawId="Upper" FileName="scan_c.ply"/>
    <Object ObjectType="Surface" SubType="PreTreatment_Jaw" JawId="Lower" FileName="lost.ply"/>
  </ExportedObjects>
  <ActualUsedTransforms>
    <Transformation>1 0 0 1.5 0 1 0 -2.5 0 0 1 3.5 0 0 0 1</Transformation>
  </ActualUsedTransforms>
</iTeroExport>"""

ITERO_V24 = """<iTeroExport Version="2.4"><RxInfo><CaseId>45678901</CaseId><Patient>Other, Older</Patient></RxInfo>
</iTeroExport>"""

TRIOS_ORDER = """<?xml version="1.0" encoding="utf-8"?>
<DentalContainer version="2022-1"><Object name="MainObject" type="TDM_Container">
  <Object name="OrderList" type="TDM_List_Order"><Object type="TDM_Item_Order">
    <Property name="IntOrderID" value="20260314_1005_Lab_1"/>
    <Property name="Patient_FirstName" value=""/>
    <Property name="Patient_LastName" value="Beispiel Berta"/>
    <Property name="Patient_RefNo" value="R-12"/>
    <Property name="ScanSource" value="ssTRIOS"/>
    <Property name="CacheMaxScanDate" value="1773482707"/>
  </Object></Object>
  <Object name="ScanList" type="TDM_List_Scan">
    <Object type="TDM_Item_Scan"><Property name="ScanType" value="stPreperation"/>
      <Property name="FileName" value=""/></Object>
    <Object type="TDM_Item_Scan"><Property name="ScanType" value="stOcclusion"/>
      <Property name="FileName" value="Scans\\Upper\\Odd name.dcm"/></Object>
  </Object>
</Object></DentalContainer>"""

EXOCAD_PROJECT = (
    "\ufeff"
    + """<?xml version="1.0" encoding="utf-8"?>
<TreatmentData>
  <Patient><PatientId>0</PatientId><PatientName>Beispiel</PatientName><PatientFirstName>Berta</PatientFirstName>
    <PatientDateOfBirth>1980-02-03T00:00:00</PatientDateOfBirth></Patient>
  <ProjectGUID>aaaa-1111</ProjectGUID><DateTime>2026-03-14T10:05:07</DateTime>
  <Teeth><Tooth><Number>16</Number></Tooth><Tooth><Number>16</Number></Tooth></Teeth>
</TreatmentData>""".replace("\n", "\r\n")
)

MATRIX_LAST_ROW = "1 0 0 0\r\n0 1 0 0\r\n0 0 1 0\r\n7 8 9 1\r\n"


def listing(*paths: str, contents: Mapping[str, str | bytes] | None = None) -> list[ExportFile]:
    """Entries in this order, then those with contents."""
    texts = contents or {}
    encoded = {path: text.encode() if isinstance(text, str) else text for path, text in texts.items()}
    return [_file(path, encoded.get(path, MESH)) for path in dict.fromkeys((*paths, *encoded))]


def _file(path: str, content: bytes) -> ExportFile:
    return ExportFile(path, len(content), lambda: content)


def entry(manifest: CaseManifest, path: str) -> ManifestEntry:
    return next(one for one in manifest.entries if one.path == path)


def verdicts(manifest: CaseManifest) -> dict[str, Verdict]:
    return classify_case({one.path: one.votes for one in manifest.meshes})


def kinds(manifest: CaseManifest) -> dict[str, EntryKind]:
    return {one.path: one.kind for one in manifest.entries}

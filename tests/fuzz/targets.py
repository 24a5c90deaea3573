"""Every reader with its seeds and its check: the one table that the command and the tests go through."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from tests.fuzz import seeds
from tests.fuzz.oracle import check_archive, check_archive_7z, check_scan


@dataclass(frozen=True, slots=True)
class Target:
    """made: small files to start from. check: raises on a find, else whether the input was accepted."""

    name: str
    make: Callable[[], list[bytes]]
    check: Callable[[bytes, Path], bool] = check_scan

    def seeds(self) -> dict[str, bytes]:
        made = {f"made {number}": content for number, content in enumerate(self.make())}
        folder = seeds.FOLDER / self.name
        kept = sorted(folder.iterdir()) if folder.is_dir() else []
        return made | {path.name: path.read_bytes() for path in kept}


def check_with_materials(data: bytes, folder: Path) -> bool:
    text, library, picture = [*data.split(seeds.PARTS, 2), b"", b""][:3]
    return check_scan(text, folder, {"a.mtl": library, "a.img": picture})


TARGETS = {
    target.name: target
    for target in (
        Target("stl-binary", seeds.stl_binary_seeds),
        Target("stl-ascii", seeds.stl_ascii_seeds),
        Target("ply-binary", seeds.ply_binary_seeds),
        Target("ply-ascii", seeds.ply_ascii_seeds),
        Target("obj", seeds.obj_seeds),
        Target("obj-materials", seeds.obj_material_seeds, check_with_materials),
        Target("hps", seeds.hps_seeds),
        Target("dicom", seeds.dicom_seeds),
        Target("archive", seeds.archive_seeds, check_archive),
        Target("archive-7z", seeds.archive_7z_seeds, check_archive_7z),
        Target("sniff", seeds.sniff_seeds),
    )
}

"""Materials and textures, the same mesh in several formats: which entry belongs to which."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from scans.classification.words import FOLDER_WORDS, fold, stem_of
from scans.exports.formats import IMAGES, MATERIALS
from scans.exports.manifest import ExportFile
from scans.exports.sorting import ending, folders_of

MATERIAL_BYTES = 64 * 1024
TEXTURE_WORDS = ("map_", "bump", "norm", "disp", "decal", "refl")
TEXTURED = frozenset({"obj", "ply"})
"""STL has no texture: a picture beside it is a screenshot."""
TEXTURES_AT_MOST = 24
PREFERENCE = ("ply", "obj with texture", "stl", "obj", "hps", "dcm")
"""Which of several formats of one mesh is kept: colour first, then what anybody can read without a key."""


@dataclass(frozen=True, slots=True)
class Pairing:
    """companions: of every mesh. alternates: path of a mesh that is not kept -> path of its kept twin."""

    companions: Mapping[str, tuple[str, ...]]
    alternates: Mapping[str, str]

    @property
    def attached(self) -> set[str]:
        return {path for paths in self.companions.values() for path in paths}


def pair(meshes: Sequence[ExportFile], others: Sequence[ExportFile]) -> Pairing:
    companions = _companions(meshes, others)
    return Pairing(companions, _alternates(meshes, companions))


@dataclass(frozen=True, slots=True)
class Folder:
    """What lies in one folder, by folded name: a lookup, because a listing may hold thousands of files."""

    objects: int
    materials: Mapping[str, list[ExportFile]]
    images: Mapping[str, list[ExportFile]]
    images_by_name: Mapping[str, list[ExportFile]]

    def only_material(self) -> list[ExportFile]:
        """The only .mtl beside the only OBJ: exporters like to call it "material.mtl"."""
        found = [file for files in self.materials.values() for file in files]
        return found if len(found) == 1 and self.objects == 1 else []


def _companions(meshes: Sequence[ExportFile], others: Sequence[ExportFile]) -> dict[str, tuple[str, ...]]:
    folders = _folders(meshes, others)
    sure = {mesh.path: _sure(mesh, folders[folders_of(mesh.path)]) for mesh in meshes}
    claimed = {path for paths in sure.values() for path in paths}
    loose = {key: _unclaimed(folder, claimed) for key, folder in folders.items()}
    return {
        mesh.path: (*sure[mesh.path], *(loose[folders_of(mesh.path)] if _lacks_picture(mesh, sure) else ()))
        for mesh in meshes
    }


def _folders(meshes: Sequence[ExportFile], others: Sequence[ExportFile]) -> dict[tuple[str, ...], Folder]:
    inside: dict[tuple[str, ...], list[ExportFile]] = defaultdict(list)
    for file in (*meshes, *others):
        inside[folders_of(file.path)].append(file)
    return {key: _folder(files) for key, files in inside.items()}


def _folder(files: Sequence[ExportFile]) -> Folder:
    images = [file for file in files if ending(file.name) in IMAGES]
    return Folder(
        sum(ending(file.name) == "obj" for file in files),
        _by(_stem, [file for file in files if ending(file.name) in MATERIALS]),
        _by(_stem, images),
        _by(lambda file: fold(file.name), images),
    )


def _by(key: Callable[[ExportFile], str], files: Sequence[ExportFile]) -> dict[str, list[ExportFile]]:
    found: dict[str, list[ExportFile]] = defaultdict(list)
    for file in files:
        found[key(file)].append(file)
    return dict(found)


def _stem(file: ExportFile) -> str:
    return fold(_bare(file.name))


def _sure(mesh: ExportFile, folder: Folder) -> list[str]:
    """The .mtl and the pictures that the .mtl names or that share the mesh's stem."""
    if ending(mesh.name) not in TEXTURED:
        return []
    is_object = ending(mesh.name) == "obj"
    materials = (folder.materials.get(_stem(mesh)) or folder.only_material()) if is_object else []
    named = [fold(name) for material in materials for name in textures_named_in(material)]
    pictures = [file for name in named for file in folder.images_by_name.get(name, [])]
    pictures += folder.images.get(_stem(mesh), [])
    return list(dict.fromkeys(file.path for file in (*materials, *pictures)))


def _lacks_picture(mesh: ExportFile, sure: Mapping[str, Sequence[str]]) -> bool:
    return ending(mesh.name) in TEXTURED and not any(ending(path) in IMAGES for path in sure[mesh.path])


def _unclaimed(folder: Folder, claimed: set[str]) -> tuple[str, ...]:
    """A textured format without a picture of its own may use any picture beside it: its reader knows the name.

    More pictures than a case has textures are a gallery.
    """
    free = [file.path for files in folder.images.values() for file in files if file.path not in claimed]
    return tuple(free) if len(free) <= TEXTURES_AT_MOST else ()


def textures_named_in(material: ExportFile) -> list[str]:
    """File names in the texture lines of an .mtl, without the folders of the machine that wrote it."""
    if material.size > MATERIAL_BYTES:
        return []
    text = material.read()[:MATERIAL_BYTES].decode("utf-8", errors="replace")
    lines = (line.strip().partition(" ") for line in text.splitlines())
    return [_file_in(rest) for word, _, rest in lines if word.casefold().startswith(TEXTURE_WORDS) and rest.strip()]


def _file_in(rest: str) -> str:
    """The name may hold spaces; only behind options ("-s 1 1 1 name.png") it is taken as the last word."""
    name = rest.split()[-1] if rest.lstrip().startswith("-") else rest.strip()
    return name.replace("\\", "/").rsplit("/", 1)[-1]


def _alternates(meshes: Sequence[ExportFile], companions: Mapping[str, Sequence[str]]) -> dict[str, str]:
    same: dict[tuple[tuple[str, ...], str], list[ExportFile]] = defaultdict(list)
    for mesh in meshes:
        same[_format_free(mesh.path), fold(_bare(mesh.name))].append(mesh)
    twins: dict[str, str] = {}
    for files in same.values():
        if len({ending(file.name) for file in files}) > 1:
            kept = min(files, key=lambda file: _preference(file, companions))
            twins |= {file.path: kept.path for file in files if ending(file.name) != ending(kept.name)}
    return twins


def _format_free(path: str) -> tuple[str, ...]:
    """The folder without "STL" or "PLY" parts, in which some exporters keep each format."""
    return tuple(part for part in folders_of(path) if not (fold(part) in PREFERENCE and fold(part) in FOLDER_WORDS))


def _preference(file: ExportFile, companions: Mapping[str, Sequence[str]]) -> int:
    kind = ending(file.name)
    has_texture = any(ending(path) in IMAGES for path in companions.get(file.path, ()))
    return PREFERENCE.index("obj with texture" if kind == "obj" and has_texture else kind)


def _bare(name: str) -> str:
    """The stem, copies kept apart: "a (1).ply" is no other format of "a.stl"."""
    return name.rsplit(".", 1)[0] if "." in name else stem_of(name)

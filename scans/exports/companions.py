"""Materials and textures, the same mesh in several formats: which entry belongs to which."""

from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from itertools import takewhile

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
    """companions: of every mesh. alternates: path of a mesh that is not kept -> path of its kept twin, best first."""

    companions: Mapping[str, tuple[str, ...]]
    alternates: Mapping[str, str]

    @property
    def attached(self) -> set[str]:
        return {path for paths in self.companions.values() for path in paths}

    def alternates_of(self, kept: str) -> tuple[str, ...]:
        return tuple(path for path, twin in self.alternates.items() if twin == kept)


def pair(meshes: Sequence[ExportFile], others: Sequence[ExportFile]) -> Pairing:
    companions = _companions(meshes, others)
    return Pairing(companions, _alternates(meshes, companions))


@dataclass(frozen=True, slots=True)
class Folder:
    """What lies in a folder with textured meshes or below it, nearest first, by folded name: a lookup, because a
    listing may hold thousands of files.

    only_material: the only .mtl of the only OBJ: exporters like to call it "material.mtl".
    own_images: those of which no deeper folder with meshes is nearer.
    """

    only_material: list[ExportFile]
    own_images: list[ExportFile]
    materials: Mapping[str, list[ExportFile]]
    images: Mapping[str, list[ExportFile]]
    images_by_name: Mapping[str, list[ExportFile]]


def _companions(meshes: Sequence[ExportFile], others: Sequence[ExportFile]) -> dict[str, tuple[str, ...]]:
    textured = [mesh for mesh in meshes if ending(mesh.name) in TEXTURED]
    folders = _folders(textured, others)
    sure = {mesh.path: _sure(mesh, folders[folders_of(mesh.path)]) for mesh in textured}
    claimed = {file.path for files in sure.values() for file in files}
    found: dict[str, tuple[str, ...]] = {mesh.path: () for mesh in meshes}
    for mesh in textured:
        files = sure[mesh.path]
        if not any(ending(file.name) in IMAGES for file in files):
            files = [*files, *_unclaimed(folders[folders_of(mesh.path)], claimed)]
        found[mesh.path] = _one_of_each_name(files)
    return found


def _one_of_each_name(files: Sequence[ExportFile]) -> tuple[str, ...]:
    """The readers get them by name alone. The first of a name is the one that was meant, or the nearest."""
    first: dict[str, str] = {}
    for file in files:
        first.setdefault(fold(file.name), file.path)
    return tuple(first.values())


def _folders(textured: Sequence[ExportFile], others: Sequence[ExportFile]) -> dict[tuple[str, ...], Folder]:
    inside: dict[tuple[str, ...], list[ExportFile]] = {folders_of(mesh.path): [] for mesh in textured}
    own: dict[tuple[str, ...], list[ExportFile]] = defaultdict(list)
    for file in (*textured, *others):
        parts = folders_of(file.path)
        around = [parts[:depth] for depth in range(len(parts), -1, -1) if parts[:depth] in inside]
        for folder in around:
            inside[folder].append(file)
        own[around[0] if around else parts].append(file)
    return {key: _folder(sorted(files, key=_depth), own[key]) for key, files in inside.items()}


def _depth(file: ExportFile) -> int:
    return len(folders_of(file.path))


def _folder(files: Sequence[ExportFile], own: Sequence[ExportFile]) -> Folder:
    images = [file for file in files if ending(file.name) in IMAGES]
    own_materials = [file for file in own if ending(file.name) in MATERIALS]
    is_clear = len(own_materials) == 1 == sum(ending(file.name) == "obj" for file in own)
    return Folder(
        own_materials if is_clear else [],
        sorted((file for file in own if ending(file.name) in IMAGES), key=_depth),
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


def _sure(mesh: ExportFile, folder: Folder) -> list[ExportFile]:
    """The .mtl and the pictures that the .mtl names or that share the mesh's stem."""
    is_object = ending(mesh.name) == "obj"
    materials = (folder.materials.get(_stem(mesh)) or folder.only_material) if is_object else []
    named = [_parts_of(place) for material in materials for place in textures_named_in(material)]
    pictures = [
        _meant(parts, folder.images_by_name[parts[-1]]) for parts in named if parts[-1] in folder.images_by_name
    ]
    return [*materials, *pictures, *folder.images.get(_stem(mesh), [])]


def _parts_of(path: str) -> list[str]:
    return [fold(part) for part in path.replace("\\", "/").split("/")]


def _meant(wanted: list[str], found: Sequence[ExportFile]) -> ExportFile:
    """Of pictures of one name the one in the folders that the .mtl names, else the nearest."""
    return max(found, key=lambda file: _shared_end(wanted, _parts_of(file.path)))


def _shared_end(one: Sequence[str], other: Sequence[str]) -> int:
    pairs = zip(reversed(one), reversed(other), strict=False)
    return sum(1 for _ in takewhile(lambda pair: pair[0] == pair[1], pairs))


def _unclaimed(folder: Folder, claimed: set[str]) -> list[ExportFile]:
    """A textured format without a picture of its own may use any picture around it: its reader knows the name.

    More pictures than a case has textures are a gallery.
    """
    free = [file for file in folder.own_images if file.path not in claimed]
    return free if len(free) <= TEXTURES_AT_MOST else []


def textures_named_in(material: ExportFile) -> list[str]:
    """Names in the texture lines of an .mtl, with as much of a path as the machine that wrote it gave them."""
    if material.size > MATERIAL_BYTES:
        return []
    text = material.read()[:MATERIAL_BYTES].decode("utf-8", errors="replace")
    lines = (line.strip().partition(" ") for line in text.splitlines())
    return [_file_in(rest) for word, _, rest in lines if word.casefold().startswith(TEXTURE_WORDS) and rest.strip()]


def _file_in(rest: str) -> str:
    """The name may hold spaces; only behind options ("-s 1 1 1 name.png") it is taken as the last word."""
    return rest.split()[-1] if rest.lstrip().startswith("-") else rest.strip()


def _alternates(meshes: Sequence[ExportFile], companions: Mapping[str, Sequence[str]]) -> dict[str, str]:
    same: dict[tuple[tuple[str, ...], str], list[ExportFile]] = defaultdict(list)
    for mesh in meshes:
        same[_format_free(mesh.path), fold(_bare(mesh.name))].append(mesh)
    twins: dict[str, str] = {}
    for files in same.values():
        if len({ending(file.name) for file in files}) > 1:
            kept, *rest = sorted(files, key=lambda file: _preference(file, companions))
            twins |= {file.path: kept.path for file in rest if ending(file.name) != ending(kept.name)}
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

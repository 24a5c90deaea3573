"""What a person points the command at: files, folders and archives, sorted into cases."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

from scans.examination.names import is_archive_name
from scans.examination.storable import storable_text
from scans.examination.unpack import LocalFile, with_single_names
from scans.exports import LEFT_OVER, split_into_cases


@dataclass(frozen=True, slots=True)
class Group:
    """The files of one case to be. `label` is for the progress bar only."""

    label: str
    files: Sequence[LocalFile]

    @property
    def is_left_over(self) -> bool:
        """Files of a folder that belong to no case."""
        return self.label == LEFT_OVER


def gather(paths: Iterable[Path]) -> list[Group]:
    """Every archive is a case of its own; loose files and folders are split by the rules of the exports.

    Raises FileNotFoundError for a path that is not there.
    """
    groups: list[Group] = []
    loose: list[LocalFile] = []
    for path in paths:
        if path.is_dir():
            groups.extend(_of_folder(path))
        elif is_archive_name(path.name):
            groups.append(Group(path.name, [LocalFile(storable_text(path.name), path.resolve(strict=True))]))
        else:
            loose.append(LocalFile(storable_text(path.name), path.resolve(strict=True)))
    return [*groups, *_split(loose)]


def _of_folder(folder: Path) -> Iterator[Group]:
    """Names keep the folder's own name: vendors put the order into it. A link counts as the file it points to: who
    runs the command may read that file anyway."""
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    root = folder.resolve().parent
    places = [path.parent.resolve() / path.name for path in files]
    named = [LocalFile(storable_text(place.relative_to(root).as_posix()), place) for place in places]
    for file in named:
        if is_archive_name(file.name):
            yield Group(file.path.name, [LocalFile(file.path.name, file.path)])
    yield from _split([file for file in named if not is_archive_name(file.name)])


def _split(found: Iterable[LocalFile]) -> Iterator[Group]:
    files = list(with_single_names(found))
    by_name = {file.name: file for file in files}
    for label, members in split_into_cases([file.as_export_file() for file in files]):
        yield Group(label, [by_name[member.path] for member in members])

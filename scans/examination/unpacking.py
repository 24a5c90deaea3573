"""The process that opens 7z archives: `python -m scans.examination.unpacking MEMORY_BYTES CPU_SECONDS`.

Answers with what became of each member; a member that was unpacked lies in the folder under its number.
"""

from pathlib import Path
from typing import Any

from scans.examination import limited
from scans.meshes.archive_7z import extract_7z
from scans.meshes.archive_entries import Extracted
from scans.meshes.errors import ArchiveError

FAILED = ("broken_archive", "This archive could not be opened: our program failed on it. Please send it as a ZIP.")
TOO_BIG = ("out_of_memory", "This archive needs more memory than we give one file. Please send it as a ZIP.")


def answer(values: dict[str, Any]) -> dict[str, Any]:
    try:
        members = [_as_dict(found) for found in extract_7z(Path(values["path"]), Path(values["folder"]))]
    except ArchiveError as error:
        return {"failure": [error.code, error.message]}
    except MemoryError:
        return {"failure": TOO_BIG}
    except Exception:  # noqa: BLE001 - the process border: whatever an archive does to the library is an answer
        return {"failure": FAILED}
    return {"members": members}


def _as_dict(found: Extracted) -> dict[str, Any]:
    member = found.member
    return {
        "number": member.number,
        "path": member.path,
        "declared_bytes": member.declared_bytes,
        "packed_bytes": member.packed_bytes,
        "is_duplicate": member.is_duplicate,
        "file": found.file.name if found.file else "",
        "error": [found.error.code, found.error.message] if found.error else None,
    }


if __name__ == "__main__":
    limited.run(answer)

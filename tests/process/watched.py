"""`python -m tests.process.watched`: reads uploads named on standard input, and tells all that was opened meanwhile.

A request is a line of JSON, {"path": ..., "companions": {...}}; the answer holds the code of the refusal or the
findings, and every file, address and process that was asked for.
"""

import json
import sys
from pathlib import Path
from typing import Any

from PIL import Image

from scans.meshes.errors import MeshError
from scans.meshes.readers import open_mesh

WATCHED = ("open", "socket.", "subprocess.", "os.exec", "os.posix_spawn", "os.system", "urllib.", "ctypes.dlopen")


def main() -> None:
    asked: list[str] = []
    Image.init()  # Pillow loads its decoders when the first picture comes

    def watch(event: str, arguments: tuple[Any, ...]) -> None:
        if event.startswith(WATCHED):
            asked.append(f"{event} {arguments[0]!s}")

    sys.addaudithook(watch)
    for line in sys.stdin:
        request = json.loads(line)
        asked.clear()
        answer = look(Path(request["path"]), {name: Path(place) for name, place in request["companions"].items()})
        sys.stdout.write(json.dumps({**answer, "asked": asked}) + "\n")
        sys.stdout.flush()


def look(path: Path, companions: dict[str, Path]) -> dict[str, Any]:
    try:
        reading = open_mesh(path, companions=companions)
    except MeshError as error:
        return {"code": error.code, "message": error.message}
    return {"code": "", "findings": [finding.code for finding in reading.findings], "faces": reading.mesh.face_count}


if __name__ == "__main__":
    main()

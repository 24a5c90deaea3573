"""`python -m config.system_packages PURPOSE WITHOUT PACKAGE...` : Debian packages a part of Archway needs.

Installs what is missing where that is allowed (root on a Debian-like system); anywhere else it says in one line what
to install and what is off until then. Never fails: whatever needs the packages says so itself.
"""

import os
import shutil
import subprocess
import sys


def is_installed(package: str) -> bool:
    query = ["dpkg-query", "--show", "--showformat=${db:Status-Status}", package]
    answer = subprocess.run(query, capture_output=True, text=True, check=False)  # noqa: S603
    return answer.returncode == 0 and answer.stdout == "installed"


def install(packages: list[str]) -> bool:
    return _apt_get("update") and _apt_get("install", "--no-install-recommends", *packages)


def _apt_get(*arguments: str) -> bool:
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    command = ["apt-get", "-y", "-q", *arguments]
    return subprocess.run(command, stdout=subprocess.DEVNULL, env=environment, check=False).returncode == 0  # noqa: S603


def main(purpose: str, without: str, *packages: str) -> None:
    if not shutil.which("dpkg-query"):
        sys.stdout.write(f"For {purpose} install: {' '.join(packages)} (or their like). Until then: {without}.\n")
        return
    missing = [package for package in packages if not is_installed(package)]
    if missing and not (os.geteuid() == 0 and install(missing)):
        sys.stdout.write(f"For {purpose} run: apt-get install {' '.join(missing)}. Until then: {without}.\n")


if __name__ == "__main__":
    main(*sys.argv[1:])

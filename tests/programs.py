"""Finds the programs that read what we write, LibreOffice and pdftotext, or installs them (run as a script).

The tests that need one fail where it is not there; they are never skipped.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

# Each program, or part of one, with the packages of Debian and Ubuntu that have it, the smallest first.
PACKAGES = {
    "soffice": ("libreoffice-calc-nogui", "libreoffice-calc"),
    "soffice writer": ("libreoffice-writer-nogui", "libreoffice-writer"),
    "soffice impress": ("libreoffice-impress-nogui", "libreoffice-impress"),
    "pdftotext": ("poppler-utils",),
}
_PARTS = {"writer": "libswlo.so", "impress": "libsdlo.so"}  # elsewhere LibreOffice comes whole
_ELSEWHERE = {"soffice": Path("/Applications/LibreOffice.app/Contents/MacOS/soffice")}


def find_program(name: str) -> str | None:
    """Return the path of a program, or None; of a part of one, such as soffice writer, that of the program."""
    command, _, part = name.partition(" ")
    elsewhere = _ELSEWHERE.get(command)
    path = shutil.which(command) or (str(elsewhere) if elsewhere and elsewhere.is_file() else None)
    is_split = path is not None and part and sys.platform == "linux"
    return None if is_split and not (Path(path).resolve().parent / _PARTS[part]).is_file() else path


def program(name: str) -> str:
    """Return the path of a program; where there is none, say how to get it."""
    path = find_program(name)
    assert path is not None, advice([name])
    return path


def advice(names: list[str]) -> str:
    """Say what to do about programs that are not there."""
    packages = " ".join(PACKAGES[name][-1] for name in names)
    return (
        f"Not found: {', '.join(names)}. Tests that read our files with another program will fail. Install, as root on "
        f"Debian:\n    apt-get install {packages}\nor elsewhere LibreOffice and Poppler by your own means."
    )


def install(names: list[str]) -> None:
    """Install programs with apt-get, which takes root; what came of it shows in their being there."""
    if not (shutil.which("apt-get") and os.geteuid() == 0):
        return
    apt = ["apt-get", "-q", "-o", "Acquire::Retries=5"]
    _run([*apt, "update"])
    for name in names:
        for package in PACKAGES[name]:
            if find_program(name) is None:
                _run([*apt, "install", "-y", "--no-install-recommends", package])


def _run(command: list[str]) -> None:
    print("Installing what the tests need:", " ".join(command), flush=True)
    subprocess.run(
        command, check=False, stdin=subprocess.DEVNULL, env=os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    )


def main() -> None:
    """Install what is not there, and say what is still not there."""
    if missing := [name for name in PACKAGES if find_program(name) is None]:
        install(missing)
    if missing := [name for name in PACKAGES if find_program(name) is None]:
        print(advice(missing), file=sys.stderr)


if __name__ == "__main__":
    main()

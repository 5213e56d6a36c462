"""What an office program makes of our files: LibreOffice opens them and writes what it shows as PDF."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pypdfium2

from tests.programs import program

_PARTS = {"docx": "writer", "pptx": "impress"}


def shown_pages(content: bytes, ending: str, folder: Path) -> list[str]:
    """Return the texts of the pages, or slides, that LibreOffice shows of a file.

    Args:
        ending: docx or pptx.
        folder: Where it may write.
    """
    source = folder / f"file.{ending}"
    source.write_bytes(content)
    command = [
        program(f"soffice {_PARTS[ending]}"), "--headless",
        f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--convert-to", "pdf", "--outdir", str(folder),
        str(source),
    ]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    written = folder / "file.pdf"
    assert written.is_file(), done.stdout + done.stderr
    return [page.get_textpage().get_text_bounded() for page in pypdfium2.PdfDocument(written.read_bytes())]

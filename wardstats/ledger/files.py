"""The files that entries name: kept once, under their own digest."""

from __future__ import annotations

import re
from hashlib import sha256
from pathlib import Path

from wardstats.core.durable_files import PRIVATE, make_private, write_durably
from wardstats.ledger.entry import Attachment, Entry, LedgerError


class Files:
    """The folder ``files/`` of a ledger."""

    def __init__(self, folder: Path) -> None:
        """Remember the ledger's folder."""
        self.folder = folder

    def store(self, name: str, content: bytes, media_type: str) -> Attachment:
        """Keep a file under its digest, once. What is stored and never named by an entry does no harm."""
        digest = sha256(content).hexdigest()
        path = self.path(digest)
        if not path.is_file():
            for folder in (self.folder, path.parent.parent, path.parent):
                make_private(folder)
            write_durably(path, content, PRIVATE)
        return Attachment(name, digest, len(content), media_type)

    def path(self, digest: str) -> Path:
        """Return where the file of a digest is, or would be.

        Raises:
            LedgerError: It is no digest.
        """
        if not re.fullmatch(r"[0-9a-f]{64}", digest):
            raise LedgerError(f"{digest!r}: found no SHA-256 digest; expected 64 hexadecimal digits.")
        return self.folder / "files" / digest[:2] / digest

    def wrong_files(self, entry: Entry) -> list[str]:
        """Return one line for each file of an entry that is missing, or is not what was stored."""
        problems = []
        for attachment in entry.attachments:
            path = self.path(attachment.sha256)
            found = sha256(path.read_bytes()).hexdigest() if path.is_file() else "no such file"
            if found != attachment.sha256:
                problems.append(
                    f"{path}: found {found}; expected {attachment.name!r} of entry {entry.number}. Restore it."
                )
        return problems

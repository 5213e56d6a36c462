"""The seal of a ledger: which entry is the last one, signed with a key, in a folder apart from the entries.

Whoever can change the ledger's folder and has not the key cannot cut entries off, add one or put an older state back
without being found. Against somebody who has the key, only a copy of the last digest kept elsewhere helps.
"""

from __future__ import annotations

import hmac
import json
import re
import secrets
import shutil
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any

from wardstats.core.durable_files import PREFIX, PRIVATE, clear_left_overs, make_private, sync, write_durably
from wardstats.ledger.entry import LedgerError

NO_ENTRY = sha256(b"").hexdigest()
_DIGEST = re.compile(r"[0-9a-f]{64}")


@dataclass(frozen=True)
class Head:
    """What a ledger ends with.

    Attributes:
        number: The last entry that its writer was told is done; 0 is none.
        sha256: Digest of its file.
        next_sha256: Digest of the entry that is being written after it, or None.
    """

    number: int
    sha256: str
    next_sha256: str | None = None


class Seal:
    """A folder with ``key`` (made on first use) and ``seal.json``; both are there, or neither."""

    def __init__(self, folder: Path) -> None:
        """Remember the folder; nothing is read, and nothing made, yet."""
        self.folder = folder
        self.path = folder / "seal.json"
        self.key_path = folder / "key"

    @property
    def is_made(self) -> bool:
        """Whether there is a key or a seal, whole or not."""
        return self.path.exists() or self.key_path.exists()

    def content(self) -> bytes | None:
        """Return the bytes of the seal, or None; a small read, to see whether anything has changed."""
        try:
            return self.path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise LedgerError(f"{self.path}: cannot be read ({error.strerror}). Let this process read it.") from error

    def read(self, content: bytes | None) -> Head:
        """Return what the bytes of a seal say, after checking the signature.

        Raises:
            LedgerError: They are no seal, or not signed with the key.
        """
        key = self._key()
        if content is None:
            raise LedgerError(f"{self.path}: no such file; expected the seal of the ledger.")
        head = parsed(content)
        if head is None:
            raise LedgerError(f"{self.path}: found no seal; expected number, sha256, next_sha256 and hmac.")
        if not hmac.compare_digest(_written(head, key), content):
            raise LedgerError(
                f"{self.path}: found a signature that {self.key_path} does not give; expected that of this key. "
                "One of the two was altered, or they are of different times."
            )
        return head

    def write(self, head: Head) -> None:
        """Sign and write what the ledger ends with."""
        write_durably(self.path, _written(head, self._key()), PRIVATE)

    def begin(self, head: Head) -> None:
        """Make a new key and the first seal, both at once. Only for whoever holds the ledger's lock."""
        draft = self.folder.with_name(f"{PREFIX}{self.folder.name}")
        shutil.rmtree(draft, ignore_errors=True)
        make_private(self.folder.parent)
        draft.mkdir(mode=0o700)
        key = secrets.token_bytes(32)
        write_durably(draft / "key", key.hex().encode() + b"\n", PRIVATE)
        write_durably(draft / "seal.json", _written(head, key), PRIVATE)
        draft.rename(self.folder)
        sync(self.folder.parent)

    def clear_left_overs(self) -> None:
        """Remove what killed writers left. Only for whoever holds the ledger's lock."""
        if self.folder.is_dir():
            clear_left_overs(self.folder)

    def _key(self) -> bytes:
        try:
            text = self.key_path.read_text(encoding="ascii").strip()
        except FileNotFoundError:
            raise LedgerError(f"{self.key_path}: no such file; expected the key that signs the ledger.") from None
        except OSError as error:
            raise LedgerError(
                f"{self.key_path}: cannot be read ({error.strerror}). Run this as the user who owns the key."
            ) from error
        except ValueError:
            text = ""
        if not _DIGEST.fullmatch(text):
            raise LedgerError(f"{self.key_path}: found no key; expected 64 hexadecimal digits.")
        return bytes.fromhex(text)


def parsed(content: bytes) -> Head | None:
    """Return what a seal, or the plain ``head.json`` of before there were seals, says, without believing it."""
    try:
        found = json.loads(content)
        number, digest, following = found["number"], found["sha256"], found.get("next_sha256")
    except (ValueError, KeyError, TypeError, AttributeError):
        return None
    is_head = isinstance(number, int) and number >= 0 and _is_digest(digest)
    return Head(number, digest, following) if is_head and (following is None or _is_digest(following)) else None


def _is_digest(found: Any) -> bool:
    return isinstance(found, str) and _DIGEST.fullmatch(found) is not None


def _written(head: Head, key: bytes) -> bytes:
    signed = f"wardstats ledger 1\n{head.number}\n{head.sha256}\n{head.next_sha256}\n".encode()
    parts = {
        "number": head.number,
        "sha256": head.sha256,
        "next_sha256": head.next_sha256,
        "hmac": hmac.digest(key, signed, "sha256").hex(),
    }
    return json.dumps(parts, indent=1).encode() + b"\n"

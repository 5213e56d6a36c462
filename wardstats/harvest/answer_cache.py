"""Keeps every answer of a harvest that is under way, at once and compressed, so that an interruption costs nothing.

One folder a block and period, below var/harvest. An answer is taken again only on the day it came, in Vietnam: a
harvest is of one day. When the harvest is recorded the answers move into the ledger; when it is refused they are set
aside.
"""

from __future__ import annotations

import gzip
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from pathlib import Path
from typing import Any

from wardstats.core.durable_files import clear_left_overs, write_durably
from wardstats.core.languages import TIME_ZONE
from wardstats.harvest.client import Answer
from wardstats.harvest.endpoints import Endpoint
from wardstats.harvest.portal_json import read_envelope


@dataclass(frozen=True)
class KeptAnswer:
    """An answer that is on disk.

    Attributes:
        name: Name of its file.
        compressed: The content of its file.
        url: What was asked.
        body: With what.
        raw_sha256: Digest of the answer as it came.
        raw_size: Its bytes.
    """

    name: str
    compressed: bytes
    url: str
    body: Mapping[str, Any]
    retrieved_at: str
    raw_sha256: str
    raw_size: int
    data: Mapping[str, Any]

    def described(self) -> dict[str, Any]:
        """Return what a ledger entry says about it."""
        return {
            "name": self.name,
            "url": self.url,
            "body": dict(self.body),
            "retrieved_at": self.retrieved_at,
            "sha256": self.raw_sha256,
            "bytes": self.raw_size,
        }


class Kept:
    """The answers of one harvest that is under way."""

    def __init__(self, folder: Path, now: datetime, is_fresh: bool = False) -> None:
        """Use a folder, made if need be; whoever does holds the harvest's lock.

        Args:
            folder: Where the answers are, or will be.
            now: Decides which day it is.
            is_fresh: Take none of those that are there.
        """
        self.folder = folder
        self._day = now.astimezone(TIME_ZONE).date()
        if is_fresh:
            shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True, exist_ok=True)
        clear_left_overs(folder)

    def find(self, base_url: str, endpoint: Endpoint, body: Mapping[str, Any]) -> KeptAnswer | None:
        """Return the answer of today to a question, if it is there and whole."""
        name = _name(endpoint, body, base_url)
        try:
            compressed = (self.folder / name).read_bytes()
            noted = json.loads((self.folder / f"{name}.json").read_bytes())
            raw = gzip.decompress(compressed)
            if sha256(raw).hexdigest() != noted["sha256"] or noted["body"] != dict(body):
                return None
            if datetime.fromisoformat(noted["retrieved_at"]).astimezone(TIME_ZONE).date() != self._day:
                return None
            return _kept(noted, compressed, read_envelope(raw, "application/json"))
        except (OSError, EOFError, ValueError, KeyError, TypeError):
            return None  # not there, or killed half-way: it is asked for again

    def keep(self, base_url: str, endpoint: Endpoint, body: Mapping[str, Any], answer: Answer) -> KeptAnswer:
        """Write an answer to disk; when this returns, it is there."""
        name = _name(endpoint, body, base_url)
        compressed = gzip.compress(answer.raw, compresslevel=6, mtime=0)  # the same answer is the same file
        noted = {
            "name": name,
            "url": base_url + endpoint.path,
            "body": dict(body),
            "retrieved_at": answer.retrieved_at.isoformat(timespec="milliseconds"),
            "sha256": sha256(answer.raw).hexdigest(),
            "bytes": len(answer.raw),
        }
        write_durably(self.folder / name, compressed)
        write_durably(self.folder / f"{name}.json", json.dumps(noted, ensure_ascii=False).encode())
        return _kept(noted, compressed, answer.data)

    def set_aside(self) -> Path:
        """Move the answers away, so that none is taken again; return where to."""
        aside = self.folder.with_name(f"{self.folder.name}.refused")
        shutil.rmtree(aside, ignore_errors=True)
        self.folder.rename(aside)
        return aside

    def clear(self) -> None:
        """Remove them; they are in the ledger now."""
        shutil.rmtree(self.folder, ignore_errors=True)


def _kept(noted: Mapping[str, Any], compressed: bytes, data: Mapping[str, Any]) -> KeptAnswer:
    return KeptAnswer(
        noted["name"], compressed, noted["url"], noted["body"],
        noted["retrieved_at"], noted["sha256"], noted["bytes"], data,
    )  # fmt: skip


def _name(endpoint: Endpoint, body: Mapping[str, Any], base_url: str) -> str:
    """Return a name that tells what was asked of whom; two questions never share one."""
    asked = json.dumps([base_url, endpoint.path, dict(body)], sort_keys=True).encode()
    return f"{endpoint.name}-{body['currentPage']:03d}-{sha256(asked).hexdigest()[:8]}.json.gz"

"""Fetches the shapes of units from a public data set: one file a unit, or one file or ZIP for all.

Owns the transport alone: what the files hold is checked by whoever reads them.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

import httpx2
from tenacity import Retrying, retry_if_exception_type, stop_after_attempt, wait_exponential

from wardstats import __version__
from wardstats.charts.map.boundary_faults import BoundaryError, Fault, fault
from wardstats.core.languages import fold
from wardstats.harvest.client import PASSING

_MOST_BYTES = 256 * 1024 * 1024
_HANDED = (
    "Check the connection and WARDSTATS_BOUNDARIES_URL; or fetch the files on another computer and give them: "
    "python -m wardstats boundaries FOLDER"
)


@dataclass(frozen=True)
class Place:
    """A unit whose shape is wanted."""

    unit_code: str
    name: str
    is_member: bool


@dataclass(frozen=True)
class Patience:
    """How to ask: attempts for one file, the first wait between two, and how long a file may take, in seconds."""

    attempts: int = 4
    wait_s: float = 1.0
    silence_s: float = 30.0
    file_s: float = 300.0


class _PassingError(Exception):
    """A fault worth asking again after."""


def fetch_boundaries(
    address: str,
    places: Iterable[Place],
    folder: Path,
    told: Callable[[int, int, str], None] = lambda step, steps, what: None,
    patience: Patience = Patience(),
) -> Path:
    """Fetch the files into a folder.

    Args:
        address: As of ``core.settings.boundary_address``.
        told: Called with how many files are there, of how many, and what is asked for next.

    Returns:
        What to read: the folder, or the one file.

    Raises:
        BoundaryError: A member's file cannot be had; every one is listed. Files of other units may be missing.
    """
    url = httpx2.URL(re.sub(r"\{(code|name)\}", "x", address))
    if url.scheme not in ("http", "https") or not url.host:
        expected = "an address such as https://example.vn/wards.zip, with {code} and {name} where each unit has a file"
        raise BoundaryError(
            [fault("missing", "WARDSTATS_BOUNDARIES_URL", None, repr(address), expected, "Correct it, or unset it.")]
        )
    headers = {"User-Agent": f"wardstats/{__version__} (boundaries of wards)"}
    timeout = httpx2.Timeout(patience.silence_s, connect=10.0)
    with httpx2.Client(headers=headers, timeout=timeout, follow_redirects=True) as client:
        if "{code}" not in address and "{name}" not in address:
            told(0, 1, address)
            file = folder / "fetched"
            if (lacking := _fetch(client, address, file, patience)) is not None:
                raise BoundaryError([lacking])
            return _with_suffix(file)
        return _fetch_each(client, address, list(places), folder, told, patience)


def _fetch_each(
    client: httpx2.Client,
    address: str,
    places: list[Place],
    folder: Path,
    told: Callable[[int, int, str], None],
    patience: Patience,
) -> Path:
    faults: list[Fault] = []
    has_any = False
    places.sort(key=lambda place: not place.is_member)
    for number, place in enumerate(places):
        if not place.is_member and (faults or not has_any):
            break  # it will not be used; the surroundings need not be asked for
        own = address.replace("{code}", place.unit_code).replace("{name}", _file_name(place.name))
        told(number, len(places), own)
        lacking = _fetch(client, own, folder / f"{place.unit_code}.geojson", patience)
        has_any |= lacking is None
        if lacking is not None and place.is_member:
            faults.append(lacking)
            if lacking.kind == "unreadable" and not has_any:
                break  # nobody answers: the others would be waited for in vain
    if faults:
        raise BoundaryError(faults)
    return folder


def _file_name(name: str) -> str:
    """Return a name as files are called after it: Mù Cang Chải is mu_cang_chai."""
    return "_".join(re.findall(r"[a-z0-9]+", fold(name)))


def _fetch(client: httpx2.Client, address: str, file: Path, patience: Patience) -> Fault | None:
    """Fetch one file; return why it cannot be had."""
    retrying = Retrying(
        stop=stop_after_attempt(patience.attempts),
        wait=wait_exponential(multiplier=patience.wait_s, max=30),
        retry=retry_if_exception_type(_PassingError),
        reraise=True,
    )
    try:
        return retrying(_fetch_once, client, address, file, patience)
    except _PassingError as error:
        found = f"{error}, {patience.attempts} times in a row"
        return fault("unreadable", address, None, found, "the boundaries", _HANDED)


def _fetch_once(client: httpx2.Client, address: str, file: Path, patience: Patience) -> Fault | None:
    until, size = time.monotonic() + patience.file_s, 0
    try:
        with client.stream("GET", address) as response:
            if response.status_code in PASSING:
                raise _PassingError(f"HTTP {response.status_code}")
            if response.status_code != 200:
                found = f"HTTP {response.status_code}"
                return fault("missing", address, None, found, "a file of boundaries", _HANDED)
            with file.open("wb") as stream:
                for part in response.iter_bytes():
                    size += stream.write(part)
                    if size > _MOST_BYTES or time.monotonic() > until:
                        found = f"a file of more than {_MOST_BYTES:,} bytes or {patience.file_s:g} s"
                        return fault("missing", address, None, found, "a smaller file", _HANDED)
    except (httpx2.TransportError, httpx2.DecodingError) as error:
        raise _PassingError(f"no whole answer ({type(error).__name__}: {error})".replace(": )", ")")) from error
    return None


def _with_suffix(file: Path) -> Path:
    """Name a fetched file after what it is, which its address need not say."""
    beginning = file.read_bytes()[:16]
    suffix = ".zip" if beginning.startswith(b"PK") else ".gpkg" if beginning.startswith(b"SQLite") else ".geojson"
    return file.rename(file.with_suffix(suffix))

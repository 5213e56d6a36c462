"""Where things are: the data folder, the folder for snapshots, boundaries of the map.

Every one can be set by an environment variable, so that several copies run side by side.
"""

from __future__ import annotations

import math
import os
from dataclasses import dataclass
from pathlib import Path

from wardstats.core.errors import WardStatsError

PROJECT = Path(__file__).resolve().parent.parent.parent
QUERIES = PROJECT / "queries"
LOCALES = Path(os.environ.get("WARDSTATS_LOCALES") or PROJECT / "locales")
# The shapes of Lào Cai's communes and wards after July 2025, one file each (MIT).
BOUNDARY_SET = (
    "https://raw.githubusercontent.com/thanglequoc/vietnamese-provinces-database/master"
    "/json/geojson/15_lao_cai/wards/{code}_{name}.geojson"
)
BOUNDARY_SET_CREDIT = "thanglequoc/vietnamese-provinces-database (MIT)"


@dataclass(frozen=True)
class Settings:
    """The places one running copy works with.

    Attributes:
        data: The data folder (``WARDSTATS_DATA``, default data/laocai).
        var: Snapshots, the ledger and other state (``WARDSTATS_VAR``, default var).
        boundaries: A file, folder or ZIP that goes before that of block.toml (``WARDSTATS_BOUNDARIES``), or None.
        boundaries_key: Its column of unit codes (``WARDSTATS_BOUNDARIES_KEY``); None: the one that holds them.
    """

    data: Path
    var: Path
    boundaries: Path | None
    boundaries_key: str | None = None

    @property
    def seals(self) -> Path:
        """The folder with the seals of ledgers and their keys (``WARDSTATS_SEALS``, default seals in ``var``)."""
        return Path(os.environ.get("WARDSTATS_SEALS") or self.var / "seals")

    @property
    def kept_boundaries(self) -> Path:
        """The boundaries that ``python -m wardstats boundaries`` keeps; they need not be there."""
        return self.var / "boundaries.geojson"

    @property
    def snapshots(self) -> Path:
        """The folder that holds the snapshot files."""
        return self.var / "snapshots"


def settings(data: Path | None = None, var: Path | None = None) -> Settings:
    """Return the settings in force: the arguments, else the environment, else the defaults."""
    boundaries = os.environ.get("WARDSTATS_BOUNDARIES")
    return Settings(
        data=Path(data or os.environ.get("WARDSTATS_DATA") or PROJECT / "data" / "laocai"),
        var=Path(var or os.environ.get("WARDSTATS_VAR") or PROJECT / "var"),
        boundaries=Path(boundaries) if boundaries else None,
        boundaries_key=os.environ.get("WARDSTATS_BOUNDARIES_KEY") or None,
    )


def boundary_address() -> str:
    """Return where the shapes of units are fetched (``WARDSTATS_BOUNDARIES_URL``).

    With {code} and {name} it is the address of one file a unit, the name without accents; without, of a file or ZIP.
    """
    return os.environ.get("WARDSTATS_BOUNDARIES_URL") or BOUNDARY_SET


def public_url() -> str:
    """Return the address under which people reach the board (``WARDSTATS_PUBLIC_URL``); empty where it is not set."""
    return os.environ.get("WARDSTATS_PUBLIC_URL", "").rstrip("/")


def plain_streamlit() -> bool:
    """Tell whether Streamlit is to be served as it comes (``WARDSTATS_PLAIN_STREAMLIT=1``), slower, for comparison."""
    return os.environ.get("WARDSTATS_PLAIN_STREAMLIT", "0") not in ("", "0")


def sign_in_hours() -> float:
    """Return how long a sign-in lasts at most (``WARDSTATS_SIGN_IN_HOURS``, default 12)."""
    return _number("WARDSTATS_SIGN_IN_HOURS", 12.0, at_most=24 * 30.0)


def claims_minutes() -> float:
    """Return after how many minutes the provider is asked again who somebody is (``WARDSTATS_CLAIMS_MINUTES``)."""
    return _number("WARDSTATS_CLAIMS_MINUTES", 5.0, at_most=60.0)


def live_viewers(default: int) -> int:
    """Return how many event streams one process carries (``WARDSTATS_LIVE_VIEWERS``)."""
    return _count("WARDSTATS_LIVE_VIEWERS", default)


def streams_per_address(default: int) -> int:
    """Return how many of them one address may have (``WARDSTATS_STREAMS_PER_ADDRESS``)."""
    return _count("WARDSTATS_STREAMS_PER_ADDRESS", default)


def connections_per_address(default: int) -> int:
    """Return how many connections one address may have (``WARDSTATS_CONNECTIONS_PER_ADDRESS``)."""
    return _count("WARDSTATS_CONNECTIONS_PER_ADDRESS", default)


def silent_seconds(default: float) -> float:
    """Return how long the head of a request may take (``WARDSTATS_SILENT_SECONDS``)."""
    return _number("WARDSTATS_SILENT_SECONDS", default, at_most=3600.0)


def _count(name: str, default: int) -> int:
    number = _number(name, default, at_most=1_000_000)
    if number % 1:
        raise WardStatsError(f"{name}: found {number:g}; expected a whole number. Correct it.")
    return int(number)


def _number(name: str, default: float, at_most: float) -> float:
    found = os.environ.get(name) or str(default)
    try:
        number = float(found)
    except ValueError:
        number = math.nan
    if not 0 < number <= at_most:
        raise WardStatsError(f"{name}: found {found!r}; expected a number above 0, at most {at_most:g}. Correct it.")
    return number

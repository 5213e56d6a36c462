"""Reads one period of a block's units from the portal: finds the province, gathers the six groups, checks everything.

Owns the order of things. Writes nothing but the kept answers; see ``record`` for the ledger.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from wardstats.core.languages import TIME_ZONE
from wardstats.core.periods import Period
from wardstats.core.records import Unit
from wardstats.harvest import plausibility
from wardstats.harvest.answer_cache import KeptAnswer
from wardstats.harvest.endpoints import GROUPS, OVERALL, PROGRESS, Endpoint
from wardstats.harvest.faults import AnswerError, Finding, PortalError, by_severity, has
from wardstats.harvest.figures import NOT_OVER, Reading, read_figures
from wardstats.harvest.gather import Gatherer, Listing
from wardstats.harvest.shapes import Department
from wardstats.harvest.units import committee, comparable, department_key, match_units
from wardstats.ledger import Figure

LAO_CAI = "Lào Cai"


@dataclass(frozen=True)
class Wanted:
    """What to read.

    Attributes:
        period: Month, quarter or year.
        province: Its name, or its departmentId.
        units: The units whose figures are wanted.
        is_all: They are all units of the province.
        indicators: The indicator codes of the block; figures of others are left out.
        earlier: What is in force for the period.
        previous: What is in force for the period before.
    """

    period: Period
    province: str
    units: Sequence[Unit]
    is_all: bool
    indicators: frozenset[str]
    earlier: plausibility.Figures = field(default_factory=dict)
    previous: plausibility.Figures = field(default_factory=dict)


@dataclass
class Harvest:
    """What was read of one period, and what was noticed.

    Attributes:
        whole: Figures of the whole area, by area name and indicator: the province, or the nation too.
        refused: Nothing of it may be recorded.
        alarmed: A person must accept it first.
    """

    period: Period
    province: str = ""
    readings: dict[tuple[str, str], Reading] = field(default_factory=dict)
    whole: dict[tuple[str, str], Reading] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)
    answers: list[KeptAnswer] = field(default_factory=list)
    department_of: dict[str, str] = field(default_factory=dict)
    is_over: bool = True

    @property
    def refused(self) -> bool:
        """Nothing of it may be recorded."""
        return has(self.findings, "refusal")

    @property
    def alarmed(self) -> bool:
        """A person must accept it first."""
        return has(self.findings, "alarm")

    @property
    def retrieved_at(self) -> str:
        """When the last answer came, UTC."""
        return max((answer.retrieved_at for answer in self.answers), default="")

    def figure(self, key: tuple[str, str], source_id: str) -> Figure:
        """Return a unit's figure for the ledger."""
        return self.readings[key].figure(source_id, () if self.is_over else (NOT_OVER,))


def read_period(gatherer: Gatherer, wanted: Wanted, now: datetime) -> Harvest:
    """Read and check one period.

    Returns:
        The harvest, with every finding; where one is a refusal, figures may be missing.

    Raises:
        PortalError: The portal could not be reached; what is missing is listed, what came is kept.
    """
    harvest = Harvest(wanted.period, is_over=wanted.period.ends_on < now.astimezone(TIME_ZONE).date())
    listings = _gather(gatherer, wanted, harvest)
    overall = listings.pop(OVERALL.name, None)
    if overall and len(listings) == len(GROUPS):
        _read(harvest, wanted, overall, [listings[endpoint.name] for endpoint in GROUPS])
    return settled(harvest)


def settled(harvest: Harvest) -> Harvest:
    """Return a harvest with its findings complete, the worst first."""
    if not harvest.is_over:
        period = harvest.period.text
        harvest.findings.append(Finding.of("note", "not_over", period, period=period))
    harvest.findings = by_severity(plausibility.condense(harvest.findings))
    return harvest


def _gather(gatherer: Gatherer, wanted: Wanted, harvest: Harvest) -> dict[str, Listing]:
    """Return the listings by endpoint, without those that had to be refused."""
    found: dict[str, Listing] = {}
    steps: list[Endpoint] = [OVERALL, *GROUPS]
    gatherer.to_read = 1 + len(steps)
    try:
        provinces = gatherer.gather(OVERALL, None)
        harvest.answers += provinces.answers
        root = find_province(provinces, wanted.province)
        harvest.province = province_name(root)
        known = 0
        for endpoint in steps:
            try:
                listing = gatherer.gather(endpoint, root.department_id, known)
            except AnswerError as error:  # go on, so that everything wrong is told at once
                harvest.findings.append(Finding.of("refusal", "answer", endpoint.name, told=str(error)))
                continue
            known = max(known, len(listing.rows))
            harvest.answers += listing.answers
            found[endpoint.name] = listing
    except AnswerError as error:
        harvest.findings.append(Finding.of("refusal", "answer", OVERALL.name, told=str(error)))
    except PortalError as error:
        missing = [endpoint.name for endpoint in steps if endpoint.name not in found]
        raise PortalError(
            f"{error}\nMissing for {wanted.period.text}: {', '.join(missing)}. Nothing was recorded."
        ) from error
    return found


def _read(harvest: Harvest, wanted: Wanted, overall: Listing, groups: Sequence[Listing]) -> None:
    matching = match_units(groups, wanted.units, wanted.is_all)
    harvest.department_of = dict(matching.department_of)
    harvest.findings += matching.findings
    harvest.findings += plausibility.check_unknown(groups)
    places = {unit.unit_code: f"{unit.unit_code} {unit.text('vi')}" for unit in wanted.units}
    for unit, department_id in matching.department_of.items():
        rows = {listing.endpoint: listing.rows[department_id] for listing in groups if department_id in listing.rows}
        harvest.readings |= {
            (unit, code): reading for code, reading in read_rows(harvest, rows, places[unit], wanted.indicators, True)
        }
    whole = {listing.endpoint: listing.whole for listing in groups if listing.whole}
    area = area_name(next(iter(whole.values())))
    harvest.whole |= {
        (area, code): reading for code, reading in read_rows(harvest, whole, area, wanted.indicators, False)
    }
    ids = {places[unit]: department_id for unit, department_id in matching.department_of.items()}
    ids[area] = next(iter(whole.values())).department_id
    harvest.findings += plausibility.check_overall(overall, groups, ids)
    progress = next(listing for listing in groups if listing.endpoint is PROGRESS)
    harvest.findings += plausibility.check_progress(progress, wanted.period)
    harvest.findings += plausibility.check_before(harvest.readings, wanted.earlier, wanted.previous, places)
    harvest.findings += plausibility.note_flags(harvest.readings)


def read_rows(
    harvest: Harvest,
    rows: Mapping[Endpoint, Department],
    place: str,
    indicators: frozenset[str],
    is_commune: bool,
) -> Iterator[tuple[str, Reading]]:
    """Yield the wanted figures of one unit's rows; what is wrong with them goes to the harvest's findings."""
    for endpoint, row in rows.items():
        readings = list(read_figures(endpoint, row, is_commune))
        harvest.findings += plausibility.check_row(endpoint, row, readings, place)
        yield from ((reading.indicator_code, reading) for reading in readings if reading.indicator_code in indicators)


def find_province(provinces: Listing, wanted: str) -> Department:
    """Return the province of a name or a departmentId.

    Raises:
        AnswerError: There is none, or more than one.
    """
    rows: Iterable[Department] = provinces.rows.values()
    found = [row for row in rows if row.department_id == wanted or _is_named(row, wanted)]
    if len(found) != 1:
        names = ", ".join(repr(row.department_name) for row in found) or "none"
        raise AnswerError(
            f"{OVERALL.name}: found {names} of {len(provinces.rows)} provinces for {wanted!r}; expected one. "
            "Compare --province with the names on the portal."
        )
    return found[0]


def province_name(row: Department) -> str:
    """Return a province's name without what it is."""
    found = committee(row.department_name)
    return found[1] if found else row.department_name


def area_name(row: Department) -> str:
    """Return what a benchmark line of a province is called, as in benchmarks.csv: its name, and what it is."""
    found = committee(row.department_name)
    return f"{province_name(row)} ({'thành phố' if found and found[0] == 'city' else 'tỉnh'})"


def _is_named(row: Department, wanted: str) -> bool:
    key = department_key(row.department_name)
    return key is not None and key[1] == comparable(wanted)

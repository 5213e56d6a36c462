"""Reads the provinces themselves: for a block of provinces, and for the benchmark lines of a block of wards.

The nation is not on the portal. Its percentages are taken from the sums of the provinces' counts, its points are the
plain mean of the provinces' points; the source's note says so.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from wardstats.core.languages import TIME_ZONE
from wardstats.harvest import metrics, plausibility
from wardstats.harvest.endpoints import GROUPS, OVERALL, PROGRESS
from wardstats.harvest.faults import AnswerError, Finding, PortalError
from wardstats.harvest.figures import Reading
from wardstats.harvest.gather import Gatherer, Listing
from wardstats.harvest.read_period import Harvest, Wanted, area_name, find_province, province_name, read_rows, settled
from wardstats.harvest.record import NATION
from wardstats.harvest.shapes import Department
from wardstats.harvest.units import match_units


def read_provinces(gatherer: Gatherer, wanted: Wanted, now: datetime) -> Harvest:
    """Read and check one period of all provinces.

    Args:
        wanted: ``units`` are the provinces, ``province`` the one whose benchmark line is wanted.

    Raises:
        PortalError: The portal could not be reached; what is missing is listed, what came is kept.
    """
    harvest = Harvest(wanted.period, is_over=wanted.period.ends_on < now.astimezone(TIME_ZONE).date())
    try:
        provinces = gatherer.gather(OVERALL, None)
        home = find_province(provinces, wanted.province)
    except AnswerError as error:
        harvest.findings.append(Finding.of("refusal", "answer", OVERALL.name, told=str(error)))
        return harvest
    harvest.province = province_name(home)
    harvest.answers += provinces.answers
    matching = match_units([provinces], wanted.units, is_all=True)
    harvest.findings += matching.findings
    harvest.department_of = dict(matching.department_of)
    listings = _gather(gatherer, provinces, harvest, {unit.unit_code: unit.text("vi") for unit in wanted.units})
    if not harvest.refused:
        _read(harvest, wanted, provinces, listings, home)
    return settled(harvest)


def _gather(gatherer: Gatherer, provinces: Listing, harvest: Harvest, names: Mapping[str, str]) -> list[Listing]:
    """Return one listing a group whose rows are the provinces as wholes."""
    groups = [Listing(endpoint) for endpoint in GROUPS]
    gatherer.to_read = 1 + len(harvest.department_of) * len(groups)
    for number, (unit, department_id) in enumerate(harvest.department_of.items()):
        for listing in groups:
            place = f"{names[unit]}, {listing.endpoint.name}"
            try:
                own = gatherer.gather(listing.endpoint, department_id, only_whole=True)
            except AnswerError as error:
                harvest.findings.append(Finding.of("refusal", "answer", place, told=str(error)))
                continue
            except PortalError as error:
                left = [names[code] for code in list(harvest.department_of)[number:]]
                raise PortalError(f"{error}\nMissing: {', '.join(left)}. Nothing was recorded.") from error
            assert own.whole  # gather refuses an answer without it
            listing.rows[department_id] = own.whole
            listing.unknown |= own.unknown
            harvest.answers += own.answers
    return groups


def _read(
    harvest: Harvest,
    wanted: Wanted,
    provinces: Listing,
    listings: Sequence[Listing],
    home: Department,
) -> None:
    names = {unit.unit_code: f"{unit.unit_code} {unit.text('vi')}" for unit in wanted.units}
    for unit, department_id in harvest.department_of.items():
        rows = {listing.endpoint: listing.rows[department_id] for listing in listings}
        read = dict(read_rows(harvest, rows, names[unit], wanted.indicators, False))
        harvest.readings |= {(unit, code): reading for code, reading in read.items()}
        if department_id == home.department_id:
            harvest.whole |= {(area_name(home), code): reading for code, reading in read.items()}
    harvest.whole |= {(NATION, code): reading for code, reading in _nation(harvest.readings).items()}
    received = [getattr(row, "total_received", None) for row in listings[GROUPS.index(PROGRESS)].rows.values()]
    if not any(received):
        harvest.findings.append(Finding.of("alarm", "empty_period", PROGRESS.name, period=wanted.period.text))
    ids = {names[unit]: department_id for unit, department_id in harvest.department_of.items()}
    harvest.findings += plausibility.check_overall(provinces, listings, ids)
    harvest.findings += plausibility.check_unknown(listings)
    harvest.findings += plausibility.check_before(harvest.readings, wanted.earlier, wanted.previous, names)
    harvest.findings += plausibility.note_flags(harvest.readings)


def _nation(readings: plausibility.Readings) -> dict[str, Reading]:
    """Return the nation's figures by indicator; none where a province's is missing in part."""
    found: dict[str, Reading] = {}
    for code in dict.fromkeys(code for _, code in readings):
        parts = [reading for (_, other), reading in readings.items() if other == code]
        counted = [part for part in parts if part.denominator is not None]
        if any(part.is_impossible for part in parts):
            continue
        if len(counted) == len(parts):
            numerator, denominator = (
                sum(part.numerator or 0 for part in parts),
                sum(part.denominator or 0 for part in parts),
            )
            value = 100 * numerator / denominator if denominator else None
            found[code] = Reading(code, parts[0].endpoint, value, numerator, denominator)
        elif code in (metrics.ONLINE, metrics.PAYMENT) and None not in (values := [part.value for part in parts]):
            mean = sum(value or 0 for value in values) / len(values)
            found[code] = Reading(code, parts[0].endpoint, mean, None, None)
        elif len({part.value for part in parts}) == 1:  # a percentage without counts, the same everywhere
            found[code] = Reading(code, parts[0].endpoint, parts[0].value, None, None)
    return found

"""Says what looks wrong with a harvest: against itself, against the portal's own scores, against what was there before.

Each check returns findings and changes nothing. Limits stand in ``Limits``, with what they are meant to let pass.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from wardstats.core.periods import Period
from wardstats.harvest import metrics
from wardstats.harvest.endpoints import OVERALL, PORTAL_NAME, PROGRESS, Endpoint
from wardstats.harvest.faults import Finding, Severity
from wardstats.harvest.figures import Reading
from wardstats.harvest.gather import Listing
from wardstats.harvest.sentences import MORE, Counted
from wardstats.harvest.shapes import Department, EvaluationRow, ProgressRow
from wardstats.ledger import Figure

Readings = Mapping[tuple[str, str], Reading]  # by unit_code and indicator_code
Figures = Mapping[tuple[str, str], Figure]


@dataclass(frozen=True)
class Limits:
    """From where on a difference is alarming.

    Attributes:
        points: Our points against the portal's, and sums of points. Each is rounded to 0.01, some from a rounded ratio.
        ratio_pct: Our percentage against the portal's, which has two decimals.
        jump_pct: Change of a percentage, in points of percent, from the period before or from an earlier reading.
        jump_from: Of at least so many files in both; a few petitions may go anywhere.
        times: Counts this many times as large, or as small, as in the period before.
        times_from: Where one of them is at least so large.
        shrink_pct: An earlier reading of the same period counted this much more, in percent.
    """

    points: float = 0.015
    ratio_pct: float = 0.0101
    jump_pct: float = 40.0
    jump_from: float = 30.0
    times: float = 5.0
    times_from: float = 100.0
    shrink_pct: float = 1.0


LIMITS = Limits()


def check_unknown(listings: Iterable[Listing]) -> Iterator[Finding]:
    """Note fields and metrics that nobody knows."""
    for listing in listings:
        if listing.unknown:
            names = ", ".join(sorted(listing.unknown))
            yield Finding.of("note", "unknown_field", listing.endpoint.name, names=names)
        rows = [row for row in (listing.whole, *listing.rows.values()) if isinstance(row, EvaluationRow)]
        if strange := sorted({metric.code for row in rows for metric in row.metrics} - metrics.METRICS.keys()):
            yield Finding.of("note", "unknown_metric", listing.endpoint.name, names=", ".join(strange))


def check_row(endpoint: Endpoint, row: Department, readings: Iterable[Reading], place: str) -> Iterator[Finding]:
    """Check one unit's row of one group against the known rules."""
    readings, where = list(readings), f"{endpoint.name}, {place}"
    if isinstance(row, EvaluationRow):
        yield from _check_metrics(endpoint, row, where)
    if isinstance(row, ProgressRow):
        received, on_time, overdue = row.total_received, row.total_on_time, row.total_overdue
        if received is not None and on_time is not None and overdue is not None and received != on_time + overdue:
            counts = {"received": int(received), "on_time": int(on_time), "overdue": int(overdue)}
            yield Finding.of("alarm", "received_differs", where, **counts)
    for reading in readings:
        yield from _check_reading(reading, f"{where}, {reading.indicator_code}")
    given = [reading.portal_points or 0.0 for reading in readings if reading.max_points]
    if row.points is None:
        yield Finding.of("alarm", "no_score", where)
    elif abs(sum(given) - row.points) > LIMITS.points:
        yield Finding.of("alarm", "group_differs", where, points=row.points, total=sum(given))


def _check_metrics(endpoint: Endpoint, row: EvaluationRow, where: str) -> Iterator[Finding]:
    counted = Counter(metric.code for metric in row.metrics)
    expected = [code for code, metric in metrics.METRICS.items() if metric.endpoint is endpoint and metric.max_points]
    if missing := [code for code in expected if code not in counted]:
        told = {"missing": ", ".join(missing), "expected": ", ".join(expected)}
        yield Finding.of("refusal", "metric_missing", where, **told)
    if twice := [code for code, count in counted.items() if count > 1]:
        yield Finding.of("refusal", "metric_twice", where, twice=", ".join(twice))


def _check_reading(reading: Reading, place: str) -> Iterator[Finding]:
    if reading.is_impossible:
        is_counted = reading.numerator is not None or reading.denominator is not None
        counts = f"{_shown(reading.numerator)} / {_shown(reading.denominator)}" if is_counted else _shown(reading.value)
        yield Finding.of("alarm", "impossible_counts", place, counts=counts)
        return
    if reading.portal_max is not None and reading.max_points and reading.portal_max != reading.max_points:
        yield Finding.of("alarm", "rules_changed", place, found=reading.portal_max, expected=reading.max_points)
    if reading.denominator and reading.portal_ratio is not None and reading.value is not None:
        if abs(reading.value - reading.portal_ratio) > LIMITS.ratio_pct:
            yield Finding.of("alarm", "ratio_differs", place, ratio=reading.portal_ratio, value=reading.value)
    if not reading.max_points or reading.our_points is None:
        return
    if reading.portal_points is None and not reading.denominator:
        return  # the portal scores nothing of nothing with null, and adds it up as 0
    if abs((reading.portal_points or 0.0) - reading.our_points) > LIMITS.points:
        points = {"points": reading.portal_points, "ours": reading.our_points}
        yield Finding.of("alarm", "score_differs", place, **points)


def check_overall(overall: Listing, groups: Iterable[Listing], ids: Mapping[str, str]) -> Iterator[Finding]:
    """Check that the groups' points add up to the portal's total.

    Args:
        ids: departmentId by place, of the units and the province.
    """
    groups, silent = list(groups), 0
    for place, department_id in ids.items():
        row = _row(overall, department_id)
        parts = [_row(listing, department_id) for listing in groups]
        if row is None or row.points is None:
            silent += 1
            continue
        total = sum(part.points or 0.0 for part in parts if part)
        if abs(total - row.points) > LIMITS.points:
            where = f"{OVERALL.name}, {place}"
            yield Finding.of("alarm", "total_differs", where, points=row.points, total=total)
    if silent:
        yield Finding.of("note", "no_total", OVERALL.name, count=silent, total=len(ids))


def check_progress(listing: Listing, period: Period) -> Iterator[Finding]:
    """Check that the answer is of the month asked for, and that it holds anything."""
    received = [row.total_received for row in listing.rows.values() if isinstance(row, ProgressRow)]
    if not any(received):
        yield Finding.of("alarm", "empty_period", PROGRESS.name, period=period.text)
    share = listing.whole.ratio if listing.whole else None
    if period.kind == "month" and listing.chart and share is not None:
        charted = listing.chart.get(f"{period.starts_on.month:02}")
        if isinstance(charted, int | float) and abs(charted - share) > 2 * LIMITS.ratio_pct:
            told = {"share": share, "charted": float(charted), "period": period.text}
            yield Finding.of("alarm", "wrong_period", PROGRESS.name, **told)
    whole = getattr(listing.whole, "total_received", None)
    total = sum(count or 0 for count in received)
    if whole is not None and total != whole:
        yield Finding.of("note", "sum_differs", PROGRESS.name, whole=int(whole), total=int(total))


def check_before(
    readings: Readings, earlier: Figures, previous: Figures, places: Mapping[str, str]
) -> Iterator[Finding]:
    """Check against what was recorded for this period earlier, and for the period before it."""
    for (unit, code), reading in readings.items():
        place = f"{places.get(unit, unit)}, {code}"
        figure = reading.figure("")
        if before := earlier.get((unit, code)):
            yield from _check_revision(figure, before, place, _scale(reading))
        if before := previous.get((unit, code)):
            yield from _check_jump(figure, before, place, _scale(reading))
    both = [key for key in readings if key in previous and readings[key].denominator]
    if len(both) > 20 and all(_same_counts(readings[key], previous[key]) for key in both):
        yield Finding.of("alarm", "stale", PORTAL_NAME, count=len(both))


def _check_revision(now: Figure, before: Figure, place: str, scale: float) -> Iterator[Finding]:
    if now.same_as(before):
        return
    severity: Severity = "note"
    code = "revised"
    if _is_empty(now) and not _is_empty(before):
        severity, code = "alarm", "vanished"
    elif now.denominator is not None and before.denominator and now.denominator < before.denominator:
        code = "shrunk"
        severity = "alarm" if now.denominator < before.denominator * (1 - LIMITS.shrink_pct / 100) else "note"
    elif _jumps(now, before, scale):
        severity, code = "alarm", "leapt"
    yield Finding.of(severity, code, place, now=_counted(now), before=_counted(before))


def _check_jump(now: Figure, before: Figure, place: str, scale: float) -> Iterator[Finding]:
    if _jumps(now, before, scale):
        yield Finding.of("alarm", "jump", place, now=_counted(now), before=_counted(before))
    elif now.denominator is not None and before.denominator is not None:
        small, large = sorted((now.denominator, before.denominator))
        if large >= LIMITS.times_from and large > LIMITS.times * small:
            counts = {"now": int(now.denominator), "before": int(before.denominator)}
            yield Finding.of("alarm", "count_jump", place, **counts)


def _scale(reading: Reading) -> float:
    """What a whole is: a group's points where the figure is points, else 100 percent."""
    return reading.max_points if reading.indicator_code in (metrics.ONLINE, metrics.PAYMENT) else 100.0


def _jumps(now: Figure, before: Figure, scale: float) -> bool:
    if now.value is None or before.value is None:
        return False
    is_large = abs(now.value - before.value) > LIMITS.jump_pct / 100 * scale
    return is_large and (now.denominator is None or min(now.denominator, before.denominator or 0) >= LIMITS.jump_from)


def note_flags(readings: Readings) -> Iterator[Finding]:
    """Count the portal's quality flags, each with the indicators it stands at."""
    counted: dict[str, Counter[str]] = {}
    for (_, code), reading in readings.items():
        for flag in reading.flags:
            counted.setdefault(flag, Counter())[code] += 1
    for flag, codes in counted.items():
        told = ", ".join(f"{code} ({count})" for code, count in codes.items())
        yield Finding.of("note", "flag", flag, codes=told)


def condense(findings: Iterable[Finding], most: int = 10) -> list[Finding]:
    """Return at most so many findings of one kind, and how many more there are."""
    kept, counted = [], Counter[tuple[Severity, str]]()
    for finding in findings:
        counted[finding.severity, finding.code] += 1
        if counted[finding.severity, finding.code] <= most:
            kept.append(finding)
    for (severity, code), count in counted.items():
        if count > most:
            kept.append(Finding.of(severity, code, "...", **{MORE: count - most}))
    return kept


def _row(listing: Listing, department_id: str) -> Department | None:
    whole = listing.whole
    return listing.rows.get(department_id) or (whole if whole and whole.department_id == department_id else None)


def _same_counts(reading: Reading, figure: Figure) -> bool:
    return (reading.numerator, reading.denominator) == (figure.numerator, figure.denominator)


def _is_empty(figure: Figure) -> bool:
    return figure.value is None and figure.numerator is None


def _counted(figure: Figure) -> Counted:
    return figure.value, figure.numerator, figure.denominator


def _shown(count: float | None) -> str:
    return "null" if count is None else f"{count:g}"

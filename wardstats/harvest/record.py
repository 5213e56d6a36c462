"""Writes a harvest into the ledger, whole: one entry, its figures, its sources, and every raw answer beside it.

Owns what the entry says. Decides nothing: a refused harvest, or an alarming one that nobody accepted, never gets here.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from wardstats.catalogue.load import Catalogue
from wardstats.core.languages import TIME_ZONE
from wardstats.core.periods import Period
from wardstats.core.records import in_each_language
from wardstats.core.rows import dictionaries
from wardstats.harvest.endpoints import PORTAL_NAME, PUBLIC_PAGE
from wardstats.harvest.faults import HarvestError
from wardstats.harvest.read_period import Harvest
from wardstats.ledger import Change, Draft, Entry, Figure, Ledger

ROLE = "harvest"
NATION = "Việt Nam"


def figures_in_force(catalogue: Catalogue, period: str) -> dict[tuple[str, str], Figure]:
    """Return the real figures of a period by unit and indicator, of the data folder and of its ledger."""
    frame = catalogue.figures
    chosen = frame[(frame["period"] == period) & (frame["status"] != "demonstration")]
    found: dict[tuple[str, str], Figure] = {}
    for row in dictionaries(chosen):
        value, numerator, denominator = row["value"], row["numerator"], row["denominator"]
        if denominator:  # files leave out what the counts give
            value = 100 * numerator / denominator
        figure = Figure(value, numerator, denominator, row["status"], row["source_id"], row["note"] or "")
        found[row["unit_code"], row["indicator_code"]] = figure
    return found


def source_id_of(period: Period, kind: str = "") -> str:
    """Return the code of a harvest's source."""
    return "_".join(part for part in ("dvcqg", kind, period.text) if part)


def record(
    harvest: Harvest,
    ledger: Ledger,
    earlier: Mapping[tuple[str, str], Figure],
    *,
    actor: str,
    role: str = ROLE,
    accepted: str = "",
    expected: int | None = None,
    kind: str = "",
    benchmark_indicators: Iterable[str] = (),
) -> Entry:
    """Append a harvest to the ledger.

    Args:
        earlier: The figures in force for the period, without demonstration ones.
        accepted: Why its alarms were accepted.
        expected: The last entry that was known when the harvest was checked.
        kind: "provinces" for a harvest of provinces; empty for one of units.
        benchmark_indicators: Indicators whose figures of whole areas become benchmark lines.

    Raises:
        HarvestError: It is refused, or alarming and not accepted.
        StaleError: Somebody changed the same figures meanwhile.
    """
    if harvest.refused or (harvest.alarmed and not accepted):
        raise HarvestError("A harvest that is refused, or alarming and not accepted, is not recorded.")
    source_id = source_id_of(harvest.period, kind)
    changes = tuple(_changes(harvest, earlier, source_id))
    attachments = tuple(
        ledger.store(f"{harvest.period.text}/{answer.name}", answer.compressed, "application/gzip")
        for answer in harvest.answers
    )
    draft = Draft(
        action="harvest",
        actor=actor,
        role=role,
        period=harvest.period.text,
        subject=f"harvest {kind or 'units'} {harvest.period.text}",
        note=accepted if harvest.alarmed else "",
        changes=changes,
        attachments=attachments,
        details=_details(harvest, source_id, kind, benchmark_indicators)
        | {"unchanged": len(harvest.readings) - len(changes)},
    )
    return ledger.append(draft, expected=expected)


def last_entry(entries: Iterable[Entry], period: str, kind: str = "") -> Entry | None:
    """Return the last harvest of a period."""
    subject = f"harvest {kind or 'units'} {period}"
    return next(
        (entry for entry in reversed(list(entries)) if entry.action == "harvest" and entry.subject == subject), None
    )


def _changes(harvest: Harvest, earlier: Mapping[tuple[str, str], Figure], source_id: str) -> Iterable[Change]:
    for key in harvest.readings:
        before, after = earlier.get(key), harvest.figure(key, source_id)
        if before != after:
            yield Change(*key, harvest.period.text, before, after)


def _details(harvest: Harvest, source_id: str, kind: str, benchmark_indicators: Iterable[str]) -> dict[str, Any]:
    accessed = datetime.fromisoformat(harvest.retrieved_at).astimezone(TIME_ZONE).date()
    scores: dict[str, dict[str, float | None]] = {}
    for (unit, code), reading in harvest.readings.items():
        if reading.max_points:
            scores.setdefault(unit, {})[code] = reading.portal_points
    kept = frozenset(benchmark_indicators)
    return {
        "retrieved_at": harvest.retrieved_at,
        "is_over": harvest.is_over,
        "province": harvest.province,
        "sources": {source_id: _source(harvest, kind, accessed.isoformat())},
        "findings": [finding.as_dict() for finding in harvest.findings],
        "portal_scores": scores,
        "departments": harvest.department_of,
        "benchmarks": [
            {
                "area_name": area,
                "indicator_code": code,
                "period": harvest.period.text,
                "value": reading.value,
                "source_id": source_id,
            }
            for (area, code), reading in harvest.whole.items()
            if code in kept and reading.value is not None and not reading.is_impossible
        ],
        "answers": [answer.described() for answer in harvest.answers],
    }  # fmt: skip


def _source(harvest: Harvest, kind: str, accessed: str) -> dict[str, Any]:
    titles = in_each_language(
        "title",
        lambda speak: speak(
            "Service quality by Decision 766/QĐ-TTg, {period}", period=speak.period(harvest.period.text)
        ),
    )
    notes = [] if harvest.is_over else ["Kỳ chưa kết thúc khi lấy số liệu."]
    if kind == "provinces":
        notes.append(
            f"{NATION}: tỷ lệ tính từ tổng tử số và mẫu số của các tỉnh, thành phố; "
            "điểm là trung bình cộng không trọng số."
        )
    return {
        **titles,
        "producer": PORTAL_NAME,
        "url": PUBLIC_PAGE,
        "accessed": accessed,
        "licence": "công khai",
        "note": " ".join(notes),
    }

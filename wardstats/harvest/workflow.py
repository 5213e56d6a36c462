"""Makes a harvest from beginning to end: one at a time, resumed where it was interrupted, recorded whole or not at all.

What the command line and the secretariat's page both call. Publishing is theirs.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime
from functools import partial
from pathlib import Path
from typing import Literal

from wardstats.catalogue.load import Catalogue, load_catalogue
from wardstats.core.languages import local_today
from wardstats.core.locks import LockedError, locked
from wardstats.core.periods import Kind, Period, parse_period, period_containing
from wardstats.core.settings import PROJECT, Settings
from wardstats.harvest import metrics
from wardstats.harvest.answer_cache import Kept
from wardstats.harvest.client import Manners, Portal
from wardstats.harvest.endpoints import BASE_URL
from wardstats.harvest.faults import BusyError, HarvestError
from wardstats.harvest.gather import Gatherer
from wardstats.harvest.provinces import read_provinces
from wardstats.harvest.read_period import LAO_CAI, Harvest, Wanted, read_period
from wardstats.harvest.record import figures_in_force, last_entry, record
from wardstats.ledger import Entry, Ledger, ledger_of
from wardstats.ledger.interrupted import telling_what_is_recorded

State = Literal["recorded", "checked", "alarmed", "refused"]
CODES = frozenset(
    {metric.indicator_code for metric in metrics.METRICS.values()}
    | {metrics.ON_TIME, metrics.ONLINE, metrics.PAYMENT, "tdgq_overdue", "tdgq_avg_processing_days"}
    | {"tttt_dossier_online_payment_success", "tttt_formality_online_payment_success"}
)


@dataclass(frozen=True)
class Options:
    """How to make a harvest.

    Attributes:
        base_url: The portal's address.
        province: Name or departmentId.
        is_all: All units of units.csv, not the members only.
        is_dry: Check and show; record nothing.
        is_fresh: Ask for everything again.
        accepted: Why alarms are accepted; empty where they are not.
        actor: Who has it made.
        role: As what.
        provinces: Data folder of the block of provinces.
    """

    base_url: str = BASE_URL
    province: str = LAO_CAI
    is_all: bool = False
    is_dry: bool = False
    is_fresh: bool = False
    accepted: str = ""
    actor: str = "harvest"
    role: str = "harvest"
    manners: Manners = field(default_factory=Manners)
    provinces: Path = PROJECT / "data" / "provinces_766"


@dataclass(frozen=True)
class Outcome:
    """What became of a harvest.

    Attributes:
        state: ``recorded``; ``checked`` (a dry run found no alarm); ``alarmed`` and ``refused``: nothing is recorded.
        entries: What was written to ledgers.
        request_count: How often the portal was asked; answers that were kept are not asked for.
        aside: Where the answers of a refused harvest are.
    """

    state: State
    harvest: Harvest
    entries: tuple[Entry, ...] = ()
    request_count: int = 0
    aside: Path | None = None


@dataclass(frozen=True)
class Told:
    """Whom to tell how far it is: ``step(done, known, what)`` and ``say(sentence)``."""

    step: Callable[[int, int, str], None] = lambda _done, _known, _what: None
    say: Callable[[str], None] = lambda _text: None


def harvest_units(places: Settings, period: Period, options: Options, told: Told | None = None) -> Outcome:
    """Harvest one period of the units of a block.

    Raises:
        DataError: The data folder has problems.
        HarvestError: The period does not fit, or another harvest is running.
        PortalError: The portal could not be reached.
        StaleError: Somebody changed the same figures meanwhile.
    """
    ledger = ledger_of(places)
    expected, catalogue = ledger.head, load_catalogue(places.data, ledger)
    _check_period(period, catalogue.block.frequency)
    units = [unit for unit in catalogue.units if options.is_all or unit.is_member]
    wanted = Wanted(
        period, options.province, units, options.is_all, _indicators(catalogue),
        figures_in_force(catalogue, period.text),
        figures_in_force(catalogue, period.previous().text),
    )  # fmt: skip

    def write(harvest: Harvest) -> tuple[Entry, ...]:
        return (
            record(
                harvest, ledger, wanted.earlier,
                actor=options.actor, role=options.role, accepted=options.accepted, expected=expected,
                benchmark_indicators=wanted.indicators,
            ),
        )  # fmt: skip

    with telling_what_is_recorded(places.var, options.actor, ledger):
        return _make(places, period.text, "", options, told or Told(), wanted, write)


def harvest_provinces(places: Settings, period: Period, options: Options, told: Told | None = None) -> Outcome:
    """Harvest one period of all provinces: benchmark lines for the block, figures for the block of provinces.

    The latter gets figures only of the kind of period it ranks; a month would stand between its years.

    Raises:
        DataError, HarvestError, PortalError, StaleError: See ``harvest_units``.
    """
    _check_period(period)
    own, theirs = ledger_of(places), ledger_of(Settings(options.provinces, places.var, None))
    expected = theirs.head
    catalogue, provinces = load_catalogue(places.data, own), load_catalogue(options.provinces, theirs)
    is_ranked = period.kind == provinces.block.frequency
    wanted = Wanted(
        period, options.province, provinces.units, True, _indicators(catalogue) | _indicators(provinces),
        figures_in_force(provinces, period.text) if is_ranked else {},
        figures_in_force(provinces, period.previous().text) if is_ranked else {},
    )  # fmt: skip

    def write(harvest: Harvest) -> tuple[Entry, ...]:
        made = []
        put = partial(record, actor=options.actor, role=options.role, accepted=options.accepted, kind="provinces")
        if is_ranked:
            known = _indicators(provinces)
            figures = {key: reading for key, reading in harvest.readings.items() if key[1] in known}
            made.append(put(replace(harvest, readings=figures), theirs, wanted.earlier, expected=expected))
        if own.folder != theirs.folder:
            lines = _indicators(catalogue)
            made.append(put(replace(harvest, readings={}), own, {}, benchmark_indicators=lines))
        return tuple(made)

    with telling_what_is_recorded(places.var, options.actor, own, theirs):
        return _make(places, f"{period.text}-provinces", "provinces", options, told or Told(), wanted, write)


def latest_period(kind: Kind, today: date | None = None) -> Period:
    """Return the last period of a kind that has ended: what is final on the portal."""
    return period_containing(today or local_today(), kind).previous()


def periods_between(first: str, last: str) -> list[Period]:
    """Return the periods from one to another, both included.

    Raises:
        HarvestError: They are not of one kind, or in the wrong order.
    """
    try:
        begin, period = parse_period(first), parse_period(last)
    except ValueError as error:
        raise HarvestError(str(error)) from error
    if begin.kind != period.kind or begin > period:
        raise HarvestError(f"--from {first} --to {last}: expected two of the same kind, the earlier one first.")
    found = [period]
    while found[-1] != begin:
        found.append(found[-1].previous())
    return found[::-1]


def _make(
    places: Settings,
    name: str,
    kind: str,
    options: Options,
    told: Told,
    wanted: Wanted,
    write: Callable[[Harvest], tuple[Entry, ...]],
) -> Outcome:
    now = datetime.now(UTC)
    folder = places.var / "harvest" / places.data.resolve().name
    folder.mkdir(parents=True, exist_ok=True)
    lock = folder / "harvest.lock"
    try:
        with (
            locked(lock, "harvest", 0.0),
            Portal(options.base_url, options.manners, told.say) as portal,
        ):
            kept = Kept(folder / name, now, options.is_fresh)
            gatherer = Gatherer(portal, kept, wanted.period, told.step)
            harvest = read_provinces(gatherer, wanted, now) if kind else read_period(gatherer, wanted, now)
            if harvest.refused:
                return Outcome("refused", harvest, (), portal.request_count, kept.set_aside())
            if harvest.alarmed and not options.accepted:
                return Outcome("alarmed", harvest, (), portal.request_count)
            if options.is_dry:
                return Outcome("checked", harvest, (), portal.request_count)
            entries = _recorded_before(ledger_of(places), harvest, kind) or write(harvest)
            kept.clear()
            return Outcome("recorded", harvest, entries, portal.request_count)
    except LockedError as error:
        if error.path != lock:
            raise
        raise BusyError(error.holder) from error


def _recorded_before(ledger: Ledger, harvest: Harvest, kind: str) -> tuple[Entry, ...]:
    """Return the entry of these very answers: a harvest killed after it was recorded, before it had cleared up."""
    entry = last_entry(ledger.entries(), harvest.period.text, kind)
    if entry is None or entry.details.get("departments") != harvest.department_of:
        return ()
    same = entry.details.get("answers") == [answer.described() for answer in harvest.answers]
    return (entry,) if same else ()


def _indicators(catalogue: Catalogue) -> frozenset[str]:
    return frozenset(indicator.indicator_code for indicator in catalogue.indicators) & CODES


def _check_period(period: Period, kind: Kind | None = None) -> None:
    if kind is not None and period.kind != kind:
        raise HarvestError(
            f"{period.text}: found a {period.kind}; expected a {kind}, which is what this block is ranked by."
        )
    if period.starts_on > local_today():
        raise HarvestError(f"{period.text}: this period has not begun; there is nothing to harvest.")

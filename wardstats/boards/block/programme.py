"""The block and its year: who heads it, its documents, its programme, what is due next, and how the year ended."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import pandas as pd

from wardstats.charts.html.pieces import Card, Entry
from wardstats.charts.style import STATUS_SIGNS
from wardstats.core.rows import dictionaries, text_or_empty
from wardstats.view.club_words import kind_names, status_names
from wardstats.view.view import View

OPEN = ("planned", "under_way")


@dataclass(frozen=True)
class Programme:
    """Everything the block's page shows.

    Attributes:
        entries: The whole programme in the order of time.
        upcoming: What is under way or still to come, first things first.
        heads: One line a year, newest first: year, head, decision, hand-over.
        documents: Newest first, as dictionaries of texts.
    """

    headline: str
    cards: list[Card]
    entries: list[Entry]
    upcoming: list[Entry]
    heads: pd.DataFrame
    documents: list[dict[str, Any]]
    members: pd.DataFrame
    table: pd.DataFrame
    has_sample: bool

    def of_year(self, year: int) -> list[Entry]:
        """Return the entries that begin in a year."""
        return [entry for entry in self.entries if entry.starts_on.year == year]


def entries_of(view: View, today: date) -> list[Entry]:
    """Return the programme in the order of time."""
    return [_entry(view, row, today) for row in dictionaries(view.frame("activity", language=view.language))]


def upcoming_of(entries: list[Entry], today: date) -> list[Entry]:
    """Return what is under way or still to come. What is overdue comes first: somebody has to say what came of it."""
    return sorted((e for e in entries if e.status in OPEN), key=lambda e: (max(e.starts_on, today), e.ends_on))


def draw_programme(view: View, today: date) -> Programme:
    """Return the block's page as it stands on a day."""
    speak = view.speak
    entries = entries_of(view, today)
    upcoming = upcoming_of(entries, today)
    documents = _documents(view)
    years = dictionaries(view.frame("block_year", language=view.language))
    return Programme(
        headline=_headline(view, upcoming),
        cards=_cards(view, years, entries, upcoming),
        entries=entries,
        upcoming=upcoming,
        heads=_heads(view, years),
        documents=documents,
        members=_members(view, years),
        table=pd.DataFrame(
            {
                speak("Starts"): [entry.starts_on for entry in entries],
                speak("When"): [entry.when for entry in entries],
                speak("Activity"): [entry.title for entry in entries],
                speak("Status"): [entry.status_name for entry in entries],
                speak("In charge"): [entry.owner for entry in entries],
                speak("Place"): [entry.place for entry in entries],
                speak("Outcome"): [entry.outcome for entry in entries],
                speak("Sample"): [speak("sample") if entry.is_sample else "" for entry in entries],
            }
        ),
        has_sample=any(entry.is_sample for entry in entries) or any(item["is_sample"] for item in documents),
    )


def _entry(view: View, row: dict[str, Any], today: date) -> Entry:
    starts, ends = pd.Timestamp(row["starts_at"]), pd.Timestamp(row["ends_at"])
    ends = starts if pd.isna(ends) else ends
    status = str(row["status"])
    is_open = status in OPEN
    return Entry(
        activity_id=row["activity_id"],
        title=row["title"],
        starts_on=starts.date(),
        ends_on=ends.date(),
        when=when_text(view, starts, ends, bool(row["is_all_day"])),
        sign=STATUS_SIGNS[status],
        status=status,
        status_name=status_names(view.speak)[status]
        if not (is_open and ends.date() < today)
        else view.speak("overdue"),
        owner=text_or_empty(row["owner"]),
        place=text_or_empty(row["place"]),
        outcome=text_or_empty(row["outcome"]),
        is_sample=bool(row["is_sample"]),
        is_due=is_open and starts.date() <= today,
        left=_left(view, starts.date(), ends.date(), today),
    )


def when_text(view: View, starts: pd.Timestamp, ends: pd.Timestamp, is_all_day: bool) -> str:
    """Write when something is: a day, days from and to, or a day with times."""
    if is_all_day:
        return view.speak.days(starts.date(), ends.date())
    times = f"{starts:%H:%M}" + (f"–{ends:%H:%M}" if ends > starts else "")
    return f"{view.speak.day(starts.date())}, {times}"


def _left(view: View, starts_on: date, ends_on: date, today: date) -> str:
    """Say how far off an activity is."""
    speak, days = view.speak, (starts_on - today).days
    if ends_on < today:
        return speak("overdue since {day}", day=speak.day(ends_on))
    if days <= 0 < (ends_on - starts_on).days:
        return speak("until {day}", day=speak.day(ends_on))
    if days <= 0:
        return speak("today")
    if days == 1:
        return speak("tomorrow")
    return speak("in {count} {count:day|days}", count=days)


def _headline(view: View, upcoming: list[Entry]) -> str:
    speak = view.speak
    if not upcoming:
        return speak("No activity is due")
    first = upcoming[0]
    return speak("Next: {activity}, {day}", activity=first.title, day=first.when)


def _cards(view: View, years: list[dict[str, Any]], entries: list[Entry], upcoming: list[Entry]) -> list[Card]:
    speak = view.speak
    known = next((row for row in years if isinstance(row["head_unit"], str)), None)
    decision = next((row for row in years if isinstance(row["decision"], str)), None)
    units = view.frame("unit", language=view.language)
    member_count = int(units["is_member"].sum())
    cards = [Card(speak("Members"), str(member_count), _by_cluster(view, units[units["is_member"]]))]
    if known:
        newest = years[0]["year"]
        later = "" if known["year"] == newest else speak("{year}: not on file", year=newest)
        cards.append(Card(speak("Head of the block, {year}", year=known["year"]), known["head_name"], later))
    else:
        cards.append(Card(speak("Head of the block"), "–", speak("not on file")))
    if decision:
        cards.append(Card(speak("Decision"), decision["decision"], view.block["block_name"]))
    done = sum(entry.status == "done" for entry in entries)
    cards.append(
        Card(
            speak("Programme"),
            speak("{count} to come", count=len(upcoming)),
            speak("{done} of {total} done", done=done, total=len(entries)),
        )
    )
    return cards


def _by_cluster(view: View, members: pd.DataFrame) -> str:
    """How many members each group of neighbours has; nothing where they are in none."""
    counts = members["cluster"].value_counts()
    clusters = view.frame("cluster", language=view.language)
    return " · ".join(
        f"{name}: {counts[code]}"
        for code, name in zip(clusters["cluster"], clusters["cluster_name"], strict=True)
        if code in counts
    )


def _heads(view: View, years: list[dict[str, Any]]) -> pd.DataFrame:
    speak = view.speak
    deputies = [text_or_empty(row["deputy_name"]) for row in years]
    return pd.DataFrame(
        {
            speak("Year"): [str(row["year"]) for row in years],
            speak("Head"): [text_or_empty(row["head_name"]) or speak("not on file") for row in years],
            speak("Head since"): [view.day(row["head_since"]) for row in years],
            **({speak("Deputy"): deputies} if any(deputies) else {}),
            speak("Decision"): [text_or_empty(row["decision"]) for row in years],
        }
    )


def _members(view: View, years: list[dict[str, Any]]) -> pd.DataFrame:
    speak = view.speak
    units = view.frame("unit", language=view.language)
    members = units[units["is_member"]]
    headed: dict[str, str] = {}
    for row in reversed(years):
        if isinstance(row["head_unit"], str):
            headed[row["head_unit"]] = ", ".join(filter(None, (headed.get(row["head_unit"], ""), str(row["year"]))))
    return pd.DataFrame(
        {
            speak("Code"): members["unit_code"],
            speak("Name"): members["unit_name"],
            speak("Group"): [view.cluster_names.get(code, "") for code in members["cluster"]],
            speak("Area, km²"): [speak.number(area, 2) for area in members["area_km2"]],
            speak("Population"): [
                speak.number(count, 0) if pd.notna(count) else "–" for count in members["population"]
            ],
            speak("Headed the block"): [headed.get(code, "") for code in members["unit_code"]],
        }
    )


def _documents(view: View) -> list[dict[str, Any]]:
    speak = view.speak
    kinds = kind_names(speak)
    return [
        {
            "document_id": row["document_id"],
            "kind_code": row["kind"],
            "year": row["issued_on"].year if pd.notna(row["issued_on"]) else None,
            "kind": kinds[row["kind"]],
            "number": text_or_empty(row["number"]),
            "title": row["title"],
            "day": view.day(row["issued_on"]),
            "issuer": text_or_empty(row["issuer"]),
            "link": text_or_empty(row["link"]),
            "path": text_or_empty(row["path"]),
            "is_sample": bool(row["is_sample"]),
        }
        for row in dictionaries(view.frame("document", language=view.language))
    ]


def draw_contract_documents(view: View, year: int) -> list[dict[str, Any]]:
    """Return the contracts among the documents that were issued in a year, as dictionaries of texts."""
    return [item for item in _documents(view) if item["kind_code"] == "contract" and item["year"] == year]


def month_groups(entries: list[Entry]) -> list[tuple[str, list[Entry]]]:
    """Return the entries by month (2026-11), in the order of time."""
    found: dict[str, list[Entry]] = {}
    for entry in entries:
        found.setdefault(f"{entry.starts_on:%Y-%m}", []).append(entry)
    return list(found.items())


def soon(entries: list[Entry], today: date, days: int = 45) -> list[Entry]:
    """Return the entries of the next so many days."""
    return [entry for entry in entries if entry.starts_on <= today + timedelta(days=days)]


def head_title(view: View, year: int) -> str:
    """Return who heads the block in a year, or an empty text."""
    rows = dictionaries(view.frame("block_year", language=view.language))
    code = next((row["head_unit"] for row in rows if row["year"] == year), None)
    return view.unit_title(code) if isinstance(code, str) else ""

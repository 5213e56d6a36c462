"""The search at the side: what can be found by its name, and the page that each opens.

Names are found with and without their accents, whole or in part; indicators and practices also by their words in any
language. Owns what is found, no widget.
"""

from __future__ import annotations

from dataclasses import dataclass
from difflib import get_close_matches
from functools import lru_cache

from wardstats.core.languages import find_name, fold
from wardstats.core.records import ROOT
from wardstats.core.rows import dictionaries
from wardstats.view.view import Fetch, View

_LISTED_UNITS = 300  # the list goes to every reader; more units are found by what is typed
_NEAREST = 3
_LEAST_LIKENESS = 0.6


@dataclass(frozen=True)
class Entry:
    """One thing that can be found.

    Attributes:
        kind: What it is, in the reader's language.
        page: The file of the page that shows it.
        choices: What the address of that page says beside what the reader looks at.
        words: Other words it is found by, as ``fold`` leaves them.
    """

    name: str
    kind: str
    page: str
    choices: dict[str, str]
    words: str = ""

    @property
    def label(self) -> str:
        """Its name with what it is."""
        return f"{self.name} · {self.kind}"


@dataclass(frozen=True)
class Index:
    """Everything that can be found, by a key.

    Attributes:
        listed: Keys of what the list offers before anything is typed.
    """

    entries: dict[str, Entry]
    listed: list[str]

    def label(self, key: str) -> str:
        """Return how an entry is listed; what is typed stands for itself."""
        return self.entries[key].label if key in self.entries else key

    def find(self, typed: str) -> Entry | None:
        """Return what is meant by a key, a code, a name with or without accents, a part of one, or words of it."""
        wanted = typed.strip()
        names = {key: entry.name for key, entry in self.entries.items()}
        key = wanted if wanted in self.entries else self._by_code(wanted)
        key = key or find_name(wanted, names) or self._by_words(wanted)
        return self.entries[key] if key else None

    def nearest(self, typed: str) -> list[Entry]:
        """Return what has a name like what was typed, the most alike first."""
        by_name = {fold(entry.name): entry for entry in self.entries.values()}
        return [by_name[name] for name in get_close_matches(fold(typed), by_name, _NEAREST, _LEAST_LIKENESS)]

    def _by_code(self, typed: str) -> str | None:
        """A spreadsheet may have taken the noughts off a code."""
        codes = {key: key.partition(":")[2] for key in self.entries}
        return next((key for key, code in codes.items() if typed and typed in (code, code.lstrip("0"))), None)

    def _by_words(self, typed: str) -> str | None:
        asked = fold(typed).split()
        texts = {key: f"{fold(entry.name)} {entry.words}" for key, entry in self.entries.items()}
        return next((key for key, text in texts.items() if asked and all(word in text for word in asked)), None)


def search_index(view: View) -> Index:
    """Return what can be found in the view's snapshot, in its language; made once for each."""
    return _index(view.fetch, view.snapshot_id, view.language)


@lru_cache(maxsize=16)
def _index(fetch: Fetch, snapshot_id: str, language: str) -> Index:
    newest = fetch(snapshot_id, "ranked_period", ())["period"].iloc[0]
    view = View(snapshot_id, language, newest, ROOT, False, fetch)
    units, others = _units(view), {**_themes(view), **_indicators(view), **_practices(view), **_documents(view)}
    return Index(units | others, [*(units if len(units) <= _LISTED_UNITS else ()), *others])


def _units(view: View) -> dict[str, Entry]:
    kind = view.block["unit_kind"] or view.speak("Unit").lower()
    return {
        f"unit:{code}": Entry(name, kind, "pages/ward.py", {"unit": code}) for code, name in view.members_now.items()
    }


def _themes(view: View) -> dict[str, Entry]:
    kind, names = view.speak("Theme").lower(), {code: name for code, name in view.names.items() if code != ROOT}
    return {f"theme:{code}": Entry(name, kind, "pages/ranking.py", {"theme": code}) for code, name in names.items()}


def _indicators(view: View) -> dict[str, Entry]:
    kind = view.speak("Indicator").lower()
    rows = dictionaries(view.frame("criterion", year=int(view.rules["year"]), language=view.language))
    return {
        f"indicator:{row['indicator_code']}": Entry(
            row["indicator_name"], kind, "pages/indicator.py", {"indicator": row["indicator_code"]},
            fold(row["search_text"]),
        )
        for row in rows
    }  # fmt: skip


def _practices(view: View) -> dict[str, Entry]:
    kind = view.speak("Practice").lower()
    rows = dictionaries(view.frame("practice", language=view.language))
    return {
        f"practice:{row['practice_id']}": Entry(
            row["title"], kind, "pages/club.py", {"search": row["title"]}, fold(row["search_text"])
        )
        for row in rows
        if row["indicator_code"] in view.indicators.index
    }


def _documents(view: View) -> dict[str, Entry]:
    kind = view.speak("Document").lower()
    rows = dictionaries(view.frame("document", language=view.language))
    return {
        f"document:{row['document_id']}": Entry(
            " ".join(filter(None, (row["number"], row["title"]))), kind, "pages/block.py", {}
        )
        for row in rows
    }

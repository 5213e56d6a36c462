"""The languages of the interface: texts from locales/<language>.po, numbers and dates as the reader writes them.

English texts in the code are the keys, shown where a language has no words. Which languages there are, and what Babel
does not know of them, stands in locales/languages.toml.
"""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, fields
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from functools import cache, lru_cache
from string import Formatter
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import format_date, format_datetime, format_interval, format_skeleton
from babel.lists import format_list
from babel.messages.pofile import read_po
from babel.numbers import get_decimal_symbol, get_group_symbol, parse_pattern

from wardstats.core.errors import WardStatsError
from wardstats.core.measures import measure_of
from wardstats.core.periods import parse_period
from wardstats.core.settings import LOCALES


@dataclass(frozen=True)
class Language:
    """One table of locales/languages.toml, which says what each entry means."""

    name: str
    locale: str
    grouping: str = "#,##0"
    kind_first: bool = False
    date_first: bool = False
    days: Mapping[str, str] = field(default_factory=dict)
    periods: Mapping[str, str] = field(default_factory=dict)


def _read_languages() -> dict[str, Language]:
    path = LOCALES / "languages.toml"
    known, found = {item.name for item in fields(Language)}, {}
    for code, table in tomllib.loads(path.read_text(encoding="utf-8")).items():
        if not re.fullmatch("[a-z]{2,8}", code):
            raise WardStatsError(f"{path}: found the code {code!r}; expected small letters, such as vi. Correct it.")
        if wrong := set(table) - known or {"name"} - set(table):
            raise WardStatsError(
                f"{path}, [{code}]: found {', '.join(table)}; expected name, and any of {', '.join(sorted(known))}. "
                f"Correct {', '.join(sorted(wrong))}."
            )
        found[code] = Language(**{"locale": code, **table})
    return found


LANGUAGE_TABLE = _read_languages()
LANGUAGES = tuple(LANGUAGE_TABLE)
LANGUAGE_NAMES = {code: language.name for code, language in LANGUAGE_TABLE.items()}
TIME_ZONE = ZoneInfo("Asia/Ho_Chi_Minh")


def local_today() -> date:
    """Return the day it is in the block."""
    return datetime.now(TIME_ZONE).date()


@dataclass(frozen=True)
class Translator:
    """Speaks one language.

    Attributes:
        language: A code of ``LANGUAGES``.
    """

    language: str

    @property
    def written(self) -> Language:
        """How the language writes."""
        return LANGUAGE_TABLE[self.language]

    def __call__(self, text: str, **values: object) -> str:
        """Return the text in this language, its {names} filled in; {count:place|places}: the word for 1 or more."""
        translated = _catalogue(self.language).get(text, text)
        if "|" in translated:
            return _BY_NUMBER.vformat(translated, (), values)
        return translated.format(**values) if values else translated

    def number(self, value: float | None, decimals: int = 1) -> str:
        """Write a number, with exactly so many decimals; an en dash where there is none."""
        return "–" if value is None or value != value else _written(self, float(value), decimals)

    def signed(self, value: float, decimals: int = 1) -> str:
        """Write a difference with its sign."""
        rounded = _rounded(float(value), decimals)
        return ("+" if rounded > 0 else "−" if rounded < 0 else "±") + self.number(abs(value), decimals)

    def difference(self, more: float, less: float, decimals: int = 1) -> str:
        """Write by how much one number exceeds another, so that it agrees with the two numbers as they are written."""
        return self.number(*_shown_difference(float(more), float(less), decimals))

    def change(self, after: float, before: float, decimals: int = 1) -> str:
        """Write the difference of two numbers with its sign, so that it agrees with the two as they are written."""
        return self.signed(*_shown_difference(float(after), float(before), decimals))

    def scale(self, most: float) -> str:
        """Write how many points can be had: 20, and 18.5 where it is no whole number."""
        return self.number(most, 0 if most != most or abs(most - round(most)) < 1e-9 else 1)

    def measure(self, value: float, unit: str, decimals: int) -> str:
        """Write a value with its unit of measure."""
        return self.number(value, decimals) + (self.percent_sign if unit == "%" else measure_of(unit).mark(self))

    def percent(self, share: float, decimals: int = 0) -> str:
        """Write a share of 1 as a percentage."""
        return self.number(round(100 * float(share), 9), decimals) + self.percent_sign

    def coverage(self, share: float) -> str:
        """Write how much is there: 100% only where nothing is missing, 0% only where nothing is there."""
        percent = round(100 * float(share), 9)
        if not 0 < percent < 100 or 1 <= percent <= 99:
            return self.percent(share)
        return self.percent(min(0.999, max(0.001, percent / 100)), 1)

    @property
    def percent_sign(self) -> str:
        """What stands behind a percentage, a space included where the language has one."""
        return _locale(self.written.locale).percent_formats[None].suffix[0]

    def pattern(self, decimals: int) -> str:
        """The grouping of the language (Hindi: 2,80,591) with exactly so many decimals."""
        return f"{self.written.grouping}.{'0' * decimals}" if decimals else self.written.grouping

    @property
    def separators(self) -> str:
        """The decimal and the thousands separator, as Plotly wants them."""
        return get_decimal_symbol(self.written.locale) + get_group_symbol(self.written.locale)

    def names(self, names: Sequence[str]) -> str:
        """Write a list of names."""
        return format_list(list(names), style="standard", locale=self.written.locale)

    def day(self, value: date) -> str:
        """Write a date."""
        return format_date(value, format=self.written.days.get("whole", "medium"), locale=self.written.locale)

    def days(self, first: date, last: date) -> str:
        """Write the days from one to another, the month and the year once where they are the same: 16–30/11/2026."""
        if first == last:
            return self.day(first)
        days, locale = self.written.days, self.written.locale
        if not days:
            return format_interval(first, last, "yMMMd", locale=locale).replace("\u2009", " ")
        if first.year != last.year:
            return f"{self.day(first)} – {self.day(last)}"
        begin = format_date(first, format=days["in_month" if first.month == last.month else "in_year"], locale=locale)
        dash = " – " if " " in begin else "–"
        return f"{begin}{dash}{self.day(last)}"

    def moment(self, value: datetime) -> str:
        """Write a moment given in UTC as local time and date, the date first where the language has it so."""
        local = value.replace(tzinfo=ZoneInfo("UTC")).astimezone(TIME_ZONE)
        parts = format_datetime(local, "HH:mm", locale=self.written.locale), self.day(local)
        return ", ".join(parts[::-1] if self.written.date_first else parts)

    def period(self, text: str, is_short: bool = False) -> str:
        """Write a period: tháng 10/2026, quý III/2026, năm 2026 in Vietnamese."""
        period = parse_period(text)
        if own := self.written.periods.get(f"{period.kind}_short" if is_short else period.kind):
            number = (period.starts_on.month - 1) // 3
            return own.format(
                year=period.year, month=period.starts_on.month, quarter=("I", "II", "III", "IV")[number],
                quarter_name=format_date(period.starts_on, "QQQQ", locale=self.written.locale), number=number + 1,
            )  # fmt: skip
        if period.kind == "year":
            return str(period.year)
        skeleton = "yQQQ" if period.kind == "quarter" else "yMMM" if is_short else "yMMMM"
        return format_skeleton(skeleton, period.starts_on, locale=self.written.locale)


class _ByNumber(Formatter):
    """Chooses between the words of {count:one|more}; the number may be written already."""

    def format_field(self, value: object, format_spec: str) -> str:
        one, bar, more = format_spec.partition("|")
        return (one if str(value) == "1" else more) if bar else super().format_field(value, format_spec)


_BY_NUMBER = _ByNumber()


@lru_cache(maxsize=20_000)  # a page writes the same figure in a line, its hover text and a table
def _written(speak: Translator, value: float, decimals: int) -> str:
    exact = _rounded(value, decimals) + 0  # no minus before nought
    return _parsed(speak.pattern(decimals)).apply(exact, _locale(speak.written.locale))


def _rounded(value: float, decimals: int) -> Decimal:
    return Decimal(repr(value)).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)


def _shown_difference(more: float, less: float, decimals: int) -> tuple[float, int]:
    """The difference of two numbers as they are written; of two that look the same, with the decimals that it needs."""
    shown = _rounded(more, decimals) - _rounded(less, decimals)
    exact = round(more - less, 9)
    while not shown and exact and decimals < 9:
        decimals += 1
        shown = _rounded(exact, decimals)
    return float(shown), decimals


@cache
def translator(language: str) -> Translator:
    """Return the translator of a language; of the first one for one that is not known."""
    return Translator(language if language in LANGUAGES else LANGUAGES[0])


def as_written(value: float, decimals: int = 1) -> float:
    """Return a number rounded as it is written."""
    return float(_rounded(float(value), decimals)) if value == value else value


def decimals_apart(value: float, other: float, decimals: int) -> int:
    """Return with how many decimals a number is written so that it differs from another one, where the two do."""
    while decimals < 9 and abs(value - other) > 1e-9 and _rounded(value, decimals) == _rounded(other, decimals):
        decimals += 1
    return decimals


def best_language(preferred: str | None, default: str) -> str:
    """Return the reader's language as the browser names it (vi-VN), where the interface has it, else the default."""
    code = (preferred or "").replace("_", "-").split("-")[0].lower()
    return code if code in LANGUAGES else default


def fold(text: str) -> str:
    """Return a text as people type it in a hurry: no Latin accents, d for đ, lower case. For searching only.

    Only the accents of Latin letters go: the marks of Devanagari are its vowels.
    """
    decomposed = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    return unicodedata.normalize("NFC", re.sub("[\u0300-\u036f]", "", decomposed))


def find_name(text: str, names: Mapping[str, str]) -> str | None:
    """Return the code of the name that was typed, with or without its accents: the whole name, else a part of it."""
    wanted = fold(text.strip())
    folded = {code: fold(name) for code, name in names.items()}
    whole = (code for code, name in folded.items() if name == wanted)
    part = (code for code, name in folded.items() if wanted and wanted in name)
    return next(whole, None) or next(part, None)


# Babel parses a pattern anew with every number; a page writes some hundred.
_parsed = cache(parse_pattern)
_locale = cache(Locale.parse)


@cache
def _catalogue(language: str) -> dict[str, str]:
    path = LOCALES / f"{language}.po"
    if not path.is_file():  # the keys are English
        return {}
    with path.open("rb") as stream:
        catalogue = read_po(stream, locale=LANGUAGE_TABLE[language].locale)
    return {str(message.id): str(message.string) for message in catalogue if message.id and message.string}

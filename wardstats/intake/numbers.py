"""Numbers as people type them: 1.234,5 or 1,234.5, with spaces, with a percent sign. Never guesses between readings.

The one reader of typed numbers, for cells of a workbook, fields of a page and options of a command. ``readings`` gives
every reading that makes sense; ``read_number`` takes the one that can be meant, and asks where there are two.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from wardstats.catalogue.figures import limits_of
from wardstats.core.languages import Translator
from wardstats.core.measures import LARGEST
from wardstats.intake.faults import Finding

_HIDDEN = re.compile("[\u200b\u200e\u200f\u2060\ufeff]")  # come along when a number is copied
_GAPS = re.compile(r"[\s'’_]+")
_SIGNS = str.maketrans(dict.fromkeys("−–—‒", "-") | {"٪": "%", "٫": ".", "٬": ","})


@dataclass(frozen=True)
class Asked:
    """Which number is asked for.

    Attributes:
        low: The least.
        high: The greatest, infinite where there is none.
        is_whole: Without a fraction, so that a mark before three digits can only group them.
        unit: The unit of measure; only where it is % may a percent sign be typed.
        decimals: With how many it is written.
    """

    low: float = -math.inf
    high: float = math.inf
    is_whole: bool = False
    unit: str = ""
    decimals: int = 0

    def has(self, number: float) -> bool:
        """Tell whether a number is one that is asked for."""
        return self.low <= number <= self.high and (not self.is_whole or number.is_integer())


def value_asked(unit: str, decimals: int, low: float, high: float) -> Asked:
    """Return which number is asked for as the value of an indicator: counts, and yes or no, are whole."""
    return Asked(low, high, unit == "yes_no" or (unit == "count" and decimals == 0), unit, decimals)


def indicator_asked(row: Mapping[Any, Any]) -> Asked:
    """Return which values an indicator may have, by its row of queries/indicator.sql."""
    limits = limits_of(*(row[name] for name in ("unit", "rule", "max_points", "zero_at", "full_at")))
    return value_asked(str(row["unit"]), int(row["decimals"]), *limits)


def read_number(text: str, asked: Asked, speak: Translator, place: str = "") -> float | Finding | None:
    """Return the number that was typed, within the limits or not; None for nothing, a fault where it is no number."""
    if not text.strip():
        return None
    found = readings(text)
    typed, number = repr(text[:80]), speak("a number")
    if _is_percentage(text) and asked.unit != "%":
        return no_percentage(typed, asked, speak, place)
    if len(found) > 1:
        within = [number for number in found if asked.low <= number <= asked.high]
        found = found[-1:] if asked.is_whole else within or found[:1]
    if len(found) > 1:
        divided, whole = (written_number(number, speak, 4) for number in found)
        whole = whole.rstrip("0").rstrip(",.")
        typed = speak("{typed}, which may be {both}", typed=typed, both=f"{divided} / {whole}")
        remedy = speak("Write {divided} or {whole}.", divided=divided, whole=whole)
        return Finding(place, "", typed, speak("a number that can be read in one way only"), remedy)
    if not found or abs(found[0]) > LARGEST:
        return Finding(place, "", typed, number, speak("Type digits only, such as 1234,5 or 1234.5."))
    return found[0]


def no_percentage(typed: str, asked: Asked, speak: Translator, place: str = "") -> Finding:
    """Return what is wrong with a percentage where no share is asked for."""
    remedy = how_many(speak) if asked.is_whole else speak("Type a number.")
    return Finding(place, "", typed, speak("a number that is no percentage"), remedy)


def how_many(speak: Translator) -> str:
    """Return what to do where a share was given for a count."""
    return speak("Type how many there are, not the share.")


def fraction_remedy(number: float, speak: Translator, most: float = math.inf) -> str:
    """Return what to do about a number with a fraction where a whole one is asked: say what probably happened.

    Args:
        number: What stands there.
        speak: The reader's language.
        most: No more than this can be meant; so 90.5 of 100 is no 90500.
    """
    thousands = round(number * 1000, 6)
    remedies = []
    if 1 <= number < 1000 and thousands.is_integer() and thousands <= most:
        told = speak(
            "A spreadsheet with English settings turns {typed} into a fraction: if {meant} is meant, type {meant}.",
            typed=f"{number:.3f}", meant=f"{thousands:.0f}",
        )  # fmt: skip
        remedies.append(told)
    if 0 < number <= 100 and most > 1:  # a share; no answer of yes or no is one
        remedies.append(how_many(speak))
    return " ".join(remedies) or speak("Type a whole number.")


def read_within(text: str, asked: Asked, speak: Translator, place: str = "") -> float | Finding | None:
    """Return the number that was typed, as ``read_number`` does; one that is not asked for is a fault."""
    found = read_number(text, asked, speak, place)
    if found is None or isinstance(found, Finding) or asked.has(found):
        return found
    expected = speak("a whole number") if asked.low <= found <= asked.high else limits_text(asked, speak)
    return Finding(place, "", written_number(found, speak), expected, speak("Correct the number."))


def limits_text(asked: Asked, speak: Translator) -> str:
    """Return between which numbers a figure may lie."""
    low, high = (written_number(end, speak) if math.isfinite(end) else "" for end in (asked.low, asked.high))
    if not low and not high:
        return speak("a number")
    if not high:
        return speak("a number of at least {low}", low=low)
    return speak("a number from {low} to {high}", low=low, high=high)


def written_number(number: float | None, speak: Translator, decimals: int = 0) -> str:
    """Write a number in full, as ``readings`` reads it in one way only; empty where there is none.

    So thousands are not grouped, and there are never three decimals: 9.594 is written 9.5940.
    """
    if number is None:
        return ""
    if abs(number) > LARGEST:
        return f"{number:.15g}"
    whole, _, rest = format(Decimal(repr(float(number))), "f").partition(".")
    rest = rest.rstrip("0").ljust(decimals, "0")
    rest += "0" if len(rest) == 3 else ""
    return whole + (speak.number(0.5)[1] + rest if rest else "")


def understood(number: float, asked: Asked, speak: Translator) -> str:
    """Write a number as the pages do, with its unit, and with every decimal that was typed."""
    needed = -int(Decimal(repr(number)).normalize().as_tuple().exponent)
    return speak.measure(number, asked.unit, max(asked.decimals, needed))


def readings(text: str) -> list[float]:
    """Return the numbers that a text may mean: none, one, or two where a single mark may group or divide.

    A percent sign at the end is left out, since the unit is known.
    """
    match = re.fullmatch(r"([+-]?) ?(.+?) ?%?", _plain(text))
    if match is None:
        return []
    sign, digits = match.groups()
    found = [number for candidate in _candidates(digits) if (number := _number(sign + candidate)) is not None]
    return list(dict.fromkeys(found))


def _plain(text: str) -> str:
    """Return a text with the digits, marks and spaces of all scripts as those of ASCII."""
    if any(unicodedata.category(sign) in ("No", "Nl") for sign in text):
        return ""  # 9² is not 92, and 9½ is not 91/2
    plain = unicodedata.normalize("NFKC", _HIDDEN.sub("", text)).translate(_SIGNS)
    plain = "".join(str(unicodedata.decimal(sign, sign)) for sign in plain)
    return _GAPS.sub(" ", plain).strip()


def _is_percentage(text: str) -> bool:
    return _plain(text).endswith("%")


def _candidates(text: str) -> list[str]:
    """Return the digits of a number as Python writes it, in every way they may be meant."""
    if not re.fullmatch(r"[\d., ]*\d[.,]?|[\d.,]*\d(?:e[+-]?\d{1,3})", text, re.IGNORECASE | re.ASCII):
        return []
    comma, point, gap = (text.rfind(mark) for mark in ",. ")
    if gap >= 0:
        parts = re.fullmatch(r"([\d ]+)(?:[.,](\d*))?", text)
        return [f"{parts[1]}.{parts[2] or ''}".replace(" ", "")] if parts and _is_grouped(parts[1], " ") else []
    if comma >= 0 and point >= 0:
        decimal, group = (",", ".") if comma > point else (".", ",")
        whole, _, rest = text.rpartition(decimal)
        if decimal in whole or group in rest or not _is_grouped(whole, group):
            return []
        return [whole.replace(group, "") + "." + rest]
    mark = "," if comma >= 0 else "."
    if text.count(mark) > 1:
        return [text.replace(mark, "")] if _is_grouped(text, mark) else []
    divided = text.replace(mark, ".")
    if re.fullmatch(r"[1-9]\d{0,2}[.,]\d{3}", text):
        return [divided, text.replace(mark, "")]
    return [divided]


def _is_grouped(text: str, mark: str) -> bool:
    """Tell whether the marks stand where groups end: all of three digits, or Indian ones, of two and at last three."""
    mark = re.escape(mark)
    return re.fullmatch(rf"\d{{1,3}}(?:{mark}\d{{3}})+|\d{{1,2}}(?:{mark}\d{{2}})+{mark}\d{{3}}", text) is not None


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None

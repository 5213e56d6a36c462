"""Numbers as people type them: 1.234,5 or 1,234.5, with spaces, with a percent sign. Never guesses between readings.

Gives every reading that makes sense; the judge takes the one that is within the limits, and asks where there are two.
"""

from __future__ import annotations

import math
import re
import unicodedata

_SPACES = re.compile(r"[\s\u00a0\u2007\u2009\u202f'’_]")
_SIGNS = str.maketrans({"−": "-", "–": "-", "，": ",", "．": ".", "٫": ".", "٬": ","})


def readings(text: str) -> list[float]:
    """Return the numbers that a text may mean: none, one, or two where a single mark may group or divide.

    A percent sign at the end is left out, since the unit is known.
    """
    plain = unicodedata.normalize("NFKC", text).translate(_SIGNS)
    plain = "".join(str(unicodedata.decimal(sign, sign)) for sign in plain)
    plain = _SPACES.sub("", plain).removesuffix("%")
    if not re.fullmatch(r"[+-]?[\d.,]*\d[.,]?|[+-]?[\d.,]*\d(?:e[+-]?\d{1,3})", plain, re.IGNORECASE | re.ASCII):
        return []
    found = [number for candidate in _candidates(plain) if (number := _number(candidate)) is not None]
    return list(dict.fromkeys(found))


def _candidates(text: str) -> list[str]:
    comma, point = text.rfind(","), text.rfind(".")
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
    if re.fullmatch(r"[+-]?[1-9]\d{0,2}[.,]\d{3}", text, re.ASCII):
        return [divided, text.replace(mark, "")]
    return [divided]


def _is_grouped(text: str, mark: str) -> bool:
    """Tell whether the marks stand where groups end: of three digits, or Indian ones of two and three."""
    return re.fullmatch(rf"[+-]?\d{{1,3}}(?:{re.escape(mark)}\d{{2,3}})*", text, re.ASCII) is not None and (
        mark not in text or len(text.rpartition(mark)[2]) == 3
    )


def _number(text: str) -> float | None:
    try:
        number = float(text)
    except ValueError:
        return None
    return number if math.isfinite(number) else None

"""Names of units that no line breaks: their spaces become no-break spaces, on screen only."""

from __future__ import annotations

import re
from functools import lru_cache
from html import escape


@lru_cache(maxsize=512)
def unbroken_names(text: str, names: tuple[str, ...]) -> str:
    """Return a text, or HTML, in which none of the names can be broken across lines.

    Kept by text, as the same finished piece of a page is sent to many readers.
    """
    pattern = _pattern(names)
    return pattern.sub(lambda found: found[0].replace(" ", "\u00a0"), text) if pattern else text


@lru_cache(maxsize=64)
def _pattern(names: tuple[str, ...]) -> re.Pattern[str] | None:
    # The longest first: one name may begin another.
    spaced = sorted({escape(name) for name in names if " " in name}, key=len, reverse=True)
    return re.compile("|".join(re.escape(name) for name in spaced)) if spaced else None

"""Errors that are told in the reader's language; as plain text, for the command line and a log, they are English."""

from __future__ import annotations

from collections.abc import Callable

from wardstats.core.errors import WardStatsError
from wardstats.core.languages import Translator, translator


class SpokenError(WardStatsError):
    """A step that is refused, in words of every language. ``told`` returns them in one."""

    def __init__(self, told: str | Callable[[Translator], str]) -> None:
        """Keep the words: a function of the language, or a text where there is only one."""
        self.told: Callable[[Translator], str] = (lambda _: told) if isinstance(told, str) else told
        super().__init__(self.told(translator("en")))

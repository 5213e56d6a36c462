"""Answers over HTTP: tables as JSON and CSV, problems as problem+json, parameters, and the reader's language.

Owns the form of an answer, nothing of what it says.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

import pandas as pd
from babel import negotiate_locale
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.types import Scope

from wardstats.core.formula_guard import neutral_frame
from wardstats.core.languages import LANGUAGES, TIME_ZONE, Translator, best_language, translator
from wardstats.core.rows import dictionaries

CSV = "text/csv; charset=utf-8"
JSON = "application/json; charset=utf-8"
HTML = "text/html; charset=utf-8"
BOM = ("0", "1")
_ROWS_AT_ONCE = 500
_SHOWN_LETTERS = 60


class ProblemError(Exception):
    """A request that cannot be answered; becomes a problem+json answer, or a page.

    Attributes:
        status: HTTP status.
        title: What kind of problem it is; the same each time.
        detail: What it is this time, and what to do, in English.
        told: The same in a reader's language, where a page tells it.
    """

    def __init__(self, status: int, title: str, detail: str | Callable[[Translator], str]) -> None:
        """Keep the parts; ``detail`` is a text, or returns one in a language."""
        self.told: Callable[[Translator], str] = (lambda _: detail) if isinstance(detail, str) else detail
        self.status, self.title, self.detail = status, title, self.told(translator("en"))
        super().__init__(self.detail)


def unexpected(name: str, found: str, expected: Iterable[str], status: int = 400) -> ProblemError:
    """Return what is to be raised where a parameter says something that there is not."""
    return ProblemError(
        status,
        "Unknown value",
        lambda speak: speak(
            "{name}: found {found}; expected: {expected}.",
            name=name,
            found=repr(found[:_SHOWN_LETTERS]),
            expected=", ".join(expected),
        ),  # fmt: skip
    )


def header(scope: Scope, name: str) -> str:
    """Return a header of a request, or an empty text."""
    wanted = name.encode()
    return next((value.decode("latin-1") for key, value in scope["headers"] if key == wanted), "")


def reader_language(scope: Scope, default: str) -> str:
    """Return the language of ?lang=, else of the browser, else the default.

    Raises:
        ProblemError: ``lang`` is given twice, or is none of ours.
    """
    asked = one(QueryParams(scope["query_string"]), "lang")
    if asked is None:
        return wished_language(scope, default)
    if asked not in LANGUAGES:
        raise unexpected("lang", asked, LANGUAGES)
    return asked


def wished_language(scope: Scope, default: str) -> str:
    """Return the language of ?lang= where it is one, else of the browser, else the default: for what has to be told."""
    asked = QueryParams(scope["query_string"]).get("lang")
    if asked in LANGUAGES:
        return asked
    wishes: list[tuple[float, str]] = []
    for part in header(scope, "accept-language").split(","):
        code, _, weight = part.strip().partition(";q=")
        try:
            wishes.append((-float(weight or 1), code.strip().replace("-", "_")))
        except ValueError:
            continue
    codes = [code for _, code in sorted(wishes, key=lambda wish: wish[0]) if code]
    return best_language(negotiate_locale(codes, LANGUAGES) if codes else None, default)


def one(query: QueryParams, name: str) -> str | None:
    """Return a parameter that may be given once.

    Raises:
        ProblemError: It is given more than once.
    """
    values = query.getlist(name)
    if len(values) > 1:
        raise ProblemError(
            400,
            "Parameter given twice",
            lambda speak: speak("{name}: found {count} times; expected once.", name=name, count=len(values)),
        )
    return values[0] if values and values[0] else None


def day(query: QueryParams) -> str | None:
    """Return the day that a request names.

    Raises:
        ProblemError: It is none, or is given twice.
    """
    text = one(query, "day")
    if text is not None and not _is_day(text):
        raise unexpected("day", text, ["2026-11-14"])
    return text


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def only(query: QueryParams, known: Iterable[str]) -> None:
    """Refuse parameters that are not known: a misspelt filter would answer something else than was asked.

    Raises:
        ProblemError: There is one.
    """
    unknown = sorted(set(query) - set(known))
    if unknown:
        detail = f"{', '.join(unknown)}: not a parameter of this address. It takes: {', '.join(known) or 'none'}."
        raise ProblemError(400, "Unknown parameter", detail)


def wants_mark(request: Request) -> bool:
    """Tell whether CSV is to begin with a byte-order mark, without which Excel reads "LÃ o Cai": for a person.

    Those ask with a browser, which accepts HTML, or with bom=1.

    Raises:
        ProblemError: ``bom`` is neither 0 nor 1, or is given twice.
    """
    asked = one(request.query_params, "bom")
    if asked is None:
        return "text/html" in request.headers.get("accept", "")
    if asked not in BOM:
        raise unexpected("bom", asked, BOM)
    return asked == "1"


def csv_pieces(frame: pd.DataFrame, has_mark: bool = False) -> Iterator[str]:
    """Write a table as CSV; texts that a spreadsheet would take for a formula get an apostrophe in front."""
    if has_mark:
        yield "\ufeff"
    booleans = frame.select_dtypes(include=["bool", "boolean"]).columns
    for start in range(0, max(1, len(frame)), _ROWS_AT_ONCE):
        part = frame.iloc[start : start + _ROWS_AT_ONCE]
        guarded = neutral_frame(part)
        for name in booleans:
            guarded[name] = part[name].map({True: "true", False: "false"})  # as in the data folder
        yield guarded.to_csv(index=False, header=start == 0, lineterminator="\r\n")


def json_pieces(facts: Mapping[str, Any], frame: pd.DataFrame) -> Iterator[str]:
    """Write facts and, under ``rows``, a table as one JSON object.

    None stands for what is missing, dates are texts. A few rows at a time: a thread that writes a large table as one
    holds up all others of the process for a second.
    """
    yield json_text(facts)[:-1] + ',"rows":['
    for start in range(0, len(frame), _ROWS_AT_ONCE):
        rows = [
            {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in row.items()}
            for row in dictionaries(frame.iloc[start : start + _ROWS_AT_ONCE])
        ]
        yield ("," if start else "") + json_text(rows)[1:-1]
    yield "]}"


def json_text(value: Any) -> str:
    """Write JSON, compact and with letters as they are."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False)


def local_day(moment: str) -> str:
    """Return the day of a moment (ISO 8601) in Vietnam, as 2026-11-14."""
    return datetime.fromisoformat(moment).astimezone(TIME_ZONE).date().isoformat()

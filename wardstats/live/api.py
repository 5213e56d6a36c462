"""The public API, /api/v1: rankings, scores, values, indicators, wards and snapshots as JSON and CSV.

Owns which tables there are and what their parameters mean. Every answer names its snapshot and says, in a header, in
JSON and in every line of CSV, what of it is made up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardstats.absence import absence
from wardstats.errors import NothingPublishedError, SnapshotError
from wardstats.frames import records
from wardstats.live import answers, calendar
from wardstats.live.answers import ProblemError, Shelf
from wardstats.live.board import publication_facts, view_facts
from wardstats.live.reader import Reader, UnknownChoiceError
from wardstats.made_up import made_up
from wardstats.ranked import Span, official, periods_in, span_kinds, span_of
from wardstats.records import ROOT
from wardstats.snapshot import Published
from wardstats.view import View

Make = Callable[[Published, str], dict[str, Any]]

PREFIX = "/api/v1"
FORMATS = ("json", "csv")


@dataclass(frozen=True)
class Wanted:
    """What a request asks for, checked.

    Attributes:
        view: Snapshot, language, period and theme.
        span: quarter or year for the mean over the one that holds the period; empty for the period itself.
        published: The publication it comes from.
        units: Unit codes to keep; empty for all.
        indicators: Indicator codes to keep; empty for all.
    """

    view: View
    published: Published
    units: tuple[str, ...] = ()
    indicators: tuple[str, ...] = ()
    span: str = ""

    @property
    def periods(self) -> tuple[str, ...]:
        """The ranked periods whose figures the answer rests on."""
        return tuple(periods_in(self.view, self.spanned))

    @property
    def spanned(self) -> Span | None:
        """The quarter or year asked for."""
        return span_of(self.view, self.span) if self.span else None


@dataclass(frozen=True)
class Table:
    """One address that answers with a table.

    Attributes:
        purpose: What it answers.
        params: Parameters beside lang, format and snapshot.
        rows: Makes its rows; the column has_demonstration comes last.
    """

    purpose: str
    params: tuple[str, ...]
    rows: Callable[[Wanted], pd.DataFrame]


def _ranking(wanted: Wanted) -> pd.DataFrame:
    view = wanted.view
    frame = official(view, wanted.span).ranking
    frame = frame.assign(absence=_absences(frame, view))
    return _whole(frame).assign(has_demonstration=frame["demonstration_count"] > 0)


def _absences(frame: pd.DataFrame, view: View) -> list[str]:
    """Why each row has no rank, in the reader's language; empty where it has one."""
    return [absence(row, view.speak) for row in records(frame)]


def _scores(wanted: Wanted) -> pd.DataFrame:
    view = wanted.view
    frames = []
    for code, name in view.names.items():
        frame = view.frame("ranking", period=view.period, node=code, language=view.language)
        frame = frame.assign(theme_code=code, theme_name=name, absence=_absences(frame, view))
        frame = frame.assign(has_demonstration=frame["demonstration_count"] > 0)
        frames.append(frame[frame["unit_code"].isin(wanted.units)] if wanted.units else frame)
    columns = ["unit_code", "unit_name", "theme_code", "theme_name", "score", "max_score", "rank", "coverage", "status"]
    return _whole(pd.concat(frames, ignore_index=True)[[*columns, "absence", "has_demonstration"]])


def _values(wanted: Wanted) -> pd.DataFrame:
    frame = wanted.view.frame(
        "figure_points", period=wanted.view.period, unit=wanted.units, indicator=wanted.indicators
    )
    return _whole(frame).assign(has_demonstration=frame["status"] == "demonstration")


def _indicators(wanted: Wanted) -> pd.DataFrame:
    view = wanted.view
    frame = view.frame("indicator", year=int(view.rules["year"]), language=view.language)
    figures = view.frame("figure_points", period=view.period, unit=(), indicator=())
    made_up = set(figures.loc[figures["status"] == "demonstration", "indicator_code"])
    frame = frame.rename(columns={"node_code": "theme_code"})
    return frame.assign(has_demonstration=frame["indicator_code"].isin(made_up))


def _wards(wanted: Wanted) -> pd.DataFrame:
    view = wanted.view
    frame = view.frame("unit", language=view.language)
    ranking = view.frame("ranking", period=view.period, node=ROOT, language=view.language)
    made_up = set(ranking.loc[ranking["demonstration_count"] > 0, "unit_code"])
    return _whole(frame).assign(has_demonstration=frame["unit_code"].isin(made_up))


TABLES: Mapping[str, Table] = {
    "ranking": Table(
        "The ranking of one period, or of the quarter or year that holds it: total, or one theme.",
        ("period", "theme", "span"),
        _ranking,
    ),
    "scores": Table("Score and rank of every member in every theme, in one period.", ("period", "unit"), _scores),
    "values": Table("Every figure of a period with its points.", ("period", "unit", "indicator"), _values),
    "indicators": Table("The indicators with their criteria of one period's year.", ("period",), _indicators),
    "wards": Table("All units with place and size; is_member tells those that are ranked.", (), _wards),
}
COMMON = ("lang", "format", "snapshot")


class Api:
    """The API of one reader."""

    def __init__(self, reader: Reader, board: Make, stage: Make) -> None:
        """Remember where answers come from.

        Args:
            reader: The published snapshots.
            board: Makes the live board of a publication in one language.
            stage: Makes the scenes of the projector, likewise.
        """
        self.reader = reader
        self.board = board
        self.stage = stage
        self.shelf = Shelf()

    def routes(self) -> list[BaseRoute]:
        """Return the routes; the last one answers everything else below /api, so that it is never a page."""
        return [
            *[Route(f"{PREFIX}/{name}", self._table(name)) for name in TABLES],
            Route(f"{PREFIX}/snapshots", guarded(self.snapshots)),
            Route(f"{PREFIX}/board", self._document("board", self.board)),
            Route(f"{PREFIX}/stage", self._document("stage", self.stage)),
            Route(f"{PREFIX}/activities.ics", guarded(calendar.activities(self.reader, self.shelf))),
            Route(f"{PREFIX}/openapi.json", guarded(self.openapi)),
            Route("/api/{rest:path}", guarded(self.nothing), methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
        ]

    def _table(self, name: str) -> Callable[[Request], Any]:
        async def serve(request: Request) -> Response:
            wanted, form = self._wanted(request, TABLES[name].params)
            view = wanted.view
            key = (name, form, wanted.published.key, *view.key(), wanted.units, wanted.indicators, wanted.span)
            return await answers.answer(
                request, self.shelf, key, lambda: _body(name, wanted, form), headers=_headers(wanted, name, form)
            )

        return guarded(serve)

    def _wanted(self, request: Request, params: tuple[str, ...]) -> tuple[Wanted, str]:
        query = request.query_params
        answers.only(query, [*params, *COMMON])
        form = _format(request)
        language = answers.reader_language(request.scope, self.reader.default_language())
        published = self.reader.published(answers.one(query, "snapshot"))
        theme = answers.one(query, "theme") or ROOT
        view = self.reader.view(published.snapshot_id, language, answers.one(query, "period"), theme)
        units, indicators = (tuple(dict.fromkeys(query.getlist(name))) for name in ("unit", "indicator"))
        if units:
            _require(units, view.frame("unit", language="vi")["unit_code"], "unit")
        if indicators:
            known = view.frame("indicator", year=int(view.rules["year"]), language="vi")["indicator_code"]
            _require(indicators, known, "indicator")
        span = answers.one(query, "span") or ""
        if span and span not in (kinds := span_kinds(view)):
            raise ProblemError(400, "Unknown span", f"span: found {span!r}; expected {' or '.join(kinds)}.")
        return Wanted(view, published, units, indicators, span if span != view.block["frequency"] else ""), form

    async def snapshots(self, request: Request) -> Response:
        """List what was published, newest first; ``day`` keeps one day (Vietnamese time)."""
        query = request.query_params
        answers.only(query, ["day", "lang", "format"])
        form, day = _format(request), answers.one(query, "day")
        language = answers.reader_language(request.scope, self.reader.default_language())
        wanted = Wanted(self.reader.view(self.reader.publication().snapshot_id, language), self.reader.publication())
        history = self.reader.history()
        speak = wanted.view.speak

        def make() -> answers.Body:
            facts = [
                publication_facts(entry, speak) | {"has_demonstration": entry.has_demonstration}
                for entry in reversed(history)
                if day is None or answers.local_day(entry.published_at) == day
            ]
            columns = [*publication_facts(wanted.published, speak), "has_demonstration"]
            return _table_body(wanted, pd.DataFrame(facts, columns=columns), form)

        key = ("snapshots", form, language, day, wanted.published.key, len(history))
        return await answers.answer(request, self.shelf, key, make, headers=_headers(wanted, "snapshots", form))

    def _document(self, name: str, make: Make) -> Callable[[Request], Any]:
        """Serve what a publication is made into: what the event stream carries, or the projector's scenes."""

        async def serve(request: Request) -> Response:
            answers.only(request.query_params, ["lang", "snapshot"])
            published = self.reader.published(answers.one(request.query_params, "snapshot"))
            language = answers.reader_language(request.scope, self.reader.default_language())
            return await answers.answer(
                request,
                self.shelf,
                (name, published.key, language),
                lambda: answers.body(answers.JSON, answers.json_text(make(published, language))),
                headers={"content-language": language, "wardstats-snapshot": published.snapshot_id},
            )

        return guarded(serve)

    async def openapi(self, request: Request) -> Response:
        """Return the description of all this."""
        from wardstats.live.openapi import document

        return await answers.answer(
            request, self.shelf, ("openapi",), lambda: answers.body(answers.JSON, answers.json_text(document()))
        )

    async def nothing(self, request: Request) -> Response:
        """Answer an address that does not exist, or that exists for reading only."""
        name = request.url.path.removeprefix(PREFIX + "/")
        if name in {*TABLES, "snapshots", "board", "stage", "events", "activities.ics", "openapi.json"}:
            headers = {"allow": "GET, HEAD"}
            return answers.problem(405, "Method not allowed", f"{request.url.path}: only GET.", headers)
        detail = f"{request.url.path}: no such address. They are listed in {PREFIX}/openapi.json."
        return answers.problem(404, "Not found", detail)


def guarded(serve: Callable[[Request], Any]) -> Callable[[Request], Any]:
    """Turn what can go wrong with a request into problem+json."""

    async def endpoint(request: Request) -> Response:
        try:
            return await serve(request)
        except ProblemError as error:
            return answers.problem(error.status, error.title, error.detail)
        except UnknownChoiceError as error:
            return answers.problem(404, "Not found", str(error))
        except NothingPublishedError:
            return answers.problem(
                503, "Nothing published", "No snapshot has been published yet.", {"retry-after": "10"}
            )
        except SnapshotError:
            detail = "The snapshot cannot be read on this server. /healthz says what is wrong."
            return answers.problem(503, "Snapshot not readable", detail, {"retry-after": "10"})

    return endpoint


def _format(request: Request) -> str:
    form = answers.one(request.query_params, "format") or "json"
    if form not in FORMATS:
        raise ProblemError(400, "Unknown format", f"format: found {form!r}; expected json or csv.")
    return form


def _require(codes: tuple[str, ...], known: pd.Series, what: str) -> None:
    unknown = sorted(set(codes) - set(known))
    if unknown:
        raise ProblemError(404, "Not found", f"{what}: no such code: {', '.join(unknown)}.")


def _headers(wanted: Wanted, name: str, form: str) -> dict[str, str]:
    figures = made_up(wanted.view, wanted.periods)
    headers = {
        "wardstats-snapshot": wanted.published.snapshot_id,
        "wardstats-demonstration": f"{figures.count} of {figures.total} indicators",
        "content-language": wanted.view.language,
    }
    if form == "csv":
        over = wanted.spanned.text if wanted.spanned else wanted.view.period
        headers["content-disposition"] = f'inline; filename="{name}_{over}.csv"'
    return headers


def _body(name: str, wanted: Wanted, form: str) -> answers.Body:
    return _table_body(wanted, TABLES[name].rows(wanted), form)


def _table_body(wanted: Wanted, frame: pd.DataFrame, form: str) -> answers.Body:
    if form == "csv":
        return answers.body(answers.CSV, answers.csv_text(frame))
    facts = publication_facts(wanted.published, wanted.view.speak)
    facts |= view_facts(wanted.view, made_up(wanted.view, wanted.periods))
    if span := wanted.spanned:
        facts |= {"period": span.text, "period_text": span.name(wanted.view.speak)}
    rows = answers.records(frame)
    return answers.body(
        answers.JSON, answers.json_text(facts | {"theme": wanted.view.node, "count": len(rows), "rows": rows})
    )


def _whole(frame: pd.DataFrame) -> pd.DataFrame:
    """Keep whole numbers whole where some are missing."""
    names = [
        name
        for name in ("rank", "previous_rank", "age_months", "population", "rank_best", "rank_worst")
        if name in frame
    ]
    return frame.astype(dict.fromkeys(names, "Int64"))

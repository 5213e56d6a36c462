"""The public API, /api/v1: rankings, scores, values, indicators, wards and snapshots as JSON and CSV.

Owns which tables there are and what their parameters mean. Every answer names its snapshot and says, in a header, in
JSON and in every line of CSV, what of it is made up.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardstats.core.errors import NothingPublishedError, SnapshotError
from wardstats.core.pointer import Published
from wardstats.core.records import ROOT
from wardstats.core.statuses import carried
from wardstats.frontend import bodies
from wardstats.frontend.bodies import Shelf
from wardstats.live import calendar, responses
from wardstats.live.board import completeness_facts, publication_facts, view_facts
from wardstats.live.reader import Reader, UnknownChoiceError
from wardstats.live.responses import ProblemError
from wardstats.live.tables import COMMON, FORMATS, PREFIX, TABLES, Wanted
from wardstats.view.demonstration_notice import MadeUp, made_up
from wardstats.view.ranking_choice import official, span_kinds

Make = Callable[[Published, str], dict[str, Any]]


class Api:
    """The API of one reader."""

    def __init__(self, reader: Reader, board: Make, stage: Make) -> None:
        """Remember where answers come from.

        Args:
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
            return await responses.answer(
                request, self.shelf, key, lambda: _body(name, wanted, form), headers=_headers(wanted, name, form)
            )

        return guarded(serve)

    def _wanted(self, request: Request, params: tuple[str, ...]) -> tuple[Wanted, str]:
        query = request.query_params
        responses.only(query, [*params, *COMMON])
        form = _format(request)
        language = responses.reader_language(request.scope, self.reader.default_language())
        published = self.reader.published(responses.one(query, "snapshot"))
        theme = responses.one(query, "theme") or ROOT
        view = self.reader.view(published.snapshot_id, language, responses.one(query, "period"), theme)
        units, indicators = (tuple(dict.fromkeys(query.getlist(name))) for name in ("unit", "indicator"))
        if units:
            _require(units, view.frame("unit", language="vi")["unit_code"], "unit")
        if indicators:
            known = view.frame("indicator", year=int(view.rules["year"]), language="vi")["indicator_code"]
            _require(indicators, known, "indicator")
        span = responses.one(query, "span") or ""
        if span and span not in (kinds := span_kinds(view)):
            raise ProblemError(400, "Unknown span", f"span: found {span!r}; expected {' or '.join(kinds)}.")
        return Wanted(view, published, units, indicators, span if span != view.block["frequency"] else ""), form

    async def snapshots(self, request: Request) -> Response:
        """List what was published, newest first; ``day`` keeps one day (Vietnamese time)."""
        query = request.query_params
        responses.only(query, ["day", "lang", "format"])
        form, day = _format(request), responses.one(query, "day")
        language = responses.reader_language(request.scope, self.reader.default_language())
        wanted = Wanted(self.reader.view(self.reader.publication().snapshot_id, language), self.reader.publication())
        history = self.reader.history()
        speak = wanted.view.speak

        def make() -> bodies.Body:
            facts = [
                publication_facts(entry, speak) | {"has_demonstration": entry.has_demonstration}
                for entry in reversed(history)
                if day is None or responses.local_day(entry.published_at) == day
            ]
            columns = [*publication_facts(wanted.published, speak), "has_demonstration"]
            return _table_body(wanted, pd.DataFrame(facts, columns=columns), form)

        key = ("snapshots", form, language, day, wanted.published.key, len(history))
        return await responses.answer(request, self.shelf, key, make, headers=_headers(wanted, "snapshots", form))

    def _document(self, name: str, make: Make) -> Callable[[Request], Any]:
        """Serve what a publication is made into: what the event stream carries, or the projector's scenes."""

        async def serve(request: Request) -> Response:
            responses.only(request.query_params, ["lang", "snapshot"])
            published = self.reader.published(responses.one(request.query_params, "snapshot"))
            language = responses.reader_language(request.scope, self.reader.default_language())
            return await responses.answer(
                request,
                self.shelf,
                (name, published.key, language),
                lambda: bodies.body(responses.JSON, responses.json_text(make(published, language))),
                headers={"content-language": language, "wardstats-snapshot": published.snapshot_id},
            )

        return guarded(serve)

    async def openapi(self, request: Request) -> Response:
        """Return the description of all this."""
        from wardstats.live.openapi import document

        return await responses.answer(
            request, self.shelf, ("openapi",), lambda: bodies.body(responses.JSON, responses.json_text(document()))
        )

    async def nothing(self, request: Request) -> Response:
        """Answer an address that does not exist, or that exists for reading only."""
        name = request.url.path.removeprefix(PREFIX + "/")
        if name in {*TABLES, "snapshots", "board", "stage", "events", "activities.ics", "openapi.json"}:
            headers = {"allow": "GET, HEAD"}
            return responses.problem(405, "Method not allowed", f"{request.url.path}: only GET.", headers)
        detail = f"{request.url.path}: no such address. They are listed in {PREFIX}/openapi.json."
        return responses.problem(404, "Not found", detail)


def guarded(serve: Callable[[Request], Any]) -> Callable[[Request], Any]:
    """Turn what can go wrong with a request into problem+json."""

    async def endpoint(request: Request) -> Response:
        try:
            return await serve(request)
        except ProblemError as error:
            return responses.problem(error.status, error.title, error.detail)
        except UnknownChoiceError as error:
            return responses.problem(404, "Not found", str(error))
        except NothingPublishedError:
            return responses.problem(
                503, "Nothing published", "No snapshot has been published yet.", {"retry-after": "10"}
            )
        except SnapshotError:
            detail = "The snapshot cannot be read on this server. /healthz says what is wrong."
            return responses.problem(503, "Snapshot not readable", detail, {"retry-after": "10"})

    return endpoint


def _format(request: Request) -> str:
    form = responses.one(request.query_params, "format") or "json"
    if form not in FORMATS:
        raise ProblemError(400, "Unknown format", f"format: found {form!r}; expected json or csv.")
    return form


def _require(codes: tuple[str, ...], known: pd.Series, what: str) -> None:
    unknown = sorted(set(codes) - set(known))
    if unknown:
        raise ProblemError(404, "Not found", f"{what}: no such code: {', '.join(unknown)}.")


def _headers(wanted: Wanted, name: str, form: str) -> dict[str, str]:
    figures = _made_up(wanted)
    earlier = f", {figures.earlier} more before" if figures.earlier else ""
    headers = {
        "wardstats-snapshot": wanted.published.snapshot_id,
        "wardstats-demonstration": f"{figures.count} of {figures.total} indicators{earlier}",
        "content-language": wanted.view.language,
    }
    if form == "csv":
        over = wanted.spanned.text if wanted.spanned else wanted.view.period
        headers["content-disposition"] = f'inline; filename="{name}_{over}.csv"'
    return headers


def _made_up(wanted: Wanted) -> MadeUp:
    before = wanted.spanned.expected if wanted.spanned else 1  # what a ranking's places are compared with
    return made_up(wanted.view, wanted.periods, before)


def _body(name: str, wanted: Wanted, form: str) -> bodies.Body:
    return _table_body(wanted, TABLES[name].rows(wanted), form)


def _table_body(wanted: Wanted, frame: pd.DataFrame, form: str) -> bodies.Body:
    carried(frame, "has_demonstration", "API")
    if form == "csv":
        return bodies.body(responses.CSV, responses.csv_text(frame))
    facts = publication_facts(wanted.published, wanted.view.speak)
    facts |= view_facts(wanted.view, _made_up(wanted))
    if span := wanted.spanned:
        ranking = official(wanted.view, wanted.span).ranking
        facts |= {"period": span.text, "period_text": span.name(wanted.view.speak)}
        facts |= completeness_facts(ranking, wanted.view.speak)
    rows = responses.json_rows(frame)
    return bodies.body(
        responses.JSON, responses.json_text(facts | {"theme": wanted.view.node, "count": len(rows), "rows": rows})
    )

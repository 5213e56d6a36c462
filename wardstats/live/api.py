"""The public API, /api/v1: rankings, scores, values, indicators, wards and snapshots as JSON and CSV.

Owns which tables there are and what their parameters mean. Every answer names its snapshot and says, in a header, in
JSON and in every line of CSV, what of it is made up.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import pandas as pd
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardstats.core.errors import NothingPublishedError, SnapshotError
from wardstats.core.pointer import Published
from wardstats.core.records import ROOT
from wardstats.core.settings import Settings
from wardstats.core.statuses import carried
from wardstats.frontend import bodies
from wardstats.frontend.problems import problem
from wardstats.live import calendar, responses
from wardstats.live.answers import Answer, Answers, Question
from wardstats.live.apart import Apart
from wardstats.live.board import completeness_facts, publication_facts, view_facts
from wardstats.live.reader import Reader, UnknownChoiceError
from wardstats.live.responses import ProblemError
from wardstats.live.tables import COMMON, FORMATS, PREFIX, TABLES, Wanted
from wardstats.live.workers import BusyError, RightOfWay
from wardstats.view.demonstration_notice import MadeUp, made_up
from wardstats.view.ranking_choice import official, span_kinds

_HEAVY_CELLS = 20_000  # above, an answer takes more than half a second
_MARKED_CSV = "csv with a byte-order mark"

Make = Callable[[Published, str], dict[str, Any]]


class Api:
    """The API of one reader."""

    def __init__(self, reader: Reader, board: Make, stage: Make, gives_way: RightOfWay | None = None) -> None:
        """Remember where answers come from.

        Args:
            board: Makes the live board of a publication in one language.
            stage: Makes the scenes of the projector, likewise.
            gives_way: Before an answer is made; see ``Workers``.
        """
        self.reader = reader
        self.board = board
        self.stage = stage
        self.answers = Answers("api", 48_000_000, gives_way=gives_way)
        self._apart = Apart()

    def routes(self) -> list[BaseRoute]:
        """Return the routes; the last one answers everything else below /api, so that it is never a page."""
        return [
            *[Route(f"{PREFIX}/{name}", self._table(name)) for name in TABLES],
            Route(f"{PREFIX}/snapshots", guarded(self.snapshots)),
            Route(f"{PREFIX}/board", self._document("board", self.board)),
            Route(f"{PREFIX}/stage", self._document("stage", self.stage)),
            Route(f"{PREFIX}/activities.ics", guarded(calendar.activities(self.reader, self.answers))),
            *[Route(path, guarded(self.contents)) for path in (PREFIX, f"{PREFIX}/")],
            Route(f"{PREFIX}/openapi.json", guarded(self.openapi)),
            Route("/api/{rest:path}", guarded(self.nothing), methods=["GET", "POST", "PUT", "PATCH", "DELETE"]),
        ]

    def _table(self, name: str) -> Callable[[Request], Any]:
        table = TABLES[name]

        async def serve(request: Request) -> Response:
            responses.only(request.query_params, [*table.params, *COMMON])
            form = _format(request)

            def settle() -> Question:
                wanted = self._wanted(request)
                view = wanted.view
                key = (name, form, wanted.published.key, *view.key(), wanted.units, wanted.indicators, wanted.span)
                is_heavy = table.cells(wanted) > _HEAVY_CELLS
                make = self._make_apart if is_heavy else _make
                return Question(key, lambda: make(wanted, name, form), is_heavy)

            return await self.answers.give(request, settle)

        return guarded(serve)

    def _make_apart(self, wanted: Wanted, name: str, form: str) -> Answer:
        view = wanted.view
        looked_at = (view.snapshot_id, view.language, view.period, view.node)
        chosen = (wanted.published, wanted.units, wanted.indicators, wanted.span)
        return self._apart.call(_make_there, self.reader.places, looked_at, chosen, name, form)

    def close(self) -> None:
        """End the process that makes large answers."""
        self._apart.close()

    def _wanted(self, request: Request) -> Wanted:
        """Return what a request asks for; what means the same is the same."""
        query = request.query_params
        language = responses.reader_language(request.scope, self.reader.default_language())
        published = self.reader.published(responses.one(query, "snapshot"))
        theme = responses.one(query, "theme") or ROOT
        view = self.reader.view(published.snapshot_id, language, responses.one(query, "period"), theme)
        units = indicators = ()
        if "unit" in query:
            units = _among(query.getlist("unit"), view.frame("unit", language="vi")["unit_code"], "unit")
        if "indicator" in query:
            known = view.frame("indicator", year=int(view.rules["year"]), language="vi")["indicator_code"]
            indicators = _among(query.getlist("indicator"), known, "indicator")
        span = responses.one(query, "span") or ""
        if span and span not in (kinds := span_kinds(view)):
            raise responses.unexpected("span", span, kinds)
        return Wanted(view, published, units, indicators, span if span != view.block["frequency"] else "")

    async def snapshots(self, request: Request) -> Response:
        """List what was published, newest first; ``day`` keeps one day (Vietnamese time)."""
        query = request.query_params
        responses.only(query, ["day", "lang", "format", "bom"])
        form, day = _format(request), responses.day(query)

        def settle() -> Question:
            published, history = self.reader.publication(), self.reader.history()
            language = responses.reader_language(request.scope, self.reader.default_language())
            wanted = Wanted(self.reader.view(published.snapshot_id, language), published)
            kept = [entry for entry in reversed(history) if day is None or _day(entry) == day]

            def make() -> Answer:
                speak = wanted.view.speak
                facts = [
                    publication_facts(entry, speak) | {"has_demonstration": entry.has_demonstration} for entry in kept
                ]
                columns = [*publication_facts(published, speak), "has_demonstration"]
                return _table_answer(wanted, pd.DataFrame(facts, columns=columns), "snapshots", form)

            # Days without a publication are one question, however many are asked for.
            return Question(("snapshots", form, language, published.key, len(history), day if kept else ""), make)

        return await self.answers.give(request, settle)

    def _document(self, name: str, make: Make) -> Callable[[Request], Any]:
        """Serve what a publication is made into: what the event stream carries, or the projector's scenes."""

        async def serve(request: Request) -> Response:
            responses.only(request.query_params, ["lang", "snapshot"])

            def settle() -> Question:
                published = self.reader.published(responses.one(request.query_params, "snapshot"))
                language = responses.reader_language(request.scope, self.reader.default_language())
                headers = {"content-language": language, "wardstats-snapshot": published.snapshot_id}
                return Question(
                    (name, published.key, language),
                    lambda: Answer(
                        bodies.body(responses.JSON, responses.json_text(make(published, language))), headers
                    ),
                )

            return await self.answers.give(request, settle)

        return guarded(serve)

    async def contents(self, request: Request) -> Response:
        """List the addresses, each with what it answers and which parameters it takes."""
        from wardstats.live.openapi import document

        responses.only(request.query_params, [])

        def make() -> Answer:
            described = document()
            listed = [
                {
                    "address": path,
                    "answers": told["get"]["summary"],
                    "parameters": [parameter["name"] for parameter in told["get"]["parameters"]],
                }
                for path, told in described["paths"].items()
                if path != PREFIX
            ]
            facts = described["info"] | {"openapi": f"{PREFIX}/openapi.json", "addresses": listed}
            return Answer(bodies.body(responses.JSON, responses.json_text(facts)))

        return await self.answers.give(request, lambda: Question(("contents",), make))

    async def openapi(self, request: Request) -> Response:
        """Return the description of all this."""
        from wardstats.live.openapi import document

        responses.only(request.query_params, [])

        def make() -> Answer:
            return Answer(bodies.body(responses.JSON, responses.json_text(document())))

        return await self.answers.give(request, lambda: Question(("openapi",), make))

    async def nothing(self, request: Request) -> Response:
        """Answer an address that does not exist, or that exists for reading only."""
        name = request.url.path.removeprefix(PREFIX).removeprefix("/")
        if name in {"", *TABLES, "snapshots", "board", "stage", "events", "activities.ics", "openapi.json"}:
            headers = {"allow": "GET, HEAD"}
            return problem(405, "Method not allowed", f"{request.url.path}: only GET.", headers)
        detail = f"{request.url.path}: no such address. They are listed in {PREFIX}/openapi.json."
        return problem(404, "Not found", detail)


def guarded(serve: Callable[[Request], Any]) -> Callable[[Request], Any]:
    """Turn what can go wrong with a request into problem+json."""

    async def endpoint(request: Request) -> Response:
        try:
            return await serve(request)
        except ProblemError as error:
            return problem(error.status, error.title, error.detail)
        except BusyError:
            detail = "Too many different questions at once. Ask again in ten seconds."
            return problem(503, "Busy", detail, {"retry-after": "10"})
        except UnknownChoiceError as error:
            return problem(404, "Not found", str(error))
        except NothingPublishedError:
            return problem(503, "Nothing published", "No snapshot has been published yet.", {"retry-after": "10"})
        except SnapshotError:
            detail = "The snapshot cannot be read on this server. /healthz says what is wrong."
            return problem(503, "Snapshot not readable", detail, {"retry-after": "10"})

    return endpoint


def _format(request: Request) -> str:
    has_mark, form = responses.wants_mark(request), responses.one(request.query_params, "format") or "json"
    if form not in FORMATS:
        raise responses.unexpected("format", form, FORMATS)
    return _MARKED_CSV if form == "csv" and has_mark else form


def _among(asked: list[str], known: pd.Series, what: str) -> tuple[str, ...]:
    """Return the codes asked for in their own order, each once; none where all are asked for, which is the same."""
    codes, there = set(asked), set(known)
    if unknown := sorted(codes - there):
        listed = f"{PREFIX}/{'wards' if what == 'unit' else 'indicators'}"
        raise ProblemError(
            404, "Not found", f"{what}: no such code: {', '.join(unknown)}. They are listed in {listed}."
        )
    return () if codes == there else tuple(sorted(codes))


def _day(entry: Published) -> str:
    return responses.local_day(entry.published_at)


def _headers(wanted: Wanted, name: str, form: str) -> dict[str, str]:
    figures = _made_up(wanted)
    earlier = f", {figures.earlier} more before" if figures.earlier else ""
    headers = {
        "wardstats-snapshot": wanted.published.snapshot_id,
        "wardstats-demonstration": f"{figures.count} of {figures.total} indicators{earlier}",
        "content-language": wanted.view.language,
    }
    if form != "json":
        over = wanted.spanned.text if wanted.spanned else wanted.view.period
        headers["content-disposition"] = f'inline; filename="{name}_{over}.csv"'
    return headers


def _made_up(wanted: Wanted) -> MadeUp:
    before = wanted.spanned.expected if wanted.spanned else 1  # what a ranking's places are compared with
    return made_up(wanted.view, wanted.periods, before)


def _make(wanted: Wanted, name: str, form: str) -> Answer:
    return _table_answer(wanted, TABLES[name].rows(wanted), name, form)


@cache
def _reader_there(places: Settings) -> Reader:
    return Reader(places, frames_at_most_bytes=64_000_000)


def _make_there(places: Settings, looked_at: tuple[str, ...], chosen: tuple[Any, ...], name: str, form: str) -> Answer:
    """Make the answer of a table in another process, which has a reader of its own."""
    made = _make(Wanted(_reader_there(places).view(*looked_at), *chosen), name, form)
    assert made.body.digest  # worked out here, and kept
    return made


def _table_answer(wanted: Wanted, frame: pd.DataFrame, name: str, form: str) -> Answer:
    carried(frame, "has_demonstration", "API")
    headers = _headers(wanted, name, form)
    if form != "json":
        pieces = responses.csv_pieces(frame, has_mark=form == _MARKED_CSV)
        return Answer(bodies.body_of_pieces(responses.CSV, pieces), headers)
    facts = publication_facts(wanted.published, wanted.view.speak)
    facts |= view_facts(wanted.view, _made_up(wanted))
    if span := wanted.spanned:
        ranking = official(wanted.view, wanted.span).ranking
        facts |= {"period": span.text, "period_text": span.name(wanted.view.speak)}
        facts |= completeness_facts(ranking, wanted.view.speak)
    facts |= {"theme": wanted.view.node, "count": len(frame)}
    return Answer(bodies.body_of_pieces(responses.JSON, responses.json_pieces(facts, frame)), headers)

"""The projector's page, /conference: full screen, scenes that rotate or follow a clicker, and the day as a film.

Owns the page's words and the map drawn into it; the scenes are ``conference_scenes``'s, the QR code ``phone_code``'s.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardstats.boards.map import map_note
from wardstats.charts.map.boundary_choice import BoundarySource, boundary_source
from wardstats.charts.map.layout import BlockLayout, lay_out
from wardstats.core.languages import LANGUAGE_NAMES, Translator, translator
from wardstats.core.pointer import Published
from wardstats.core.records import ROOT
from wardstats.live import assets, responses
from wardstats.live.answers import Answer, Answers, Question
from wardstats.live.conference_map import overview_svg, panel_svg
from wardstats.live.conference_scenes import in_spotlight
from wardstats.live.phone_code import PhoneAddress, PhoneCodes, phone_address, qr_svg, remedy
from wardstats.live.plain_pages import asked_theme, asked_unit, page, page_answer, script_json
from wardstats.live.reader import Reader
from wardstats.live.share_cards import board_card, tags
from wardstats.view.view import View

Scene = dict[str, Any]

SCENES = ("ranking", "winners", "map", "movers", "spotlight")
_ROOM_FOR_SHAPES = 5
LOGOS = {"logo.svg": "image/svg+xml", "logo.png": "image/png"}


class Conference:
    """The projector's page of one reader."""

    def __init__(self, reader: Reader, stage: Callable[[Published, str], Scene]) -> None:
        """Remember where scenes come from."""
        self.reader = reader
        self.stage = stage
        self.answers = Answers("conference", 12_000_000)
        self.codes = PhoneCodes()
        self._layouts: Callable[[_Places], BlockLayout] = lru_cache(4)(_Places.laid_out)

    def routes(self) -> list[BaseRoute]:
        """Return the routes."""
        return [Route("/conference", self.page), Route("/live/logo", self.logo)]

    async def page(self, request: Request) -> Response:
        """Answer with the projector's page."""
        address = phone_address(request)
        works = await self.codes.works(address)
        return await page_answer(request, self.answers, lambda: self._settle(request, address, works))

    def _settle(self, request: Request, address: PhoneAddress, works: bool) -> Question:
        published = self.reader.publication()
        view = self.reader.view(published.snapshot_id, "vi")
        query = request.query_params
        responses.day(query)  # what of the board is shown is the script's business
        theme = asked_theme(query, view)
        if responses.one(query, "unit"):
            asked_unit(query, in_spotlight(view.ranking(ROOT))["unit_code"].tolist())
        if (scene := responses.one(query, "scene")) and scene not in SCENES:
            raise responses.unexpected("scene", scene, SCENES)
        language = responses.reader_language(request.scope, self.reader.default_language())
        names = tuple(assets.asset(name) for name in ("live_stage.js", "live_stage.css"))
        source = self._boundaries(view)

        def make() -> Answer:
            return page(self._page(published, language, theme, address, works, names), language)

        logo = self._logo() is not None
        key = ("conference", published.key, language, theme, address, works, logo, source, *names)
        return Question(key, make)

    async def logo(self, _: Request) -> Response:
        """Answer with the logo of the data folder: logo.svg or logo.png beside block.toml."""
        path = self._logo()
        if path is None:
            return Response("Not found", 404, media_type="text/plain")
        headers = {
            "cache-control": "max-age=300",
            "content-security-policy": "default-src 'none'; style-src 'unsafe-inline'",
        }
        return Response(path.read_bytes(), headers=headers, media_type=LOGOS[path.name])

    def _logo(self) -> Path | None:
        return next((path for name in LOGOS if (path := self.reader.places.data / name).is_file()), None)

    def _page(
        self,
        published: Published,
        language: str,
        theme: str,
        address: PhoneAddress,
        works: bool,
        names: tuple[str, ...],
    ) -> str:
        scenes = self.stage(published, language)
        speak = translator(language)
        return (
            assets.templates()
            .get_template("conference.html")
            .render(
                stage=scenes,
                card=tags(board_card(scenes, theme)),
                languages=LANGUAGE_NAMES,
                texts=_texts(speak),
                script_texts=script_json(_script_texts(speak) | {"files": "|".join(names)}),
                script_stage=script_json(scenes),
                address=address.shown,
                qr=qr_svg(address.url, works),
                remedy="" if works else remedy(address, speak),
                maps=self._maps(self.reader.view(published.snapshot_id, language)),
                has_logo=self._logo() is not None,
            )
        )

    def _maps(self, view: View) -> Scene | None:
        """Draw the map; None where no place is known."""
        units = view.frame("unit", language=view.language)
        layout = self._layouts(_Places(units, self._boundaries(view))).geography
        if layout is None:
            return None
        names = dict(zip(units["unit_code"], units["unit_name"], strict=True))
        clusters = view.cluster_names
        order = [code for code in clusters if code in layout.clusters]
        order += [code for code in layout.clusters if code not in clusters]
        speak = view.speak
        return {
            "overview": Markup(overview_svg(layout, clusters, speak("Map"))),  # noqa: S704 - escaped where it is made
            # Where there is more to name there is more room.
            "columns": " ".join(f"{_ROOM_FOR_SHAPES + len(layout.clusters[code].shapes)}fr" for code in order[:3]),
            "panels": [
                {
                    "name": clusters.get(code, code),
                    "svg": Markup(panel_svg(layout.clusters[code], names, speak("Zoomed part of the map"))),  # noqa: S704
                }
                for code in order[:3]
            ],
            "note": map_note(layout, speak),
        }

    def _boundaries(self, view: View) -> BoundarySource | None:
        block = view.block
        return boundary_source(self.reader.places, block["boundaries_path"], block["boundaries_key"])


class _Places:
    """Where units lie, comparable by that alone: most snapshots of a day share one layout, which takes a second."""

    def __init__(self, units: pd.DataFrame, source: BoundarySource | None) -> None:
        self.units, self.source = units, source
        columns = ["unit_code", "is_member", "cluster", "area_km2", "lat", "lon"]
        self._key = (units[columns].to_csv(index=False), source)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Places) and self._key == other._key

    def __hash__(self) -> int:
        return hash(self._key)

    def laid_out(self) -> BlockLayout:
        """Lay the map out."""
        return lay_out(self.units, self.source)


def _texts(speak: Translator) -> dict[str, str]:
    return {
        "follow": speak("Follow on your phone"),
        "ranking": speak("Ranking"),
        "winners": speak("First in each theme"),
        "map": speak("Map"),
        "movers": speak("What moved, and why"),
        "total": speak("All themes"),
        "spotlight": speak("Unit profile"),
        "previous": speak("Previous scene"),
        "next": speak("Next scene"),
        "pause": speak("Pause"),
        "replay": speak("Replay the day"),
        "full": speak("Full screen"),
        "language": speak("Language"),
        "sample": speak("sample criteria"),
        "hint": speak(
            "Arrow keys or clicker: scenes. T: themes. First letters of a unit: why it stands there. Esc: back. "
            "Space: pause. R: replay. F: full screen. 1 to 5: a scene; with Shift: a theme."
        ),
        "script": speak("This page needs its script. The board without one:"),
    }


def _script_texts(speak: Translator) -> dict[str, str]:
    """Texts that the script fills in by itself; the names in braces are its own."""
    return {
        "updated": speak("updated {time}", time="{time}"),
        "lost": speak("No connection · board as of {time}", time="{time}"),
        "replaying": speak(
            "Replay · board as of {time} · {number} of {count}", time="{time}", number="{number}", count="{count}"
        ),
        "noreplay": speak("Nothing to replay: one board so far that day"),
        "paused": speak("Paused"),
        "first_rows": speak("The first {count} of {total}.", count="{count}", total="{total}"),
        "points": speak("points"),
        "of": speak("{score} of {max} points", score="{score}", max="{max}"),
        "more": speak("and {count} more", count="{count}"),
        "nobody": speak("No unit begins with {letters}", letters="{letters}"),
        "strong": speak("Ahead of the others"),
        "weak": speak("Behind the others"),
        "history": speak("Rank over time"),
        "themes": speak("Themes; the line is the best of all"),
        "total": speak("All themes"),
    }

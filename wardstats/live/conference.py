"""The projector's page, /conference: full screen, scenes that rotate or follow a clicker, and the day as a film.

Owns the page's words, the address in its QR code and the map drawn into it; the scenes are ``stage``'s.
"""

from __future__ import annotations

import ipaddress
import os
import socket
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

import pandas as pd
import segno
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardstats.boards.map import map_note
from wardstats.charts.map.boundary_choice import BoundarySource, boundary_source
from wardstats.charts.map.layout import BlockLayout, lay_out
from wardstats.core.languages import LANGUAGE_NAMES, Translator, translator
from wardstats.core.palette import LIVE
from wardstats.core.pointer import Published
from wardstats.frontend import bodies
from wardstats.live import assets, responses
from wardstats.live.answers import Answer, Answers, Question
from wardstats.live.conference_map import overview_svg, panel_svg
from wardstats.live.phone_page import HEADERS, page_answer, script_json
from wardstats.live.reader import Reader
from wardstats.view.view import View

Scene = dict[str, Any]

SCENES = ("ranking", "winners", "map", "movers", "spotlight")
LOGOS = {"logo.svg": "image/svg+xml", "logo.png": "image/png"}


class Conference:
    """The projector's page of one reader."""

    def __init__(self, reader: Reader, stage: Callable[[Published, str], Scene]) -> None:
        """Remember where scenes come from."""
        self.reader = reader
        self.stage = stage
        self.answers = Answers("conference", 12_000_000)
        self._layouts: Callable[[_Places], BlockLayout] = lru_cache(4)(_Places.laid_out)

    def routes(self) -> list[BaseRoute]:
        """Return the routes."""
        return [Route("/conference", self.page), Route("/live/logo", self.logo)]

    async def page(self, request: Request) -> Response:
        """Answer with the projector's page."""
        return await page_answer(request, self.answers, lambda: self._settle(request))

    def _settle(self, request: Request) -> Question:
        published = self.reader.publication()
        view = self.reader.view(published.snapshot_id, "vi")
        query = request.query_params
        responses.day(query)  # which scene and day are shown is the script's business
        if (scene := responses.one(query, "scene")) and scene not in SCENES:
            raise responses.unexpected("scene", scene, SCENES)
        language = responses.reader_language(request.scope, self.reader.default_language())
        address = phone_address(request)
        names = tuple(assets.asset(name) for name in ("live_stage.js", "live_stage.css"))
        source = self._boundaries(view)

        def make() -> Answer:
            page = self._page(published, language, address, names)
            return Answer(bodies.body(responses.HTML, page), HEADERS | {"content-language": language})

        key = ("conference", published.key, language, address, self._logo() is not None, source, *names)
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

    def _page(self, published: Published, language: str, address: str, names: tuple[str, ...]) -> str:
        scenes = self.stage(published, language)
        speak = translator(language)
        return (
            assets.templates()
            .get_template("conference.html")
            .render(
                stage=scenes,
                languages=LANGUAGE_NAMES,
                texts=_texts(speak),
                script_texts=script_json(_script_texts(speak) | {"files": "|".join(names)}),
                script_stage=script_json(scenes),
                address=address.partition("://")[2],
                qr=qr_svg(address),
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


def phone_address(request: Request) -> str:
    """Return the address of /live for phones: the setting, else as the projector's browser knows this server.

    Only a name that is this server's own counts. A projector run on the server itself knows it as localhost, which is
    no address for a phone: then, and for any other name, this machine's own address in the network is taken.
    """
    base = os.environ.get("WARDSTATS_PUBLIC_URL", "").rstrip("/")
    if not base:
        host, port = request.url.hostname or "localhost", request.url.port
        if not _is_ours(host, request):
            host, port = "localhost", (request.scope.get("server") or ("", None))[1]
        if host in ("localhost", "127.0.0.1", "::1"):
            host = _address_in_network() or host
        host = f"[{host}]" if ":" in host else host
        base = f"{request.url.scheme}://{host}{f':{port}' if port else ''}"
    return f"{base}/live"


def _is_ours(host: str, request: Request) -> bool:
    """Tell whether a name can be this server's: anybody may ask for the page under any name.

    Its own name, the address that was asked, and addresses of private networks, which lead no phone out of the house.
    """
    own = socket.gethostname().lower()
    if host.lower() in ("localhost", own, f"{own}.local", (request.scope.get("server") or ("",))[0]):
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False


def _address_in_network() -> str | None:
    """Ask the system which of its addresses it would use; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address reserved for documentation
        except OSError:
            return None
        address = probe.getsockname()[0]
    return None if address.startswith("127.") else address


def qr_svg(text: str) -> Markup:
    """Return a text as a QR code."""
    code = segno.make(text, error="m", micro=False)
    return Markup(code.svg_inline(border=2, dark=LIVE["ink"], light="#fff", omitsize=True))  # noqa: S704 - only shapes


def _texts(speak: Translator) -> dict[str, str]:
    return {
        "follow": speak("Follow on your phone"),
        "ranking": speak("Ranking"),
        "winners": speak("First in each theme"),
        "map": speak("Map"),
        "movers": speak("What moved, and why"),
        "map_title": speak("Where they stand"),
        "spotlight": speak("Unit profile"),
        "previous": speak("Previous scene"),
        "next": speak("Next scene"),
        "pause": speak("Pause"),
        "replay": speak("Replay the day"),
        "full": speak("Full screen"),
        "language": speak("Language"),
        "sample": speak("sample criteria"),
        "hint": speak("Arrow keys or clicker: scenes. Space: pause. R: replay. F: full screen. 1 to 5: a scene."),
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
        "strong": speak("Ahead of the others"),
        "weak": speak("Behind the others"),
        "history": speak("Rank over time"),
        "themes": speak("Themes; the line is the best of all"),
        "total": speak("All themes"),
    }

"""What pages beside Streamlit have in common: their headers, JSON for their scripts, and pages of one sentence.

Owns what is told where there is no board to show; what a page shows otherwise is ``phone_page``'s and ``conference``'s.
"""

from __future__ import annotations

from collections.abc import Callable, Collection
from typing import Any

from markupsafe import Markup
from starlette.datastructures import QueryParams
from starlette.requests import Request
from starlette.responses import Response

from wardstats.core.errors import NothingPublishedError, SnapshotError
from wardstats.core.languages import translator
from wardstats.core.records import ROOT
from wardstats.frontend import bodies
from wardstats.live import assets, responses
from wardstats.live.answers import Answer, Answers, Question
from wardstats.live.reader import UnknownChoiceError
from wardstats.live.responses import ProblemError
from wardstats.live.workers import BusyError
from wardstats.view.view import View

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
_UNITS_TOLD = 5
HEADERS = {"content-security-policy": POLICY, "x-content-type-options": "nosniff", "referrer-policy": "same-origin"}


def page(html: str, language: str) -> Answer:
    """Return a page as an answer to keep."""
    return Answer(bodies.body(responses.HTML, html), HEADERS | {"content-language": language})


async def page_answer(request: Request, answers: Answers, settle: Callable[[], Question]) -> Response:
    """Answer with a page; with another one that says why, where there is no board to show or too many wait."""
    try:
        return await answers.give(request, settle)
    except (SnapshotError, UnknownChoiceError, BusyError) as error:
        return no_board(request, error)
    except ProblemError as error:
        language = responses.wished_language(request.scope, "vi")
        return plain_page(error.status, language, error.told(translator(language)))


def asked_theme(query: QueryParams, view: View) -> str:
    """Return the theme that an address names, or the total.

    Raises:
        ProblemError: It is no theme of the first level, or is given twice.
    """
    themes = [ROOT, *view.main_themes]
    theme = responses.one(query, "theme") or ROOT
    if theme not in themes:
        raise responses.unexpected("theme", theme, themes, 404)
    return theme


def asked_unit(query: QueryParams, units: Collection[str]) -> str:
    """Return the unit that an address names.

    Raises:
        ProblemError: It is none of these, or is given twice.
    """
    unit = responses.one(query, "unit") or ""
    if unit not in units:
        raise responses.unexpected("unit", unit, [*sorted(units)[:_UNITS_TOLD], "…"], 404)
    return unit


def no_board(request: Request, error: SnapshotError | UnknownChoiceError | BusyError) -> Response:
    """Answer where there is no board to show, and say why; the page looks again by itself."""
    speak = translator(responses.wished_language(request.scope, "vi"))
    if isinstance(error, NothingPublishedError):
        text = speak("Nothing has been published yet")
    elif isinstance(error, UnknownChoiceError):
        text = speak("No period can be ranked yet")
    elif isinstance(error, BusyError):
        text = speak("Too many ask at this moment; the page tries again by itself")
    else:
        text = speak("The board cannot be shown at the moment")
    return plain_page(503, speak.language, text, again_s=5)


def sorry(language: str) -> str:
    """Return what is said where the server is at fault."""
    speak = translator(language)
    return speak("Something went wrong on this server. Please try again in a minute.")


def plain_page(status: int, language: str, text: str, again_s: int | None = None) -> Response:
    """Return a page of one sentence, with the way to the board.

    Args:
        again_s: When the page looks again by itself, if it does.
    """
    speak = translator(language)
    page = assets.templates().get_template("nothing.html")
    html = page.render(language=language, text=text, again_s=again_s, board=speak("To the board"))
    headers = HEADERS | {"cache-control": "no-store", "content-language": language}
    if again_s is not None:
        headers["retry-after"] = str(again_s)
    return Response(html, status, headers, media_type=responses.HTML)


def script_json(value: Any) -> Markup:
    """Write JSON that may stand in a script element, whatever texts are in it."""
    text = responses.json_text(value)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - every character that HTML reads is escaped above

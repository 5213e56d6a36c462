"""Addresses of notices that need no sign-in: somebody's web feed, and the way out of e-mail in one click (RFC 8058).

Whoever has such an address can read that feed, or stop that e-mail, and nothing else. Looking at the way out changes
nothing: programs that check mail follow every link in it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardstats.core.durable_files import storage_error
from wardstats.core.errors import WardStatsError
from wardstats.core.languages import Translator, translator
from wardstats.intake.health import refusal
from wardstats.intake.notices.desk import Desk
from wardstats.intake.notices.feed import MEDIA_TYPE, atom_feed
from wardstats.intake.notices.links import FEED, UNSUBSCRIBE, Purpose
from wardstats.intake.workspace import Workspace
from wardstats.live import assets, responses
from wardstats.live.plain_pages import HEADERS, plain_page

_PRIVATE = {"cache-control": "private, no-cache", "x-robots-tag": "noindex", "referrer-policy": "no-referrer"}
_FORM = {
    "content-security-policy": HEADERS["content-security-policy"].replace("form-action 'none'", "form-action 'self'")
}


def routes(workspace: Workspace) -> list[BaseRoute]:
    """Return the routes. Each answers in a thread, because it reads and writes files."""

    def feed(request: Request) -> Response:
        return _answered(request, "feed", lambda key, number, speak: _feed(Desk(workspace), key, number, speak))

    def unsubscribe(request: Request) -> Response:
        is_done = request.method == "POST"
        return _answered(request, "unsubscribe", lambda key, *_: _way_out(Desk(workspace), key, is_done))

    def _answered(request: Request, purpose: Purpose, answer: Callable[[str, int, Translator], Response]) -> Response:
        speak = translator(responses.wished_language(request.scope, "vi"))
        try:
            found = Desk(workspace).links.read(purpose, request.query_params.get("token", ""))
            return _nobody(speak) if found is None else answer(*found, speak)
        except WardStatsError as error:
            return plain_page(503, speak.language, refusal(error, speak).partition("\n")[0])
        except OSError as error:
            if (told := storage_error(error)) is None:
                raise
            return plain_page(503, speak.language, refusal(told, speak))

    return [Route(FEED, feed), Route(UNSUBSCRIBE, unsubscribe, methods=["GET", "POST"])]


def _nobody(speak: Translator) -> Response:
    return plain_page(404, speak.language, speak("This address is not, or no longer, anybody's."))


def _feed(desk: Desk, key: str, number: int, speak: Translator) -> Response:
    """Answer with a feed, as long as its person has a role and this is the number of their address."""
    recipient, chosen = desk.people().get(key), desk.choices(key)
    if recipient is None or number < 1 or chosen.feed != number:
        return _nobody(speak)
    own = translator(chosen.language)
    notices = desk.shown(recipient, chosen.kinds)
    content = atom_feed(notices, desk.catalogue, own, desk.ways.address, key)
    return Response(content, headers=_PRIVATE | {"content-language": own.language}, media_type=MEDIA_TYPE)


def _way_out(desk: Desk, key: str, is_done: bool) -> Response:
    """Ask whether e-mail is to end, or end it; for who has no role any more as well."""
    chosen = desk.choices(key)
    speak = translator(chosen.language)
    if is_done and chosen.mail != "off":
        chosen = desk.change(key, lambda now: replace(now, mail="off"))
    is_off = chosen.mail == "off"
    asked = speak("Stop all e-mail of notices to you?")
    ended = speak("No notice is sent to you by e-mail any more. On the page of notices you can choose again.")
    html = assets.templates().get_template("unsubscribe.html").render(
        language=speak.language, text=ended if is_off else asked, button="" if is_off else speak("Stop e-mail")
    )  # fmt: skip
    headers = HEADERS | _FORM | _PRIVATE | {"content-language": speak.language}
    return Response(html, headers=headers, media_type=responses.HTML)

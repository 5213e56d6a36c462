"""The phone page, /live: a board as HTML, complete before its script runs.

Owns the page's words and how a board becomes rows; what it looks like is in templates/live.html and static/live.*.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardstats.core.errors import NothingPublishedError, SnapshotError
from wardstats.core.languages import LANGUAGE_NAMES, Translator, translator
from wardstats.core.pointer import Published
from wardstats.core.records import ROOT
from wardstats.frontend import bodies
from wardstats.live import assets, responses
from wardstats.live.answers import Answer, Answers, Question
from wardstats.live.reader import Reader, UnknownChoiceError
from wardstats.live.responses import ProblemError
from wardstats.live.workers import BusyError

POLICY = (
    "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; font-src 'self'; "
    "connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'self'"
)
HEADERS = {"content-security-policy": POLICY, "x-content-type-options": "nosniff", "referrer-policy": "same-origin"}

Board = dict[str, Any]


class Pages:
    """The live pages of one reader."""

    def __init__(self, reader: Reader, board: Callable[[Published, str], Board]) -> None:
        """Remember where boards come from."""
        self.reader = reader
        self.board = board
        self.answers = Answers("phone", 24_000_000)

    def routes(self) -> list[BaseRoute]:
        """Return the routes."""
        return [
            Route("/live", self.live),
            Route(bodies.PREFIX + "/{name}", assets.serve_asset),
        ]

    async def live(self, request: Request) -> Response:
        """Answer with the phone page."""
        return await page_answer(request, self.answers, lambda: self._settle(request))

    def _settle(self, request: Request) -> Question:
        published = self.reader.publication()
        language = responses.reader_language(request.scope, self.reader.default_language())
        tree = self.reader.view(published.snapshot_id, language).themes
        themes = [ROOT, *tree.loc[tree["depth"] == 1, "node_code"]]
        theme = responses.one(request.query_params, "theme") or ROOT
        if theme not in themes:
            raise responses.unexpected("theme", theme, themes, 404)

        def make() -> Answer:
            page = live_page(self.board(published, language), theme)
            return Answer(bodies.body(responses.HTML, page), HEADERS | {"content-language": language})

        files = (assets.asset("live.js"), assets.asset("live.css"))
        return Question(("live", published.key, language, theme, *files), make)


async def page_answer(request: Request, answers: Answers, settle: Callable[[], Question]) -> Response:
    """Answer with a page; with another one that says why, where there is no board to show or too many wait."""
    try:
        return await answers.give(request, settle)
    except (SnapshotError, UnknownChoiceError, BusyError) as error:
        return no_board(request, error)
    except ProblemError as error:
        language = responses.wished_language(request.scope, "vi")
        return plain_page(error.status, language, error.told(translator(language)))


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


def live_page(board: Board, theme_code: str) -> str:
    """Return the phone page of a board, showing one of its themes or the total."""
    speak = translator(board["language"])
    everything = {"theme_code": ROOT, "theme_name": speak("All themes"), "colour": ""}
    theme = next((item for item in board["themes"] if item["theme_code"] == theme_code), None)
    shown = {
        "theme_code": theme_code,
        "headline": (theme or board)["headline"],
        "coverage_text": (theme or board)["coverage_text"],
        "is_finished": (theme or board)["is_finished"],
        "rows": [_row(row, speak) for row in _rows(board, theme)],
    }
    return (
        assets.templates()
        .get_template("live.html")
        .render(
            board=board,
            theme=shown,
            themes=[everything, *board["themes"]],
            languages=LANGUAGE_NAMES,
            texts=_texts(board, speak),
            script_texts=script_json(_script_texts(board, speak)),
        )
    )


def script_json(value: Any) -> Markup:
    """Write JSON that may stand in a script element, whatever texts are in it."""
    text = responses.json_text(value)
    for character in "<>&\u2028\u2029":
        text = text.replace(character, f"\\u{ord(character):04x}")
    return Markup(text)  # noqa: S704 - every character that HTML reads is escaped above


def _rows(board: Board, theme: Board | None) -> list[Board]:
    """Rows of the total, with the themes as parts, or of one theme."""
    if theme is None:
        scores = [{row[0]: max(0.0, row[2] or 0.0) for row in item["ranking"]} for item in board["themes"]]
        colours = [item["colour"] for item in board["themes"]]
        rows = []
        for row in board["ranking"]:
            parts = [(score.get(row["unit_code"], 0.0), colour) for score, colour in zip(scores, colours, strict=True)]
            rows.append(row | {"parts": _parts(row["score"], board["scale"], parts, row["adjustment"] or 0.0)})
        return rows
    names = {row["unit_code"]: row["unit_name"] for row in board["ranking"]}
    return [
        {
            "unit_code": unit_code, "unit_name": names.get(unit_code, unit_code), "rank": rank,
            "score": score, "score_text": text, "change": change, "absence": absence, "remark": "",
            "parts": _parts(score, theme["max_score"], [(1.0, theme["colour"])]),
        }
        for unit_code, rank, score, text, change, absence in theme["ranking"]
    ]  # fmt: skip


def _parts(
    score: float | None, most: float | None, parts: list[tuple[float, str]], adjustment: float = 0.0
) -> list[dict[str, Any]]:
    """Divide a bar in the proportion of its parts, which need not add up to the score; then add bonus and penalty.

    The parts are as long as the score without them. A bonus stands at the end; a penalty is struck out of it.
    """

    def length(points: float) -> float:
        return max(0.0, min(100.0, 100 * points / (most or 100.0)))

    if score is None:
        return []
    width, total = length(score - adjustment), sum(part for part, _ in parts)
    lengths = [(width * part / total, colour, "") for part, colour in parts] if total else []
    if adjustment:
        kind = "bonus" if adjustment > 0 else "penalty"
        lengths.append((length(adjustment) if adjustment > 0 else min(width, length(-adjustment)), "", kind))
    return [{"width": f"{share:.2f}", "colour": colour, "kind": kind} for share, colour, kind in lengths]


def _row(row: Board, speak: Translator) -> Board:
    change = row["change"]
    if change is None:
        return row | {"direction": "", "change_text": "", "change_words": ""}
    if change == 0:
        return row | {"direction": "same", "change_text": "–", "change_words": speak("as before")}
    if change > 0:
        return row | {
            "direction": "up",
            "change_text": f"▲ {change}",
            "change_words": speak("up {count}", count=change),
        }
    words = speak("down {count}", count=-change)
    return row | {"direction": "down", "change_text": f"▼ {-change}", "change_words": words}


def _texts(board: Board, speak: Translator) -> dict[str, str]:
    return {
        "language": speak("Language"),
        "theme": speak("Theme"),
        "rank": speak("Rank"),
        "sample": speak("sample criteria"),
        "sunlight": speak("High contrast"),
        "dashboard": speak("Full dashboard"),
        "updated_at": speak("updated {time}", time=board["updated"]),
        "legend": speak("▲ ▼: places gained or lost since the period before. On the right: points."),
        "first_rows": speak("The first {count} of {total}.", count=len(board["ranking"]), total=board["unit_count"]),
    }


def _script_texts(board: Board, speak: Translator) -> dict[str, str]:
    """Texts that the script fills in by itself; the names in braces are its own."""
    return {
        "rank": speak("Rank"),
        "same": speak("as before"),
        "up": speak("up {count}", count="{count}"),
        "down": speak("down {count}", count="{count}"),
        "live": speak("live · updated {time}", time="{time}"),
        "kept": speak("as of {time}", time="{time}"),
        "lost": speak("No connection. This is the board as of {time}; trying again by itself.", time="{time}"),
        "moved": speak("Units that changed place: {count}.", count="{count}"),
        "updated": board["updated"],
    }

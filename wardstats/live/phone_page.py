"""The phone page, /live: a board as HTML, complete before its script runs.

Owns the page's words and how a board becomes rows; what it looks like is in templates/live.html and static/live.*, and
what a tap on a row opens is ``accounts``'s.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import lru_cache
from typing import Any

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from wardstats.core.languages import LANGUAGE_NAMES, Translator, translator
from wardstats.core.pointer import Published
from wardstats.core.records import ROOT
from wardstats.frontend import bodies
from wardstats.live import assets, responses
from wardstats.live.accounts import Account, Accounts
from wardstats.live.answers import Answer, Answers, Question
from wardstats.live.plain_pages import asked_theme, asked_unit, page, page_answer, script_json
from wardstats.live.reader import Reader
from wardstats.live.share_cards import board_card, tags, theme_of, title_of
from wardstats.view.view import View

ACCOUNTS_AT_MOST = 40  # units whose accounts stand in the page itself; of a longer list each is a request of its own

Board = dict[str, Any]


class Pages:
    """The live pages of one reader."""

    def __init__(self, reader: Reader, board: Callable[[Published, str], Board]) -> None:
        """Remember where boards come from."""
        self.reader = reader
        self.board = board
        self.answers = Answers("phone", 24_000_000)
        self._accounts: Callable[[View], Accounts] = lru_cache(6)(Accounts)

    def routes(self) -> list[BaseRoute]:
        """Return the routes."""
        return [
            Route("/live", self.live),
            Route("/live/account", self.account),
            Route(bodies.PREFIX + "/{name}", assets.serve_asset),
        ]

    async def live(self, request: Request) -> Response:
        """Answer with the phone page."""
        return await page_answer(request, self.answers, lambda: self._settle(request))

    async def account(self, request: Request) -> Response:
        """Answer with the short account of one unit, which the phone page puts below its row."""
        return await page_answer(request, self.answers, lambda: self._settle_account(request))

    def _settle(self, request: Request) -> Question:
        published, view = self._asked(request)

        def make() -> Answer:
            board, accounts = self.board(published, view.language), {}
            if board["unit_count"] <= ACCOUNTS_AT_MOST:
                all_units = self._accounts(view)
                accounts = {code: all_units.of(code) for code in all_units.units}
            return page(live_page(board, view.node, accounts), view.language)

        files = (assets.asset("live.js"), assets.asset("live.css"))
        return Question(("live", published.key, view.language, view.node, *files), make)

    def _settle_account(self, request: Request) -> Question:
        published, view = self._asked(request)
        accounts = self._accounts(view)
        unit = asked_unit(request.query_params, accounts.units)

        def make() -> Answer:
            board = self.board(published, view.language)
            return page(account_page(board, view.node, accounts.of(unit)), view.language)

        return Question(("account", published.key, view.language, view.node, unit, assets.asset("live.css")), make)

    def _asked(self, request: Request) -> tuple[Published, View]:
        """Return what is up, and the view of the theme that is asked for."""
        published = self.reader.publication()
        language = responses.reader_language(request.scope, self.reader.default_language())
        view = self.reader.view(published.snapshot_id, language)
        return published, replace(view, node=asked_theme(request.query_params, view))


def live_page(board: Board, theme_code: str, accounts: Mapping[str, Account] | None = None) -> str:
    """Return the phone page of a board, showing one of its themes or the total.

    Args:
        board: As ``live_board`` makes it.
        theme_code: A theme of its first level, or total.
        accounts: Those that stand in the page, by unit; a row without one links to its own page.
    """
    speak = translator(board["language"])
    everything = {"theme_code": ROOT, "theme_name": speak("All themes"), "colour": ""}
    theme = theme_of(board, theme_code)
    about = theme or board
    since = f"▲ ▼ {board['since']}" if board["since"] else ""
    there = accounts or {}
    shown = {
        "theme_code": theme_code,
        "title": title_of(about["headline"], board),
        "headline": about["headline"],
        "coverage_text": about["coverage_text"],
        "is_finished": about["is_finished"],
        "legend": " · ".join(filter(None, (since, _scale(about["most_text"], speak)))),
        "rows": [_row(row, speak) | {"account": there.get(row["unit_code"])} for row in _rows(board, theme)],
    }
    return (
        assets.templates()
        .get_template("live.html")
        .render(
            board=board,
            language=board["language"],
            word=board["demonstration"]["word"],
            theme=shown,
            card=tags(board_card(board, theme_code)),
            themes=[everything, *board["themes"]],
            languages=LANGUAGE_NAMES,
            texts=_texts(board, speak),
            script_texts=script_json(_script_texts(board, speak)),
        )
    )


def account_page(board: Board, theme_code: str, account: Account) -> str:
    """Return the account of one unit as a page of its own."""
    speak = translator(board["language"])
    theme = theme_of(board, theme_code)
    return (
        assets.templates()
        .get_template("account_page.html")
        .render(
            title=title_of(f"{account.unit_name}: {account.place}", board),
            language=board["language"],
            word=board["demonstration"]["word"],
            theme={"theme_code": theme_code, "theme_name": theme["theme_name"] if theme else ""},
            account=account,
            texts=_account_texts(speak) | {"board": speak("To the board")},
        )
    )


def _scale(most: str, speak: Translator) -> str:
    return speak("on the right: points of {max}", max=most)


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
        "first_rows": speak("The first {count} of {total}.", count=len(board["ranking"]), total=board["unit_count"]),
        "account": speak("Why it stands there"),
        **_account_texts(speak),
    }


def _account_texts(speak: Translator) -> dict[str, str]:
    return {
        "ahead": speak("Ahead of the others"),
        "behind": speak("Behind the others"),
        "profile": speak("Unit profile"),
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
        "scale": _scale("{max}", speak),
        "updated": board["updated"],
    }

"""What the cards of shared links say: of a board, of the projector, of Streamlit's pages."""

from __future__ import annotations

from typing import Any

from markupsafe import Markup
from starlette.datastructures import QueryParams

from wardstats.core.records import ROOT
from wardstats.frontend.share_card import ShareCard

Board = dict[str, Any]
_OTHER_ORDERS = ("span", "weights")  # what of the ranking's address gives another order than the board's


def title_of(finding: str, board: Board) -> str:
    """Return a finding as the title of a page: it says if figures are made up, and whose board it is."""
    return " · ".join(filter(None, (finding, board["demonstration"]["word"], board["block_name"])))


def theme_of(board: Board, code: str) -> Board | None:
    """Return a theme of a board's first level; None for the total, and for what is none."""
    return next((theme for theme in board["themes"] if theme["theme_code"] == code), None)


def board_card(board: Board, theme_code: str = ROOT) -> ShareCard:
    """Return the card of a board, or of one of its themes."""
    about = theme_of(board, theme_code) or board
    return ShareCard(title_of(about["headline"], board), _standing(board))


def page_card(board: Board, path: str, query: QueryParams) -> ShareCard:
    """Return the card of one of Streamlit's pages.

    On the ranking it is the board's as long as that has what is asked for; another page, period or order finds
    something else, so the card says whose board it is only.
    """
    theme = query.get("theme", ROOT)
    if (query.get("period") or board["period"]) != board["period"]:  # of that one the board says nothing
        return ShareCard(title_of("", board), board["demonstration"]["notice"])
    is_on_board = theme == ROOT or theme_of(board, theme)
    if path == "/" and is_on_board and not any(query.get(name) for name in _OTHER_ORDERS):
        return board_card(board, theme)
    return ShareCard(title_of("", board), _standing(board))


def tags(card: ShareCard) -> Markup:
    """Return a card for a template."""
    return Markup(card.tags())  # noqa: S704 - escaped where it is made


def _standing(board: Board) -> str:
    """Say of which period a board is, whether it is final, the note with it, and what is made up."""
    told = (board["period_text"], board["state_text"], board["note"], board["demonstration"]["notice"])
    return " · ".join(filter(None, told))

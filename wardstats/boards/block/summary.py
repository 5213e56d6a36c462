"""What a leader sees of the block on the first page in ten seconds: what is due, what is behind in the contract."""

from __future__ import annotations

from collections import Counter
from datetime import date

from wardstats.boards.block.programme import entries_of, upcoming_of
from wardstats.boards.contract.board import default_year, draw_contract
from wardstats.charts.html.pieces import Card
from wardstats.view.addresses import page_address
from wardstats.view.view import View


def draw_summary(view: View, today: date) -> list[Card]:
    """Return the cards of a day: due next, then behind in the contract; none where the block has neither."""
    found = [_due(view, today), _late(view)]
    return [card for card in found if card is not None]


def _due(view: View, today: date) -> Card | None:
    speak = view.speak
    entries = entries_of(view, today)
    if not entries:
        return None
    upcoming = upcoming_of(entries, today)
    if not upcoming:
        return Card(speak("Due next"), "–", speak("Nothing is planned"), href=_block_address(view))
    first = upcoming[0]
    then = [f"{entry.title}, {entry.left}" for entry in upcoming[1:2]]
    detail = " · ".join([f"{first.when} ({first.left})", *[speak("then {next}", next=t) for t in then]])
    mark = speak("sample") if first.is_sample else ""
    return Card(speak("Due next"), first.title, detail, mark, href=_block_address(view))


def _block_address(view: View) -> str:
    return page_address(view, "block", year=str(default_year(view)))


def _late(view: View) -> Card | None:
    speak = view.speak
    board = draw_contract(view, default_year(view))
    if not board.pledges:
        return None
    late = board.of_state("behind", "missed")
    units = Counter(pledge.unit_code for pledge in late).most_common(3)
    address = page_address(view, "contract", year=str(board.year), unit=units[0][0] if late else "")
    topic = speak("Behind in the contract, {year}", year=board.year)
    mark = speak("sample") if board.has_sample else ""
    finding = speak("{count} of {total} targets", count=len(late), total=len(board.pledges))
    if not late:
        return Card(topic, finding, "", mark, href=address)
    names = speak.names([f"{view.unit_name(code)} {count}" for code, count in units])
    return Card(topic, finding, speak("most: {names}", names=names), mark, href=address)

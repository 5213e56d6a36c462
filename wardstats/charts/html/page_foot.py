"""What stands at the foot of every page: other ways to the boards, the appearance, the script of the browser."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from html import escape

from wardstats.charts.html.pieces import Link

LOOKS: tuple[str, ...] = ("System", "Light", "Dark")  # Streamlit's names of them, which its page keeps in the browser


def page_foot(
    label: str, links: Sequence[Link], look_label: str, looks: Mapping[str, str], board: str, script: str
) -> str:
    """Return the foot of a page.

    Args:
        label: What the links are, for screen readers.
        links: Where else one can go.
        look_label: What the choice of the appearance is called.
        looks: The name of each of ``LOOKS``.
        board: The snapshot that is shown, which the browser remembers as seen.
        script: Address of static/page.js.
    """
    items = "".join(f"<li>{link_to(link)}</li>" for link in links)
    buttons = "".join(
        f'<button type="button" data-look="{look}" aria-pressed="false">{escape(looks[look])}</button>'
        for look in LOOKS
    )
    return (
        f'<nav class="ws-foot" aria-label="{escape(label)}" data-board="{escape(board)}"><ul>{items}</ul></nav>'
        f'<div class="ws-look" role="group" aria-label="{escape(look_label)}">'
        f"<span>{escape(look_label)}</span>{buttons}</div>"
        f'<script src="{escape(script)}"></script>'
    )


def link_to(link: Link) -> str:
    """Return a link: to a page in the same tab, to anything else in one of its own."""
    target = "_self" if link.is_page else "_blank"
    return f'<a class="ws-card-link" href="{escape(link.href)}" target="{target}">{escape(link.text)}</a>'


def link_list(links: Sequence[tuple[Link, str]]) -> str:
    """Return links with what each leads to."""
    items = "".join(f"<li><div>{link_to(link)}<small>{escape(text)}</small></div></li>" for link, text in links)
    return f'<ul class="ws-lines">{items}</ul>'


def definitions(words: Sequence[tuple[str, str]]) -> str:
    """Return words with what they mean."""
    items = "".join(f"<div><dt>{escape(word)}</dt><dd>{escape(meaning)}</dd></div>" for word, meaning in words)
    return f'<dl class="ws-words">{items}</dl>'

"""Pieces of HTML of a unit's page: whom to learn from, what has not come in. Whatever comes from data is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from wardstats.charts.html.components import linked, small_mark
from wardstats.charts.html.pieces import Lesson


def lessons(items: Sequence[Lesson]) -> str:
    """Return the lessons, an indicator each, with who does better and a link to the comparison."""
    return f'<ul class="ws-lessons">{"".join(_lesson(item) for item in items)}</ul>'


def _lesson(lesson: Lesson) -> str:
    teachers = "".join(
        f'<p><a href="{escape(link)}" target="_self">{escape(who)}</a> {escape(why)}</p>'
        for who, why, link in lesson.teachers
    )
    heading = linked(lesson.indicator, lesson.href) + small_mark(lesson.mark)
    return f"<li><h3>{heading}</h3><p>{escape(lesson.own)}</p>{teachers}</li>"


def lift_steps(steps: Sequence[tuple[str, str, str, str]]) -> str:
    """Return the ways to a better place, as (which place, what improves, how far and what it takes, its card)."""
    items = "".join(
        f"<li><b>{escape(place)}</b><span>{linked(what, card)}</span><small>{escape(way)}</small></li>"
        for place, what, way, card in steps
    )
    return f'<ul class="ws-steps">{items}</ul>'


def told_list(items: Sequence[tuple[str, Sequence[str]]]) -> str:
    """Return what was said about some things, a line each: (what it is about, everything that was said)."""
    lines = "".join(
        f"<li><div><strong>{escape(title)}</strong>{''.join(f'<p>{escape(text)}</p>' for text in texts)}</div></li>"
        for title, texts in items
    )
    return f'<ul class="ws-lines">{lines}</ul>'


def late_list(lines: Sequence[tuple[str, str, bool, str]]) -> str:
    """Return what is missing or late, a line each: (indicator, what is wrong, whether it is missing, its card)."""
    items = "".join(
        f'<li class="{"ws-absent" if is_missing else "ws-late"}"><span>{linked(name, card)}</span>'
        f"<small>{escape(text)}</small></li>"
        for name, text, is_missing, card in lines
    )
    return f'<ul class="ws-lines">{items}</ul>'

"""Pieces of HTML of a unit's page: whom to learn from, what has not come in. Whatever comes from data is escaped."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from wardstats.lessons import Lesson


def lessons(items: Sequence[Lesson]) -> str:
    """Return the lessons, an indicator each, with who does better and a link to the comparison."""
    return f'<ul class="ws-lessons">{"".join(_lesson(item) for item in items)}</ul>'


def _lesson(lesson: Lesson) -> str:
    teachers = "".join(
        f'<p><a href="{escape(link)}" target="_self">{escape(who)}</a> {escape(why)}</p>'
        for who, why, link in lesson.teachers
    )
    return f"<li><h3>{escape(lesson.indicator)}</h3><p>{escape(lesson.own)}</p>{teachers}</li>"


def lift_steps(steps: Sequence[tuple[str, str, str]]) -> str:
    """Return the ways to a better place, as (which place, what improves, how far and what it takes)."""
    items = "".join(
        f"<li><b>{escape(place)}</b><span>{escape(what)}</span><small>{escape(way)}</small></li>"
        for place, what, way in steps
    )
    return f'<ul class="ws-steps">{items}</ul>'


def late_list(lines: Sequence[tuple[str, str, bool]]) -> str:
    """Return what is missing or late, a line each: (indicator, what is wrong, whether it is missing)."""
    items = "".join(
        f'<li class="{"ws-absent" if is_missing else "ws-late"}"><span>{escape(name)}</span>'
        f"<small>{escape(text)}</small></li>"
        for name, text, is_missing in lines
    )
    return f'<ul class="ws-lines">{items}</ul>'

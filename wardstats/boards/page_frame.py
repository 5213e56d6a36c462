"""What stands above and below every page: where one is, what is made up, where the figures come from.

Made once for each view: it would otherwise be a third of a page's script run.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import escape

from wardstats.charts.html import components
from wardstats.view.completeness import unfinished_notice
from wardstats.view.demonstration_notice import LOOKED_BACK, made_up
from wardstats.view.portal_notes import harvest_note
from wardstats.view.ranking_choice import official, periods_in, span_of
from wardstats.view.view import View


@dataclass(frozen=True)
class PageFrame:
    """The frame of a page.

    Attributes:
        context: Block, period and what else says where one is.
        notice: What is made up, and how fresh the portal's figures are, as HTML; empty where there is neither.
        sources: Where the figures come from, as HTML.
    """

    context: list[str]
    notice: str
    sources: str


def draw_page_frame(view: View, kind: str = "", back: int = LOOKED_BACK) -> PageFrame:
    """Return the frame of the pages of a view; of its quarter or year where the page is about that.

    Args:
        back: How many periods before the page shows, or compares with.
    """
    speak, block, rules = view.speak, view.block, view.rules
    span = span_of(view, kind) if kind else None
    periods = tuple(periods_in(view, span))
    context = [
        block["block_name"],
        span.name(speak) if span else speak("period {period}", period=speak.period(view.period)),
        speak("sample criteria") if rules["is_sample"] else "",
        speak("updated {moment}", moment=speak.moment(block["built_at"])),
    ]
    used = view.frame("source_used", periods=periods, language=view.language)
    too_few = [components.banner(*notice) for notice in unfinished_notice(view, official(view, kind).ranking)]
    notices = "".join(too_few) + _notice(view, periods, span.expected if span else back) + _portal(view)
    return PageFrame(context, notices, components.source_line(used, speak))


def _portal(view: View) -> str:
    note = harvest_note(view)
    return f'<p class="ws-source">{escape(note)}</p>' if note else ""


def _notice(view: View, periods: tuple[str, ...], back: int) -> str:
    found = made_up(view, periods, back)
    return components.banner(found.title, found.text) if found.text else ""


def draw_sources(view: View, queries: tuple[str, ...]) -> str:
    """Return, as HTML, where lines come from that are no figures; named are the queries that give them."""
    used: set[str] = set()
    for name in queries:
        params = {"language": view.language} if name != "adoption" else {}
        used |= set(view.frame(name, **params)["source_id"].dropna())
    return cited(view, used)


def cited(view: View, used: set[str]) -> str:
    """Return the line of some sources as HTML."""
    known = view.frame("source", language=view.language)
    return components.source_line(known[known["source_id"].isin(used)], view.speak)

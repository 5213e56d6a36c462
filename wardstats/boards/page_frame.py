"""What stands above and below every page: where one is, what is made up, where the figures come from.

Made once for each view and publication: it would otherwise be a third of a page's script run.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

from markupsafe import escape

from wardstats.charts.html import components
from wardstats.core.pointer import Published
from wardstats.core.records import ROOT
from wardstats.view.completeness import unfinished_notice
from wardstats.view.demonstration_notice import LOOKED_BACK, made_up
from wardstats.view.portal_notes import harvest_note
from wardstats.view.publication_words import publication_words
from wardstats.view.ranking_choice import official, periods_in, span_of
from wardstats.view.view import View

CHOICES = ("period", "theme")  # what a reader chooses at the side; a page may have nothing of either


@dataclass(frozen=True)
class PageFrame:
    """The frame of a page.

    Attributes:
        block: The block's name.
        chosen: Period, quarter or year, and theme, as far as the page goes by them and one is chosen.
        facts: What else says where one is: sample criteria; of a publication its state, time and note.
        notice: What is made up, and how fresh the portal's figures are, as HTML; empty where there is neither.
        sources: Where the figures come from, as HTML.
    """

    block: str
    chosen: list[str]
    facts: list[str]
    notice: str
    sources: str

    @property
    def context(self) -> list[str]:
        """The small line above the headline."""
        return [self.block, *self.chosen, *self.facts]

    def tab_title(self, page: str) -> str:
        """Return the title of the browser's tab: the page first, as tabs are narrow."""
        return " · ".join(filter(None, (page, *self.chosen, self.block)))

    def alt_text(self, alt: str) -> str:
        """Return the alternative text of a chart with what was chosen."""
        return " · ".join((alt, *self.chosen))


def draw_page_frame(
    view: View,
    kind: str = "",
    back: int = LOOKED_BACK,
    goes_by: tuple[str, ...] = CHOICES,
    published: Published | None = None,
) -> PageFrame:
    """Return the frame of the pages of a view; of its quarter or year where the page is about that.

    Args:
        back: How many periods before the page shows, or compares with.
        goes_by: Those of ``CHOICES`` on which the page depends.
        published: The publication that is up; None for a view that was not published.
    """
    if "theme" not in goes_by:
        view = replace(view, node=ROOT)
    speak, rules = view.speak, view.rules
    span = span_of(view, kind) if kind else None
    periods = tuple(periods_in(view, span))
    period = span.name(speak) if span else speak("period {period}", period=speak.period(view.period))
    chosen = [period if "period" in goes_by else "", view.theme_name]
    facts = [
        speak("sample criteria") if rules["is_sample"] else "",
        *(publication_words(published, speak) if published else ()),
    ]
    used = view.frame("source_used", periods=periods, language=view.language)
    too_few = [components.banner(*notice) for notice in unfinished_notice(view, official(view, kind).ranking)]
    notices = "".join(too_few) + _notice(view, periods, span.expected if span else back) + _portal(view)
    return PageFrame(
        view.block["block_name"], [text for text in chosen if text], [text for text in facts if text], notices,
        components.source_line(used, speak, view.block["default_language"]),
    )  # fmt: skip


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
    return components.source_line(known[known["source_id"].isin(used)], view.speak, view.block["default_language"])

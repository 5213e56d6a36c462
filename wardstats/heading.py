"""What stands above and below every page: where one is, what is made up, where the figures come from.

Made once for each view: it would otherwise be a third of a page's script run.
"""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import escape

from wardstats import components
from wardstats.harvest.notes import harvest_note
from wardstats.view import View


@dataclass(frozen=True)
class Heading:
    """The frame of a page.

    Attributes:
        context: Block, period and what else says where one is.
        notice: What is made up, and how fresh the portal's figures are, as HTML; empty where there is neither.
        sources: Where the figures of the period come from, as HTML.
    """

    context: list[str]
    notice: str
    sources: str


def page_heading(view: View) -> Heading:
    """Return the frame of the pages of a view; see ``session.cached``."""
    speak, block, rules = view.speak, view.block, view.rules
    context = [
        block["block_name"],
        speak("period {period}", period=speak.period(view.period)),
        speak("sample criteria") if rules["is_sample"] else "",
        speak("built {moment}", moment=speak.moment(block["built_at"])),
    ]
    used = view.frame("source_used", period=view.period, language=view.language)
    return Heading(context, _notice(view) + _portal(view), components.source_line(used, speak))


def _portal(view: View) -> str:
    note = harvest_note(view)
    return f'<p class="ws-source">{escape(note)}</p>' if note else ""


def _notice(view: View) -> str:
    share = view.frame("demonstration_share", period=view.period).iloc[0]
    if not share["demonstration_count"]:
        return ""
    text = view.speak(
        "{count} of the {total} indicators shown are made up to show how the board works. "
        "They say nothing about any real unit.",
        count=int(share["demonstration_count"]),
        total=int(share["indicator_count"]),
    )
    return components.banner(view.speak("Demonstration figures."), text)

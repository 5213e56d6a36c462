"""Small pieces of HTML that all pages are made of: cards, banner, legend, source line.

Pure text in, text out; whatever comes from data is escaped here. The looks are in static/style.css.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from functools import cache
from html import escape
from typing import Any
from urllib.parse import urlsplit

import pandas as pd

from wardstats.charts.html.pieces import Card, Part
from wardstats.charts.map.map_colours import LegendStep
from wardstats.core.languages import Translator
from wardstats.core.palette import with_colours
from wardstats.core.rows import dictionaries
from wardstats.core.settings import PROJECT


@cache
def style_sheet() -> str:
    """Return the style sheet as an element to put on a page."""
    return f"<style>{with_colours((PROJECT / 'static' / 'style.css').read_text(encoding='utf-8'))}</style>"


def frame_words(name: str, skip: str) -> str:
    """Return the style that writes where Streamlit has no place for text, or English only.

    Args:
        name: What stands at the head of the side bar.
        skip: What the link to the page's main part is called.
    """
    head, link = (re.sub(r"[^\w .–-]", lambda sign: f"\\{ord(sign[0]):x} ", text) for text in (name, skip))
    return (
        f'<style>[data-testid="stSidebarHeader"]::before {{ content: "{head}"; }}'
        f'[data-testid="stSkipToContent"] {{ font-size: 0 !important; }}'
        f'[data-testid="stSkipToContent"]::after {{ content: "{link}"; font-size: 1rem; }}</style>'
    )


def page_head(topic: Sequence[str], title: str) -> str:
    """Return the small line of context and the headline below it."""
    line = " · ".join(escape(part) for part in topic if part)
    return f'<header class="ws-head"><p>{line}</p><h1>{escape(title)}</h1></header>'


def contents(label: str, parts: Mapping[str, str]) -> str:
    """Return links to the parts of a page.

    Args:
        label: What the list is called.
        parts: Their headings by their anchors.
    """
    links = "".join(
        f'<li><a class="ws-card-link" href="#{escape(at)}">{escape(title)}</a></li>' for at, title in parts.items()
    )
    return f'<nav class="ws-contents" aria-label="{escape(label)}"><span>{escape(label)}</span><ul>{links}</ul></nav>'


def banner(title: str, text: str) -> str:
    """Return the loud notice for demonstration figures and the like."""
    return f'<div class="ws-banner" role="note"><strong>{escape(title)}</strong> {escape(text)}</div>'


def text_table(frame: pd.DataFrame, links: Mapping[str, str] | None = None) -> str:
    """Return a table of texts that wraps long cells; on a phone each row stands cell below cell, with its headings.

    Args:
        links: Where all texts of a column lead, by its name.
    """
    names = [escape(str(name)) for name in frame.columns]
    leads = [(links or {}).get(str(name), "") for name in frame.columns]
    head = "".join(f'<th scope="col">{name}</th>' for name in names)
    rows = frame.astype(object).where(frame.notna(), "").to_numpy().tolist()
    body = "".join(
        "<tr>"
        + "".join(
            f'<td data-label="{name}">{linked(str(cell), href if str(cell) else "")}</td>'
            for name, href, cell in zip(names, leads, row, strict=True)
        )
        + "</tr>"
        for row in rows
    )
    return f'<div class="ws-texts"><table><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def code(text: str) -> str:
    """Return lines to copy: one click chooses them all. Streamlit's own block loads half a megabyte to colour them."""
    return f'<pre class="ws-code">{escape(text.strip())}</pre>'


def cards(items: Iterable[Card]) -> str:
    """Return cards side by side; they wrap on a narrow screen."""
    return f'<div class="ws-cards">{"".join(_card(item) for item in items)}</div>'


def _card(card: Card) -> str:
    change = {1: "ws-rise", -1: "ws-fall"}.get(card.change, "")
    mark = f' <span class="ws-mark {change}">{escape(card.mark)}</span>' if card.mark else ""
    looks, topic, finding = 'class="ws-card"', escape(card.topic), escape(card.finding)
    if card.colour:  # of a unit, whose name is the topic
        looks = f'class="ws-card ws-unit" style="border-top-color:{escape(card.colour)}"'
        topic = f"{_glyph(card.glyph, card.colour)} {_whole_card(card.topic, card.href)}"
    else:
        finding = _whole_card(card.finding, card.href)
    return (
        f"<section {looks}><h2>{topic}</h2>"
        f'<p class="ws-finding">{finding}{mark}</p><p>{escape(card.detail)}</p></section>'
    )


def _whole_card(text: str, href: str) -> str:
    """Return a text as the link of its card, which may be clicked anywhere; the text alone where it leads nowhere."""
    return f'<a class="ws-whole" href="{escape(href)}" target="_self">{escape(text)}</a>' if href else escape(text)


def legend(entries: Iterable[tuple[str, str, str]], hatched: str = "") -> str:
    """Return colour keys as (colour, name, where it leads or empty), and that of hatched bars where there are any."""
    keys = [
        f'<li><i style="background:{escape(colour)}"></i>{linked(name, href)}</li>' for colour, name, href in entries
    ]
    if hatched:
        keys.append(f'<li><i class="ws-hatched"></i>{escape(hatched)}</li>')
    return f'<ul class="ws-legend">{"".join(keys)}</ul>'


def sign_legend(entries: Iterable[tuple[str, str, str]]) -> str:
    """Return the keys of a figure as (sign, colour, text)."""
    items = "".join(f"<li>{_glyph(glyph, colour)}{escape(text)}</li>" for glyph, colour, text in entries)
    return f'<ul class="ws-legend">{items}</ul>'


def _glyph(glyph: str, colour: str) -> str:
    return f'<span class="ws-glyph" style="color:{escape(colour)}" aria-hidden="true">{escape(glyph)}</span>'


def colour_scale(steps: Sequence[LegendStep], speak: Translator) -> str:
    """Return the colour scale of a map, lowest first."""
    boxes = "".join(f'<i style="background:{escape(step.colour)}"></i>' for step in steps)
    low, high = speak.number(steps[0].lower), speak.number(steps[-1].upper)
    return f'<p class="ws-scale">{low}<span>{boxes}</span>{high} {escape(speak("points"))}</p>'


def paragraph(text: str) -> str:
    """Return a sentence that says the finding of a section."""
    return f'<p class="ws-lead">{escape(text)}</p>'


def note_with_link(text: str, link: str, href: str) -> str:
    """Return a notice with the way to what it asks for."""
    return f'<p class="ws-lead" role="note">{escape(text)} {linked(link, href)}</p>'


def reasons(headline: str, parts: Sequence[Part]) -> str:
    """Return reasons with a bar and a signed number each, as a table that a screen reader can read."""
    largest = max((abs(part.amount) for part in parts), default=1) or 1
    rows = "".join(_reason(part, 50 * abs(part.amount) / largest) for part in parts)
    return f'{paragraph(headline)}<table class="ws-reasons"><tbody>{rows}</tbody></table>'


def _reason(part: Part, width: float) -> str:
    side = "ws-rise" if part.amount > 0 else "ws-fall"
    start = 50 if part.amount > 0 else 50 - width
    bar = f'<i class="{side}" style="left:{start:.1f}%;width:{width:.1f}%"></i>'
    cells = f'<td class="ws-bar">{bar}</td><td class="{side}">{escape(part.text)}</td>'
    return f'<tr><th scope="row">{linked(part.label, part.href)}{small_mark(part.mark)}</th>{cells}</tr>'


def small_mark(text: str) -> str:
    """Return the word that stands beside what is made up; nothing for an empty one."""
    return f' <span class="ws-tag ws-sample">{escape(text)}</span>' if text else ""


def web_link(title: str, url: str) -> str:
    """Return a finished title as a link that opens beside the page, where the address is one of the web."""
    if urlsplit(url).scheme not in ("http", "https"):
        return title
    return f'<a href="{escape(url)}" target="_blank" rel="noopener noreferrer">{title}</a>'


def linked(text: str, href: str) -> str:
    """Return a text as a link that opens in the same tab, where there is an address; both are escaped."""
    return f'<a class="ws-card-link" href="{escape(href)}" target="_self">{escape(text)}</a>' if href else escape(text)


def foreign(text: str, written_in: str, speak: Translator) -> str:
    """Return a text of the data folder, marked with its language where that is not the page's."""
    return escape(text) if written_in == speak.language else f'<span lang="{escape(written_in)}">{escape(text)}</span>'


def source_line(sources: pd.DataFrame, speak: Translator, written_in: str) -> str:
    """Return where the figures on a page come from; ``sources`` as queries/source_used.sql gives them.

    Args:
        written_in: The language of what the data folder has in one language only.
    """
    if sources.empty:
        return ""
    entries = [_source(row, speak, written_in) for row in dictionaries(sources)]
    return f'<p class="ws-source">{escape(speak("Sources:"))} {"; ".join(entries)}.</p>'


def _source(row: dict[str, Any], speak: Translator, written_in: str) -> str:
    title = web_link(escape(str(row["title"])), str(row["url"]))
    producer = f" ({foreign(str(row['producer']), written_in, speak)})" if row["producer"] != row["title"] else ""
    when = row["published"] if pd.notna(row["published"]) else row["accessed"]
    return title + producer + (f", {speak.day(pd.Timestamp(str(when)).date())}" if pd.notna(when) else "")

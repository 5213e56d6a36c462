"""What all printed pages share: the fonts, how Typst sets them, and what they say of their figures."""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

import fontpkg_noto_sans_devanagari
import fontpkg_source_sans_3
import pandas as pd
import typst

from wardstats.boards.print.pdf_words import mend_words
from wardstats.core.palette import PAPER
from wardstats.core.rows import dictionaries
from wardstats.view.completeness import unfinished_notice
from wardstats.view.demonstration_notice import made_up
from wardstats.view.view import View


@cache
def document_fonts() -> typst.Fonts:
    """Return the two fonts that come as packages; nothing of the system is used."""
    folders = [package.ROOT / "files" for package in (fontpkg_source_sans_3, fontpkg_noto_sans_devanagari)]
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=False, font_paths=folders)


def set_in_type(template: Path, view: View, facts: Mapping[str, Any]) -> bytes:
    """Return a page as PDF, A4, tagged for screen readers (PDF/UA-1).

    Args:
        template: The layout; it finds what it says in ``sys.inputs.facts``.
        view: Whose snapshot it is made of: the same one gives the same file.
        facts: Texts in the reader's language, shares and colours.
    """
    made_at = pd.Timestamp(view.block["built_at"]).tz_localize("UTC")
    document = typst.Compiler(template, root=template.parent, font_paths=document_fonts()).compile(
        format="pdf",
        sys_inputs={"facts": json.dumps({**facts, "colours": PAPER}, ensure_ascii=False)},
        pdf_standards="ua-1",
        timestamp=int(made_at.timestamp()),
    )
    assert isinstance(document, bytes)
    return mend_words(document)


def paper_notices(view: View, ranking: pd.DataFrame, periods: tuple[str, ...] = ()) -> list[dict[str, str]]:
    """Return what has to be said loudly, as title and text: too few figures, made-up ones, sample criteria.

    Args:
        ranking: What is printed.
        periods: Ranked periods it is about, oldest first; the view's own if none are given.
    """
    speak, figures = view.speak, made_up(view, periods)
    found = unfinished_notice(view, ranking)
    if figures.text:
        found.append((figures.title, figures.text))
    if view.rules["is_sample"]:
        text = speak("The points follow a sample set of criteria, not one that the block has adopted.")
        found.append((speak("Sample criteria."), text))
    return [{"title": title, "text": text} for title, text in found]


def sources_text(view: View, periods: tuple[str, ...] = ()) -> str:
    """Return where the figures of some periods come from; of the view's own if none are given."""
    speak, found = view.speak, []
    for row in dictionaries(view.frame("source_used", periods=periods or (view.period,), language=view.language)):
        when = row["published"] if pd.notna(row["published"]) else row["accessed"]
        parts = [row["title"] if row["producer"] == row["title"] else f"{row['title']} ({row['producer']})"]
        parts += [speak.day(pd.Timestamp(when).date())] if pd.notna(when) else []
        found.append(", ".join([*parts, *([row["url"]] if row["url"] else [])]))
    return "; ".join(found) + "."


def made_of(view: View) -> str:
    """Return which snapshot a page is made of, and when that was built."""
    speak = view.speak
    built = speak.moment(view.block["built_at"])
    return speak("Snapshot {snapshot}, built {moment}", snapshot=view.snapshot_id, moment=built)

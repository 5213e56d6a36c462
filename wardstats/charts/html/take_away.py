"""The row below a chart from which it is taken away: as a picture, as a drawing, as a link to what is shown.

The browser does the work (static/take_away.js): the server draws no picture.
"""

from __future__ import annotations

from html import escape

from wardstats.core.languages import Translator


def take_away(key: str, file_name: str, speak: Translator, note: str = "") -> str:
    """Return the row.

    Args:
        key: Of the chart, or of the container that holds several.
        file_name: What a picture's file is called, without its ending.
        note: What the small figures of the chart are; stands at the beginning of the row.
    """
    kinds = {
        "png": ("PNG", speak("Save this chart as a PNG picture")),
        "svg": ("SVG", speak("Save this chart as an SVG drawing")),
        "link": (speak("Copy link"), speak("Copy link to this view")),
    }
    buttons = "".join(
        f'<button type="button" data-take="{kind}" title="{escape(title)}">{escape(name)}</button>'
        for kind, (name, title) in kinds.items()
    )
    label, copied, failed = (
        escape(text) for text in (speak("Take this chart away"), speak("Link copied"), speak("That did not work"))
    )
    row = (
        f'<div class="ws-take" role="group" aria-label="{label}" data-of="{escape(key)}" '
        f'data-file="{escape(file_name)}" data-copied="{copied}" data-failed="{failed}">{buttons}</div>'
    )
    return f'<div class="ws-under"><p>{escape(note)}</p>{row}</div>' if note else row

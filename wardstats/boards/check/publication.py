"""What was published, and as what, in the words of those who publish."""

from __future__ import annotations

from collections.abc import Sequence

from wardstats.core.languages import Translator
from wardstats.core.pointer import Published
from wardstats.intake.words import moment


def what_is_up(up: Published, speak: Translator) -> str:
    """Return what is up now, as what, by whom, with which note."""
    state = speak("final") if up.is_final else speak("provisional")
    parts = (f"{speak('up now')}: {state}", moment(up.published_at, speak), up.by, up.note)
    return " · ".join(filter(None, parts))


def history(published: Sequence[Published], speak: Translator, most: int = 10) -> list[tuple[str, str]]:
    """Return the snapshots that were published, newest first, as (id, when, by whom and with which note)."""
    latest = {entry.snapshot_id: entry for entry in published}
    newest = sorted(latest.values(), key=lambda found: found.published_at, reverse=True)[:most]
    return [
        (entry.snapshot_id, " · ".join(filter(None, (moment(entry.published_at, speak), entry.by, entry.note))))
        for entry in newest
    ]

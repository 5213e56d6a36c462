"""What readers are told of a publication on every board: final or provisional, since when, and the note with it."""

from __future__ import annotations

from datetime import datetime

from wardstats.core.languages import Translator
from wardstats.core.pointer import Published


def state_text(published: Published, speak: Translator) -> str:
    """Return the state of a publication as a word."""
    return speak("Final") if published.is_final else speak("Provisional")


def updated_text(published: Published, speak: Translator) -> str:
    """Say when a publication was put up."""
    return speak("updated {moment}", moment=speak.moment(datetime.fromisoformat(published.published_at)))


def publication_words(published: Published, speak: Translator) -> list[str]:
    """Return its state, when it was put up, and the note that stands on every board where there is one."""
    note = " ".join(published.note.split())
    return [state_text(published, speak), updated_text(published, speak), *([note] if note else [])]

"""Somebody's own notices: what was told, and how far it got by each way."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from wardstats.core.languages import Translator
from wardstats.intake.notices.desk import Desk
from wardstats.intake.notices.outbox import Notice
from wardstats.intake.notices.recipients import Recipient
from wardstats.intake.notices.words import state_text, told
from wardstats.intake.words import moment


@dataclass(frozen=True)
class OwnNotices:
    """What the page shows of what was told.

    Attributes:
        headline: How many there are, or that there is none.
        table: The newest first, in words.
    """

    headline: str
    table: pd.DataFrame


def draw_notices(desk: Desk, recipient: Recipient, speak: Translator) -> OwnNotices:
    """Return somebody's notices, those that they still have a right to."""
    notices = desk.shown(recipient)
    if not notices:
        return OwnNotices(speak("No notice yet"), pd.DataFrame())
    rows = [
        {
            speak("When"): moment(notice.made_at, speak),
            speak("Notice"): told(notice, desk.catalogue, speak).text,
            speak("Sent"): _sent(notice, speak),
        }
        for notice in notices
    ]
    return OwnNotices(speak("Your notices: {count}, the newest first", count=len(rows)), pd.DataFrame(rows))


def _sent(notice: Notice, speak: Translator) -> str:
    names = {"mail": speak("E-mail"), "webhook": speak("Webhook")}
    ways = [f"{names[way]}: {state_text(delivery, speak)}" for way, delivery in notice.ways.items()]
    return "\n".join(ways) or speak("on this page only")

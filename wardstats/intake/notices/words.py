"""What a notice says, in a language: for e-mail, webhook, feed and page. What is demonstration is said in each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from wardstats.catalogue.load import Catalogue
from wardstats.core.languages import Translator
from wardstats.intake.notices.outbox import Delivery, Kind, Notice
from wardstats.intake.workbook import unit_title

_PAGES: Mapping[Kind, str] = {
    "due": "submit", "late": "submit", "returned": "submit", "accepted": "submit", "published": "", "rank_fell": "ward",
    "contract_behind": "contract", "position_asked": "club",
}  # fmt: skip


@dataclass(frozen=True)
class Told:
    """A notice in words.

    Attributes:
        title: One sentence.
        lines: What else there is to say.
        address: Of the page where it can be acted on, below the board's own.
    """

    title: str
    lines: tuple[str, ...]
    address: str

    @property
    def text(self) -> str:
        """Everything, a line each."""
        return "\n".join((self.title, *self.lines))


def told(notice: Notice, catalogue: Catalogue, speak: Translator) -> Told:
    """Return what a notice says."""
    facts, name = notice.facts, _unit(notice.unit_code, catalogue, speak)
    period = speak.period(facts["period"]) if facts.get("period") else ""
    title = {
        "due": lambda: speak("{name}: figures of {period} are due on {day}", name=name, period=period,
                             day=_day(facts["due_on"], speak)),
        "late": lambda: speak("{name}: figures of {period} are late; they were due on {day}", name=name, period=period,
                              day=_day(facts["due_on"], speak)),
        "returned": lambda: speak("{name}: the submission for {period} was returned", name=name, period=period),
        "accepted": lambda: speak("{name}: the submission for {period} was accepted", name=name, period=period),
        "published": lambda: _published(facts["is_final"], period, speak),
        "rank_fell": lambda: speak("{name} fell from place {before} to place {rank}, {period}", name=name,
                                   before=facts["rank_before"], rank=facts["rank"], period=period),
        "contract_behind": lambda: speak("{name}, {period}: {count} {count:target is|targets are} behind", name=name,
                                         period=period, count=facts["count"]),
        "position_asked": lambda: speak("{name}: a position is asked for by {day}", name=name,
                                        day=_day(facts["answers_by"], speak)),
    }[notice.kind]()  # fmt: skip
    code, query = notice.unit_code, {"lang": speak.language}
    query |= {"unit": code} if code and notice.kind in ("rank_fell", "contract_behind") else {}
    lines = [*facts.get("told", {}).get(speak.language, ()), *_notes(notice, catalogue, speak), *_marks(notice, speak)]
    return Told(title, tuple(lines), f"/{_PAGES[notice.kind]}?{urlencode(query)}")


def _published(is_final: bool, period: str, speak: Translator) -> str:
    title = (
        speak("A new board was published: final result")
        if is_final
        else speak("A new board was published: provisional")
    )
    return f"{title}, {period}" if period else title


def _notes(notice: Notice, catalogue: Catalogue, speak: Translator) -> list[str]:
    """Return what people wrote: about the whole, and about single lines."""
    facts = notice.facts
    names = {item.indicator_code: item.text(speak.language) for item in catalogue.indicators}
    notes = [speak("It was returned; submit it again.")] if facts.get("is_returned") else []
    notes += [speak("Note: {note}", note=facts["note"])] if facts.get("note") else []
    return notes + [f"{names.get(code, code)}: {note}" for code, note in facts.get("lines", {}).items()]


def _marks(notice: Notice, speak: Translator) -> list[str]:
    """Return what is said of figures that are made up, and of samples."""
    facts, marks = notice.facts, []
    if facts.get("is_demonstration") or (facts.get("has_demonstration") and not facts.get("told")):
        marks.append(speak("Demonstration figures.") + " " + speak("They say nothing about any real unit."))
    if facts.get("is_sample"):
        marks.append(
            speak("Sample: it shows how the program works, and is nobody's real programme, pledge or question.")
        )
    return marks


def is_made_up(notice: Notice) -> bool:
    """Tell whether a notice rests on demonstration figures or a sample: for programs, which read no words."""
    return any(notice.facts.get(name) for name in ("is_demonstration", "has_demonstration", "is_sample"))


def kind_names(speak: Translator) -> dict[Kind, str]:
    """Return what the kinds of notices are called."""
    return {
        "due": speak("Figures are due soon"),
        "late": speak("Figures are late"),
        "returned": speak("A submission was returned"),
        "accepted": speak("A submission was accepted"),
        "published": speak("A board was published"),
        "rank_fell": speak("Our place fell"),
        "contract_behind": speak("Targets of the contract are behind"),
        "position_asked": speak("A position is asked for"),
        "digest": speak("Daily digest"),
    }


def state_text(delivery: Delivery, speak: Translator) -> str:
    """Return how far a notice has got by one way, and why no further."""
    states = {
        "waiting": speak("waiting"),
        "sending": speak("on its way"),
        "sent": speak("sent"),
        "given_up": speak("given up after {count} {count:try|tries}", count=delivery.tries),
        "dropped": speak("not sent"),
        "bundled": speak("in the daily digest"),
    }
    reasons = {
        "no_right": speak("the right to it has gone"),
        "overtaken": speak("no longer owed"),
        "switched_off": speak("switched off"),
        "too_old": speak("could not be sent for two weeks"),
        "in_doubt": speak("the server's answer was not heard; it may come twice"),
    }
    is_in_doubt = delivery.state == "waiting" and delivery.doubts
    text, reason = states[delivery.state], reasons.get("in_doubt" if is_in_doubt else delivery.reason, delivery.reason)
    return f"{text} ({reason})" if reason else text


def _unit(unit_code: str | None, catalogue: Catalogue, speak: Translator) -> str:
    found = next((unit for unit in catalogue.units if unit.unit_code == unit_code), None)
    title = unit_title(found, catalogue.block.unit_kind, speak) if found else unit_code or ""
    return title[:1].upper() + title[1:]


def _day(text: str, speak: Translator) -> str:
    return speak.day(date.fromisoformat(text))

"""Hand-ins as those who check them see them: a label, the story, and the steps that are offered."""

from __future__ import annotations

from collections.abc import Callable

from wardstats.core.languages import Translator
from wardstats.intake import checking
from wardstats.intake.queue import OPEN, HandIn, state_names
from wardstats.intake.words import action_names, actor_name, figure_text, moment
from wardstats.intake.workspace import Workspace
from wardstats.ledger import Entry
from wardstats.ledger.access import Action, Actor, may

Step = Callable[..., Entry]


def hand_in_label(item: HandIn, workspace: Workspace, speak: Translator) -> str:
    """Return a hand-in in one line."""
    parts = [workspace.unit_name(item.unit_code, speak.language), speak.period(item.period, is_short=True)]
    parts.append(state_names(speak)[item.state])
    if item.is_late:
        parts.append(speak("late"))
    return " · ".join(parts) + f" ({item.subject.rpartition('-')[2]})"


def step_line(entry: Entry, speak: Translator) -> str:
    """Return one step of a hand-in: when, who and what, and what they said about it."""
    line = f"{moment(entry.at, speak)} · {actor_name(entry, speak)}: {action_names(speak)[entry.action]}"
    return f"{line}\n{entry.note}" if entry.note else line


def line_remarks(entry: Entry, item: HandIn, workspace: Workspace, speak: Translator) -> list[str]:
    """Return what a step says about single lines: figures that were appraised otherwise and why, and notes."""
    indicators = {indicator.indicator_code: indicator for indicator in workspace.catalogue().indicators}
    told = []
    for code, (figure, by) in item.appraised.items():
        if by.number == entry.number and code in indicators:
            found = indicators[code]
            given, own = (
                figure_text(one, found.unit, found.decimals, speak) for one in (item.figures[code][1], figure)
            )
            name = found.text(speak.language)
            told.append(
                speak("{line}: {given} was submitted, {appraised} is appraised. {reason}", line=name, given=given,
                      appraised=own, reason=figure.note)
            )  # fmt: skip
    for code, said in entry.details.get("lines", {}).items():
        told.append(f"{indicators[code].text(speak.language) if code in indicators else code}: {said}")
    return told


def offered_steps(item: HandIn, actor: Actor, speak: Translator) -> list[tuple[Action, str, str, Step]]:
    """Return the steps that somebody may take next with a hand-in, as (action, label, icon, step)."""
    offers: list[tuple[Action, str, str, Step]] = []
    if item.state == "self_scored":
        offers.append(("cross_check", speak("Cross-checked"), ":material/rule:", checking.cross_check))
    if item.state in ("self_scored", "cross_checked"):
        offers.append(("appraise", speak("Appraised"), ":material/fact_check:", checking.appraise))
    if item.state in OPEN:
        offers.append(("return", speak("Return to the ward"), ":material/undo:", checking.give_back))
        offers.append(("accept", speak("Accept"), ":material/verified:", checking.accept))
    if item.state == "accepted":
        offers.append(("unaccept", speak("Take the acceptance back"), ":material/undo:", checking.undo_acceptance))
    return [offer for offer in offers if may(actor, offer[0], item.unit_code)]

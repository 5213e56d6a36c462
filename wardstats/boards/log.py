"""The ledger as a table, and what one entry of it changed."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from wardstats.catalogue.load import Catalogue
from wardstats.core.languages import Translator
from wardstats.intake.words import action_names, actor_name, figure_text, moment, role_names
from wardstats.intake.workspace import Workspace
from wardstats.ledger import Entry
from wardstats.ledger.access import Actor, may
from wardstats.view.headline import status_names


def may_see(actor: Actor, entry: Entry) -> bool:
    """Tell whether somebody may see an entry: all of them, or what is about their ward and about everybody."""
    if entry.unit_code:
        return may(actor, "read_log", entry.unit_code)
    return entry.action in ("publish", "rollback") or may(actor, "read_log", "")


def entry_names(entries: Sequence[Entry], speak: Translator) -> dict[int, str]:
    """Return what each entry is called, by its number, the newest first."""
    actions = action_names(speak)
    return {entry.number: f"{entry.number} · {actions.get(entry.action, entry.action)}" for entry in reversed(entries)}


def log_table(entries: Sequence[Entry], workspace: Workspace, speak: Translator) -> pd.DataFrame:
    """Return entries of the ledger, the newest first."""
    actions, roles = action_names(speak), role_names(speak)
    rows = [
        {
            speak("No."): entry.number,
            speak("When"): moment(entry.at, speak),
            speak("Who"): actor_name(entry, speak),
            speak("As"): roles.get(entry.role, entry.role),
            speak("What"): actions.get(entry.action, entry.action),
            speak("Unit"): workspace.unit_name(entry.unit_code, speak.language) if entry.unit_code else "",
            speak("Period"): speak.period(entry.period, is_short=True) if entry.period else "",
            speak("Figures"): len(entry.changes),
            speak("Note"): " · ".join(dict.fromkeys(filter(None, (entry.note, entry.details.get("reason", ""))))),
        }
        for entry in reversed(entries)
    ]
    return pd.DataFrame(rows)


def change_table(entry: Entry, catalogue: Catalogue, speak: Translator) -> pd.DataFrame:
    """Return what one entry did to each figure: before and after."""
    indicators = {item.indicator_code: item for item in catalogue.indicators}
    statuses, rows = status_names(speak), []
    for change in entry.changes:
        indicator = indicators.get(change.indicator_code)
        decimals, unit = (indicator.decimals, indicator.unit) if indicator else (2, "")
        name = indicator.text(speak.language) if indicator else change.indicator_code
        rows.append(
            {
                speak("Indicator"): name,
                speak("Period"): speak.period(change.period, is_short=True),
                speak("Before"): figure_text(change.before, unit, decimals, speak),
                speak("Status before"): statuses.get(change.before.status, "") if change.before else "–",
                speak("After"): figure_text(change.after, unit, decimals, speak),
                speak("Status after"): statuses.get(change.after.status, "") if change.after else "–",
            }
        )
    return pd.DataFrame(rows)

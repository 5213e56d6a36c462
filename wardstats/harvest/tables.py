"""Harvests and their findings as tables in the reader's language, for the secretariat's page. Knows no page."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

import pandas as pd

from wardstats.catalogue.load import Catalogue
from wardstats.core.languages import Translator
from wardstats.harvest.endpoints import GROUPS, OVERALL
from wardstats.harvest.faults import Finding, Severity
from wardstats.ledger import Entry
from wardstats.view.portal_notes import flag_names


def findings_table(findings: Iterable[Finding], names: Mapping[str, str], speak: Translator) -> pd.DataFrame:
    """Return findings, one a row, as they come.

    Args:
        names: What codes in their places are called: see ``place_names``.
    """
    severities, kinds = severity_names(speak), kind_names(speak)
    rows = [
        (
            severities[found.severity],
            kinds.get(found.code, found.code),
            ", ".join(names.get(part, part) for part in found.place.split(", ")),
            found.said(speak),
        )
        for found in findings
    ]
    return pd.DataFrame(rows, columns=[speak("Severity"), speak("Kind"), speak("Where"), speak("What was found")])


def place_names(catalogue: Catalogue, speak: Translator) -> dict[str, str]:
    """Return the names of groups and indicators by the codes that findings call them by, flags included."""
    themes = {theme.theme_code: theme.text(speak.language) for theme in catalogue.themes}
    groups = {endpoint.name: themes.get(endpoint.group, endpoint.name) for endpoint in GROUPS}
    groups[OVERALL.name] = speak("All themes")
    return (
        groups | {item.indicator_code: item.text(speak.language) for item in catalogue.indicators} | flag_names(speak)
    )


def harvests_table(entries: Iterable[Entry], speak: Translator) -> pd.DataFrame:
    """Return the last harvest of each period, newest period first."""
    latest = {entry.subject: entry for entry in entries if entry.action == "harvest"}
    ordered = sorted(latest.values(), key=lambda entry: (entry.period or "", entry.number), reverse=True)
    rows = [
        {
            speak("Period"): speak.period(entry.period or "", is_short=True),
            speak("Scope"): speak("Provinces") if "provinces" in (entry.subject or "") else speak("Units"),
            speak("As of"): speak.moment(datetime.fromisoformat(entry.details["retrieved_at"]).replace(tzinfo=None)),
            speak("New or changed"): speak.number(len(entry.changes), 0),
            speak("Alarms accepted"): sum(found["severity"] == "alarm" for found in entry.details["findings"]),
            speak("Made by"): entry.details.get("actor_name") or entry.actor,
            speak("Ledger entry"): entry.number,
        }
        for entry in ordered
    ]  # fmt: skip
    return pd.DataFrame(rows)


def severity_names(speak: Translator) -> dict[Severity, str]:
    """Return what each severity is called."""
    return {"refusal": speak("Refused"), "alarm": speak("Alarm"), "note": speak("For information")}


def kind_names(speak: Translator) -> dict[str, str]:
    """Return what each kind of finding is called; docs/harvest.md explains them."""
    units = speak("Units and portal do not match")
    return {
        "answer": speak("The portal's answer cannot be used"),
        "unit_missing": units,
        "unit_renamed": speak("A unit has other accents on the portal"),
        "unit_twice": units,
        "unit_two_names": units,
        "unit_unknown": units,
        "unit_absent": units,
        "unit_same_name": units,
        "metric_missing": speak("A metric is missing"),
        "metric_twice": speak("A metric is there twice"),
        "score_differs": speak("The portal's points differ from the rules"),
        "ratio_differs": speak("The percentage is not that of the counts"),
        "total_differs": speak("Parts do not add up"),
        "group_differs": speak("Parts do not add up"),
        "received_differs": speak("Parts do not add up"),
        "no_score": speak("The portal gives no points"),
        "rules_changed": speak("The portal's rules have changed"),
        "impossible_counts": speak("Counts that cannot be"),
        "jump": speak("A figure jumps"),
        "leapt": speak("A figure jumps"),
        "count_jump": speak("A count jumps"),
        "shrunk": speak("A count has become smaller"),
        "vanished": speak("A figure has vanished"),
        "empty_period": speak("The portal has nothing for the period yet"),
        "wrong_period": speak("The answer may be of another month"),
        "stale": speak("The answer may be of another month"),
        "revised": speak("Changed since it was last read"),
        "flag": speak("Quality flag"),
        "unknown_field": speak("The portal has new fields"),
        "unknown_metric": speak("The portal has new metrics"),
        "no_total": speak("The portal gives no total"),
        "sum_differs": speak("The province's count is not that of its units"),
        "not_over": speak("The period is not over"),
        "units_not_asked": speak("Units that were not asked for"),
        "departments": speak("Departments left out"),
    }

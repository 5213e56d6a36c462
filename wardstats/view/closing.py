"""What a missing figure does in a period: left out until the deadline, worth nothing from then on; and what follows.

Owns the sentences; whether a period has closed was decided when the snapshot was built.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache

import pandas as pd

from wardstats.core.languages import Translator
from wardstats.core.rows import dictionaries
from wardstats.view.view import View


@dataclass(frozen=True)
class Gap:
    """What could become of the place of a unit with gaps while its period is open.

    Attributes:
        closed: Its place if what is missing counted nothing, for all units.
        worst: Its place if its own missing figures turned out worst and the others' best; None where nobody drew it.
    """

    closed: int
    worst: int | None

    def note(self, speak: Translator) -> str:
        """Return it in a few words, for a line below a name."""
        if self.worst is None:
            return speak("as zero {rank}", rank=self.closed)
        return speak("worst {worst}, as zero {rank}", worst=self.worst, rank=self.closed)

    def sentence(self, speak: Translator) -> str:
        """Return it as a sentence."""
        text = speak("would be in place {rank} if what is missing were zero", rank=self.closed)
        return text if self.worst is None else f"{speak('place {worst} at worst', worst=self.worst)}, {text}"


@lru_cache(maxsize=32)
def gaps(view: View) -> dict[str, Gap]:
    """Return the units with gaps in the view's period and theme, by code; empty once the period has closed."""
    rows = dictionaries(view.frame("rank_if_closed", period=view.period, node=view.node))
    return {row["unit_code"]: Gap(row["rank_if_closed"], row["rank_at_worst"]) for row in rows}


def gap_columns(view: View, units: pd.Series) -> dict[str, pd.Series]:
    """Return the same as columns of a table of units; missing where a unit has no gaps."""
    known = gaps(view)
    closed = {code: gap.closed for code, gap in known.items()}
    worst = {code: gap.worst for code, gap in known.items()}
    return {"rank_at_worst": units.map(worst).astype("Int64"), "rank_if_closed": units.map(closed).astype("Int64")}


def counts_nothing(view: View) -> bool:
    """Tell whether a missing figure counts no points in the view's period."""
    return view.rules["missing"] == "zero"


def rule_of_gaps(view: View) -> str:
    """Say what a missing figure does in the view's period, and from when on something else."""
    speak, rules = view.speak, view.rules
    due, has_deadline = view.day(rules["due_on"]), pd.notna(rules["due_on"])
    left_out = speak("A missing figure is left out and the rest counts for the whole; coverage says how much is known.")
    if rules["is_closed"]:
        over = speak("Figures were due by {day}.", day=due)
        if counts_nothing(view):
            return f"{over} {speak('The period has closed: a missing figure counts no points.')}"
        return f"{over} {left_out}"
    if counts_nothing(view):
        return speak("A missing figure counts no points.")
    if has_deadline and rules["missing_after_deadline"] == "zero":
        then = speak("Figures are due by {day}; from then on a missing one counts no points.", day=due)
        return f"{left_out} {then}"
    if has_deadline:
        return f"{left_out} {speak('Figures are due by {day}.', day=due)}"
    return f"{left_out} {speak('No deadline is set after which it would count no points.')}"


def missing_text(view: View, unit_code: str, count: int) -> str:
    """Say how many figures of a unit are missing, and what that does to its place."""
    speak = view.speak
    if not count:
        return speak("No figure is missing")
    told = speak("figures missing: {count}", count=count)
    if counts_nothing(view):
        return f"{told}; {speak('they count no points')}"
    gap = gaps(view).get(unit_code)
    return f"{told}; {gap.sentence(speak)}" if gap else told


def change_of_rules(view: View) -> str:
    """Say what of the rules may differ from the period before: the criteria, or what a missing figure counts."""
    periods, speak = view.frame("ranked_period").set_index("period"), view.speak
    before = view.rules["previous_period"]
    if not isinstance(before, str) or periods["missing"][before] == view.rules["missing"]:
        return speak("Changes of the criteria")
    if int(periods["year"][before]) == int(view.rules["year"]):
        return speak("What a missing figure counts")
    return speak("Changes of the criteria, and of what a missing figure counts")

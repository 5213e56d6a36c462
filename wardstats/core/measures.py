"""The units of measure: how far a value goes, its decimals, what a unit is called and how a value is written with it.

The one table of units; a unit that is not in it is a problem of ``check``.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from math import inf

LARGEST = 1e15  # no figure is larger: from here on not every whole number is told from the next

Text = Callable[[Callable[[str], str]], str]


@dataclass(frozen=True)
class Measure:
    """A unit of measure.

    Attributes:
        name: What it is called in a column, in the reader's language.
        mark: What stands behind a value, its space included; of a percentage the language knows (``percent_sign``).
        low: Smallest value possible.
        high: Largest value possible.
        decimals: The most decimals an indicator can be written with.
    """

    name: Text
    mark: Text = lambda _: ""
    low: float = -inf
    high: float = inf
    decimals: int = 9


MEASURES: Mapping[str, Measure] = {
    "%": Measure(lambda _: "%", lambda _: "%", 0, 100),
    "points": Measure(lambda speak: speak("points"), lambda speak: " " + speak("points"), 0),
    "days": Measure(lambda speak: speak("days"), lambda speak: " " + speak("days"), 0),
    "count": Measure(lambda speak: speak("number"), low=0, decimals=0),
    "yes_no": Measure(lambda speak: speak("yes or no"), low=0, high=1, decimals=0),
    "m2_per_person": Measure(lambda speak: speak("m² per person"), lambda _: " m²", 0),
    "number": Measure(lambda speak: speak("number")),  # of an index that has no unit of its own
}


def measure_of(unit: str) -> Measure:
    """Return a unit of measure; one of an old snapshot that is no longer known stands for itself."""
    return MEASURES.get(unit) or Measure(lambda _: unit.replace("_", " "))

"""The data that pieces of HTML are made of."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Card:
    """A small box: what it is about, the finding, and what stands behind it.

    Attributes:
        change: 1 where the finding is a rise, -1 a fall, 0 neither; sets the colour of ``mark``.
        mark: Text such as ▲ 2 after the finding, or empty.
    """

    topic: str
    finding: str
    detail: str
    mark: str = ""
    change: int = 0


@dataclass(frozen=True)
class Part:
    """One line of a list of reasons: what, by how much (a signed number), and that number in the reader's words.

    Attributes:
        href: The card of the indicator it is about; empty where it is about none.
    """

    label: str
    amount: float
    text: str
    href: str = ""


@dataclass(frozen=True)
class Lesson:
    """One indicator to learn on.

    Attributes:
        indicator: Its name.
        own: The unit's figure in words, and what the gap costs.
        teachers: (who, why in numbers, link to the comparison with it).
        href: The indicator's card.
    """

    indicator: str
    own: str
    teachers: list[tuple[str, str, str]]
    href: str = ""

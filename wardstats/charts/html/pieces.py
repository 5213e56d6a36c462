"""The data that pieces of HTML are made of."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date


@dataclass(frozen=True)
class Link:
    """A way to another place.

    Attributes:
        is_page: It leads to a page of the dashboard, and opens in the same tab.
    """

    text: str
    href: str
    is_page: bool = False


@dataclass(frozen=True)
class Card:
    """A small box: what it is about, the finding, and what stands behind it.

    Attributes:
        change: 1 where the finding is a rise, -1 a fall, 0 neither; sets the colour of ``mark``.
        mark: Text such as ▲ 2 after the finding, or empty.
        glyph: The sign of the unit that the card is about, and ``colour`` the unit's; empty for all other cards.
        href: Where a click on the card leads; empty where it speaks of nothing that has a page.
    """

    topic: str
    finding: str
    detail: str
    mark: str = ""
    change: int = 0
    glyph: str = ""
    colour: str = ""
    href: str = ""


@dataclass(frozen=True)
class Part:
    """One line of a list of reasons: what, by how much (a signed number), and that number in the reader's words.

    Attributes:
        href: The card of the indicator it is about; empty where it is about none.
        mark: That it rests on made-up figures, in a word; else empty.
    """

    label: str
    amount: float
    text: str
    href: str = ""
    mark: str = ""

    @property
    def marked_label(self) -> str:
        """The label with its mark."""
        return f"{self.label} · {self.mark}" if self.mark else self.label


@dataclass(frozen=True)
class Lesson:
    """One indicator to learn on.

    Attributes:
        indicator: Its name.
        own: The unit's figure in words, and what the gap costs.
        teachers: (who, why in numbers, link to the comparison with it).
        href: The indicator's card.
        mark: That it rests on made-up figures, in a word; else empty.
    """

    indicator: str
    own: str
    teachers: list[tuple[str, str, str]]
    href: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Entry:
    """One entry of the programme, in the reader's words.

    Attributes:
        when: Day and time, or the days from and to.
        is_due: It is open and its day has come or has passed.
        left: How far off it is, in words.
    """

    activity_id: str
    title: str
    starts_on: date
    ends_on: date
    when: str
    sign: str
    status: str
    status_name: str
    owner: str
    place: str
    outcome: str
    is_sample: bool
    is_due: bool
    left: str


@dataclass(frozen=True)
class Title:
    """A title that is proposed.

    Attributes:
        names: Who gets it, in the order of the ranking.
        left_out: Who has the place but too few figures.
        mark: That the ranking rests on made-up figures, in a word; else empty.
    """

    name: str
    rule: str
    names: list[str]
    left_out: list[str]
    is_sample: bool
    mark: str


@dataclass(frozen=True)
class Signature:
    """Whether a member has signed, when, and by which office; ``href`` is its page."""

    unit_code: str
    unit_title: str
    signed_on: date | None
    signed_by: str
    target_count: int
    is_sample: bool
    href: str = ""


@dataclass(frozen=True)
class Item:
    """One line of a checklist.

    Attributes:
        met: How many members' figures meet it, in words; empty where no indicator answers it.
        units: Names of these members.
        mark: That their figures are made up, in a word; else empty.
        href: The page of that indicator, or empty.
    """

    text: str
    met: str
    units: str
    is_sample: bool
    mark: str = ""
    href: str = ""


@dataclass(frozen=True)
class ModelCard:
    """One model with its checklist."""

    model_code: str
    name: str
    definition: str
    is_definition_sample: bool
    is_sample: bool
    counts: str
    items: list[Item]


@dataclass(frozen=True)
class PracticeCard:
    """One practice in the reader's words.

    Attributes:
        gain: After less before, counted so that more is better; None where a figure is missing.
        result: Both figures in one line, with what the indicator is called.
        is_demonstration: The result rests on made-up figures.
        indicator_href: The page of the indicator that it is measured by.
    """

    practice_id: str
    unit_code: str
    unit_name: str
    unit_title: str
    title: str
    problem: str
    action: str
    by_whom: str
    contact: str
    cost: str
    indicator_code: str
    indicator_name: str
    before: float | None
    after: float | None
    gain: float | None
    result: str
    model_name: str
    link: str
    path: str
    published: str
    is_sample: bool
    is_demonstration: bool
    words: str
    indicator_href: str = ""


@dataclass(frozen=True)
class Suggestion:
    """A practice for a ward.

    Attributes:
        points: Points the ward would gain if its figure became what the practice reached.
        reason: The same in words and numbers.
    """

    card: PracticeCard
    points: float
    reason: str


@dataclass(frozen=True)
class Learning:
    """What a ward can learn, best fit first; ``weak_on`` are the indicators it is weak on that no practice helps."""

    headline: str
    suggestions: list[Suggestion]
    weak_on: list[str]


@dataclass(frozen=True)
class Stance:
    """Where one member stands."""

    unit_name: str
    stance: str
    stance_name: str
    text: str
    is_sample: bool


@dataclass(frozen=True)
class TopicCard:
    """One topic.

    Attributes:
        state: How far it is, with the time left, in words.
        stage: See ``catalogue.consultation.Stage``.
        answers_by: The last day for answers, or None.
        tally: How many members stand where, in words.
        silent: Members that have not answered, of ``member_count``.
        decided: When, and by whom.
    """

    topic_id: str
    field: str
    question: str
    state: str
    stage: str
    answers_by: date | None
    tally: str
    positions: list[Stance]
    silent: list[str]
    member_count: int
    decision: str
    reason: str
    decided: str
    is_sample: bool

"""One typed, frozen record for each kind of line in the club's files. Texts stand in a column for each language.

Only the block's own language is asked for; readers of another see its text where a translation is missing.
``is_sample`` marks what shows how the page works and is nobody's real programme, pledge or practice: it is said
wherever the line shows.
"""

from __future__ import annotations

from datetime import date, datetime, time
from typing import Annotated, Literal, Self, get_args
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, model_validator
from pydantic_core import PydanticCustomError

from wardstats.core.records import (
    Code,
    Flag,
    OptionalCode,
    OptionalDate,
    OptionalNumber,
    OptionalText,
    PeriodText,
    Record,
    Text,
    empty_as_none,
    in_languages,
    inside_folder,
)

ActivityStatus = Literal["planned", "under_way", "done", "postponed", "cancelled"]
DocumentKind = Literal["decision", "regulation", "criteria", "plan", "contract", "minutes", "law", "report"]
Stage = Literal["pilot", "adopted", "recognised", "stopped"]
Stance = Literal["agree", "amend", "disagree", "abstain"]
Field_ = Literal[
    "planning", "land", "urban_finance", "infrastructure", "urban_management", "digital_transformation", "environment"
]
STAGES: tuple[Stage, ...] = get_args(Stage)
STANCES: tuple[Stance, ...] = get_args(Stance)


def _moment(value: object) -> object:
    """Read a day, or a day and a time of the block's own clock: 2026-11-14 or 2026-11-14 08:00."""
    if not isinstance(value, str):
        return value
    try:
        return date.fromisoformat(value) if len(value) == 10 else datetime.fromisoformat(value).replace(tzinfo=None)
    except ValueError as error:
        message = "a day such as 2026-11-14, or a day and time such as 2026-11-14 08:00"
        raise PydanticCustomError("moment", message) from error


def _web_address(text: str) -> str:
    if urlsplit(text).scheme not in ("http", "https"):
        raise PydanticCustomError("web_address", "an address that begins with https:// or http://")
    return text


Moment = Annotated[date | datetime, BeforeValidator(_moment)]
OptionalMoment = Annotated[Moment | None, BeforeValidator(empty_as_none)]
OptionalLink = Annotated[Annotated[Text, AfterValidator(_web_address)] | None, BeforeValidator(empty_as_none)]
OptionalPath = Annotated[Annotated[Text, AfterValidator(inside_folder)] | None, BeforeValidator(empty_as_none)]


class Activity(in_languages("title", optional=("owner", "place", "outcome"))):
    """activities.csv: one entry of the block's programme.

    Attributes:
        starts: A day, or a day and time in Vietnam.
        ends: Likewise; the last day itself where it is a day. The same day where it is empty.
        owner_unit: The member that is responsible, or ``owner`` in words.
    """

    activity_id: Code
    starts: Moment
    status: ActivityStatus
    is_sample: Flag
    source_id: Code
    ends: OptionalMoment = None
    owner_unit: OptionalCode = None

    @model_validator(mode="after")
    def _order(self) -> Self:
        if self.ends is not None:
            if isinstance(self.ends, datetime) != isinstance(self.starts, datetime):
                raise PydanticCustomError("order", "starts and ends both with a time, or both without")
            if self.ends < self.starts:
                raise PydanticCustomError("order", "an end that is not before the start")
        return self

    @property
    def is_all_day(self) -> bool:
        """It is given by the day."""
        return not isinstance(self.starts, datetime)

    @property
    def starts_at(self) -> datetime:
        """When it begins, on the block's own clock."""
        return self.starts if isinstance(self.starts, datetime) else datetime.combine(self.starts, time())

    @property
    def ends_at(self) -> datetime | None:
        """When it ends, or None."""
        if self.ends is None or isinstance(self.ends, datetime):
            return self.ends
        return datetime.combine(self.ends, time())


class Document(in_languages("title")):
    """documents.csv: a regulation, decision, criteria set ... with a link, or a file in the data folder."""

    document_id: Code
    kind: DocumentKind
    is_sample: Flag
    source_id: Code
    number: OptionalText = None
    issued_on: OptionalDate = None
    issuer: OptionalText = None
    link: OptionalLink = None
    path: OptionalPath = None


class Model(in_languages("name", optional=("definition",))):
    """models.csv: a model that the block builds and replicates. Its name may be a fact while its definition is not."""

    model_code: Code
    is_sample: Flag
    source_id: Code
    is_definition_sample: Flag = False


class ModelCriterion(in_languages("text")):
    """model_criteria.csv: one line of a model's checklist; with an indicator and a limit, the figures answer it."""

    model_code: Code
    item: Annotated[int, Field(ge=1)]
    is_sample: Flag
    source_id: Code
    indicator_code: OptionalCode = None
    at_least: OptionalNumber = None
    at_most: OptionalNumber = None

    @model_validator(mode="after")
    def _limit(self) -> Self:
        if (self.indicator_code is None) != (self.at_least is None and self.at_most is None):
            raise PydanticCustomError("limit", "an indicator_code with at_least or at_most, or none of the three")
        return self


class Adoption(Record):
    """adoptions.csv: a ward began to pilot a model, adopted it, was recognised for it, or stopped."""

    unit_code: Code
    model_code: Code
    stage: Stage
    since: date
    is_sample: Flag
    source_id: Code
    evidence: OptionalText = None
    link: OptionalLink = None


class Practice(in_languages("title", "problem", "action", optional=("by_whom", "contact"))):
    """practices.csv: what a ward did about a problem. The result is looked up: an indicator, before and after."""

    practice_id: Code
    unit_code: Code
    indicator_code: Code
    period_before: PeriodText
    period_after: PeriodText
    is_sample: Flag
    source_id: Code
    cost_vnd: Annotated[Annotated[int, Field(ge=0)] | None, BeforeValidator(empty_as_none)] = None
    model_code: OptionalCode = None
    link: OptionalLink = None
    path: OptionalPath = None
    published_on: OptionalDate = None


class Topic(in_languages("question", optional=("decision", "reason", "decided_by"))):
    """topics.csv: a question on which members are consulted, what was decided, why, and by whom."""

    topic_id: Code
    field: Field_
    opened_on: date
    is_sample: Flag
    source_id: Code
    answers_by: OptionalDate = None
    decided_on: OptionalDate = None


class Decision(in_languages(optional=("decision", "reason", "decided_by"))):
    """settled/decisions.csv: what was decided in the program on a topic; without a text, that it was taken back."""

    topic_id: Code
    decided_on: OptionalDate = None


class Withdrawn(Record):
    """settled/withdrawn.csv: a position that was withdrawn in the program."""

    topic_id: Code
    unit_code: Code


class Position(in_languages(optional=("text",))):
    """positions.csv: where one member stands on a topic."""

    topic_id: Code
    unit_code: Code
    stance: Stance
    is_sample: Flag
    source_id: Code
    given_on: OptionalDate = None

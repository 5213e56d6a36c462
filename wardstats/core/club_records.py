"""One typed, frozen record for each kind of line in the club's files. Texts stand in three columns, _vi, _en and _hi.

Only Vietnamese is asked for; where a translation is missing, readers see the Vietnamese text. ``is_sample`` marks what
shows how the page works and is nobody's real programme, pledge or practice: it is said wherever the line shows.
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
    OptionalNumber,
    OptionalText,
    PeriodText,
    Record,
    Text,
    empty_as_none,
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
OptionalDate = Annotated[date | None, BeforeValidator(empty_as_none)]
OptionalLink = Annotated[Annotated[Text, AfterValidator(_web_address)] | None, BeforeValidator(empty_as_none)]
OptionalPath = Annotated[Annotated[Text, AfterValidator(inside_folder)] | None, BeforeValidator(empty_as_none)]


class Activity(Record):
    """activities.csv: one entry of the block's programme.

    Attributes:
        starts: A day, or a day and time in Vietnam.
        ends: Likewise; the last day itself where it is a day. The same day where it is empty.
        owner_unit: The member that is responsible, or ``owner_vi`` in words.
    """

    activity_id: Code
    title_vi: Text
    starts: Moment
    status: ActivityStatus
    is_sample: Flag
    source_id: Code
    title_en: OptionalText = None
    title_hi: OptionalText = None
    ends: OptionalMoment = None
    owner_unit: OptionalCode = None
    owner_vi: OptionalText = None
    owner_en: OptionalText = None
    owner_hi: OptionalText = None
    place_vi: OptionalText = None
    place_en: OptionalText = None
    place_hi: OptionalText = None
    outcome_vi: OptionalText = None
    outcome_en: OptionalText = None
    outcome_hi: OptionalText = None

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


class Document(Record):
    """documents.csv: a regulation, decision, criteria set ... with a link, or a file in the data folder."""

    document_id: Code
    kind: DocumentKind
    title_vi: Text
    is_sample: Flag
    source_id: Code
    number: OptionalText = None
    issued_on: OptionalDate = None
    issuer: OptionalText = None
    title_en: OptionalText = None
    title_hi: OptionalText = None
    link: OptionalLink = None
    path: OptionalPath = None


class Model(Record):
    """models.csv: a model that the block builds and replicates. Its name may be a fact while its definition is not."""

    model_code: Code
    name_vi: Text
    is_sample: Flag
    source_id: Code
    name_en: OptionalText = None
    name_hi: OptionalText = None
    definition_vi: OptionalText = None
    definition_en: OptionalText = None
    definition_hi: OptionalText = None
    is_definition_sample: Flag = False


class ModelCriterion(Record):
    """model_criteria.csv: one line of a model's checklist; with an indicator and a limit, the figures answer it."""

    model_code: Code
    item: Annotated[int, Field(ge=1)]
    text_vi: Text
    is_sample: Flag
    source_id: Code
    text_en: OptionalText = None
    text_hi: OptionalText = None
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


class Practice(Record):
    """practices.csv: what a ward did about a problem. The result is looked up: an indicator, before and after."""

    practice_id: Code
    unit_code: Code
    title_vi: Text
    problem_vi: Text
    action_vi: Text
    indicator_code: Code
    period_before: PeriodText
    period_after: PeriodText
    is_sample: Flag
    source_id: Code
    title_en: OptionalText = None
    title_hi: OptionalText = None
    problem_en: OptionalText = None
    problem_hi: OptionalText = None
    action_en: OptionalText = None
    action_hi: OptionalText = None
    by_whom_vi: OptionalText = None
    by_whom_en: OptionalText = None
    by_whom_hi: OptionalText = None
    contact_vi: OptionalText = None
    contact_en: OptionalText = None
    contact_hi: OptionalText = None
    cost_vnd: Annotated[Annotated[int, Field(ge=0)] | None, BeforeValidator(empty_as_none)] = None
    model_code: OptionalCode = None
    link: OptionalLink = None
    path: OptionalPath = None
    published_on: OptionalDate = None


class Topic(Record):
    """topics.csv: a question on which members are consulted, and what was decided."""

    topic_id: Code
    field: Field_
    question_vi: Text
    opened_on: date
    is_sample: Flag
    source_id: Code
    question_en: OptionalText = None
    question_hi: OptionalText = None
    answers_by: OptionalDate = None
    decision_vi: OptionalText = None
    decision_en: OptionalText = None
    decision_hi: OptionalText = None
    decided_on: OptionalDate = None


class Position(Record):
    """positions.csv: where one member stands on a topic."""

    topic_id: Code
    unit_code: Code
    stance: Stance
    is_sample: Flag
    source_id: Code
    text_vi: OptionalText = None
    text_en: OptionalText = None
    text_hi: OptionalText = None
    given_on: OptionalDate = None

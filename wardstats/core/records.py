"""One typed, frozen record for each kind of line in a data folder. Unknown fields are errors.

The records check what one line can tell by itself; ``catalogue`` checks what takes more than one line.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from datetime import date, timedelta
from pathlib import PurePosixPath
from typing import Annotated, Any, ClassVar, Literal, Self

from pydantic import (
    AfterValidator,
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationInfo,
    create_model,
    field_validator,
    model_validator,
)
from pydantic_core import PydanticCustomError

from wardstats.core.languages import LANGUAGES, Translator, translator
from wardstats.core.measures import LARGEST, MEASURES
from wardstats.core.periods import Kind, Period, parse_period
from wardstats.core.vocabulary import Aggregation, IfEmpty, Imputation, Missing, Rule, Treatment, limits_wanted

ROOT = "total"  # code of the node that all themes add up to

Status = Literal["official", "verified", "reported", "demonstration"]
STATUSES: tuple[Status, ...] = ("demonstration", "reported", "verified", "official")  # weakest first
Pace = Literal["level", "hold", "year_to_date", "sum"]


def _composed(text: str) -> str:
    if unicodedata.normalize("NFC", text) != text:
        raise PydanticCustomError("not_nfc", "text in composed form (Unicode NFC)")
    return text


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise PydanticCustomError("finite_number", "a finite number")
    if abs(number) > LARGEST:
        raise PydanticCustomError("largest_number", "a number of at most 1e+15")
    return number


def _period(text: str) -> str:
    try:
        parse_period(text)
    except ValueError as error:
        raise PydanticCustomError("period", "a year (2026), quarter (2026-Q3) or month (2026-10)") from error
    return text


def _unit_of_measure(text: str) -> str:
    if text not in MEASURES:
        raise PydanticCustomError("unit_of_measure", "a known unit of measure")
    return text


def _known_language(code: str) -> str:
    if code not in LANGUAGES:
        raise PydanticCustomError("language", f"one of {', '.join(map(repr, LANGUAGES))}")  # type: ignore[arg-type]
    return code


def _asked_for(text: str | None, info: ValidationInfo) -> str | None:
    """Refuse a text that is missing in the block's own language."""
    if text is None and info.context and str(info.field_name).split("_")[-1] == info.context["language"]:
        raise PydanticCustomError("no_text", "a text")
    return text


def inside_folder(text: str) -> str:
    """Let the path of a file pass that lies inside the data folder."""
    path = PurePosixPath(text)
    if path.is_absolute() or ".." in path.parts:
        raise PydanticCustomError("outside", "a file inside the data folder")
    return text


def with_point(text: str, has_commas: bool) -> str | None:
    """Return a number with a point before its decimals; None where it has two meanings.

    Args:
        text: As it stands in a file.
        has_commas: Other numbers of the file show that its commas stand before decimals: then 1.234 is unclear, which
            may be 1234; without that it is 1,234.
    """
    if re.fullmatch(r"[+-]?[1-9]\d{0,2}" + (r"(\.\d{3})+" if has_commas else r",\d{3}"), text):
        return None
    return text.replace(",", ".") if re.fullmatch(r"[+-]?\d*,\d+", text) else text


def _with_point(value: Any, info: ValidationInfo) -> Any:
    if not isinstance(value, str):
        return value
    found = with_point(value, bool(info.context and info.context.get("has_commas")))
    if found is None:
        raise PydanticCustomError("two_meanings", "a number that can be read in one way only")
    return found


def empty_as_none(value: object) -> object:
    """Take an empty cell for nothing."""
    return None if value == "" else value


Text = Annotated[str, StringConstraints(min_length=1, strip_whitespace=True), AfterValidator(_composed)]
Code = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")]
Number = Annotated[float, BeforeValidator(_with_point), AfterValidator(_finite)]
PeriodText = Annotated[str, AfterValidator(_period)]
Optional_ = BeforeValidator(empty_as_none)
Flag = Annotated[bool, BeforeValidator(lambda value: False if value == "" else value)]  # an empty cell is a no
OptionalText = Annotated[Text | None, Optional_]
AskedText = Annotated[OptionalText, AfterValidator(_asked_for)]
OptionalCode = Annotated[Code | None, Optional_]
OptionalNumber = Annotated[Number | None, Optional_]
OptionalDate = Annotated[date | None, Optional_]


class Record(BaseModel):
    """Base of all records: frozen, and an unknown field is an error.

    Attributes:
        texts: Those of its texts that stand in a column for each language; see ``in_languages``.
        texts_asked_for: Those that must be there in the block's own language.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")
    texts: ClassVar[tuple[str, ...]] = ()
    texts_asked_for: ClassVar[tuple[str, ...]] = ()

    def text(self, language: str, name: str | None = None) -> str:
        """Return a text in a language, the first of its texts if no other is named; empty where there is none."""
        return getattr(self, column_of(self.texts[0] if name is None else name, language)) or ""

    def by_language(self, name: str | None = None) -> dict[str, str | None] | None:
        """Return a text in each language, or None where it is in none."""
        texts = {language: self.text(language, name) or None for language in LANGUAGES}
        return texts if any(texts.values()) else None

    def row(self) -> dict[str, Any]:
        """Return the record as a row of a snapshot: a text is one value, by language."""
        columns = {column_of(name, language) for name in self.texts for language in LANGUAGES}
        return self.model_dump(exclude=columns) | {name: self.by_language(name) for name in self.texts}

    def filled(self, language: str) -> Self:
        """Return the record with each text that is missing in a language as it is in the one given."""
        columns = {column_of(name, other): name for name in self.texts for other in LANGUAGES}
        missing = {key: self.text(language, name) for key, name in columns.items() if getattr(self, key) is None}
        return self.model_copy(update={key: text for key, text in missing.items() if text})

    @model_validator(mode="after")
    def _fill(self, info: ValidationInfo) -> Self:
        return self.filled(info.context["language"]) if info.context and self.texts else self


def column_of(name: str, language: str) -> str:
    """Return the column in which a text stands in a language: name_vi."""
    return f"{name}_{language}" if name else language


def in_each_language(name: str, words: Callable[[Translator], str]) -> dict[str, str]:
    """Return the columns of a text of the program's own."""
    return {column_of(name, language): words(translator(language)) for language in LANGUAGES}


def in_languages(*asked_for: str, optional: tuple[str, ...] = ()) -> type[Record]:
    """Return a base for records of which some texts stand in a column for each language.

    In the block's own language, which a reader of files gives as ``context``, those asked for must be there; in others
    each may be absent or empty, and is then taken from there.
    """
    kinds = dict.fromkeys(asked_for, AskedText) | dict.fromkeys(optional, OptionalText)
    fields: dict[str, Any] = {
        column_of(name, language): (kind, Field(None, validate_default=True))
        for name, kind in kinds.items()
        for language in LANGUAGES
    }
    base = create_model("Texts", __base__=Record, __module__=__name__, **fields)
    base.texts, base.texts_asked_for = tuple(kinds), asked_for
    return base


class LocalText(in_languages("")):
    """A text in the languages of the interface, each under its code."""


class Scoring(Record):
    """How the top-level themes become the total.

    Attributes:
        aggregation: How top-level themes combine.
        points_decimals: Decimals each indicator's points are rounded to, as some official indices do; None = not.
        min_coverage: Share of the weight (0 to 1) below which a score is withheld; None = never.
        leading_coverage: Share of the weight (0 to 1) that the block's figures must cover, as the mean of its members,
            before a period leads the boards, is compared with another or counts in a year.
        imputation: How missing figures are filled in; none by default.
        treatment: What is done to outliers of relative indicators; none by default.
        winsorise_max: So many points of an indicator are pulled in at most before the logarithm is tried.
        skew_limit: An indicator is treated when its skewness and its kurtosis reach their limits.
        kurtosis_limit: See skew_limit.
    """

    aggregation: Aggregation = "sum"
    points_decimals: int | None = Field(default=None, ge=0, le=9)
    min_coverage: float | None = Field(default=None, ge=0, le=1)
    leading_coverage: float = Field(default=0.6, ge=0, le=1)
    imputation: Imputation = "none"
    treatment: Treatment = "none"
    winsorise_max: int = Field(default=5, ge=0)
    skew_limit: float = Field(default=2.0, gt=0)
    kurtosis_limit: float = Field(default=3.5, gt=0)


class Robustness(Record):
    """How rank ranges are found.

    Attributes:
        draws: Draws of the weights; 0 leaves the ranges out.
        spread: Each declared weight moves by this share up or down.
        seed: The same seed gives the same ranges.
        periods: Ranges for all ranked periods, or only for the latest that leads the boards (large blocks).
    """

    draws: int = Field(default=10_000, ge=0, le=1_000_000)
    spread: float = Field(default=0.25, gt=0, lt=1)
    seed: int = 766
    periods: Literal["all", "latest"] = "all"


class Award(Record):
    """A title that is proposed at the end of a year, for the first so many places of the ranking.

    Attributes:
        places: Down to which place.
        from_place: From which place on.
        min_coverage: Share of the figures (0 to 1) that must be there.
        is_sample: Not a rule that the block has adopted.
    """

    name: LocalText
    places: int = Field(ge=1)
    from_place: int = Field(default=1, ge=1)
    min_coverage: float = Field(default=0, ge=0, le=1)
    is_sample: bool = False


class Year(Record):
    """What holds in one year of the block.

    Attributes:
        criteria: The criteria file, relative to the folder.
        is_sample: The criteria are a sample, not adopted ones; said wherever they show.
        missing: What a missing figure does to the score before the deadline of its period: zero, or renormalise (the
            others take over its weight).
        missing_after_deadline: What it does once the period has closed.
        total_points: What the criteria's points must add up to, or None.
        head_since: When the head unit took over, or None.
        deputy_unit: Who stands in for the head, or None.
        hand_in_days: So many days after a period ends its figures are due; None: by the deadline of the year, if one.
        awards: Titles that are proposed at the end of the year; empty where no rule is configured.
    """

    criteria: Annotated[Text, AfterValidator(inside_folder)]
    missing: Missing
    is_sample: bool
    head_unit: Code | None = None
    decision: Text | None = None
    missing_after_deadline: Missing = "zero"
    deadline: date | None = None
    total_points: Number | None = Field(default=None, gt=0)
    source_id: Code | None = None
    head_since: date | None = None
    deputy_unit: Code | None = None
    awards: list[Award] = []
    hand_in_days: int | None = Field(default=None, ge=0, le=366)


class Band(Record):
    """A reading of a score by its share of the points that can be had.

    Attributes:
        name: What the band is called.
        above: Its lower limit in percent of those points, itself not in the band; the lowest band takes all the rest.
        source_id: Who set it.
    """

    name: LocalText
    above: Number = Field(ge=0, lt=100)
    source_id: Code


class Boundaries(Record):
    """Boundaries for the map: a file, folder or ZIP, relative to the data folder.

    Attributes:
        key: Their column of unit codes; found by itself where none is named.
    """

    path: Text
    key: Text | None = None
    source_id: Code | None = None


class Block(Record):
    """block.toml: the block's name, its years, and how it is scored.

    ``hand_in_days`` holds in the years that name neither such days nor a deadline.

    Attributes:
        two_persons: A hand-in is accepted only after somebody else has cross-checked or appraised it.
    """

    name: LocalText
    default_language: Annotated[str, AfterValidator(_known_language)] = LANGUAGES[0]
    frequency: Kind
    years: dict[Annotated[str, StringConstraints(pattern=r"^[12]\d{3}$")], Year] = Field(min_length=1)
    hand_in_days: int | None = Field(default=None, ge=0, le=366)
    club_name: LocalText | None = None
    unit_kind: LocalText | None = None
    clusters: dict[Code, LocalText] = {}
    bands: list[Band] = []
    scoring: Scoring = Scoring()
    robustness: Robustness = Robustness()
    boundaries: Boundaries | None = None
    two_persons: bool = False

    def due_on(self, period: Period) -> date | None:
        """Return the last day for a period's figures; None: it has no deadline, and never closes."""
        rules = self.years.get(str(period.year))
        if rules is None or period.kind != self.frequency:
            return None
        if rules.hand_in_days is None and rules.deadline is not None:
            return max(rules.deadline, period.ends_on)
        days = self.hand_in_days if rules.hand_in_days is None else rules.hand_in_days
        return None if days is None else period.ends_on + timedelta(days=days)

    def head_on(self, day: date) -> str | None:
        """Return the unit that heads the block on a day, a hand-over included; None where it is not known."""
        for year in (day.year, day.year - 1):
            rules = self.years.get(str(year))
            if rules is None or rules.head_since is None or rules.head_since <= day:
                return rules.head_unit if rules else None
        return None

    @model_validator(mode="after")
    def _different_bands(self) -> Self:
        if len({band.above for band in self.bands}) < len(self.bands):
            raise PydanticCustomError("bands", "bands whose limits (above) differ")
        return self


class Unit(in_languages("name")):
    """units.csv: a ward, commune, province or country. Area in km2, coordinates in degrees (WGS 84).

    Attributes:
        is_member: It is ranked. One that has left says false, and until when it was one.
        member_from: First day as a member; a period is ranked with those who are members on its last day.
        member_to: Last day as a member.
    """

    unit_code: Code
    kind: Text
    cluster: OptionalCode
    is_member: bool
    area_km2: Annotated[Annotated[Number, Field(gt=0)] | None, Optional_]
    population: Annotated[Annotated[int, Field(ge=0)] | None, Optional_]
    lat: Annotated[Annotated[Number, Field(ge=-90, le=90)] | None, Optional_]
    lon: Annotated[Annotated[Number, Field(ge=-180, le=180)] | None, Optional_]
    label_lat: Annotated[Annotated[Number, Field(ge=-90, le=90)] | None, Optional_]
    label_lon: Annotated[Annotated[Number, Field(ge=-180, le=180)] | None, Optional_]
    source_id: Code
    note: OptionalText = None
    merged_from_vi: OptionalText = None
    member_from: OptionalDate = None
    member_to: OptionalDate = None

    @model_validator(mode="after")
    def _membership(self) -> Self:
        if self.member_from and self.member_to and self.member_to < self.member_from:
            raise PydanticCustomError("membership", "a member_to that is not before member_from")
        if self.member_from and not self.member_to and not self.is_member:
            raise PydanticCustomError("membership", "a member_to beside member_from, or is_member true")
        return self


class Theme(in_languages("name")):
    """themes.csv: a theme or sub-theme. Its weight multiplies its score in its parent."""

    theme_code: Code
    parent_code: OptionalCode
    weight: Annotated[Number, Field(gt=0)]
    aggregation: Aggregation
    position: int
    colour: Annotated[Annotated[str, StringConstraints(pattern=r"^#[0-9a-fA-F]{6}$")] | None, Optional_]
    icon: OptionalText


class Indicator(in_languages("name", "definition")):
    """indicators.csv: what is measured, in which unit, how often. A ratio in % is 100 x numerator / denominator.

    Attributes:
        owner: The office that answers for its figures; empty where nobody said.
    """

    indicator_code: Code
    theme_code: Code
    unit: Annotated[Text, AfterValidator(_unit_of_measure)]
    frequency: Kind
    decimals: Annotated[int, Field(ge=0, le=9)]
    source_id: Code
    owner: OptionalText = None

    @field_validator("decimals")
    @classmethod
    def _decimals_of_the_unit(cls, decimals: int, info: ValidationInfo) -> int:
        unit = info.data.get("unit")
        if unit and decimals > (most := MEASURES[unit].decimals):
            raise PydanticCustomError("decimals", "at most {most}, as of {unit}", {"most": most, "unit": unit})
        return decimals


class Criterion(Record):
    """criteria/<year>.csv: how an indicator's value becomes points.

    Attributes:
        max_points: The most points; what a ``sum`` of the theme weighs it with.
        zero_at: Absolute rules: the value worth nothing, in the indicator's unit. Relative rules: the lower end of the
            range of points (zscore: the mean), 0 if empty.
        full_at: Absolute rules: the value worth everything. Relative rules: the upper end (zscore: the spread),
            max_points if empty.
        direction: Relative rules: 1 where more is better (as if empty), -1 where less is.
        if_empty: What a 0/0 ratio gets.
        value_decimals: Decimals the value is rounded to before the rule (a quirk of some official indices), or None.
    """

    indicator_code: Code
    max_points: Annotated[Number, Field(gt=0)]
    rule: Rule
    zero_at: OptionalNumber
    full_at: OptionalNumber
    weight: Annotated[Annotated[Number, Field(gt=0)] | None, Optional_]
    if_empty: IfEmpty
    note: OptionalText
    value_decimals: Annotated[Annotated[int, Field(ge=0, le=9)] | None, Optional_] = None
    direction: Annotated[Annotated[int, Field(ge=-1, le=1)] | None, Optional_] = None

    @model_validator(mode="after")
    def _limits(self) -> Self:
        wanted = limits_wanted(self.rule, self.zero_at, self.full_at)
        if self.rule == "target" and self.zero_at is None:
            wanted = "zero_at, which the rule target needs"
        if wanted:
            raise PydanticCustomError("limits", "{wanted}", {"wanted": wanted})
        return self


class Adjustment(Record):
    """adjustments.csv: a bonus (+) or penalty (-) on a unit's total in one period."""

    unit_code: Code
    period: PeriodText
    points: Number
    reason: Text
    source_id: Code


class Target(Record):
    """targets.csv: what a unit signed for a year in the emulation contract, in the indicator's unit.

    Attributes:
        signed_on: Empty where it is proposed and not signed yet.
        signed_by: The office that signed.
        pace: How the year leads to it: from where the indicator stood (level, as if empty), held all year (hold), a
            count since 1 January (year_to_date), or figures that add up over the year (sum). See docs/club.md.
        is_sample: It shows how the page works; nobody signed it.
    """

    unit_code: Code
    indicator_code: Code
    year: Annotated[int, Field(ge=1900, le=2999)]
    target: Number
    signed_on: Annotated[date | None, Optional_]
    signed_by: OptionalText = None
    pace: Annotated[Pace, BeforeValidator(lambda value: "level" if value == "" else value)] = "level"
    is_sample: Flag = False
    source_id: OptionalCode = None


class Benchmark(Record):
    """benchmarks.csv: a province's or the nation's value of an indicator, drawn as a line."""

    area_name: Text
    indicator_code: Code
    period: PeriodText
    value: Number
    source_id: Code


class Source(in_languages("title")):
    """sources.toml: where figures come from. ``title`` alone is the title in the block's own language."""

    producer: Text
    url: str = ""
    published: date | None = None
    accessed: date | None = None
    licence: str = ""
    note: str = ""

    @model_validator(mode="before")
    @classmethod
    def _title(cls, fields: Any, info: ValidationInfo) -> Any:
        if not isinstance(fields, dict) or "title" not in fields:
            return fields
        own = column_of("title", info.context["language"] if info.context else LANGUAGES[0])
        return {own: fields["title"]} | {key: value for key, value in fields.items() if key != "title"}

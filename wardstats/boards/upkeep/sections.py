"""What the upkeep page offers: sections (a kind of row each) with their fields, as the files' records ask for them."""

from __future__ import annotations

import types
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from functools import cached_property
from typing import Annotated, Any, Literal, Union, get_args, get_origin

from wardstats.boards.upkeep import titles
from wardstats.boards.upkeep.words import choice_names, column_names, section_names
from wardstats.catalogue.load import Catalogue
from wardstats.catalogue.upkeep import BLOCK, SOURCES, is_empty, model_of, table_of
from wardstats.core.languages import LANGUAGE_NAMES, LANGUAGES, Translator
from wardstats.core.records import Award, Record, column_of
from wardstats.ledger.rows import Cells, RowKey

FieldKind = Literal["text", "long", "number", "whole", "date", "moment", "flag", "choice"]
_KINDS: tuple[tuple[type, FieldKind], ...] = (
    (bool, "flag"), (datetime, "moment"), (date, "date"), (int, "whole"), (float, "number"),
)  # fmt: skip
CODE = "code"  # the field of a TOML table's own name
_LONG = ("definition", "outcome", "decision", "question")
# Whose codes a column holds.
_REFERENCES = {
    "unit_code": "units", "head_unit": "units", "deputy_unit": "units", "owner_unit": "units",
    "indicator_code": "indicators",
    "theme_code": "themes", "parent_code": "themes", "source_id": "sources", "model_code": "models",
    "cluster": "clusters",
}  # fmt: skip
# The columns of each section, in the order of its form; a text in several languages stands once.
_COLUMNS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "years": (BLOCK, ("head_unit", "head_since", "deputy_unit", "decision", "deadline", "hand_in_days", "total_points",
                      "missing", "missing_after_deadline", "is_sample", "source_id")),
    "units": ("units.csv", ("unit_code", "name", "kind", "cluster", "is_member", "member_from", "member_to", "area_km2",
                            "population", "lat", "lon", "source_id", "note")),
    "indicators": ("indicators.csv", ("indicator_code", "name", "definition", "theme_code", "unit", "frequency",
                                      "decimals", "owner", "source_id")),
    "themes": ("themes.csv", ("theme_code", "name", "parent_code", "weight", "aggregation", "position", "colour")),
    "targets": ("targets.csv", ("unit_code", "indicator_code", "year", "target", "signed_on", "signed_by", "pace",
                                "is_sample", "source_id")),
    "activities": ("activities.csv", ("activity_id", "title", "starts", "ends", "status", "owner_unit", "owner",
                                      "place", "outcome", "is_sample", "source_id")),
    "documents": ("documents.csv", ("document_id", "kind", "number", "title", "issued_on", "issuer", "link",
                                    "is_sample", "source_id")),
    "models": ("models.csv", ("model_code", "name", "definition", "is_definition_sample", "is_sample", "source_id")),
    "checklists": ("model_criteria.csv", ("model_code", "item", "text", "indicator_code", "at_least", "at_most",
                                          "is_sample", "source_id")),
    "adoptions": ("adoptions.csv", ("unit_code", "model_code", "stage", "since", "evidence", "link", "is_sample",
                                    "source_id")),
    "topics": ("topics.csv", ("topic_id", "field", "question", "opened_on", "answers_by", "is_sample",
                              "source_id")),
    "benchmarks": ("benchmarks.csv", ("area_name", "indicator_code", "period", "value", "source_id")),
    "sources": (SOURCES, ("title", "producer", "url", "published", "accessed", "licence", "note")),
}  # fmt: skip
_CRITERIA = ("indicator_code", "max_points", "rule", "zero_at", "full_at", "direction", "if_empty", "weight", "note")


@dataclass(frozen=True)
class Field:
    """One cell of a row, as a form asks for it.

    Attributes:
        name: The column.
        kind: What is typed or chosen.
        choices: What may be chosen: the words for each value; of a code that is typed, what it stands for so far.
        is_key: It tells the row apart, and cannot be changed.
        is_required: It must be filled in.
    """

    name: str
    label: str
    kind: FieldKind
    choices: Mapping[str, str] = field(default_factory=dict)
    is_key: bool = False
    is_required: bool = False


@dataclass(frozen=True)
class Section:
    """A kind of row.

    Attributes:
        file: In which its rows stand.
        prefix: How the keys of its rows begin, in a TOML file; its own tables have one part more.
        own: The block's own language.
    """

    code: str
    title: str
    file: str
    fields: tuple[Field, ...]
    prefix: RowKey
    own: str

    @property
    def is_toml(self) -> bool:
        """Tell whether its rows are tables of a TOML file, whose values have kinds."""
        return self.file.endswith(".toml")

    @cached_property
    def by_name(self) -> dict[str, Field]:
        """The fields by their columns."""
        return {item.name: item for item in self.fields}

    @property
    def is_of_years(self) -> bool:
        """Tell whether its rows are years, which are made and ended by a step of their own."""
        return self.code == "years"

    def has(self, key: RowKey) -> bool:
        """Tell whether a row of the file is one of the section's."""
        return not self.is_toml or (len(key) == len(self.prefix) + 1 and key[:-1] == self.prefix)

    def key_of(self, cells: Mapping[str, str]) -> RowKey:
        """Return the key of a row whose key's cells were typed."""
        return (*self.prefix, *(cells[item.name] for item in self.fields if item.is_key))

    def label(self, key: RowKey, row: Cells | None, speak: Translator) -> str:
        """Return what a row is called: its name or title, else the words of its key."""
        for name in ("name", "title", "question", "text"):
            for column in (column_of(name, speak.language), column_of(name, self.own), name):
                if column in self.by_name and row and not is_empty(row.get(column)):
                    return str(row[column])
        keys = [item for item in self.fields if item.is_key]
        parts = key[len(self.prefix) :]
        if not keys:
            return " ".join(parts)
        cells = zip(keys, parts, strict=True)
        return " · ".join(item.choices.get(cell) or shown(item, cell, speak) for item, cell in cells)


def sections(catalogue: Catalogue, speak: Translator) -> dict[str, Section]:
    """Return the sections by their codes: the years, the criteria of each, and the others."""
    names, called = column_names(speak), section_names(speak)
    own = catalogue.block.default_language
    choices = _references(catalogue, speak) | choice_names(speak)

    def made(code: str, title: str, file: str, columns: Sequence[str]) -> Section:
        prefix: RowKey = ("years",) if file == BLOCK else ()
        table = table_of(file)
        keys = table.keys if table else ()
        model = model_of(file, (*prefix, ""))
        fields = [item for column in columns for item in _fields(file, model, column, own, names, choices)]
        if not keys:
            label = speak("Year") if file == BLOCK else speak("Code")
            fields.insert(0, Field(CODE, label, "text", is_key=True, is_required=True))
        return Section(code, title, file, tuple(_with_keys(fields, keys)), prefix, own)

    found = {"years": made("years", called["years"], *_COLUMNS["years"])}
    for year, rules in sorted(catalogue.block.years.items(), reverse=True):
        if table_of(rules.criteria) is not None:  # a file by another name is kept up in the folder
            title = speak("Criteria of {year}", year=year)
            found[f"criteria_{year}"] = made(f"criteria_{year}", title, rules.criteria, _CRITERIA)
        title = speak("Titles of {year}", year=year)
        prefix = ("years", year, titles.AWARDS)
        found[f"titles_{year}"] = Section(f"titles_{year}", title, BLOCK, tuple(_title_fields(own, names)), prefix, own)
    return found | {code: made(code, called[code], *parts) for code, parts in _COLUMNS.items() if code != "years"}


def _title_fields(own: str, names: Mapping[str, str]) -> Iterator[Field]:
    for language in sorted(LANGUAGES, key=lambda code: code != own):
        label = f"{names['name']} · {LANGUAGE_NAMES[language]}"
        yield Field(column_of("name", language), label, "text", is_required=language == own)
    for column in titles.COLUMNS:
        yield from _fields(BLOCK, Award, column, own, names, {})


def shown(item: Field, cell: Any, speak: Translator) -> str:
    """Write a cell as the reader's language does; one that holds what the field does not ask for, as it stands."""
    if is_empty(cell):
        return ""
    if isinstance(cell, list):
        return "; ".join(_title_text(award, speak) for award in cell)
    text = str(cell)
    if item.kind == "flag":
        return speak("Yes") if text.lower() == "true" else speak("No")
    if item.kind == "choice":
        return item.choices.get(text, text)
    try:
        if item.kind in ("number", "whole"):
            number = float(text)
            return speak.number(number, _decimals(number)) if item.name != "year" else text
        return speak.day(date.fromisoformat(text)) if item.kind == "date" else text
    except ValueError:
        return text


def _title_text(award: Mapping[str, Any], speak: Translator) -> str:
    """Write a title with the places it is for: 2–3: ..."""
    first, last = award.get("from_place", 1), award.get("places", "")
    names = award.get("name", {})
    name = names.get(speak.language) or next(iter(names.values()), "")
    return f"{first}–{last}: {name}" if first != last else f"{last}: {name}"


def _decimals(number: float) -> int:
    text = f"{number:.9f}".rstrip("0")
    return len(text.partition(".")[2])


def _with_keys(fields: Sequence[Field], keys: Sequence[str]) -> list[Field]:
    return [replace(item, is_key=True, is_required=True) if item.name in keys else item for item in fields]


def _fields(
    file: str, model: type[Record], column: str, own: str, names: Mapping[str, str],
    choices: Mapping[str, Mapping[str, str]],
) -> Iterator[Field]:  # fmt: skip
    """Return the fields of a column: one for each language where it is a text of several."""
    label = names[f"{file}:{column}"] if f"{file}:{column}" in names else names[column]
    kind: FieldKind = "long" if column in _LONG else "text"
    if column in model.texts:
        for language in sorted(LANGUAGES, key=lambda code: code != own):
            name = "title" if file == SOURCES and language == own else column_of(column, language)
            asked = language == own and column in model.texts_asked_for
            yield Field(name, f"{label} · {LANGUAGE_NAMES[language]}", kind, is_required=asked)
        return
    info = model.model_fields[column]
    parts = list(_parts(info.annotation))
    values = [str(value) for part in parts if get_origin(part) is Literal for value in get_args(part)]
    is_required = info.is_required() and type(None) not in parts
    known = choices.get(f"{file}:{column}", choices.get(_REFERENCES.get(column, column), {}))
    if f"{file}:{column}" in names:  # a code that the file itself gives, with what it stands for
        yield Field(column, label, "text", known, is_required=True)
        return
    if column in _REFERENCES or values or column in choices:
        yield Field(column, label, "choice", {value: known.get(value, value) for value in values or known},
                    is_required=is_required)  # fmt: skip
        return
    for plain, found in _KINDS:
        if plain in parts:
            yield Field(column, label, found, is_required=is_required and found != "flag")
            return
    yield Field(column, label, kind, is_required=is_required)


def _parts(annotation: Any) -> Iterator[Any]:
    """Return the plain types that an annotation is made of."""
    origin = get_origin(annotation)
    if origin is Annotated:
        yield from _parts(get_args(annotation)[0])
    elif origin in (Union, types.UnionType):
        for part in get_args(annotation):
            yield from _parts(part)
    else:
        yield annotation


def _references(catalogue: Catalogue, speak: Translator) -> dict[str, dict[str, str]]:
    """Return the names of what codes refer to."""
    language = speak.language
    return {
        "units": {unit.unit_code: unit.text(language) for unit in catalogue.units if unit.is_member}
        | {unit.unit_code: unit.text(language) for unit in catalogue.units},
        "indicators": {item.indicator_code: item.text(language) for item in catalogue.indicators},
        "themes": {theme.theme_code: theme.text(language) for theme in catalogue.themes},
        "sources": {code: source.text(language) for code, source in catalogue.sources.items()},
        "models": {model.model_code: model.text(language) for model in catalogue.club.models},
        "clusters": {code: text.text(language) for code, text in catalogue.block.clusters.items()},
    }

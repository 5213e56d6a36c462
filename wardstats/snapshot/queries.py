"""Named SELECTs: reads queries/*.sql and their headers (purpose, parameters, columns, relations read).

Owns the text of SQL and what its header declares; runs nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from wardstats.core.errors import QueryError
from wardstats.core.languages import LANGUAGES
from wardstats.core.records import column_of
from wardstats.core.settings import QUERIES

TABLES = "00_tables.sql"
_TEXT = re.compile(r"(\w+) map \(varchar, varchar\)(?: not null)?")
_ENTRY = re.compile(r"--\s{3,}(\$?\w+)\s+([A-Z][A-Z0-9_]*(?:\[\])?)\s+(.*)")


@dataclass(frozen=True)
class Query:
    """One SELECT and its header.

    Attributes:
        name: The file's name without its ending, and without the number that orders a build step.
        purpose: What it answers.
        params: Parameter names and their SQL types.
        columns: Column names and their SQL types, in order.
        reads: The relations it selects from.
        sql: The text to run.
    """

    name: str
    purpose: str
    params: dict[str, str]
    columns: dict[str, str]
    reads: tuple[str, ...]
    sql: str


def parse_query(path: Path) -> Query:
    """Read one file. The header is the run of comment lines at its top."""
    sql = path.read_text(encoding="utf-8")
    sections: dict[str, list[str]] = {}
    section = ""
    for line in sql.splitlines():
        if not line.startswith("--"):
            break
        if match := re.match(r"-- (purpose|params|columns|reads):\s*(.*)", line):
            section = match[1]
            sections[section] = [match[2]] if match[2] else []
        else:
            sections.setdefault(section, []).append(line)
    entries = {
        part: {m[1].lstrip("$"): m[2] for line in sections.get(part, []) if (m := _ENTRY.match(line))}
        for part in ("params", "columns")
    }
    return Query(
        name=re.sub(r"^\d+_", "", path.stem),
        purpose=" ".join(line.removeprefix("--").strip() for line in sections.get("purpose", [])),
        params=entries["params"],
        columns=entries["columns"],
        reads=tuple(re.findall(r"\w+", " ".join(sections.get("reads", [])))),
        sql=sql,
    )


@cache
def load_query(name: str) -> Query:
    """Return a query by its name.

    Raises:
        QueryError: There is no such file.
    """
    path = QUERIES / f"{name}.sql"
    if not path.is_file():
        known = ", ".join(sorted(file.stem for file in QUERIES.glob("*.sql")))
        raise QueryError(f"queries/{name}.sql: no such query. The queries are: {known}.")
    return parse_query(path)


@cache
def build_steps() -> tuple[Query, ...]:
    """Return the build steps in the order they run."""
    files = sorted((QUERIES / "build").glob("*.sql"))
    return tuple(parse_query(path) for path in files if path.name != TABLES)


@cache
def table_definitions() -> str:
    """Return the statements that create the tables a snapshot is filled with; a text has a column for each language."""

    def with_columns(text: re.Match[str]) -> str:
        return text[0] + "".join(
            f", {column_of(text[1], language)} varchar generated always as ({text[1]}['{language}']) virtual"
            for language in LANGUAGES
        )

    return _TEXT.sub(with_columns, (QUERIES / "build" / TABLES).read_text(encoding="utf-8"))


@cache
def relation_purposes() -> dict[str, str]:
    """Return what is said about each relation of a snapshot: by its build step, or above its table's definition."""
    tables = re.findall(r"((?:^-- .*\n)+)create (?:table|view) (\w+)", table_definitions(), re.MULTILINE)
    told = {name: " ".join(line.removeprefix("-- ") for line in text.splitlines()) for text, name in tables}
    return told | {step.name: step.purpose for step in build_steps()}

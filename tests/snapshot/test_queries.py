"""The header of each SQL file against what DuckDB itself reports."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb
import pytest

from wardstats.core.errors import QueryError
from wardstats.core.settings import PROJECT, QUERIES
from wardstats.snapshot.queries import (
    TABLES,
    Query,
    build_steps,
    load_query,
    parse_query,
    relation_purposes,
    table_definitions,
)

TESTS = PROJECT / "tests"
NAMES = sorted(path.stem for path in QUERIES.glob("*.sql"))
ALL = [load_query(name) for name in NAMES] + list(build_steps())
ARGUMENTS: dict[str, Any] = {"VARCHAR": "2026-04", "VARCHAR[]": ["w01"], "INTEGER": 2026, "BIGINT": 1, "DOUBLE": 0.5}

each_file = pytest.mark.parametrize("query", ALL, ids=lambda query: query.name)


def relations(connection: duckdb.DuckDBPyConnection, sql: str) -> set[str]:
    """Return the relations a SELECT reads, without its own CTEs, from the syntax tree that DuckDB makes of it."""
    tree = json.loads(connection.execute("select json_serialize_sql($sql)", {"sql": sql}).fetchall()[0][0])
    read: set[str] = set()
    own: set[str] = set()

    def walk(node: Any) -> None:
        if isinstance(node, list):
            for part in node:
                walk(part)
        elif isinstance(node, dict):
            if node.get("type") == "BASE_TABLE":
                read.add(node["table_name"])
            if node.get("type") == "RECURSIVE_CTE_NODE":
                own.add(node["cte_name"])
            own.update(entry["key"] for entry in node.get("cte_map", {}).get("map", []))
            walk(list(node.values()))

    walk(tree)
    return read - own


@each_file
def test_it_is_one_select_and_says_what_for(query: Query) -> None:
    [statement] = duckdb.extract_statements(query.sql)
    assert statement.type == duckdb.StatementType.SELECT
    assert query.purpose.endswith(".")
    assert query.columns


@each_file
def test_declared_parameters_are_those_of_the_sql(query: Query) -> None:
    [statement] = duckdb.extract_statements(query.sql)
    assert set(query.params) == statement.named_parameters


@each_file
def test_declared_columns_are_those_that_come_out(query: Query, small_tables: duckdb.DuckDBPyConnection) -> None:
    arguments = {name: ARGUMENTS[kind] for name, kind in query.params.items()}
    description = small_tables.execute(query.sql, arguments).description or []
    found = {column[0]: str(column[1]) for column in description}
    assert list(query.columns.items()) == list(found.items())


@each_file
def test_declared_relations_are_those_that_are_read(query: Query, small_tables: duckdb.DuckDBPyConnection) -> None:
    assert list(query.reads) == sorted(relations(small_tables, query.sql))


@pytest.mark.parametrize("query", build_steps(), ids=lambda query: query.name)
def test_a_build_step_leaves_a_relation_of_its_name(query: Query, small_tables: duckdb.DuckDBPyConnection) -> None:
    found = small_tables.execute(
        "select column_name, data_type from duckdb_columns() where table_name = $name order by column_index",
        {"name": query.name},
    ).fetchall()
    assert found == list(query.columns.items())


def test_build_steps_read_only_what_is_there_by_then(small_tables: duckdb.DuckDBPyConnection) -> None:
    known = {
        row[0]
        for statement in duckdb.extract_statements(table_definitions())
        if statement.type == duckdb.StatementType.CREATE
        for row in [statement.query.partition("create table ")[2].split()[:1]]
        if row
    }
    for step in build_steps():
        assert set(step.reads) <= known, step.name
        known.add(step.name)


def test_every_query_and_every_build_step_has_its_test() -> None:
    queries = {path.stem for path in (TESTS / "queries").glob("test_*.py")}
    steps = {path.stem for path in (TESTS / "queries" / "build_steps").glob("test_*.py")}
    assert queries == {f"test_{name}" for name in NAMES}
    assert steps == {f"test_{step.name}" for step in build_steps()}


def test_build_steps_run_in_the_order_of_their_numbers() -> None:
    files = [path.name for path in sorted((QUERIES / "build").glob("*.sql"))]
    assert files[0] == TABLES
    assert [name[:3] for name in files] == [f"{number:02}_" for number in range(len(files))]
    assert [step.name for step in build_steps()] == [name[3:-4] for name in files[1:]]


def test_a_header_is_read_part_by_part(tmp_path: Path) -> None:
    path = tmp_path / "07_thing.sql"
    path.write_text(
        "-- purpose: One thing,\n--   and another.\n"
        "-- params:\n--   $depth INTEGER  level\n--   $codes VARCHAR[] list\n"
        "-- columns:\n--   a     DOUBLE   first\n-- reads: one,\n--   two\nselect 1.0 as a\n-- reads: no"
    )
    query = parse_query(path)
    assert (query.name, query.purpose) == ("thing", "One thing, and another.")
    assert query.params == {"depth": "INTEGER", "codes": "VARCHAR[]"}
    assert query.columns == {"a": "DOUBLE"}
    assert query.reads == ("one", "two")


def test_an_unknown_query_is_told_with_the_known_ones() -> None:
    with pytest.raises(QueryError, match=r"queries/nothing\.sql: no such query\. The queries are: .*ranking"):
        load_query("nothing")


def test_what_is_said_about_a_relation_stands_with_its_definition() -> None:
    told = relation_purposes()
    assert {step.name: step.purpose for step in build_steps()}.items() <= told.items()
    assert told["normalised"].startswith("Each figure as points, by its criterion's rule; null where it is missing.")
    assert {"imputed", "treated", "treatment", "aggregated", "rank_range"} <= told.keys()

"""Documents and program say the same: queries, build steps, pages, commands, settings, links."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from wardstats.cli.main import app
from wardstats.core.settings import PROJECT, QUERIES
from wardstats.snapshot.queries import Query, build_steps, load_query

DOCUMENTS = [
    *(path for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md") if (path := PROJECT / name).is_file()),
    *sorted((PROJECT / "docs").glob("*.md")),
    PROJECT / "data" / "README.md",
]
SOURCES = sorted((PROJECT / "wardstats").rglob("*.py"))
ALL_QUERIES = [load_query(path.stem) for path in sorted(QUERIES.glob("*.sql"))] + list(build_steps())

each_document = pytest.mark.parametrize("path", DOCUMENTS, ids=lambda path: path.name)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8")


def _commands() -> set[str]:
    single = {(command.name or command.callback.__name__) for command in app.registered_commands if command.callback}
    return single | {str(group.name) for group in app.registered_groups}


@pytest.mark.parametrize("query", ALL_QUERIES, ids=lambda query: query.name)
def test_a_query_tells_what_each_column_and_parameter_is(query: Query) -> None:
    header = re.findall(r"--\s{3,}(\$?\w+)\s+[A-Z][A-Z0-9_\[\]]*\s+(\S.*)", query.sql.split("\nselect")[0])
    told = {name.lstrip("$"): text for name, text in header}
    assert {*query.columns, *query.params} <= set(told)


def test_the_architecture_lists_the_build_steps_in_their_order() -> None:
    listed = re.findall(r"^\d+\. `(\w+)`", _text(PROJECT / "docs" / "architecture.md"), re.MULTILINE)
    assert listed == [step.name for step in build_steps()]


@each_document
def test_links_lead_somewhere(path: Path) -> None:
    for link in re.findall(r"\]\(([^)#]+)", _text(path)):
        if not link.startswith(("http://", "https://", "mailto:")):
            assert (path.parent / link).exists(), link


@pytest.mark.parametrize("path", [*DOCUMENTS, *SOURCES], ids=lambda path: path.relative_to(PROJECT).as_posix())
def test_commands_that_are_recommended_exist(path: Path) -> None:
    named = set(re.findall(r"python -m wardstats ([a-z]+(?:-[a-z]+)*)", _text(path)))
    assert named <= _commands()


def test_what_is_said_about_security_is_tested() -> None:
    """Every row of a table about an attempt names tests, and they are there."""
    rows = [line for line in _text(PROJECT / "docs" / "security.md").splitlines() if line.startswith("| ")]
    told = [line for line in rows if not line.startswith(("| attempt", "| ---"))]
    assert len(told) > 15
    for line in told:
        tests = re.findall(r"`([\w/]+\.py)`", line.rsplit("|", 2)[1])
        assert tests, line
        assert [name for name in tests if not (PROJECT / "tests" / name).is_file()] == [], line


def test_the_readme_shows_the_commands_and_settings() -> None:
    readme = _text(PROJECT / "README.md")
    settings = {name for path in SOURCES for name in re.findall(r"WARDSTATS_[A-Z]+", _text(path))}
    assert settings <= set(re.findall(r"WARDSTATS_[A-Z]+", readme))
    assert {"build", "rank", "values", "snapshots", "rollback", "check"} <= set(
        re.findall(r"-m wardstats (\w+)", readme)
    )


def test_a_new_rule_touches_at_most_four_files_and_they_exist() -> None:
    text = _text(PROJECT / "docs" / "how-to-add-a-rule.md")
    files = re.findall(r"^\d+\. `([^`]+)`", text, re.MULTILINE)
    assert 1 <= len(files) <= 4
    named = [*files, *re.findall(r"tests/\w+\.py", text), *re.findall(r"wardstats/[\w/]+\.py", text)]
    assert [name for name in named if not (PROJECT / name).is_file()] == []

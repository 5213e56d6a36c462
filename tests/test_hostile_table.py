"""The table of hostile inputs counts what was tried, in one process and in several, and fails where it must."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.hostile_table import KINDS
from wardstats.core.settings import PROJECT

TESTS = """
import pytest

@pytest.mark.hostile("CSV")
@pytest.mark.parametrize("number", range(3))
def test_three_cases(number):
    pass

@pytest.mark.hostile("cells: numbers, percent, dates, text")
def test_many_in_one(record_property):
    record_property("tried", 40)
    record_property("tried", 2)

@pytest.mark.hostile("ODS")
@pytest.mark.skip
def test_not_run():
    pass

def test_honest():
    pass
"""
FAILING = """
@pytest.mark.hostile("raw HTTP (methods, Host, traversal, framing, ranges)")
@pytest.mark.parametrize("number", range(2))
def test_one_of_two(number):
    assert number

@pytest.mark.hostile("ODS")
@pytest.mark.xfail
def test_known_to_fail():
    raise AssertionError
"""


def run(folder: Path, content: str, *arguments: str) -> subprocess.CompletedProcess[str]:
    (folder / "test_them.py").write_text(content, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-p", "tests.hostile_table", "-p", "no:cacheprovider", "-m", "hostile"]
    return subprocess.run(
        [*command, f"--rootdir={folder}", *arguments, str(folder / "test_them.py")],
        cwd=PROJECT,
        capture_output=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize("processes", [(), ("-n", "2")], ids=["one", "two"])
def test_cases_and_what_tests_tell_are_counted(tmp_path: Path, processes: tuple[str, ...]) -> None:
    done = run(tmp_path, TESTS, *processes)
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in done.stdout.splitlines() if "|" in line]
    assert rows[2:] == [
        ["cells: numbers, percent, dates, text", "42", "42", "0"],
        ["CSV", "3", "3", "0"],
        ["all", "45", "45", "0"],
    ]
    assert done.returncode == 0, done.stdout


def test_what_fails_is_mishandled(tmp_path: Path) -> None:
    done = run(tmp_path, TESTS + FAILING)
    assert "raw HTTP: 1 mishandled" in done.stdout
    assert "ODS: 1 mishandled" in done.stdout
    assert done.returncode == 1


def test_a_fault_that_pytest_does_not_see_fails_the_run(tmp_path: Path) -> None:
    """A test that may fail is no failure to pytest, and an unknown kind is none either."""
    expected = FAILING.partition('@pytest.mark.hostile("ODS")')
    assert run(tmp_path, f"import pytest\n{expected[1]}{expected[2]}").returncode == 1
    unknown = run(tmp_path, TESTS.replace("CSV", "C.S.V."))
    assert "C.S.V.: an unknown kind" in unknown.stdout
    assert unknown.returncode == 1


def test_kinds_are_told_apart() -> None:
    names = [kind.partition(" (")[0] for kind in KINDS]
    assert len(set(names)) == len(names)

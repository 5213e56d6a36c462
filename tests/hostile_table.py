"""The table of hostile inputs: kind, tried, handled, mishandled; ``make hostile`` runs what is marked and prints it.

A plugin of pytest (``-p tests.hostile_table``), with or without several processes. A case of a test that is marked
``@pytest.mark.hostile("kind")`` counts one; a test that tries many itself says so by ``record_property("tried", n)``.
What a failed test tried counts as mishandled, all of it.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

import pytest

from wardstats.core.settings import PROJECT

# Every kind has inputs; a new one is written here first. What stands in brackets is a remark: marks may leave it out.
KINDS = (
    "identities by OIDC",
    "cookies, Origin, callback, session ids, sign-out",
    "access.toml states",
    "forged widgets, roles, frames, messages",
    "raw HTTP (methods, Host, traversal, framing, ranges)",
    "schemathesis cases",
    "ETag/language/gzip combinations, each with 304 and HEAD",
    "SQL escapes and types",
    "SQL resource bombs",
    "SQL answers on the page",
    "archives, bombs, hidden parts, macros (.xlsx)",
    "cells: numbers, percent, dates, text",
    "layout, periods, codes, notes, merges",
    "CSV",
    "ODS",
    "evidence files and names",
    "files of boundaries",
    "current.json / snapshot / ledger damage",
    "disk full, read-only",
    "child processes: memory, time, crashes",
    "SIGKILL during publish",
    "SIGKILL while notices are sent",
    "XSS in name, note, by, cells",
    "a process stopped while it holds a lock",
    "receivers of webhooks",
    "packages that are not those of the lock",
    "mutated uploads and bombs (.xlsx, .ods, .csv)",
)
WRITTEN = PROJECT / "test-artefacts" / "hostile.md"


class HostileTable:
    """Counts the inputs of each kind while the tests run.

    Attributes:
        tried: Inputs by kind, of tests that ran.
        mishandled: Those of tests that failed.
    """

    def __init__(self, config: pytest.Config) -> None:
        """Start with nothing tried."""
        self.config = config
        self.tried: Counter[str] = Counter()
        self.mishandled: Counter[str] = Counter()
        self._tests: dict[str, list[pytest.TestReport]] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Keep what is told of a test, and count it at its end."""
        parts = self._tests.setdefault(report.nodeid, [])
        parts.append(report)
        if report.when == "teardown":
            self._count(self._tests.pop(report.nodeid))

    def _count(self, parts: list[pytest.TestReport]) -> None:
        failed = any(part.failed or (part.skipped and hasattr(part, "wasxfail")) for part in parts)
        if not failed and any(part.skipped for part in parts):
            return
        properties = parts[-1].user_properties
        told = [int(str(value)) for name, value in properties if name == "tried"]
        tried = sum(told) if told else 1
        for kind in {str(value) for name, value in properties if name == "hostile"}:
            self.tried[kind] += tried
            self.mishandled[kind] += tried if failed else 0

    @property
    def is_whole(self) -> bool:
        """Whether all tests were asked for, so that a kind without any input is a fault."""
        return self.config.args_source is self.config.ArgsSource.TESTPATHS and not self.config.option.keyword

    def faults(self) -> list[str]:
        """Return what is wrong with the table, a sentence each."""
        empty = [kind for kind in _names() if not self.tried[kind]] if self.is_whole else []
        return [
            *(f"{kind}: {count} mishandled" for kind, count in self.mishandled.items() if count),
            *(f"{kind}: no input; mark its tests with @pytest.mark.hostile" for kind in empty),
            *(
                f"{kind}: an unknown kind; KINDS in {Path(__file__).name} lists them"
                for kind in self.tried.keys() - _names()
            ),
        ]

    def lines(self) -> list[str]:
        """Return the table, in Markdown."""
        kinds = [*_names(), *sorted(self.tried.keys() - _names())]
        rows = [
            (kind, self.tried[kind], self.tried[kind] - self.mishandled[kind], self.mishandled[kind])
            for kind in kinds
            if self.is_whole or self.tried[kind]
        ]
        tried, mishandled = self.tried.total(), self.mishandled.total()
        rows.append(("all", tried, tried - mishandled, mishandled))
        width = max(len(row[0]) for row in rows)
        head = f"| {'kind':<{width}} | tried | handled | mishandled |"
        rule = f"| {'-' * width} | ----: | ------: | ---------: |"
        return [head, rule, *(f"| {kind:<{width}} | {a:>5,} | {b:>7,} | {c:>10,} |" for kind, a, b, c in rows)]

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Let the run fail where the table has a fault, and keep the table."""
        if self.faults() and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED
        if self.is_whole:
            WRITTEN.parent.mkdir(exist_ok=True)
            WRITTEN.write_text("\n".join(self.lines()) + "\n", encoding="utf-8")

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """Print the table and what is wrong with it."""
        terminalreporter.section("hostile inputs")
        for line in [*self.lines(), *self.faults()]:
            terminalreporter.write_line(line)


def _names() -> list[str]:
    return [_name(kind) for kind in KINDS]


def _name(kind: str) -> str:
    return kind.partition(" (")[0]


def pytest_configure(config: pytest.Config) -> None:
    """Count where the reports of all processes come together."""
    if not hasattr(config, "workerinput"):
        config.pluginmanager.register(HostileTable(config), "hostile-table")


def pytest_runtest_setup(item: pytest.Item) -> None:
    """Send the kinds of a test along with its reports."""
    item.user_properties.extend(("hostile", _name(mark.args[0])) for mark in item.iter_markers("hostile"))

"""What strangers may ask the snapshot, and what becomes of those who ask for more."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from tests.small_block import SMALL, build_and_publish
from tests.views import view_of
from wardstats.boards.explore.sql import sql_examples
from wardstats.core.languages import LANGUAGES, translator
from wardstats.snapshot.sql_box import Answer, Limits, SqlBox, _answer, refusal
from wardstats.snapshot.store import Snapshot

# Every relation with every other one, several times over.
EVERYTHING = "select * from " + ", ".join(
    f"{name} as {name}_{number}" for number in range(4) for name in ("raw", "normalised", "score", "value", "unit")
)
LIMITS = Limits(seconds=120.0, rows=100, process_mb=1536)  # time runs out only where a test wants it to
HASTY = replace(LIMITS, seconds=2.0)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    var = tmp_path_factory.mktemp("box")
    return var, build_and_publish(SMALL, var).id


@pytest.fixture(scope="module", params=[LIMITS], ids=[""])
def box(published: tuple[Path, str], request: pytest.FixtureRequest) -> Iterator[SqlBox]:
    box = SqlBox(published[0] / "snapshots", request.param)
    yield box
    box.close()


hasty = pytest.mark.parametrize("box", [HASTY], indirect=True, ids=["hasty"])


@pytest.fixture
def ask(box: SqlBox, published: tuple[Path, str]):
    """Ask in a child process, as a stranger does."""
    return lambda sql: box.run(published[1], sql)


@pytest.fixture(scope="module")
def ask_here(published: tuple[Path, str]):
    """Ask with the child's own function in this process: a child takes a second to start."""

    def run(sql: str) -> Answer:
        found = _answer({"file": str(published[0] / "snapshots" / f"{published[1]}.duckdb"), "sql": sql}, LIMITS)
        if "reason" in found:
            return Answer(reason=found["reason"], detail=found["detail"])
        return Answer(frame=pd.DataFrame(found["rows"], columns=found["columns"]), is_cut=found["is_cut"])

    return run


def test_a_select_is_answered(ask) -> None:
    answer = ask("select unit_code, name_vi from unit where is_member order by name_vi collate vi")
    assert answer.frame is not None
    assert answer.frame["name_vi"].tolist() == ["Ân Hà", "Bắc Sơn", "Đông An"]
    assert not answer.is_cut


def test_every_example_is_answered_by_the_child(small_snapshot: Snapshot, ask, ask_here) -> None:
    for sql in sql_examples(view_of(small_snapshot, "vi")).values():
        answer = ask(sql)
        assert answer.frame is not None, answer
        assert answer.frame.equals(ask_here(sql).frame)


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_example_is_answered_rightly(small_snapshot: Snapshot, ask_here, language: str) -> None:
    answers = {question: ask_here(sql) for question, sql in sql_examples(view_of(small_snapshot, language)).items()}
    refused = {question: answer for question, answer in answers.items() if answer.frame is None}
    assert not refused
    leads, moved, apart, missing, over_time = (answer.frame for answer in answers.values())
    names = f"name_{language}"
    assert leads["rank"].is_monotonic_increasing
    assert (
        leads[names].tolist()[0]
        == small_snapshot.query("ranking", period="2026-04", node="total", language=language)["unit_name"].iloc[0]
    )
    assert (moved["points"].dropna().diff().dropna() <= 0).all()
    assert ((apart["highest"] - apart["lowest"]).dropna().diff().dropna() <= 0).all()
    assert len(missing) == int(leads["coverage"].lt(1).sum())  # one figure each
    assert over_time["period"].tolist() == small_snapshot.query("ranked_period")["period"].tolist()[::-1]


def test_rows_are_limited(ask) -> None:
    answer = ask("select * from range(1000)")
    assert answer.frame is not None
    assert len(answer.frame) == 100
    assert answer.is_cut


def assert_refused(answer: Answer, reason: str) -> None:
    assert answer.reason in reason.split(" or ")
    assert answer.frame is None
    text = refusal(answer, LIMITS, translator("vi"))
    assert text
    assert text != refusal(answer, LIMITS, translator("en"))


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("-- nothing", "empty"),
        ("attach '/tmp/other.duckdb'", "not_select"),
        ("copy unit to '/tmp/unit.csv'", "not_select"),
        ("install httpfs", "not_select"),
        ("load httpfs", "not_select"),
        ("create temp table t as select 1", "not_select"),
        ("drop table unit", "not_select"),
        ("set memory_limit = '9GB'", "not_select"),
        ("pragma database_list", "not_select"),
        ("explain analyze select 1", "not_select"),
        ("select 1; drop table unit", "several"),
        ("select * from read_csv('/etc/passwd')", "no_access"),
        ("select * from read_text('/etc/passwd')", "no_access"),
        ("select * from read_parquet('https://example.com/a.parquet')", "no_access"),
        ("select * from glob('/*')", "no_access"),
        ("select * from '/etc/passwd'", "error"),
        ("select * from request", "error"),  # a variable of Python is no table
        ("select getenv('HOME')", "error"),
        ("selec 1", "error"),
        ("ATTACH 'http://example.com/a.duckdb' AS a", "not_select"),
        ("copy (select * from read_text('/etc/passwd')) to '/tmp/out'", "not_select"),
        ("with a as (select 1) select * from read_csv('/etc/passwd'), a", "no_access"),
    ],
    ids=lambda text: text[:40],
)
def test_what_is_refused_and_why(ask_here, sql: str, reason: str) -> None:
    assert_refused(ask_here(sql), reason)


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("", "empty"),
        ("-- nothing", "empty"),
        ("install httpfs", "not_select"),
        ("select 1; drop table unit", "several"),
        ("select * from read_text('/etc/passwd')", "no_access"),
        ("select * from '/etc/passwd'", "error"),
        ("select * from answer", "error"),  # a variable of Python is no table
        ("select getenv('HOME')", "error"),
        ("select " + "(" * 5000 + "1" + ")" * 5000, "error"),
        ("x" * 10_000_000, "too_long"),
        ("select '" + "Đ" * 10_000_000 + "'", "too_long"),
    ],
    ids=lambda text: text[:40],
)
def test_what_the_child_refuses_and_why(ask, sql: str, reason: str) -> None:
    assert_refused(ask(sql), reason)


@hasty
@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("select count(*) from (" + EVERYTHING + ")", "time or memory"),  # whichever runs out first
        ("select count(*) from range(100000) a, range(100000) b, range(100000) c", "time"),
        ("with recursive t as (select 1 as x union all select x + 1 from t) select count(*) from t", "time"),
    ],
    ids=lambda text: text[:40],
)
def test_what_takes_too_much_is_stopped(ask, sql: str, reason: str) -> None:
    assert_refused(ask(sql), reason)


@hasty
@pytest.mark.parametrize("sql", ["select list_sum(range(300000000))", "select repeat('x', 1000000000)"])
def test_one_call_that_takes_gigabytes_ends_the_child_only(ask, sql: str) -> None:
    started = time.monotonic()
    assert ask(sql).reason in ("memory", "time")
    assert time.monotonic() - started < 30
    assert ask("select 1 as one").frame is not None


def test_refusals_in_english_name_the_remedy() -> None:
    speak = translator("en")
    assert "ATTACH" in refusal(Answer(reason="not_select", detail="ATTACH"), LIMITS, speak)
    assert "10,000,000" in refusal(Answer(reason="too_long", detail="10000000"), LIMITS, speak)
    assert "Files and the network" in refusal(Answer(reason="no_access"), LIMITS, speak)


@pytest.mark.parametrize(
    ("sql", "told"),
    [
        ("select * from scores", "Không có bảng scores. Gần giống: score."),
        ("select scor from score", "không có cột scor"),
        ("select a.scor from score as a", "không có cột scor"),
    ],
)
def test_a_name_that_is_not_there_is_told_in_the_readers_language(ask, sql: str, told: str) -> None:
    found = refusal(ask(sql), LIMITS, translator("vi"))
    assert told in found and "Error" not in found


def test_a_crowd_is_asked_to_wait(published: tuple[Path, str], monkeypatch: pytest.MonkeyPatch) -> None:
    box = SqlBox(published[0] / "snapshots", replace(LIMITS, at_once=1))
    begun, may_end = threading.Event(), threading.Event()
    with monkeypatch.context() as patch:  # a query that takes as long as the test wants
        patch.setattr(box, "_run", lambda *_: begun.set() or may_end.wait())
        first = threading.Thread(target=box.run, args=(published[1], "select 1"))
        first.start()
        begun.wait()
    assert box.run(published[1], "select 1").reason == "busy"
    may_end.set()
    first.join()
    assert box.run(published[1], "select 1").frame is not None
    box.close()

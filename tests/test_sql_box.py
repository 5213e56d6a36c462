"""What strangers may ask the snapshot, and what becomes of those who ask for more."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.small_block import SMALL, build_and_publish
from tests.views import view_of
from wardstats.i18n import translator
from wardstats.records import LANGUAGES
from wardstats.sql_box import Answer, Limits, SqlBox, refusal
from wardstats.sql_page import sql_examples
from wardstats.store import Snapshot

# Every relation with every other one, several times over.
EVERYTHING = "select * from " + ", ".join(
    f"{name} as {name}_{number}" for number in range(4) for name in ("raw", "normalised", "score", "value", "unit")
)
LIMITS = Limits(seconds=2.0, rows=100, process_mb=1536)


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, str]:
    var = tmp_path_factory.mktemp("box")
    return var, build_and_publish(SMALL, var).id


@pytest.fixture(scope="module")
def box(published: tuple[Path, str]) -> Iterator[SqlBox]:
    box = SqlBox(published[0] / "snapshots", LIMITS)
    yield box
    box.close()


@pytest.fixture
def ask(box: SqlBox, published: tuple[Path, str]):
    return lambda sql: box.run(published[1], sql)


def test_a_select_is_answered(ask) -> None:
    answer = ask("select unit_code, name_vi from unit where is_member order by name_vi collate vi")
    assert answer.frame is not None
    assert answer.frame["name_vi"].tolist() == ["Ân Hà", "Bắc Sơn", "Đông An"]
    assert not answer.is_cut


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_example_is_answered(small_snapshot: Snapshot, ask, language: str) -> None:
    answers = {question: ask(sql) for question, sql in sql_examples(view_of(small_snapshot, language)).items()}
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


@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("", "empty"),
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
        ("select * from answer", "error"),  # a variable of Python is no table
        ("select getenv('HOME')", "error"),
        ("selec 1", "error"),
        ("select " + "(" * 5000 + "1" + ")" * 5000, "error"),
        ("x" * 10_000_000, "too_long"),
        ("select '" + "Đ" * 10_000_000 + "'", "too_long"),
        ("ATTACH 'http://example.com/a.duckdb' AS a", "not_select"),
        ("copy (select * from read_text('/etc/passwd')) to '/tmp/out'", "not_select"),
        ("with a as (select 1) select * from read_csv('/etc/passwd'), a", "no_access"),
        ("select count(*) from (" + EVERYTHING + ")", "time or memory"),  # whichever runs out first
        ("select count(*) from range(100000) a, range(100000) b, range(100000) c", "time"),
        ("with recursive t as (select 1 as x union all select x + 1 from t) select count(*) from t", "time"),
    ],
    ids=lambda text: text[:40],
)
def test_what_is_refused_and_why(ask, sql: str, reason: str) -> None:
    answer = ask(sql)
    assert answer.reason in reason.split(" or ")
    assert answer.frame is None
    text = refusal(answer, LIMITS, translator("vi"))
    assert text
    assert text != refusal(answer, LIMITS, translator("en"))


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


def test_a_crowd_is_asked_to_wait(published: tuple[Path, str]) -> None:
    box = SqlBox(published[0] / "snapshots", Limits(seconds=2.0, at_once=1))
    slow = "select count(*) from range(100000) a, range(100000) b, range(100000) c"
    first = threading.Thread(target=box.run, args=(published[1], slow))
    first.start()
    time.sleep(0.3)
    assert box.run(published[1], "select 1").reason == "busy"
    first.join()
    assert box.run(published[1], "select 1").frame is not None
    box.close()

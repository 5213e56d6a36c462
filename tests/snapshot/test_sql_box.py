"""What strangers may ask the snapshot, and what becomes of those who ask for more."""

from __future__ import annotations

import json
import os
import re
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from tests.small_block import SMALL, build_and_publish
from tests.views import view_of
from tests.visitor import sql_children
from wardstats.boards.explore.sql import sql_examples
from wardstats.core import limited_process
from wardstats.core.languages import LANGUAGES, translator
from wardstats.core.limited_process import FORKS
from wardstats.core.settings import PROJECT
from wardstats.snapshot.sql_box import MEGABYTE, Answer, Limits, SqlBox, _read, cut_note, refusal
from wardstats.snapshot.sql_child import _answer, unlike
from wardstats.snapshot.store import Snapshot

# Every relation with every other one, several times over.
EVERYTHING = "select * from " + ", ".join(
    f"{name} as {name}_{number}" for number in range(4) for name in ("raw", "normalised", "score", "value", "unit")
)
ENDLESS = "select count(*) from range(100000) a, range(100000) b, range(100000) c"
LIMITS = Limits(seconds=120.0, rows=100, process_mb=768)  # time runs out only where a test wants it to
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
    """Ask with the child's own function in this process, without its limits."""

    def run(sql: str) -> Answer:
        found = _answer({"file": str(published[0] / "snapshots" / f"{published[1]}.duckdb"), "sql": sql}, LIMITS)
        return _read(found)

    return run


def test_a_select_is_answered(ask) -> None:
    answer = ask("select unit_code, name_vi from unit where is_member order by name_vi collate vi")
    assert answer.frame is not None
    assert answer.frame["name_vi"].tolist() == ["Ân Hà", "Bắc Sơn", "Đông An"]
    assert not answer.cut_by


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
    leads, moved, apart, missing, over_time, beside, whence, targets = (answer.frame for answer in answers.values())
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
    assert beside["unit_code"].tolist() == beside["unit_code_1"].tolist()
    assert beside["rank"].tolist() == leads["rank"].tolist()
    assert len(whence) > 0 and whence["source_title"].notna().all()
    assert list(targets.columns) == ["unit_name", "indicator_name", "value", "target", "status"]


JOINS = [
    ("select * from score join unit on score.unit_code = unit.unit_code", "unit_code_1"),
    ("select rank, count(*), count(*) from score group by rank", "count_star()_1"),
    ("select u.*, s.* from unit u join score s using (unit_code)", "unit_code_1"),
    ("select 1 as a, 2 as a, 3 as a_1, 4 as A", "a_2"),
    ("select score, score, score from score", "score_2"),
    ("select a.*, b.*, c.* from unit a, unit b, unit c", "name_vi_2"),
    ("from score a natural join score b", "score"),
    ("select * from score s, score t where s.rank = t.rank", "rank_1"),
    ("select max(score), max(score) from score", "max(score)_1"),
    ("values (1, 2)", "col1"),
]


@pytest.mark.hostile("SQL answers on the page")
@pytest.mark.parametrize(("sql", "column"), JOINS, ids=lambda text: text[:50])
def test_columns_of_one_name_are_told_apart(ask_here, sql: str, column: str) -> None:
    frame = ask_here(sql).frame
    assert column in frame.columns
    assert frame.columns.is_unique


def test_names_that_are_made_are_no_others() -> None:
    assert unlike(["a", "a", "a_1", "b", "a"]) == ["a", "a_2", "a_1", "b", "a_3"]
    assert unlike([]) == []


LARGE = [
    "select " + ", ".join(f"repeat('x', 2000) a{number}" for number in range(90)) + " from range(500)",
    "select repeat('Đ', 1999) a, repeat('ệ', 1999) b from range(5000)",
    "select repeat(chr(1), 2000) a from range(5000)",  # six characters each, as they are written
    "select list_transform(range(600), lambda i: i) a, range(600) b, range(600) c from range(5000)",
    "select columns(*) from (select " + ", ".join(f"uuid() a{number}" for number in range(900)) + " from range(900))",
    "select " + ", ".join(f"repeat('Đ', 1900) b{number}" for number in range(1200)),  # one row is too much
    "select a.*, b.*, c.* from score a, score b, score c",
]


@pytest.mark.hostile("SQL answers on the page")
@pytest.mark.parametrize("sql", LARGE, ids=lambda text: text[:40])
def test_an_answer_is_cut_by_bytes_while_it_is_read(published: tuple[Path, str], sql: str) -> None:
    limits = replace(LIMITS, rows=5000, answer_bytes=MEGABYTE)
    request = {"file": str(published[0] / "snapshots" / f"{published[1]}.duckdb"), "sql": sql}
    found = _answer(request, limits)
    assert found.get("cut_by") == "bytes", found.get("detail")
    assert len(json.dumps(found)) < 1.01 * MEGABYTE
    answer = _read(found)
    assert answer.frame is not None
    for language in LANGUAGES:
        assert cut_note(answer, limits, translator(language))


@pytest.mark.hostile("SQL answers on the page")
@pytest.mark.parametrize("count", [301, 1500, 3000])
def test_an_answer_is_cut_by_columns(ask_here, count: int) -> None:
    answer = ask_here("select " + ", ".join(["1"] * count) + " from range(3)")
    assert (answer.frame.shape, answer.cut_by) == ((3, 300), "columns")
    assert len({cut_note(answer, LIMITS, translator(language)) for language in LANGUAGES}) == len(LANGUAGES)
    assert not ask_here("select " + ", ".join(["1"] * 300)).cut_by


def test_texts_that_are_cut_say_so(ask_here) -> None:
    [[long, whole]] = ask_here("select repeat('x', 2001), repeat('x', 2000)").frame.to_numpy().tolist()
    assert (long[-2:], len(long), len(whole)) == ("x…", 2000, 2000)


@pytest.mark.hostile("SQL escapes and types")
@pytest.mark.parametrize(
    "sql",
    [
        "select path from duckdb_databases()",
        "select name, value from duckdb_settings()",
        "select * from duckdb_secrets()",
        "select * from duckdb_extensions()",
        "select * from duckdb_logs()",
        "select * from no_such_file.duckdb",
        "select error((select path from duckdb_databases() limit 1))",
        "select cast(path as int) from duckdb_databases()",
        "select * from duckdb_columns(), duckdb_databases() limit 3",
    ],
)
def test_no_answer_and_no_error_names_a_folder_of_the_server(ask, published: tuple[Path, str], sql: str) -> None:
    answer = ask(sql)
    told = refusal(answer, LIMITS, translator("en")) if answer.frame is None else answer.frame.to_string()
    assert not any(str(place) in told for place in (published[0], PROJECT, Path.home()))


def test_a_snapshot_that_is_gone_is_told_without_its_folder(box: SqlBox, published: tuple[Path, str]) -> None:
    answer = box.run("gone", "select 1")
    assert answer.reason == "error"
    assert str(published[0]) not in answer.detail


@pytest.mark.hostile("SQL escapes and types")
@pytest.mark.parametrize(
    "sql",
    [
        "pivot score on period using first(score)",
        "select * from (pivot score on period using first(score))",
        "with a as (from score) pivot a on period using first(score)",
        "  -- by month\nPIVOT score ON period USING max(score) GROUP BY unit_code",
    ],
)
def test_a_pivot_that_looks_for_its_columns_is_told_how_to_name_them(ask_here, sql: str) -> None:
    answer = ask_here(sql)
    assert_refused(answer, "pivot")
    assert "IN ('2026-10'" in refusal(answer, LIMITS, translator("vi"))


def test_a_pivot_that_names_its_columns_is_answered(ask_here) -> None:
    asked = "PIVOT score ON period IN ('2026-03', '2026-04') USING first(score) GROUP BY unit_code, node_code"
    assert list(ask_here(asked).frame.columns) == ["unit_code", "node_code", "2026-03", "2026-04"]


@pytest.mark.hostile("SQL answers on the page")
def test_rows_are_limited(ask) -> None:
    answer = ask("select * from range(1000)")
    assert answer.frame is not None
    assert len(answer.frame) == 100
    assert answer.cut_by == "rows"
    assert "100" in cut_note(answer, LIMITS, translator("vi"))


def assert_refused(answer: Answer, reason: str) -> None:
    assert answer.reason in reason.split(" or ")
    assert answer.frame is None
    text = refusal(answer, LIMITS, translator("vi"))
    assert text
    assert text != refusal(answer, LIMITS, translator("en"))


@pytest.mark.hostile("SQL escapes and types")
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


@pytest.mark.hostile("SQL escapes and types")
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


@pytest.mark.hostile("SQL resource bombs")
@hasty
@pytest.mark.parametrize(
    ("sql", "reason"),
    [
        ("select count(*) from (" + EVERYTHING + ")", "time or memory"),  # whichever runs out first
        (ENDLESS, "time"),
        ("with recursive t as (select 1 as x union all select x + 1 from t) select count(*) from t", "time"),
    ],
    ids=lambda text: text[:40],
)
def test_what_takes_too_much_is_stopped(ask, sql: str, reason: str) -> None:
    assert_refused(ask(sql), reason)


@pytest.mark.hostile("SQL resource bombs")
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


@pytest.mark.hostile("SQL answers on the page")
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


@pytest.mark.hostile("SQL resource bombs")
def test_a_crowd_is_asked_to_wait(counted, published: tuple[Path, str]) -> None:
    box, begun, may_end = counted(at_once=1), threading.Event(), threading.Event()

    def still_wanted(_: float) -> None:
        begun.set()
        if may_end.is_set():
            raise LeftError

    def ask() -> None:
        with pytest.raises(LeftError):
            box.run(published[1], ENDLESS, still_wanted)

    first = threading.Thread(target=ask)
    first.start()
    assert begun.wait(60)
    assert box.run(published[1], "select 1").reason == "busy"
    may_end.set()
    first.join()
    assert box.run(published[1], "select 1").frame is not None  # that it was busy is no answer to keep


# Children and answers that are kept


def children() -> int:
    return len(sql_children(os.getpid()))


class LeftError(Exception):
    """Streamlit's way to end a run, in these tests."""


@pytest.fixture
def counted(published: tuple[Path, str]) -> Iterator[Callable[..., SqlBox]]:
    boxes: list[SqlBox] = []

    def make(**limits: Any) -> SqlBox:
        boxes.append(SqlBox(published[0] / "snapshots", replace(LIMITS, **limits)))
        return boxes[-1]

    yield make
    for box in boxes:
        box.close()


@pytest.mark.hostile("SQL resource bombs")
def test_a_child_ends_with_whoever_asked(counted, published: tuple[Path, str]) -> None:
    box, before, asked = counted(), children(), iter([None, None])

    def still_wanted(_: float) -> None:
        if next(asked, LeftError) is LeftError:
            raise LeftError

    with pytest.raises(LeftError):
        box.run(published[1], ENDLESS, still_wanted)
    assert children() == before + 1  # the one that forks
    for _ in range(LIMITS.at_once + 1):  # every place is free again
        assert box.run(published[1], "select 1").frame is not None


@pytest.mark.parametrize("forks", [pytest.param(True, marks=pytest.mark.skipif(not FORKS, reason="no forking")), False])
def test_processes_and_answers_are_gone_when_nobody_has_asked_for_a_while(
    counted, published: tuple[Path, str], monkeypatch: pytest.MonkeyPatch, forks: bool
) -> None:
    monkeypatch.setattr(limited_process, "FORKS", forks)
    before = children()
    box = counted(idle_s=0.3)
    answer = box.run(published[1], "select random()")
    end = time.monotonic() + 60
    while children() > before or box._answers:
        assert time.monotonic() < end
        time.sleep(0.05)
    assert box.run(published[1], "select random()").frame.iloc[0, 0] != answer.frame.iloc[0, 0]


def test_many_pages_at_once_start_one_process(counted) -> None:
    box, before = counted(), children()
    pages = [threading.Thread(target=box.warm_up) for _ in range(12)]
    for page in pages:
        page.start()
    for page in pages:
        page.join()
    assert children() == before + 1


def test_the_process_that_forks_has_one_thread_and_its_children_little_to_import(counted) -> None:
    before = set(sql_children(os.getpid()))
    counted().warm_up()
    (forking,) = set(sql_children(os.getpid())) - before
    maps = Path(f"/proc/{forking}/maps")
    end = time.monotonic() + 60
    while "duckdb" not in maps.read_text(encoding="utf-8"):
        assert time.monotonic() < end
        time.sleep(0.05)
    assert len(list(Path(f"/proc/{forking}/task").iterdir())) == 1
    assert not re.search("pandas|pyarrow", maps.read_text(encoding="utf-8"))


def test_a_question_is_answered_once_and_answers_are_kept_by_weight(counted, published: tuple[Path, str]) -> None:
    box = counted(kept_bytes=300_000)
    box.warm_up()
    first = box.run(published[1], "select random()")
    assert box.run(published[1], "select random()") is first
    for number in range(4):
        box.run(published[1], f"select {number}, repeat('x', 1900) from range(50)")
    assert 1 <= len(box._answers) <= 3
    assert box._answers.bytes <= 300_000
    assert box.run(published[1], "select random()") is not first

"""Files are judged and marked in a child: the same findings as here, and words where it is stopped."""

from __future__ import annotations

import io
from collections.abc import Iterator
from dataclasses import replace

import openpyxl
import pytest

from tests.intake_files import ENGLISH, PDF, PERIOD, PNG, UNIT, as_csv, as_ods, desk_in, filled, place
from wardstats.core.languages import LANGUAGES, translator
from wardstats.core.limited_process import LimitedProcesses
from wardstats.intake import judge
from wardstats.intake.evidence import check_evidence, opened
from wardstats.intake.faults import IntakeError, RejectedError, UnreadableError
from wardstats.intake.form import Form
from wardstats.intake.validation import validate

RATIO, VALUE = "dossiers_on_time", "qd766_online"


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Form:
    return desk_in(tmp_path_factory.mktemp("desk")).form(UNIT, PERIOD)


@pytest.fixture
def others(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Have something else done than judging, within other limits."""
    work, limits = request.param
    processes = LimitedProcesses(work, replace(judge.LIMITS, **limits))
    monkeypatch.setattr(judge, "processes", processes)
    yield
    processes.close()


@pytest.mark.parametrize("kind", ["xlsx", "ods", "csv"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("wrong", [None, 201, "=1+1"])
def test_a_child_finds_what_is_found_here(form: Form, kind: str, language: str, wrong: object) -> None:
    cells = {place(form, RATIO, "numerator"): wrong, place(form, VALUE, "note"): "một ghi chú"} if wrong else None
    content = filled(form, cells=cells)
    content = {"xlsx": content, "ods": as_ods(content), "csv": as_csv(content)}[kind]
    speak = translator(language)
    here = validate("a", content, form, "handin", speak)
    assert judge.judge("a", content, form, "handin", speak) == replace(here, grid=None)
    assert here.kind == kind
    assert bool(here.faults) == bool(wrong)


def test_what_cannot_be_read_has_no_kind(form: Form) -> None:
    found = judge.judge("a.xlsx", b"", form, "handin", ENGLISH)
    assert [finding.found for finding in found.faults] == ["an empty file"]
    assert found.kind == ""


@pytest.mark.parametrize("kind", ["xlsx", "ods"])
def test_a_marked_copy_is_made_by_a_child(form: Form, kind: str) -> None:
    wrong = place(form, RATIO, "numerator")
    content = filled(form, cells={wrong: 201})
    content = {"xlsx": content, "ods": as_ods(content)}[kind]
    found = judge.judge("a", content, form, "handin", ENGLISH)
    book = openpyxl.load_workbook(io.BytesIO(judge.mark("a", content, found.findings, ENGLISH)))
    assert book.sheetnames[:2] == ["Faults", "Figures"]
    assert book.worksheets[1][wrong].comment is not None


@pytest.mark.hostile("child processes: memory, time, crashes")
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    ("others", "found"),
    [
        (("tests.limited_work:spin", {"cpu_s": 1}), "a file that takes too long to read, so it was stopped"),
        (("tests.limited_work:hoard", {}), "a file that takes too much memory to read, so it was stopped"),
    ],
    indirect=["others"],
    ids=["time", "memory"],
)  # fmt: skip
def test_a_file_that_is_stopped_is_told_with_what_to_do(form: Form, others: None, found: str, language: str) -> None:
    speak = translator(language)
    judged = judge.judge("a.xlsx", filled(form), form, "handin", speak)
    (finding,) = judged.faults
    assert finding.found == speak(found)
    assert finding.remedy == speak(
        "Copy the table, values only, into a workbook downloaded afresh, and submit that one."
    )
    assert (judged.figures, judged.kind) == ({}, "")
    with pytest.raises(UnreadableError):
        judge.mark("a.xlsx", filled(form), [], speak)


@pytest.mark.parametrize(
    "others", [("wardstats.intake.judge_child:answer", {"at_once": 1, "wait_s": 0.0})], indirect=True
)
def test_whose_turn_does_not_come_is_told_so(form: Form, others: None) -> None:
    assert judge.processes._places.acquire()
    with pytest.raises(IntakeError, match="Try again in a minute"):
        judge.judge("a.xlsx", filled(form), form, "handin", ENGLISH)
    with pytest.raises(IntakeError, match="Try again in a minute"):
        judge.mark("a.xlsx", filled(form), [], ENGLISH)
    judge.processes._places.release()
    assert judge.judge("a.xlsx", filled(form), form, "handin", ENGLISH).figures


@pytest.mark.parametrize("others", [("tests.limited_work:spin", {"cpu_s": 60, "seconds": 60.0})], indirect=True)
@pytest.mark.usefixtures("others")
def test_a_reader_who_has_left_ends_the_child(form: Form) -> None:
    class GoneError(Exception):
        pass

    def gone(_: float) -> None:
        raise GoneError

    with pytest.raises(GoneError):
        judge.judge("a.csv", b"a", form, "handin", ENGLISH, gone)


def test_what_is_wrong_in_the_judge_itself_is_logged_and_told(
    form: Form, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    rows = {code: None for code in form.rows}
    found = judge.judge("a.xlsx", filled(form), replace(form, rows=rows), "handin", ENGLISH)  # pyright: ignore
    assert [finding.found for finding in found.faults] == ["a file that cannot be judged"]
    assert "Traceback" in caplog.text
    assert "Traceback" not in str(found.faults)


def test_evidence_is_opened_by_a_child_as_it_is_here() -> None:
    for content, media_type in ((PDF, "application/pdf"), (PNG, "image/png"), (b"%PDF-1.7", "application/pdf")):
        assert judge.open_evidence(content, media_type) == opened(content, media_type)
    judge.openers.close()


@pytest.mark.hostile("child processes: memory, time, crashes")
@pytest.mark.parametrize(("work", "limits"), [("spin", {"cpu_s": 1}), ("hoard", {})], ids=["time", "memory"])
def test_evidence_that_is_stopped_is_refused(monkeypatch: pytest.MonkeyPatch, work: str, limits: dict) -> None:
    processes = LimitedProcesses(f"tests.limited_work:{work}", replace(judge.openers.limits, **limits))
    monkeypatch.setattr(judge, "openers", processes)
    with pytest.raises(RejectedError, match="takes too long, or too much memory, to open"):
        check_evidence([("a.png", PNG)], ENGLISH, judge.open_evidence)
    processes.close()

"""The same work on the command line: what goes to stdout, what to stderr, and the exit code."""

from __future__ import annotations

import io
import json
from pathlib import Path

import openpyxl
import pytest

from tests.cli.running import Run, commands_on
from tests.intake_files import OTHER, PDF, PERIOD, UNIT, desk_in, filled, place, small_ranges
from wardstats.intake.workspace import Workspace

LINE = "dossiers_on_time"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return desk_in(tmp_path, small_ranges(tmp_path))


@pytest.fixture
def run(workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Run:
    return commands_on(workspace.places, monkeypatch, capsys)


def test_from_the_template_to_the_ledger(run: Run, workspace: Workspace, tmp_path: Path) -> None:
    book = tmp_path / "sa-pa.xlsx"
    where = ("--unit", UNIT, "--period", PERIOD)
    assert run("template", *where, "--output", book, "--lang", "en")[0] == 0
    assert openpyxl.load_workbook(io.BytesIO(book.read_bytes())).worksheets[0]["B2"].value == UNIT
    form = workspace.form(UNIT, PERIOD)

    book.write_bytes(filled(form, cells={place(form, LINE, "numerator"): 999, "B3": "2026-09"}))
    code, out, err = run("handin", book, *where, "--dry-run", "--marked", tmp_path / "marked.xlsx")
    assert code == 1
    assert (
        f"Figures {place(form, LINE, 'numerator')} ({LINE}): found 999 / 200; expected no more than the denominator."
        in out
    )
    assert len(out.splitlines()) == 2
    assert "Nothing was handed in" in err
    assert (tmp_path / "marked.xlsx").is_file()
    code, out, _ = run("handin", book, *where, "--by", "An", "--format", "json")
    assert code == 1
    assert [problem["cell"] for problem in json.loads(out)["problems"]] == ["B3", place(form, LINE, "numerator")]
    assert workspace.ledger.head == 0

    book.write_bytes(filled(form))
    (tmp_path / "proof.pdf").write_bytes(PDF)
    code, out, _ = run("handin", book, *where, "--dry-run", "--format", "json")
    assert (code, json.loads(out)["subject"], workspace.ledger.head) == (0, None, 0)
    assert run("handin", book, *where)[0] == 1  # nobody is named
    code, out, _ = run(
        "handin", book, *where, "--by", "An", "--evidence", tmp_path / "proof.pdf", "--format", "json"
    )  # fmt: skip
    subject = json.loads(out)["subject"]
    assert (code, json.loads(out)["problems"], len(json.loads(out)["changes"])) == (0, [], len(form.rows))
    code, out, err = run("handin", book, *where, "--by", "An")
    assert code == 1 and "the same file" in err

    assert run("return", subject, "--by", "Check")[0] == 1
    assert run("return", subject, "--by", "Check", "--line", f"{LINE}=Compare")[0] == 0
    book.write_bytes(filled(form, share=0.8))
    assert run("handin", book, *where, "--by", "An")[0] == 0
    assert run("cross-check", subject, "--by", "Check")[0] == 0
    assert run("appraise", subject, "--by", "Head", "--note", "agreed")[0] == 0
    assert run("accept", subject, "--by", "An")[0] == 1  # nobody settles their own
    assert run("accept", subject, "--by", "Head")[0] == 0
    counts = ("--numerator", 170, "--denominator", 200)
    assert run("correct", *where, "--indicator", LINE, *counts, "--by", "Head", "--reason", "slip")[0] == 0
    assert (
        run("adjust", "--unit", OTHER, "--period", PERIOD, "--points", "-1", "--reason", "late", "--by", "Head")[0] == 0
    )
    code, out, _ = run("queue", "--format", "csv")
    assert f"{subject},{UNIT},{PERIOD},accepted" in out

    code, out, _ = run("ledger", "show", "--format", "json")
    entries = json.loads(out)
    assert [entry["action"] for entry in entries] == [
        "handin", "return", "handin", "cross_check", "appraise", "accept", "correct", "adjust"
    ]  # fmt: skip
    assert {entry["role"] for entry in entries} == {"administrator"}
    code, out, err = run("ledger", "verify")
    assert (code, out) == (0, "")
    assert "8 entries" in err
    file = workspace.ledger.folder / "00000006.json"
    file.write_bytes(file.read_bytes().replace(b"verified", b"official"))
    code, out, _ = run("ledger", "verify")
    assert code == 1 and "00000006.json: found SHA-256" in out


@pytest.mark.parametrize(
    ("value", "told"), [("9,75", ""), ("9.5", ""), ("975", "from 0 to 12"), ("-1", "from 0 to 12"), ("9 75", "'9 75'")]
)
def test_a_correction_is_typed_with_comma_or_point_and_stays_within_the_limits(
    run: Run, workspace: Workspace, value: str, told: str
) -> None:
    where = ("--unit", UNIT, "--period", PERIOD, "--by", "Head", "--reason", "slip")
    before = workspace.ledger.head
    code, _, err = run("correct", *where, "--indicator", "qd766_online", "--value", value)
    assert (code, workspace.ledger.head) == ((1, before) if told else (0, before + 1)), err
    if told:
        assert "--value" in err and told in " ".join(err.split())
    else:
        after = workspace.ledger.entries()[-1].changes[0].after
        assert after is not None and after.value == float(value.replace(",", "."))


def test_points_are_typed_with_a_comma_and_are_no_more_than_all(run: Run, workspace: Workspace) -> None:
    where = ("--unit", UNIT, "--period", PERIOD, "--by", "Head", "--reason", "late")
    assert run("adjust", *where, "--points", "-0,5")[0] == 0
    assert workspace.ledger.entries()[-1].details["points"] == -0.5
    for points, told in (("-500", "from -100 to 100"), ("many", "'many'"), ("0", "a bonus above 0")):
        code, _, err = run("adjust", *where, "--points", points)
        assert code == 1 and told in " ".join(err.split())


def test_withdraw_and_unknown_ids(run: Run, workspace: Workspace, tmp_path: Path) -> None:
    book = tmp_path / "book.xlsx"
    book.write_bytes(filled(workspace.form(UNIT, PERIOD)))
    subject = run("handin", book, "--unit", UNIT, "--period", PERIOD, "--by", "An", "--format", "json")[1]
    assert run("withdraw", json.loads(subject)["subject"], "--by", "An")[0] == 0
    code, _, err = run("accept", "handin-0-0-0", "--by", "Head")
    assert code == 1 and "found none of this id" in err
    assert run("queue", "--state", "nowhere")[0] == 1
    assert run("handin", tmp_path / "none.xlsx", "--unit", UNIT, "--period", PERIOD, "--by", "An")[0] == 1
    assert run("template", "--unit", "1", "--period", PERIOD, "--output", book)[0] == 1

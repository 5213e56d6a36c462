"""What is typed on the web is judged and handed in as the workbook with the same figures is."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.intake_files import ENGLISH, OFFICER, PERIOD, SECRETARIAT, UNIT, desk_in, small_ranges, upload
from wardstats.core.languages import LANGUAGES, translator
from wardstats.intake import checking, handing_in
from wardstats.intake.cells import clean_text
from wardstats.intake.form import Form
from wardstats.intake.form_draft import FormDraft, Place
from wardstats.intake.handing_in import DuplicateError, source_id
from wardstats.intake.queue import hand_ins
from wardstats.intake.validation import validate
from wardstats.intake.web_form import column_of, field_name, judge_typed, texts_of, typed_file
from wardstats.intake.workspace import Workspace

RATIO, VALUE, NOTED = "dossiers_on_time", "qd766_online", "qd766_payment"


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    folder: Path = tmp_path_factory.mktemp("typed")
    return desk_in(folder, small_ranges(folder))


def like_the_workbook(form: Form, share: float = 0.9) -> dict[Place, str]:
    """What one types to say what ``intake_files.filled`` writes into the workbook."""
    texts: dict[Place, str] = {}
    for code, row in form.rows.items():
        if row.is_ratio:
            texts |= {(code, "numerator"): f"{200 * share:.0f}", (code, "denominator"): "200"}
        else:
            texts[code, "value"] = "5"
    return texts


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_same_figures_and_notices_as_of_the_workbook(workspace: Workspace, language: str) -> None:
    speak, form = translator(language), workspace.form(UNIT, PERIOD)
    typed = judge_typed(form, FormDraft(like_the_workbook(form)), speak)
    book = upload(form)
    judged = validate(book.name, book.content, form, source_id(UNIT, PERIOD), speak)
    assert typed.faults == [] == judged.faults
    assert typed.figures == judged.figures and len(typed.figures) == len(form.rows)
    told = [(found.indicator, found.found, found.expected, found.remedy) for found in judged.findings]
    assert [(found.indicator, found.found, found.expected, found.remedy) for found in typed.findings] == told


@pytest.mark.parametrize("language", LANGUAGES)
def test_commas_words_and_situations_are_read(workspace: Workspace, language: str) -> None:
    speak, form = translator(language), workspace.form(UNIT, PERIOD)
    texts = {
        (VALUE, "value"): "9,75", (RATIO, "situation"): "nothing", (NOTED, "situation"): "missing",
        (VALUE, "note"): "một; hai, “ba”", (VALUE, "evidence"): "report.pdf",
    }  # fmt: skip
    judged = judge_typed(form, FormDraft(texts), speak)
    assert judged.faults == []
    assert judged.figures[VALUE].value == 9.75 and judged.figures[VALUE].note == "một; hai, “ba”"
    assert (judged.figures[RATIO].numerator, judged.figures[RATIO].denominator) == (0, 0)
    assert judged.figures[NOTED].value is None
    assert judged.evidence == {VALUE: "report.pdf"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_fault_names_its_line_and_field(workspace: Workspace, language: str) -> None:
    speak, form = translator(language), workspace.form(UNIT, PERIOD)
    texts = {
        (VALUE, "value"): "975", (RATIO, "numerator"): "401", (RATIO, "denominator"): "400",
        (NOTED, "value"): "nine", (NOTED, "note"): "=1+1",
    }  # fmt: skip
    faults = judge_typed(form, FormDraft(texts), speak).faults
    places = {(found.indicator, column_of(found)) for found in faults}
    assert places == {(VALUE, "value"), (RATIO, "numerator"), (NOTED, "value"), (NOTED, "note")}
    assert {field_name(found, speak) for found in faults if found.indicator == RATIO} == {speak("Numerator")}


@settings(deadline=None, max_examples=40)
@given(
    notes=st.lists(st.text(max_size=60), min_size=1, max_size=6),
    number=st.integers(0, 1200).map(lambda n: f"{n / 100:.2f}".replace(".", ",")),
)
def test_whatever_is_noted_comes_through_or_is_told(workspace: Workspace, notes: list[str], number: str) -> None:
    form = workspace.form(UNIT, PERIOD)
    noted = dict(zip(form.rows, map(clean_text, notes), strict=False))
    texts = like_the_workbook(form) | {(code, "note"): note for code, note in noted.items()}
    judged = judge_typed(form, FormDraft(texts | {(VALUE, "value"): number}), ENGLISH)
    if judged.faults:  # told at the very field: a note that a spreadsheet would take for a formula
        assert all(column_of(found) == "note" and noted[found.indicator] for found in judged.faults)
    else:
        assert judged.figures[VALUE].value == float(number.replace(",", "."))
        assert {code: judged.figures[code].note for code in noted} == noted


def test_it_is_handed_in_by_the_same_function_and_begun_again_from_there(workspace: Workspace) -> None:
    form = workspace.form(UNIT, PERIOD)
    draft = FormDraft(like_the_workbook(form) | {(VALUE, "value"): "9,75", (NOTED, "evidence"): "report.pdf"})
    file = typed_file(form, draft, ENGLISH)
    entry = handing_in.hand_in(workspace, OFFICER, UNIT, PERIOD, file, (), ENGLISH)
    assert {c.indicator_code: c.after.value for c in entry.changes if c.after}[VALUE] == 9.75
    assert entry.attachments[0].media_type == "text/csv"
    assert workspace.ledger.path(entry.attachments[0].sha256).read_bytes() == file.content
    with pytest.raises(DuplicateError):
        handing_in.hand_in(workspace, OFFICER, UNIT, PERIOD, file, (), ENGLISH)
    checking.give_back(workspace, SECRETARIAT, entry.subject or "", note="Why 9.75?")
    (item,) = hand_ins(workspace.ledger.entries())
    again = FormDraft(texts_of(item, form, ENGLISH))
    assert judge_typed(form, again, ENGLISH).figures == judge_typed(form, draft, ENGLISH).figures
    assert again.text(NOTED, "evidence") == "report.pdf"

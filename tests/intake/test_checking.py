"""A line appraised with a figure of the block's own: kept with its reason, told to the ward, and what counts then."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tests.intake_files import ENGLISH, OFFICER, PERIOD, SECRETARIAT, UNIT, desk_in, small_ranges, upload
from wardstats.boards.check.hand_ins import line_remarks
from wardstats.boards.check.review import review_lines, review_table
from wardstats.catalogue.practices import hand_in_differences
from wardstats.core.languages import LANGUAGES, translator
from wardstats.intake import checking, handing_in
from wardstats.intake.checking import Appraised
from wardstats.intake.faults import IntakeError, RejectedError
from wardstats.intake.queue import HandIn, find_hand_in
from wardstats.intake.workspace import Workspace
from wardstats.ledger.access import AccessError

LINE, VALUE = "dossiers_on_time", "qd766_online"
OWN = {LINE: Appraised({"numerator": 170, "denominator": 200}, "Ten files were late")}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return desk_in(tmp_path, small_ranges(tmp_path))


def given(workspace: Workspace, share: float = 0.9) -> str:
    book = upload(workspace.form(UNIT, PERIOD), share=share)
    return handing_in.hand_in(workspace, OFFICER, UNIT, PERIOD, book, (), ENGLISH).subject or ""


def item_of(workspace: Workspace, subject: str) -> HandIn:
    return find_hand_in(workspace.ledger.entries(), subject)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_counts_in_the_place_of_the_wards_own_and_the_ward_reads_why(workspace: Workspace, language: str) -> None:
    speak, subject = translator(language), given(workspace)
    entry = checking.appraise(workspace, SECRETARIAT, subject, figures=OWN)
    item = item_of(workspace, subject)
    assert item.figures[LINE][1].numerator == 180 and item.counted[LINE][1].numerator == 170
    assert item.counted[VALUE] == item.figures[VALUE]
    name = workspace.form(UNIT, PERIOD).rows[LINE].indicator.text(language)
    (told,) = line_remarks(entry, item, workspace, speak)
    assert name in told and "180 / 200" in told and "170 / 200" in told and "Ten files were late" in told
    lines = review_lines(item, workspace.form(UNIT, PERIOD), None, speak)
    row = review_table(lines, speak).set_index(speak("Indicator")).loc[name]
    assert "180 / 200" in row[speak("Submitted")] and "170 / 200" in row[speak("Appraised figure")]
    proposed = {change.indicator_code: change.after for change in item.proposal.changes}
    assert proposed[LINE] == item.counted[LINE][1]

    accepted = checking.accept(workspace, SECRETARIAT, subject)
    figure = next(change.after for change in accepted.changes if change.indicator_code == LINE)
    assert figure is not None
    assert (figure.numerator, figure.status, figure.note) == (170, "verified", "Ten files were late")
    (difference,) = hand_in_differences(workspace.ledger.entries())
    assert (difference["indicator_code"], difference["note"]) == (LINE, "Ten files were late")
    checking.undo_acceptance(workspace, SECRETARIAT, subject)
    assert hand_in_differences(workspace.ledger.entries()) == []


def test_of_two_persons_another_has_to_see_the_figure_of_ones_own(workspace: Workspace) -> None:
    path = workspace.places.data / "block.toml"
    path.write_text("two_persons = true\n" + path.read_text(encoding="utf-8"), encoding="utf-8")
    subject, second = given(workspace), replace(SECRETARIAT, email="second@block.test")
    checking.cross_check(workspace, second, subject)
    checking.appraise(workspace, SECRETARIAT, subject, figures=OWN)
    with pytest.raises(AccessError, match="no check by somebody else"):
        checking.accept(workspace, SECRETARIAT, subject)
    checking.accept(workspace, second, subject)


def test_what_is_wrong_with_it_is_told_at_once_and_nothing_is_kept(workspace: Workspace) -> None:
    subject, before = given(workspace), workspace.ledger.head
    wrong = {
        LINE: Appraised({"numerator": 201, "denominator": 200}, "Counted again"),
        VALUE: Appraised({"value": 8}, "  "),
        "qd766_payment": Appraised({}, "Not known"),
    }
    with pytest.raises(RejectedError) as told:
        checking.appraise(workspace, SECRETARIAT, subject, figures=wrong)
    found = [finding.expected for finding in told.value.findings]
    assert found == ["no more than the denominator", "a reason of at most 500 letters", "a number"]
    with pytest.raises(IntakeError, match="expected lines that it has"):
        checking.appraise(workspace, SECRETARIAT, subject, figures={"nothing_like_it": OWN[LINE]})
    assert workspace.ledger.head == before


def test_a_new_version_of_the_ward_begins_without_it(workspace: Workspace) -> None:
    subject = given(workspace)
    checking.appraise(workspace, SECRETARIAT, subject, figures=OWN)
    checking.give_back(workspace, SECRETARIAT, subject, note="Look at it")
    given(workspace, share=0.85)
    item = item_of(workspace, subject)
    assert item.appraised == {} and item.counted == item.figures
    colleague = replace(SECRETARIAT, name="Colleague", email="colleague@block.test")
    checking.appraise(workspace, colleague, subject)
    assert item_of(workspace, subject).appraised == {}

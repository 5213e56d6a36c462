"""Positions and decisions on topics: who writes what until when, who is told what, and what boards show of it."""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date
from html import escape
from pathlib import Path

import pytest

from tests.intake_files import (
    CHECKER,
    LAST_DAY,
    LATER_DAY,
    OFFICER,
    OPEN_DAY,
    OTHER,
    OTHER_OFFICER,
    SECRETARIAT,
    TOPIC,
    UNIT,
    desk_in,
    headed,
    small_ranges,
)
from tests.views import view_of
from wardstats.boards.check.publication import waiting_table
from wardstats.boards.club.topics import draw_topics, owed_answers
from wardstats.catalogue.consultation import SOURCE_ID, position_subject
from wardstats.catalogue.load import load_catalogue
from wardstats.charts.html.club_components import topic_cards
from wardstats.charts.html.pieces import TopicCard
from wardstats.core.errors import DataError
from wardstats.core.languages import LANGUAGES, translator
from wardstats.core.rows import dictionaries
from wardstats.core.settings import Settings
from wardstats.intake import consultation_steps as steps
from wardstats.intake import publishing
from wardstats.intake.basis import waiting_entries
from wardstats.intake.consultation_steps import ConsultationError
from wardstats.intake.workspace import Workspace
from wardstats.ledger import Draft, LedgerError, StaleError
from wardstats.ledger.access import AccessError, Actor
from wardstats.snapshot.store import Store

BEFORE = date(2026, 10, 4)  # the day before the topic was opened
NEXT_YEAR = date(2027, 1, 2)
UNDATED = "undated"  # a topic that sets no day for answers


@pytest.fixture(scope="module")
def data(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small_ranges(tmp_path_factory.mktemp("data"))


@pytest.fixture
def workspace(tmp_path: Path, data: Path) -> Workspace:
    return desk_in(tmp_path, data)


def stances(workspace: Workspace, topic_id: str = TOPIC) -> dict[str, str]:
    catalogue = load_catalogue(workspace.places.data, workspace.ledger)
    return {item.unit_code: item.stance for item in catalogue.club.positions if item.topic_id == topic_id}


def digest(workspace: Workspace) -> str:
    return load_catalogue(workspace.places.data, workspace.ledger).content_sha256


def card(workspace: Workspace, language: str = "en", today: date = LATER_DAY) -> TopicCard:
    """Return the topic's card as those who take part see it."""
    view = view_of(Store(workspace.places.var).current(), language)
    topics = draw_topics(view, today, workspace.catalogue().club).topics
    return next(found for found in topics if found.topic_id == TOPIC)


def with_undated(workspace: Workspace, folder: Path) -> Workspace:
    """Return a workspace with a topic more, which sets no day for answers."""
    copy = headed(workspace, UNIT).places.data
    with (copy / "topics.csv").open(encoding="utf-8", newline="") as stream:
        header: list[str] = next(csv.reader(stream))
    line = {"topic_id": UNDATED, "field": "land", "question_vi": "Đất?", "opened_on": "2026-11-01",
            "is_sample": "false", "source_id": "club_sample"}  # fmt: skip
    with (copy / "topics.csv").open("a", encoding="utf-8") as stream:
        stream.write(",".join(line[name] if name in line else "" for name in header) + "\n")
    return Workspace.of(Settings(copy, folder / "var", None))


def test_a_position_is_given_changed_and_withdrawn_until_the_last_day(workspace: Workspace) -> None:
    before, empty = stances(workspace), digest(workspace)
    assert UNIT not in before and before
    steps.give_position(workspace, OFFICER, TOPIC, UNIT, "agree", today=OPEN_DAY)
    assert stances(workspace) == before | {UNIT: "agree"}
    first = digest(workspace)
    steps.give_position(workspace, OFFICER, TOPIC, UNIT, "amend", " Theo chợ. \r\nTừng năm. ", today=LAST_DAY)
    assert len({empty, first, digest(workspace)}) == 3
    found = steps.find_position(workspace.catalogue(), TOPIC, UNIT)
    assert found is not None
    assert (found.stance, found.text("vi"), found.given_on) == ("amend", "Theo chợ.\nTừng năm.", LAST_DAY)
    assert found.text("en") == found.text("vi")  # seen where a translation is missing, and not kept as one
    assert "text_en" not in workspace.ledger.entries()[-1].details["position"]
    assert (found.is_sample, found.source_id) == (False, SOURCE_ID)
    assert SOURCE_ID in workspace.catalogue().sources
    steps.withdraw_position(workspace, OFFICER, TOPIC, UNIT, today=LAST_DAY)
    assert stances(workspace) == before
    assert [entry.action for entry in workspace.ledger.entries()] == ["position", "position", "position_withdraw"]


def test_what_the_folder_says_is_replaced_and_can_be_withdrawn(workspace: Workspace) -> None:
    officer = replace(OFFICER, unit_code="04663")
    assert stances(workspace)["04663"] == "amend"
    steps.give_position(workspace, officer, TOPIC, "04663", "disagree", today=OPEN_DAY)
    assert stances(workspace)["04663"] == "disagree"
    steps.withdraw_position(workspace, officer, TOPIC, "04663", today=OPEN_DAY)
    assert "04663" not in stances(workspace)
    with pytest.raises(ConsultationError, match="nothing to withdraw"):
        steps.withdraw_position(workspace, officer, TOPIC, "04663", today=OPEN_DAY)


@pytest.mark.parametrize(
    ("today", "why"), [(BEFORE, "from 5 October 2026 on"), (LATER_DAY, "were due by 8 December 2026")]
)  # fmt: skip
def test_before_and_after_its_days_nobody_gives_changes_or_withdraws(
    workspace: Workspace, today: date, why: str
) -> None:
    steps.give_position(workspace, OFFICER, TOPIC, UNIT, "agree", today=OPEN_DAY)
    for actor in (OFFICER, SECRETARIAT):
        with pytest.raises(ConsultationError, match=why):
            steps.give_position(workspace, actor, TOPIC, UNIT, "abstain", today=today)
        with pytest.raises(ConsultationError, match=why):
            steps.withdraw_position(workspace, actor, TOPIC, UNIT, today=today)
    assert workspace.ledger.head == 1


def test_the_head_decides_after_the_last_day_with_a_reason_and_takes_it_back_in_its_year(workspace: Workspace) -> None:
    workspace = headed(workspace, UNIT)
    for today, why in ((BEFORE, "from 5 October 2026 on"), (LAST_DAY, "until 8 December 2026")):
        with pytest.raises(ConsultationError, match=why):
            steps.decide(workspace, OFFICER, TOPIC, "Một nửa", "Đa số", today=today)
    with pytest.raises(ConsultationError, match="not decided"):
        steps.reopen(workspace, OFFICER, TOPIC, "Nhầm", today=LATER_DAY)
    steps.decide(workspace, OFFICER, TOPIC, "Một nửa", "Đa số đồng ý", today=LATER_DAY)
    topic = next(item for item in workspace.catalogue().club.topics if item.topic_id == TOPIC)
    texts = [topic.text("vi", name) for name in ("decision", "reason", "decided_by")]
    assert texts == ["Một nửa", "Đa số đồng ý", "phường Sa Pa, khối trưởng"]
    assert topic.text("en", "decided_by") == "Sa Pa ward, head of the block"
    assert topic.decided_on == LATER_DAY
    for step in (
        lambda: steps.decide(workspace, OFFICER, TOPIC, "Khác", "Vì", today=LATER_DAY),
        lambda: steps.reopen(workspace, OFFICER, TOPIC, "Nhầm", today=NEXT_YEAR),
    ):
        with pytest.raises((ConsultationError, AccessError)):
            step()
    with pytest.raises(ConsultationError, match="only in the year"):
        steps.reopen(workspace, SECRETARIAT, TOPIC, "Nhầm", today=NEXT_YEAR)
    decided = digest(workspace)
    steps.reopen(workspace, OFFICER, TOPIC, "Nhầm số", today=LATER_DAY)
    topic = next(item for item in workspace.catalogue().club.topics if item.topic_id == TOPIC)
    assert (topic.text("vi", "decision"), topic.text("vi", "reason"), topic.decided_on) == ("", "", None)
    assert digest(workspace) != decided
    steps.decide(workspace, OFFICER, TOPIC, "Một phần ba", "Sửa", today=LATER_DAY)
    assert [entry.note for entry in workspace.ledger.entries()] == ["Đa số đồng ý", "Nhầm số", "Sửa"]


@pytest.mark.hostile("forged widgets, roles, frames, messages")
def test_only_who_works_for_the_head_or_the_block_decides(workspace: Workspace) -> None:
    workspace = headed(workspace, OTHER)
    with pytest.raises(AccessError, match="found the role ward_officer of unit 03006"):
        steps.decide(workspace, OFFICER, TOPIC, "x", "y", today=LATER_DAY)
    steps.decide(workspace, CHECKER, TOPIC, "x", "y", today=LATER_DAY)  # works at Yên Bái, which heads the block
    with pytest.raises(AccessError):
        steps.reopen(workspace, OFFICER, TOPIC, "y", today=LATER_DAY)
    steps.reopen(workspace, OTHER_OFFICER, TOPIC, "y", today=LATER_DAY)
    assert {entry.unit_code for entry in workspace.ledger.entries()} == {OTHER}


def test_where_no_head_is_entered_the_secretariat_decides_in_its_own_name(workspace: Workspace) -> None:
    for actor in (OFFICER, CHECKER):
        with pytest.raises(AccessError):
            steps.decide(workspace, actor, TOPIC, "x", "y", today=LATER_DAY)
    steps.decide(workspace, SECRETARIAT, TOPIC, "x", "y", today=LATER_DAY)
    topic = next(item for item in workspace.catalogue().club.topics if item.topic_id == TOPIC)
    assert topic.text("vi", "decided_by") == "Thư ký khối"


def test_a_hand_over_counts_from_its_day(workspace: Workspace) -> None:
    block = headed(workspace, UNIT).catalogue().block
    handed = block.years["2026"].model_copy(update={"head_unit": OTHER, "head_since": date(2026, 1, 5)})
    block = block.model_copy(update={"years": {"2025": block.years["2025"], "2026": handed}})
    assert [block.head_on(date(2026, 1, day)) for day in (4, 5)] == [UNIT, OTHER]
    assert block.head_on(date(2028, 1, 1)) is None  # nobody is guessed


def test_without_a_day_for_answers_a_topic_is_open_until_it_is_decided(workspace: Workspace, tmp_path: Path) -> None:
    workspace = with_undated(workspace, tmp_path)
    steps.give_position(workspace, OFFICER, UNDATED, UNIT, "agree", today=NEXT_YEAR)
    steps.decide(workspace, OFFICER, UNDATED, "Có", "Vì", today=OPEN_DAY)
    with pytest.raises(ConsultationError, match="is decided"):
        steps.give_position(workspace, OFFICER, UNDATED, UNIT, "abstain", today=OPEN_DAY)


def test_the_second_of_two_is_told_what_changed(workspace: Workspace, tmp_path: Path) -> None:
    workspace = with_undated(workspace, tmp_path)
    seen = workspace.ledger.head
    steps.give_position(workspace, OFFICER, TOPIC, UNIT, "agree", today=OPEN_DAY, expected=seen)
    for step in (
        lambda: steps.give_position(workspace, OFFICER, TOPIC, UNIT, "abstain", today=OPEN_DAY, expected=seen),
        lambda: steps.withdraw_position(workspace, SECRETARIAT, TOPIC, UNIT, today=OPEN_DAY, expected=seen),
    ):
        with pytest.raises(StaleError, match=r"officer@sapa\.test: position"):
            step()
    # Another ward's position is another thing.
    steps.give_position(workspace, OTHER_OFFICER, TOPIC, OTHER, "disagree", today=OPEN_DAY, expected=seen)
    # Who decides is told of positions that came in since; and two who decide, of each other.
    steps.give_position(workspace, OTHER_OFFICER, UNDATED, OTHER, "disagree", today=OPEN_DAY)
    with pytest.raises(StaleError, match=r"officer@yenbai\.test: position"):
        steps.decide(workspace, OFFICER, UNDATED, "Có", "Vì", today=OPEN_DAY, expected=seen)
    seen = workspace.ledger.head
    steps.decide(workspace, OFFICER, UNDATED, "Có", "Vì", today=OPEN_DAY, expected=seen)
    with pytest.raises(ConsultationError, match="decided already"):
        steps.decide(workspace, SECRETARIAT, UNDATED, "Không", "Vì", today=OPEN_DAY, expected=seen)
    seen = workspace.ledger.head
    steps.reopen(workspace, OFFICER, UNDATED, "Vì", today=OPEN_DAY, expected=seen)
    steps.decide(workspace, OFFICER, UNDATED, "Khác", "Vì", today=OPEN_DAY)
    with pytest.raises(StaleError):
        steps.reopen(workspace, SECRETARIAT, UNDATED, "Vì", today=OPEN_DAY, expected=seen)


def test_everything_that_is_wrong_is_told_at_once_and_nothing_is_written(workspace: Workspace) -> None:
    long = "x" * (steps.LONGEST + 1)
    with pytest.raises(ConsultationError) as told:
        steps.give_position(workspace, SECRETARIAT, TOPIC, "02632", "maybe", long, today=LATER_DAY)
    lines = str(told.value).splitlines()
    assert len(lines) == 4
    for part in ("were due by", "found 2001 letters", "Unit: found '02632'", "found 'maybe'; expected one of agree"):
        assert part in str(told.value)
    with pytest.raises(ConsultationError, match="Position: found nothing"):
        steps.give_position(workspace, OFFICER, TOPIC, UNIT, None, today=OPEN_DAY)
    with pytest.raises(ConsultationError) as told:
        steps.decide(workspace, SECRETARIAT, TOPIC, " \n ", long, today=OPEN_DAY)
    for part in ("Decision on the topic: found nothing", "Reason: found 2001 letters", "until 8 December 2026"):
        assert part in str(told.value)
    with pytest.raises(ConsultationError, match="Reason: found nothing"):
        steps.reopen(workspace, SECRETARIAT, TOPIC, "", today=LATER_DAY)
    with pytest.raises(ConsultationError, match="rain: no such topic. There are: ward_planning"):
        steps.give_position(workspace, OFFICER, "rain", UNIT, "agree", today=OPEN_DAY)
    assert workspace.ledger.head == 0


def test_entries_that_do_not_hold_together_are_told_and_not_guessed(workspace: Workspace) -> None:
    workspace.ledger.append(Draft("position", "x", "ward_officer", UNIT, details={"topic_id": TOPIC}))
    with pytest.raises(LedgerError, match="entry 1 .position.: stance"):
        load_catalogue(workspace.places.data, workspace.ledger)


def test_a_topic_that_has_gone_from_the_folder_is_told(workspace: Workspace) -> None:
    steps.give_position(workspace, OFFICER, TOPIC, UNIT, "agree", today=OPEN_DAY)
    workspace = headed(workspace, UNIT)
    steps.decide(workspace, OFFICER, "drainage_first", "x", "y", today=date(2026, 12, 20))
    topics = workspace.places.data / "topics.csv"
    lines = topics.read_text(encoding="utf-8").splitlines(keepends=True)
    topics.write_text("".join(line for line in lines if not line.startswith((TOPIC, "drainage"))), encoding="utf-8")
    with pytest.raises(DataError) as told:
        load_catalogue(workspace.places.data, workspace.ledger)
    assert f"topic_id: found '{TOPIC}'" in str(told.value) and "ledger (drainage_first)" in str(told.value)


def test_boards_show_it_after_a_publication_and_a_decision_takes_the_positions_along(workspace: Workspace) -> None:
    publishing.publish(workspace, SECRETARIAT)
    store = Store(workspace.places.var)

    def up() -> dict[str, str]:
        frame = store.current().query("topic_position", language="en")
        own = frame[frame["topic_id"] == TOPIC]
        return dict(zip(own["unit_code"], own["stance"], strict=True))

    def decision() -> list[object]:
        frame = store.current().query("topic", language="en")
        [row] = dictionaries(frame[frame["topic_id"] == TOPIC])
        return [row[name] for name in ("decision", "reason", "decided_by")]

    before = up()
    steps.give_position(workspace, OFFICER, TOPIC, UNIT, "agree", today=OPEN_DAY)
    steps.give_position(workspace, OTHER_OFFICER, "drainage_first", OTHER, "agree", today=OPEN_DAY)
    assert up() == before
    with pytest.raises(AccessError):
        steps.show_topic(workspace, OFFICER, TOPIC)
    steps.decide(workspace, SECRETARIAT, TOPIC, "Một nửa", "Đa số", today=LATER_DAY)
    assert steps.show_topic(workspace, SECRETARIAT, TOPIC).waits is None
    assert up() == before | {UNIT: "agree"}
    assert decision() == ["Một nửa", "Đa số", "the block's secretariat"]
    snapshot = store.publication().snapshot_id
    assert [entry.subject for entry in waiting_entries(workspace.ledger.entries(), snapshot)] == [
        position_subject("drainage_first", OTHER)
    ]
    publishing.publish(workspace, SECRETARIAT)
    assert waiting_entries(workspace.ledger.entries(), store.publication().snapshot_id) == []
    published = draw_topics(view_of(store.current(), "en"), LATER_DAY)
    assert published == draw_topics(view_of(store.current(), "en"), LATER_DAY, workspace.catalogue().club)
    assert workspace.ledger.verify() == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_card_says_the_time_left_who_has_not_answered_and_what_was_decided(
    workspace: Workspace, language: str
) -> None:
    publishing.publish(workspace, SECRETARIAT)
    speak = translator(language)
    shown = card(workspace, language, OPEN_DAY)
    assert (shown.stage, len(shown.silent), shown.member_count) == ("open", 8, 10)
    assert speak("{count} {count:day|days} left", count=8) in shown.state
    assert speak("today is the last day") in card(workspace, language, LAST_DAY).state
    assert speak("waits for the decision") in card(workspace, language).state
    steps.give_position(workspace, OFFICER, TOPIC, UNIT, "agree", "Ý <b>kiến</b>", today=OPEN_DAY)
    steps.decide(workspace, SECRETARIAT, TOPIC, "<script>alert(1)</script>", '"><img src=x>', today=LATER_DAY)
    shown = card(workspace, language)
    assert len(shown.silent) == 7
    page = topic_cards([shown], speak)
    assert "<script" not in page and "<img" not in page and "<b>" not in page
    for part in ("&lt;script&gt;", "&lt;img src=x&gt;", "Ý &lt;b&gt;kiến", escape(speak("the block's secretariat"))):
        assert part in page
    assert page.count('class="ws-tag ws-sample"') == 3  # the topic and two positions of the folder, not the ward's own


def test_who_publishes_reads_what_was_written(workspace: Workspace) -> None:
    publishing.publish(workspace, SECRETARIAT)
    steps.give_position(workspace, OFFICER, TOPIC, UNIT, "amend", "Theo chợ", today=OPEN_DAY)
    steps.decide(workspace, SECRETARIAT, TOPIC, "Một nửa", "Đa số", today=LATER_DAY)
    waiting = waiting_entries(workspace.ledger.entries(), Store(workspace.places.var).publication().snapshot_id)
    table, _ = waiting_table(waiting, workspace, translator("en"))
    assert table["Then"].tolist() == ["agrees with changes · Theo chợ", "Một nửa"]
    assert table["Indicator"].tolist() == ["position given", "topic decided"]


def told(workspace: Workspace, actor: Actor, today: date) -> list[str]:
    return [text for text, _ in owed_answers(workspace, actor, today, translator("en"))]


def test_what_is_owed_is_told_to_members_and_what_waits_to_the_head(workspace: Workspace) -> None:
    workspace = headed(workspace, OTHER)
    assert told(workspace, OFFICER, OPEN_DAY) == [
        "Sa Pa ward has given no position yet on 2 topics · answers by 8 December 2026 · 8 days left · sample"
    ]
    steps.give_position(workspace, OFFICER, TOPIC, UNIT, "abstain", today=OPEN_DAY)
    [text] = told(workspace, OFFICER, OPEN_DAY)
    assert text.startswith("Sa Pa ward has given no position yet on 1 topic · answers by 15 December 2026")
    steps.give_position(workspace, OFFICER, "drainage_first", UNIT, "abstain", today=OPEN_DAY)
    assert told(workspace, OFFICER, OPEN_DAY) == []
    own, asked = told(workspace, OTHER_OFFICER, OPEN_DAY)  # its ward heads the block
    assert own.startswith("Yên Bái ward has given no position yet on 2 topics")
    assert asked == told(workspace, SECRETARIAT, OPEN_DAY)[0]
    assert "7 of 10 have not answered: What share of market" in asked and "8 of 10 have not answered: First" in asked
    [waits] = told(workspace, CHECKER, LATER_DAY)
    assert waits.startswith("1 topic waits for a decision · 8 of 10 have not answered: First call")
    assert told(workspace, Actor("V", "viewer", "v@x.test", UNIT), OPEN_DAY) == []


def test_of_many_topics_those_that_close_first_are_named_and_the_others_counted(
    workspace: Workspace, tmp_path: Path
) -> None:
    workspace = with_undated(workspace, tmp_path)
    topics = workspace.places.data / "topics.csv"
    text = topics.read_text(encoding="utf-8")
    last = text.splitlines(keepends=True)[-1]
    topics.write_text(text + "".join(last.replace(UNDATED, f"{UNDATED}_{n}") for n in range(3)), encoding="utf-8")
    [told_once] = told(workspace, SECRETARIAT, OPEN_DAY)
    assert told_once.startswith("8 of 10 have not answered: What share of market")
    assert told_once.count("have not answered") == 3
    assert "3 more topics take answers" in told_once

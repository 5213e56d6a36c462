from __future__ import annotations

from tests.small_block import Folder, Select, rows
from wardstats.snapshot.store import Snapshot


def test_the_result_is_what_the_figures_say(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("practice", language="hi")
    names = ("practice_id", "title", "value_before", "value_after", "status_before", "status_after", "cost_vnd")
    assert rows(frame, *names) == [("queue", "घर से टोकन", 25, 90, "official", "official", 1_500_000)]
    text = frame["search_text"].iloc[0]
    assert "Đặt lịch qua điện thoại" in text and "Booking by phone" in text


def test_a_figure_that_is_not_there_leaves_the_result_open(small: Folder, select: Select) -> None:
    small.set_cell("practices.csv", "queue", "period_before", "2025-11")
    from wardstats.snapshot.queries import load_query

    found = select(load_query("practice").sql.replace("$language", "'vi'"))
    assert rows(found, "value_before", "value_after") == [(None, 90)]

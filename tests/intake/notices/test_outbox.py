"""The outbox: each notice written once, tries with growing pauses, and a damaged file told by name."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from wardstats.intake.notices.outbox import PAUSES, Delivery, Notice, Outbox, OutboxError, notice_id, now


def notice(number: int = 1, person: str = "a" * 32) -> Notice:
    name = notice_id("returned", f"entry {number}", person)
    return Notice(name, "returned", person, "w01", {"period": "2026-10"}, now().isoformat(), {"mail": Delivery()})


@pytest.fixture
def outbox(tmp_path: Path) -> Outbox:
    found = Outbox(tmp_path)
    found.make()
    return found


def test_a_notice_is_written_once_whatever_became_of_it(outbox: Outbox) -> None:
    first = notice()
    assert outbox.add(first)
    outbox.write(first.with_way("mail", first.ways["mail"].moved("sent", now(), message_id="<1@x>")))
    assert not outbox.add(first)
    assert [found.ways["mail"].state for found in outbox.notices()] == ["sent"]


def test_the_id_tells_event_kind_and_person_apart() -> None:
    made = {
        notice_id("returned", "entry 1", "a"), notice_id("returned", "entry 1", "b"),
        notice_id("accepted", "entry 1", "a"), notice_id("returned", "entry 2", "a"),
    }  # fmt: skip
    assert len(made) == 4
    assert notice_id("returned", "entry 1", "a") in made


def test_only_the_service_reads_the_outbox(outbox: Outbox) -> None:
    outbox.add(notice())
    (path,) = (outbox.folder / "outbox").rglob("*.json")
    assert [item.stat().st_mode & 0o077 for item in (outbox.folder, path.parents[1], path.parent, path)] == [0] * 4


def test_tries_have_growing_pauses_and_an_end() -> None:
    delivery, moment, waited = Delivery(), now(), []
    for _ in PAUSES:
        delivery = delivery.failed(moment, "HTTP 500")
        assert delivery.state == "waiting" and not delivery.is_due(moment)
        pause = next(pause for pause in PAUSES if delivery.is_due(moment + pause))
        waited.append(pause)
        moment += pause
    assert waited == sorted(set(waited)) == list(PAUSES)
    assert sum(PAUSES, timedelta()) > timedelta(days=1)  # a receiver may be away over night
    over = delivery.failed(moment, "HTTP 500")
    assert (over.state, over.tries, over.is_due(moment + timedelta(days=9))) == ("given_up", len(PAUSES) + 1, False)


def test_a_damaged_file_is_told_by_its_name(outbox: Outbox) -> None:
    outbox.add(notice())
    (path,) = (outbox.folder / "outbox").rglob("*.json")
    path.write_text('{"id": 1}', encoding="ascii")
    with pytest.raises(OutboxError, match=path.name):
        outbox.notices()

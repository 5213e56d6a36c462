"""An officer's page of handing in begins with what waits for their ward; whoever has no ward gets no such thing."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tests.session.test_signin import actor_as, as_visitor, fresh_caches, prepared, visit
from wardstats.session import officer_home

__all__ = ["fresh_caches", "prepared"]


def cards(page: str) -> list[str]:
    bodies = [element.proto.body for element in visit(page).get("html")]
    return [body.replace("\u00a0", " ") for body in bodies if '<div class="ws-cards">' in body]


def test_it_is_there_for_an_officer_of_a_ward_only(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(officer_home, "local_today", lambda: date(2026, 12, 21))  # November was due the day before
    as_visitor(monkeypatch, actor_as("ward_officer"))
    (shown,) = cards("submit")
    for text in ("To submit", "November 2026", "overdue", "Rank, October 2026"):
        assert text in shown
    as_visitor(monkeypatch, replace(actor_as("secretariat"), unit_code=None))
    assert cards("submit") == []

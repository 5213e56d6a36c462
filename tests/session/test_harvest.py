"""The secretariat's button: it harvests with a bar, tells what was found, and takes a reason for alarms."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

import pytest
from streamlit.testing.v1 import AppTest

from tests.harvest.conftest import HASTY
from tests.harvest.stand_in import World
from tests.harvest.test_workflow import built
from tests.test_pages import PATIENCE_S
from wardstats.core.settings import PROJECT, Settings
from wardstats.harvest import workflow
from wardstats.harvest.client import Manners
from wardstats.ledger import ledger_of
from wardstats.ledger.access import Actor
from wardstats.session import signin
from wardstats.session.caches import let_go


@dataclass(frozen=True)
class HastyOptions(workflow.Options):
    manners: Manners = field(default_factory=lambda: HASTY)


def script(language: str, role: str) -> None:

    from tests.views import view_of
    from wardstats.ledger.access import Actor
    from wardstats.session.caches import store
    from wardstats.session.harvest import harvest_part

    chosen: Any = role
    harvest_part(view_of(store().current(), language), Actor("Thư ký", chosen, "thuky@example.vn"))


@pytest.fixture
def ready(
    served: tuple[World, str], world: World, places: Settings, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Settings]:
    del world
    monkeypatch.setenv("WARDSTATS_DATA", str(places.data))
    monkeypatch.setenv("WARDSTATS_VAR", str(places.var))
    monkeypatch.setenv("WARDSTATS_PORTAL", served[1])
    monkeypatch.setattr(workflow, "Options", HastyOptions)
    built(places)
    let_go()
    yield places
    let_go()


def opened(language: str = "vi", role: str = "secretariat") -> AppTest:
    app = AppTest.from_function(script, args=(language, role), default_timeout=PATIENCE_S).run()
    assert not app.exception
    return app


@pytest.mark.parametrize("language", ["vi", "en", "hi"])
def test_the_button_harvests_and_says_what_came_of_it(language: str, ready: Settings) -> None:
    app = opened(language)
    assert len(app.info) == 1
    app.button(key="harvest").click().run()
    assert not app.exception
    assert len(app.success) == 1, [box.value for box in (*app.error, *app.warning)]
    assert "1683" in app.success[0].value
    (entry,) = ledger_of(ready).entries()
    assert (entry.actor, entry.role) == ("thuky@example.vn", "secretariat")
    shown = "".join(box.proto.body for box in app.get("html"))
    assert shown.count("<table>") == 2  # what was harvested, what was found
    assert "1683" in shown.replace(".", "").replace(",", "")


def test_alarms_wait_for_a_reason(ready: Settings, world: World) -> None:
    def wrong(name: str, data: dict) -> None:
        for row in data.get("children", ()) if name == "dvc-progress-tree" else ():
            row["score"] += 0.5

    world.edit = wrong
    app = opened()
    app.button(key="harvest").click().run()
    assert len(app.warning) == 1
    assert app.button(key="harvest_accept").disabled
    assert ledger_of(ready).head == 0
    asked = len(world.asked)
    app.text_input(key="harvest_reason").set_value("Đã đối chiếu với Cổng").run()
    app.button(key="harvest_accept").click().run()
    assert not app.exception
    (entry,) = ledger_of(ready).entries()
    assert (entry.note, len(world.asked)) == ("Đã đối chiếu với Cổng", asked)


def test_an_unreachable_portal_is_told_in_words(ready: Settings, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WARDSTATS_PORTAL", "http://127.0.0.1:9")
    app = opened()
    app.button(key="harvest").click().run()
    assert not app.exception
    assert len(app.error) == 1
    assert ledger_of(ready).head == 0


def test_who_may_not_settle_figures_may_not_harvest(ready: Settings, world: World) -> None:
    app = opened(role="ward_officer")
    app.button(key="harvest").click().run()
    assert not app.exception
    assert len(app.error) == 1
    assert (ledger_of(ready).head, world.asked) == (0, [])


@pytest.mark.parametrize(("role", "is_offered"), [("secretariat", True), ("administrator", True), ("checker", False)])
def test_the_part_stands_on_the_page_of_who_may_settle_figures(
    role: Any, is_offered: bool, ready: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    del ready
    monkeypatch.setattr(signin, "is_configured", lambda: True)
    monkeypatch.setattr(signin, "visitor", lambda: Actor("Officer", role, "officer@example.vn"))
    app = AppTest.from_file(str(PROJECT / "dashboard.py"), default_timeout=PATIENCE_S)
    app.query_params["lang"] = "en"
    app.session_state["check_part"] = "National portal"
    app.switch_page("pages/check.py").run()
    assert not app.exception
    assert any(button.key == "harvest" for button in app.button) == is_offered

"""What pages say about the portal's figures."""

from __future__ import annotations

from tests.harvest.conftest import Harvested
from tests.harvest.stand_in import World
from tests.harvest.test_workflow import SA_PA, built
from tests.views import view_of
from wardstats.core.settings import Settings
from wardstats.snapshot.store import Snapshot
from wardstats.view.indicator_card import revision_lines
from wardstats.view.portal_notes import harvest_note, indicator_flags
from wardstats.view.view import View


def all_flags(view: View) -> dict[str, str]:
    flags = {code: indicator_flags(view, code) for code in view.indicators.index}
    return {code: text for code, text in flags.items() if text}


def test_demonstration_figures_are_never_the_portals(laocai: Snapshot) -> None:
    view = view_of(laocai)
    assert (harvest_note(view), all_flags(view)) == ("", {})


def test_the_provinces_say_as_of_when(provinces: Snapshot) -> None:
    assert harvest_note(view_of(provinces, "vi")) == "Số liệu Cổng Dịch vụ công quốc gia tính đến ngày 10/10/2026."
    view = view_of(provinces)
    assert {view.indicator_name(code): flags for code, flags in all_flags(view).items()} == {
        "Files synchronised with the National Public Service Portal": "The portal counts with a provisional denominator"
    }


def test_harvested_figures_their_flags_and_their_revisions_are_said(
    harvested: Harvested, places: Settings, world: World
) -> None:
    harvested()
    world.shift = 1
    harvested()
    snapshot = built(places)
    for language in ("vi", "en", "hi"):
        view = view_of(snapshot, language, "2026-10")
        assert harvest_note(view)
        flags = {flag for text in all_flags(view).values() for flag in text.split("; ")}
        assert len(flags) == 2
        assert not any("PROVINCE_FIGURE" in text or "TEMP_" in text for text in flags)
        assert indicator_flags(view, "publish_on_time")
        assert not indicator_flags(view, "dossiers_on_time")
        told = revision_lines(view, "dossiers_on_time")  # what the indicator's card shows
        assert len(told) == 10
        assert any(text.startswith(view.unit_names[SA_PA]) for text in told)

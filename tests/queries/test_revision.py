from tests.small_block import Folder, rows
from wardstats.catalogue.load import load_catalogue
from wardstats.ledger import Change, Draft, Figure, Ledger
from wardstats.snapshot.build import build_snapshot
from wardstats.snapshot.store import Store


def test_old_and_new_figure_in_the_unit_of_the_indicator(small: Folder, tmp_path):
    indicators = load_catalogue(small.path).indicators
    share = next(item.indicator_code for item in indicators if item.unit == "%")
    figures = load_catalogue(small.path).figures
    unit, period = figures[figures["indicator_code"] == share].iloc[0][["unit_code", "period"]]
    ledger = Ledger(tmp_path / "ledger")
    old = Figure(None, 1, 4, "verified", "s")
    for before, after in ((old, Figure(None, 3, 4, "verified", "s")), (Figure(None, 3, 4, "verified", "s"), None)):
        change = Change(unit, share, period, before, after)
        sources = {"s": {"title": "t", "producer": "p"}}
        ledger.append(Draft("correct", "an", "secretariat", changes=(change,), details={"sources": sources}))
    snapshot = Store(tmp_path).snapshot(build_snapshot(load_catalogue(small.path, ledger), tmp_path))
    found = snapshot.query("revision", indicator=share)
    assert rows(found, "unit_code", "period", "old_value", "new_value", "action") == [
        (unit, period, 75, None, "correct"),
        (unit, period, 25, 75, "correct"),
    ]
    assert found["changed_at"].is_monotonic_decreasing
    assert snapshot.query("revision", indicator="none").empty

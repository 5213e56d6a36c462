"""A sample of ``tests.intake.fuzzed_uploads``: mutated uploads and bombs are judged and marked, or refused in words."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from tests.intake.fuzzed_uploads import BOMBS, FILES, run
from tests.intake_files import PERIOD, UNIT, desk_in
from wardstats.intake.form import Form


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Form:
    return desk_in(tmp_path_factory.mktemp("desk")).form(UNIT, PERIOD)


@pytest.mark.hostile("mutated uploads and bombs (.xlsx, .ods, .csv)")
@pytest.mark.parametrize(("makers", "count"), [(FILES, 25), (BOMBS, 22)], ids=["mutated", "bombs"])
def test_every_upload_is_handled(
    form: Form, makers: dict, count: int, record_property: Callable[[str, object], None]
) -> None:
    tallies = run(makers, count, form)
    record_property("tried", sum(tally.tried for tally in tallies.values()))
    assert [wrong for tally in tallies.values() for wrong in tally.wrong] == []

"""What the search at the side finds: by name with and without accents, by code, by words, and what is nearest."""

from __future__ import annotations

import pytest

from tests.views import view_of
from wardstats.boards import search
from wardstats.boards.search import search_index
from wardstats.core.languages import LANGUAGES, fold
from wardstats.snapshot.store import Snapshot


@pytest.mark.parametrize(
    ("typed", "page", "choices"),
    [
        ("Bắc Sơn", "pages/ward.py", {"unit": "w01"}),
        ("bac son", "pages/ward.py", {"unit": "w01"}),
        ("w03", "pages/ward.py", {"unit": "w03"}),
        ("  DOI song ", "pages/ranking.py", {"theme": "living"}),
        ("ty le ho ngheo", "pages/indicator.py", {"indicator": "poverty_rate"}),
        ("poverty_rate", "pages/indicator.py", {"indicator": "poverty_rate"}),
        ("poor households", "pages/indicator.py", {"indicator": "poverty_rate"}),  # of its English definition
        ("lay so tu nha", "pages/club.py", {"search": "Lấy số từ nhà"}),
        ("booking phone", "pages/club.py", {"search": "Lấy số từ nhà"}),
        ("12/qd-ubnd", "pages/block.py", {}),
        ("lap khoi thu", "pages/block.py", {}),
        ("unit:w02", "pages/ward.py", {"unit": "w02"}),  # chosen from the list
    ],
)
def test_everything_with_a_name_is_found(
    small_snapshot: Snapshot, typed: str, page: str, choices: dict[str, str]
) -> None:
    found = search_index(view_of(small_snapshot, "vi")).find(typed)
    assert found is not None
    assert (found.page, found.choices) == (page, choices)


@pytest.mark.parametrize("typed", ["", "   ", "zzzz", "<script>", ":", "'", "0"])
def test_what_has_no_such_name_is_not_found(small_snapshot: Snapshot, typed: str) -> None:
    index = search_index(view_of(small_snapshot))
    assert index.find(typed) is None
    assert index.label(typed) == typed


def test_the_nearest_name_is_told(small_snapshot: Snapshot) -> None:
    index = search_index(view_of(small_snapshot))
    assert [entry.name for entry in index.nearest("bac sonn")] == ["Bắc Sơn"]
    assert index.nearest("qqqqqq") == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_name_finds_what_is_called_so(laocai: Snapshot, language: str) -> None:
    index = search_index(view_of(laocai, language))
    assert {key.partition(":")[0] for key in index.listed} == {"unit", "theme", "indicator", "practice", "document"}
    for key in index.listed:
        found = index.find(fold(index.entries[key].name))
        assert found is not None, key
        assert fold(found.name) == fold(index.entries[key].name), key


def test_a_code_without_its_noughts_is_found(laocai: Snapshot) -> None:
    found = search_index(view_of(laocai)).find("3006")
    assert found is not None
    assert found.choices == {"unit": "03006"}


def test_of_very_many_units_none_is_listed_and_each_is_found(
    small_snapshot: Snapshot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "_LISTED_UNITS", 2)
    search._index.cache_clear()
    index = search_index(view_of(small_snapshot))
    assert not any(key.startswith("unit:") for key in index.listed)
    assert index.find("an ha") is not None
    search._index.cache_clear()

"""Names stand in the order of their own alphabet in every query: a ă â, d đ, e ê, o ô ơ, u ư; Devanagari too."""

from __future__ import annotations

import random
import re
from pathlib import Path

import pytest

from tests.small_block import Folder, build_and_publish
from wardstats.core.settings import QUERIES
from wardstats.snapshot.store import Snapshot

ALPHABET = ["An", "Ăn", "Ân", "Bản", "Da", "Dạ", "Đà", "E", "Ê", "Oi", "Ôi", "Ơi", "U", "Ư", "Y"]
DEVANAGARI = ["अन", "आन", "इला", "उमा", "एका", "कमल", "खेत", "गगन", "चमन", "जल", "तट", "दल", "नल", "पल", "बल"]


@pytest.fixture
def named(small: Folder, tmp_path: Path) -> Snapshot:
    """The small block with members of such names; they have no figures, so that the name alone orders them."""
    order = list(range(len(ALPHABET)))
    random.Random(1).shuffle(order)
    header = (small.path / "units.csv").read_text(encoding="utf-8").splitlines()[0].split(",")
    for number, place in enumerate(order):
        row = dict.fromkeys(header, "") | {
            "unit_code": f"zz{number:02}", "name_vi": ALPHABET[place], "name_en": ALPHABET[place],
            "name_hi": DEVANAGARI[place], "kind": "ward", "is_member": "true", "area_km2": "1",
            "source_id": "decision",
        }  # fmt: skip
        small.append("units.csv", ",".join(row[name] for name in header))
    return build_and_publish(small.path, tmp_path / "var")


@pytest.mark.parametrize(("language", "names"), [("vi", ALPHABET), ("en", ALPHABET), ("hi", DEVANAGARI)])
def test_names_follow_the_alphabet_of_the_language(named: Snapshot, language: str, names: list[str]) -> None:
    found = {
        "unit": named.query("unit", language=language),
        "ranking": named.query("ranking", period="2026-04", node="total", language=language),
        "span_ranking": named.query(
            "span_ranking", kind="year", span="2026", previous=None, node="total", language=language
        ),
        "explored_figure": named.query(
            "explored_figure", since="2026-04", period="2026-04", unit=[], indicator=["green_space"], cluster="",
            language=language,
        ),
    }  # fmt: skip
    for query, frame in found.items():
        listed = frame.loc[frame["unit_code"].str.startswith("zz"), "unit_name"].tolist()
        assert listed == names, query


def test_every_query_that_orders_by_a_name_says_by_which_alphabet() -> None:
    for path in QUERIES.glob("*.sql"):
        for clause in re.findall(r"^order by .*$", path.read_text(encoding="utf-8"), re.MULTILINE):
            for part in re.split(r",(?![^()]*\))", clause):  # not within a call
                if re.search(r"name(_vi|_en|_hi)?\b(?!\))", part):
                    assert "collate vi" in part or "table_name" in part, f"{path.name}: {part}"

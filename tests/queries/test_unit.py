from __future__ import annotations

from tests.small_block import rows
from wardstats.snapshot.store import Snapshot


def test_members_first_in_the_order_of_the_vietnamese_alphabet(small_snapshot: Snapshot) -> None:
    frame = small_snapshot.query("unit", language="vi")
    assert rows(frame, "unit_code", "unit_name", "is_member", "cluster", "area_km2", "population", "label_lat") == [
        ("w02", "Ân Hà", True, "north", 20.5, None, 22.41),
        ("w01", "Bắc Sơn", True, "north", 10, 1000, 22.51),
        ("w03", "Đông An", True, "south", 30, 3000, None),
        ("x99", "Suối Giàng", False, None, 50, 500, None),
    ]
    assert frame["note"].iloc[0] == "Dân số chưa công bố"


def test_a_unit_without_a_hindi_name_keeps_its_vietnamese_one(small_snapshot: Snapshot) -> None:
    names = small_snapshot.query("unit", language="hi")["unit_name"].tolist()
    assert names == ["Đông An", "अन हा", "बाक सोन", "Suối Giàng"]  # members first, by the name that is shown

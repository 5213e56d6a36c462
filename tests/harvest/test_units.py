"""Names of the portal and names of units.csv: the same name in other clothes matches, another name never does."""

from __future__ import annotations

import pytest

from wardstats.harvest.units import committee, comparable, department_key


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("UBND phường Sa Pa", ("ward", "Sa Pa")),
        ("UBND Phường Sa Pa", ("ward", "Sa Pa")),
        ("UBND phường  Sa Pa - Tỉnh Lào Cai", ("ward", "Sa Pa")),
        ("Ủy ban nhân dân xã Y Tý", ("commune", "Y Tý")),
        ("Uỷ ban nhân dân xã Y Tý - tỉnh Lào Cai", ("commune", "Y Tý")),
        ("UBND đặc khu Côn Đảo", ("special_zone", "Côn Đảo")),
        ("UBND Thành phố Huế", ("city", "Huế")),
        ("UBND tỉnh Lào Cai", ("province", "Lào Cai")),
        ("UBND pho\u031b\u0300ng Sa Pa", None),  # not the word phường
        ("Sở Nội vụ - Tỉnh Lào Cai", None),
        ("Văn phòng UBND Tỉnh - Tỉnh Lào Cai", None),
    ],
)
def test_a_people_s_committee_is_told_by_its_name(name: str, expected: tuple[str, str] | None) -> None:
    assert committee(name) == expected


def test_decomposed_text_is_the_same_name() -> None:
    assert department_key("UBND phu\u031bo\u031b\u0300ng Ca\u0302\u0300u Thia") == ("ward", comparable("Cầu Thia"))


@pytest.mark.parametrize(("one", "other"), [("Xuân Hoà", "Xuân Hòa"), ("Thuỷ", "Thủy"), ("XUÂN ÁI", "Xuân Ái")])
def test_two_ways_of_setting_a_tone_mark_are_one_name(one: str, other: str) -> None:
    assert comparable(one) == comparable(other)


@pytest.mark.parametrize(
    ("one", "other"),
    [("Sa Pa", "Sa Pả"), ("Nam Cường", "Nam Cương"), ("Tả Van", "Tà Van"), ("Y Tý", "Y Tí"), ("Đa", "Da")],
)
def test_other_accents_are_another_name(one: str, other: str) -> None:
    assert comparable(one) != comparable(other)

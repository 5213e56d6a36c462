"""wardstats.charts.map.linked_map: a picture, a link over each member, and labels as text."""

from __future__ import annotations

import math
import re
from html import unescape
from urllib.parse import unquote
from xml.etree import ElementTree

import numpy as np
import pandas as pd
import pytest

from tests.charts.map.test_ward_map import CLUSTER_NAMES, RANGE
from wardstats.charts.map.geography import Geography, build_geography
from wardstats.charts.map.linked_map import linked_map
from wardstats.charts.map.map_colours import DARK, LIGHT
from wardstats.core.settings import PROJECT

SVG = "{http://www.w3.org/2000/svg}"


@pytest.fixture(scope="module")
def geography() -> Geography:
    return build_geography(pd.read_csv(PROJECT / "data" / "laocai" / "units.csv", dtype={"unit_code": "string"}))


def members(geography: Geography, **columns: object) -> pd.DataFrame:
    """Ten members, the first of which leads and the last has no value."""
    codes = [code for panel in geography.clusters.values() for code in panel.shapes]
    value = np.linspace(90, 60, len(codes))
    value[-1] = math.nan
    frame = {"unit_code": codes, "unit_name": codes, "value": value, "label": [str(n + 1) for n in range(len(codes))],
             "hover": [f"<b>{code}</b><br>rank<br><i>made up</i>" for code in codes]}  # fmt: skip
    return pd.DataFrame(frame | columns)


def drawn(geography: Geography, frame: pd.DataFrame, **options: bool) -> str:
    addresses = {code: f"ward?unit={code}&lang=vi" for code in frame["unit_code"]}
    alts = {code: f"what {code} says" for code in CLUSTER_NAMES}
    return linked_map(geography, frame, RANGE, CLUSTER_NAMES, alts, addresses, **options)


def pictures(html: str) -> list[ElementTree.Element]:
    found = re.findall(r'<img alt="" src="data:image/svg\+xml,([^"]+)"', html)
    return [ElementTree.fromstring(unquote(text)) for text in found]  # noqa: S314 - our own


def test_every_member_is_a_link_that_tells_all_and_has_the_form_of_its_shape(geography: Geography) -> None:
    frame = members(geography)
    links = re.findall(r'<a href="([^"]+)"[^>]* aria-label="([^"]+)" style="([^"]+)">', drawn(geography, frame))
    assert [unescape(address) for address, _, _ in links] == [f"ward?unit={c}&lang=vi" for c in frame["unit_code"]]
    for code, (_, told, style) in zip(frame["unit_code"], links, strict=True):
        assert told.splitlines() == [code, "rank", "made up"]
        corners = re.search(r"clip-path:polygon\((.*)\)", style)
        assert corners is not None
        shares = [int(number) for number in re.findall(r"(\d+)%", corners[1])]
        assert len(shares) >= 2 * 8  # a circle, not a box
        assert (min(shares), max(shares)) == (0, 100)


def test_links_and_labels_lie_within_their_panel(geography: Geography) -> None:
    html = drawn(geography, members(geography))
    for left, top, width, height in re.findall(r"left:(.+?)%;top:(.+?)%;width:(.+?)%;height:(.+?)%", html):
        assert 0 <= float(left) < float(left) + float(width) <= 100
        assert 0 <= float(top) < float(top) + float(height) <= 100
    labels = re.findall(r'<span aria-hidden="true" style="left:(.+?)%;top:(.+?)%;[^"]*">(.*?)</span>', html)
    assert len(labels) == 10
    assert all(0 < float(x) < 100 and 0 < float(y) < 100 for x, y, _ in labels)
    assert "<b>1</b><br>" in labels[0][2]


@pytest.mark.parametrize("dark", [False, True])
def test_the_first_has_gold_and_who_has_no_value_is_hatched(geography: Geography, dark: bool) -> None:
    palette = DARK if dark else LIGHT
    shapes = [
        path for svg in pictures(drawn(geography, members(geography), dark=dark)) for path in svg.iter(f"{SVG}path")
    ]
    assert [shape.get("stroke") for shape in shapes].count(palette.gold) == 1
    assert [shape.get("fill") for shape in shapes].count("url(#missing)") == 1
    assert sum(shape.get("stroke") in (palette.gold, palette.border) for shape in shapes) == 9


def test_names_cannot_break_out(geography: Geography) -> None:
    codes = members(geography)["unit_code"]
    html = drawn(geography, members(geography, unit_name=['"><img src=x onerror=alert(1)>'] * len(codes),
                                    hover=['<b>&lt;script&gt;</b><br>"x" onclick="alert(1)'] * len(codes)))  # fmt: skip
    assert "<script" not in html
    assert 'onclick="' not in html
    assert "<img src=x" not in html
    assert "&lt;script&gt;\n&quot;x&quot; onclick=&quot;" in html


def test_a_group_without_a_panel_is_left_out(geography: Geography) -> None:
    frame = members(geography)
    html = linked_map(geography, frame, RANGE, {"elsewhere": "Elsewhere", "yen_bai": "Yên Bái"}, {"yen_bai": "y"},
                      dict.fromkeys(frame["unit_code"], "ward"))  # fmt: skip
    assert re.findall("<figcaption>(.*?)</figcaption>", html) == ["Yên Bái"]

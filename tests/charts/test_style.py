"""Colours that must be told apart stay apart with deuteranopia and in greyscale, or a sign stands beside them."""

from __future__ import annotations

import csv
import re
from itertools import combinations, pairwise

import numpy as np
import pytest

from wardstats.charts.html.components import style_sheet
from wardstats.charts.map import map_colours
from wardstats.charts.style import DARK, LIGHT, UNIT_COLOURS, UNIT_SYMBOLS
from wardstats.core.settings import PROJECT
from wardstats.view import headline

# Machado, Oliveira and Fernandes (2009), severity 1: what linear RGB becomes for an eye without the green cones.
DEUTERANOPIA = np.array(
    [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]]
)
# Linear RGB to CIE XYZ (D65), and the white it is measured against.
TO_XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
WHITE = TO_XYZ.sum(axis=1)
APART = 10.0  # CIE76 distance: about four times the least that an eye sees side by side
LIGHTER = 4.0  # L* steps between neighbours that lie side by side with a line between them


def linear(colour: str) -> np.ndarray:
    part = np.array([int(colour[at : at + 2], 16) for at in (1, 3, 5)]) / 255
    return np.where(part <= 0.04045, part / 12.92, ((part + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    share = TO_XYZ @ np.clip(rgb, 0, 1) / WHITE
    root = np.where(share > 216 / 24389, np.cbrt(share), (24389 / 27 * share + 16) / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def distance(first: str, second: str, deuteranopia: bool) -> float:
    eye = DEUTERANOPIA if deuteranopia else np.eye(3)
    return float(np.linalg.norm(lab(eye @ linear(first)) - lab(eye @ linear(second))))


def lightness(colour: str) -> float:
    return float(lab(linear(colour))[0])


def theme_colours() -> list[str]:
    with (PROJECT / "data" / "laocai" / "themes.csv").open(encoding="utf-8", newline="") as stream:
        return [row["colour"] for row in csv.DictReader(stream) if not row["parent_code"]]


def style_rule(selector: str) -> str:
    style = style_sheet()
    found = re.search(re.escape(selector) + r"\s*\{ background: var\((--[\w-]+)\)", style)
    assert found, selector
    colour = re.search(rf"{found[1]}: (#[0-9a-f]{{6}});", style)
    assert colour, found[1]
    return colour[1]


def test_the_simulation_is_right() -> None:
    """Grey stays grey; red and green of the same lightness come close, blue and yellow stay apart."""
    assert DEUTERANOPIA @ np.full(3, 0.5) == pytest.approx(np.full(3, 0.5), abs=1e-4)
    assert distance("#808080", "#808080", True) == 0
    assert lightness("#ffffff") == pytest.approx(100, abs=1e-3)
    assert distance("#b0503c", "#6f7f1e", True) < 0.35 * distance("#b0503c", "#6f7f1e", False)
    assert distance("#3050c0", "#c0b030", True) > 80


@pytest.mark.parametrize("deuteranopia", [False, True])
def test_themes_of_a_bar_are_told_apart(deuteranopia: bool) -> None:
    for first, second in combinations(theme_colours(), 2):
        assert distance(first, second, deuteranopia) > APART, (first, second)


def test_neighbouring_themes_of_a_bar_differ_in_grey() -> None:
    """In print two parts that touch must not run into one; the legend keeps their order."""
    for first, second in pairwise(theme_colours()):
        assert abs(lightness(first) - lightness(second)) > LIGHTER, (first, second)


@pytest.mark.parametrize("palette", [LIGHT, DARK], ids=["light", "dark"])
def test_rise_and_fall_are_told_apart_by_colour_and_by_sign(palette) -> None:
    assert distance(palette.rise, palette.fall, True) > APART
    signs = {headline.delta(gained)[0][:1] for gained in (2, -2, 0)}
    assert signs == {"▲", "▼", "–"}


@pytest.mark.parametrize("palette", [map_colours.LIGHT, map_colours.DARK], ids=["light", "dark"])
def test_the_map_scale_runs_one_way_in_grey(palette) -> None:
    steps = [lightness(colour) for colour in palette.scale]
    assert steps in (sorted(steps), sorted(steps, reverse=True))
    assert all(abs(one - other) > APART for one, other in pairwise(steps))
    for colour in palette.scale:  # a ward without a figure is hatched too
        assert distance(colour, palette.missing, True) > 3 or colour == palette.scale[0]


def test_heatmap_steps_run_one_way_in_grey() -> None:
    steps = [lightness(style_rule(f".ws-heat .ws-h{step}")) for step in range(7)]
    assert steps == sorted(steps, reverse=True)
    assert all(one - other > 3 for one, other in pairwise(steps))


def test_places_up_and_down_are_told_apart_where_they_are_strong() -> None:
    """Up is green, down orange; the number itself stands in the cell beside the published one."""
    for step in (1, 2, 3):
        up, down = style_rule(f".ws-heat .ws-up{step}"), style_rule(f".ws-heat .ws-down{step}")
        assert distance(up, down, True) > APART, step


def test_units_have_a_sign_beside_their_colour() -> None:
    for first, second in combinations(UNIT_COLOURS, 2):
        assert distance(first, second, True) > 6, (first, second)
    assert len({sign for _, sign in UNIT_SYMBOLS}) == len(UNIT_SYMBOLS) == 4  # as many as can be compared

"""wardstats.charts.map.ward_map: colours, labels, and figures that stay small and answer a click."""

from __future__ import annotations

import json
import math
from itertools import combinations
from typing import Any

import geopandas
import numpy as np
import pandas as pd
import plotly.graph_objects as go
import pytest
import shapely

from wardstats.charts.map.geography import DESIGN_HEIGHT_PX, DESIGN_WIDTH_PX, Geography, build_geography
from wardstats.charts.map.map_colours import DARK, LIGHT, contrast_ratio, legend_steps, scale_colour, text_colour
from wardstats.charts.map.map_labels import place_frame_names, place_labels
from wardstats.charts.map.ward_map import MISSING_LABEL, cluster_map, overview_map
from wardstats.core.settings import PROJECT

RANGE = (60.0, 90.0)
CLUSTER_NAMES = {"lao_cai_sa_pa": "Lào Cai – Sa Pa", "yen_bai": "Yên Bái", "nghia_lo": "Nghĩa Lộ"}


@pytest.fixture(scope="module")
def units() -> pd.DataFrame:
    return pd.read_csv(PROJECT / "data" / "laocai" / "units.csv", dtype={"unit_code": "string"})


@pytest.fixture(scope="module")
def geography(units: pd.DataFrame) -> Geography:
    return build_geography(units)


@pytest.fixture
def frame(units: pd.DataFrame) -> pd.DataFrame:
    """Ten members; the first of them leads, the last has no value."""
    members = units[units["is_member"]].reset_index(drop=True)
    value = np.linspace(90, 60, len(members))
    value[-1] = math.nan
    return pd.DataFrame(
        {
            "unit_code": members["unit_code"],
            "unit_name": members["name_vi"],
            "value": value,
            "label": [str(number + 1) for number in range(len(members))],
            "hover": "Phường " + members["name_vi"],
        }
    )


def figures(geography: Geography, frame: pd.DataFrame, **options: Any) -> dict[str, go.Figure]:
    drawn = {"overview": overview_map(geography, frame, RANGE, cluster_names=CLUSTER_NAMES, **options)}
    return drawn | {cluster: cluster_map(geography, cluster, frame, RANGE, **options) for cluster in geography.clusters}


def fills(figure: go.Figure) -> dict[str, Any]:
    return {trace.name: trace for trace in figure.data if trace.fill == "toself" and trace.name}


def click_traces(figure: go.Figure) -> list[Any]:
    return [trace for trace in figure.data if trace.mode == "markers"]


# --- colours


@pytest.mark.parametrize(("dark", "palette"), [(False, LIGHT), (True, DARK)])
def test_scale_runs_from_end_to_end_and_stays_there(dark: bool, palette: Any) -> None:
    assert scale_colour(60, RANGE, dark) == scale_colour(-5, RANGE, dark) == palette.scale[0]
    assert scale_colour(90, RANGE, dark) == scale_colour(500, RANGE, dark) == palette.scale[-1]
    assert scale_colour(math.nan, RANGE, dark) == palette.missing


def test_scale_ends_are_those_of_the_design() -> None:
    assert (LIGHT.scale[0], LIGHT.scale[-1], LIGHT.gold) == ("#e3f0ea", "#0b5d43", "#d99a00")


def test_ranks_paint_the_first_strongest() -> None:
    assert scale_colour(1, (10, 1)) == LIGHT.scale[-1]
    assert scale_colour(10, (10, 1)) == LIGHT.scale[0]


def test_equal_values_get_neither_end() -> None:
    assert scale_colour(7, (7, 7)) not in (LIGHT.scale[0], LIGHT.scale[-1])


@pytest.mark.parametrize("dark", [False, True])
def test_brightness_changes_one_way_only(dark: bool) -> None:
    contrast = [contrast_ratio(scale_colour(share, (0, 1), dark), "#000000") for share in np.linspace(0, 1, 101)]
    assert contrast == sorted(contrast, reverse=not dark)


def test_contrast_is_that_of_the_standard() -> None:
    assert contrast_ratio("#ffffff", "#000000") == pytest.approx(21)
    assert contrast_ratio("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("dark", [False, True])
def test_text_is_readable_on_every_colour(dark: bool) -> None:
    palette = DARK if dark else LIGHT
    colours = [scale_colour(share, (0, 1), dark) for share in np.linspace(0, 1, 501)]
    for colour in [*colours, palette.missing, palette.hatch]:
        assert contrast_ratio(text_colour(colour), colour) >= 4.5, colour
    # What stands beside a shape stands on the surroundings, or on the bare page.
    for colour in (palette.context, palette.surface):
        assert contrast_ratio(palette.text, colour) >= 4.5


def test_legend_covers_the_range_without_gaps() -> None:
    steps = legend_steps((1, 10), steps=3)
    assert [(step.lower, step.upper) for step in steps] == [(1, 4), (4, 7), (7, 10)]
    assert [step.colour for step in steps] == [scale_colour(middle, (1, 10)) for middle in (2.5, 5.5, 8.5)]
    assert all(contrast_ratio(step.text_colour, step.colour) >= 4.5 for step in steps)


# --- labels


def texts(geography: Geography, frame: pd.DataFrame, cluster: str) -> dict[str, tuple[str, str]]:
    rows = frame.set_index("unit_code")
    return {code: (rows.loc[code, "label"], rows.loc[code, "unit_name"]) for code in geography.clusters[cluster].shapes}


def assert_labels_are_clear(
    geography: Geography, cluster: str, wanted: dict[str, tuple[str, str]], font_px: int
) -> int:
    """Check that all labels are there, whole, on the panel and apart; return how many needed a leader line."""
    panel = geography.clusters[cluster]
    labels = place_labels(panel, wanted, font_px)
    assert {label.unit_code for label in labels} == set(wanted)
    whole = shapely.box(0, 0, DESIGN_WIDTH_PX, DESIGN_HEIGHT_PX)
    for label in labels:
        assert whole.contains(shapely.box(*label.box)), label
        assert all(text in label.text for text in wanted[label.unit_code]), label
        shape = shapely.transform(panel.shapes[label.unit_code], lambda xy: xy / panel.metres_per_pixel)
        middle = shapely.Point(label.centre if label.anchor is None else label.anchor)
        assert shape.contains(middle), label
    for first, second in combinations(labels, 2):
        assert not shapely.box(*first.box).intersects(shapely.box(*second.box)), (first, second)
    return sum(label.anchor is not None for label in labels)


@pytest.mark.parametrize("cluster", CLUSTER_NAMES)
def test_names_and_ranks_fit_inside_at_a_phone_s_width(geography: Geography, frame: pd.DataFrame, cluster: str) -> None:
    assert assert_labels_are_clear(geography, cluster, texts(geography, frame, cluster), 12) == 0


@pytest.mark.parametrize("cluster", CLUSTER_NAMES)
def test_hindi_names_fit_too(geography: Geography, units: pd.DataFrame, cluster: str) -> None:
    named = units.assign(unit_name=units["name_hi"], label="87.5")
    assert_labels_are_clear(geography, cluster, texts(geography, named, cluster), 12)


def test_what_does_not_fit_stands_beside_its_shape(geography: Geography, frame: pd.DataFrame) -> None:
    long = frame.assign(unit_name="Phường " + frame["unit_name"], label="1.234,5")
    with_leader = [
        assert_labels_are_clear(geography, cluster, texts(geography, long, cluster), 13) for cluster in CLUSTER_NAMES
    ]
    assert sum(with_leader) >= 1


def test_labels_inside_keep_their_text_within_the_shape(geography: Geography, frame: pd.DataFrame) -> None:
    panel = geography.clusters["yen_bai"]
    for label in place_labels(panel, texts(geography, frame, "yen_bai")):
        west, south, east, _ = label.box
        name = shapely.box(west, south + 0.15 * label.font_px, east, south + 1.3 * label.font_px)
        shape = shapely.transform(panel.shapes[label.unit_code], lambda xy: xy / panel.metres_per_pixel)
        assert shape.contains(name)


def test_too_many_for_leader_lines_are_labelled_inside_or_not_at_all(units: pd.DataFrame) -> None:
    crowd = build_geography(units.assign(is_member=True, cluster=""))
    wanted = {code: ("99", "Phường Trung Tâm") for code in crowd.overview.shapes}
    labels = place_labels(crowd.overview, wanted)
    assert 0 < len(labels) < len(wanted)
    assert all(label.anchor is None for label in labels)


def test_names_are_text_not_markup(geography: Geography) -> None:
    wanted = dict.fromkeys(geography.clusters["nghia_lo"].shapes, ("1", "A<b>&"))
    assert all("A&lt;b&gt;&amp;" in label.text for label in place_labels(geography.clusters["nghia_lo"], wanted))


def test_frame_names_touch_neither_each_other_nor_another_frame() -> None:
    frames = {"a": (100.0, 200.0, 160.0, 250.0), "b": (110.0, 120.0, 170.0, 180.0), "c": (280.0, 10.0, 310.0, 40.0)}
    names = {"a": "Lào Cai – Sa Pa", "b": "Yên Bái", "c": "Nghĩa Lộ"}
    placed = place_frame_names(frames, names)
    assert set(placed) == set(frames)
    boxes = {cluster: shapely.box(*spot["box"]) for cluster, spot in placed.items()}
    for cluster, box in boxes.items():
        assert shapely.box(0, 0, DESIGN_WIDTH_PX, DESIGN_HEIGHT_PX).contains(box)
        others = [shapely.box(*frame) for other, frame in frames.items() if other != cluster]
        others += [other for name, other in boxes.items() if name != cluster]
        assert not any(box.intersects(other) for other in others)


# --- figures


def test_figures_stay_small_and_need_no_network(geography: Geography, frame: pd.DataFrame) -> None:
    for figure in figures(geography, frame, title="Tỉnh Lào Cai").values():
        text = figure.to_json()
        assert text is not None and len(text.encode()) < 60_000
        assert {trace.type for trace in figure.data} == {"scatter"}
        layout = json.loads(text)["layout"]
        assert not layout.get("template")
        assert not {"geo", "map", "mapbox"} & set(layout)
        assert layout["paper_bgcolor"] == layout["plot_bgcolor"].replace(LIGHT.context, "rgba(0,0,0,0)")


def test_a_click_point_carries_its_unit(geography: Geography, frame: pd.DataFrame) -> None:
    for name, figure in figures(geography, frame).items():
        panel = geography.overview if name == "overview" else geography.clusters[name]
        traces = click_traces(figure)
        assert [trace.customdata[0][0] for trace in traces] == list(panel.shapes)
        for trace in traces:
            (code,) = {row[0] for row in trace.customdata}
            assert len(trace.customdata) == len(trace.x) == len(panel.targets[code])
            assert trace.hovertemplate == f"Phường {trace.name}<extra></extra>"
            # Unseen, also once Plotly fades what is not selected.
            assert trace.marker.opacity == trace.selected.marker.opacity == trace.unselected.marker.opacity == 0
        assert all(trace.hoverinfo == "skip" for trace in figure.data if trace not in traces)


def test_the_view_cannot_be_dragged_or_stretched(geography: Geography, frame: pd.DataFrame) -> None:
    for figure in figures(geography, frame).values():
        assert figure.layout.xaxis.fixedrange and figure.layout.yaxis.fixedrange
        assert figure.layout.yaxis.scaleanchor == "x"
        assert figure.layout.dragmode == "pan"  # which fixed axes do not do
        assert not figure.layout.xaxis.visible and not figure.layout.yaxis.visible


@pytest.mark.parametrize("dark", [False, True])
def test_a_missing_value_is_drawn_as_missing(geography: Geography, frame: pd.DataFrame, dark: bool) -> None:
    palette = DARK if dark else LIGHT
    gap = frame.iloc[-1]
    cluster = next(name for name, panel in geography.clusters.items() if gap["unit_code"] in panel.shapes)
    figure = cluster_map(geography, cluster, frame, RANGE, dark=dark)
    shapes = fills(figure)
    assert shapes[gap["unit_name"]].fillcolor == palette.missing
    assert shapes[gap["unit_name"]].fillpattern.shape == "/"
    assert all(shape.fillpattern.shape is None for name, shape in shapes.items() if name != gap["unit_name"])
    (note,) = [note.text for note in figure.layout.annotations if gap["unit_name"] in note.text]
    assert MISSING_LABEL in note and gap["label"] not in note


def test_a_member_without_a_row_is_missing_too(geography: Geography, frame: pd.DataFrame) -> None:
    code = next(iter(geography.clusters["nghia_lo"].shapes))
    figure = cluster_map(geography, "nghia_lo", frame[frame["unit_code"] != code], RANGE)
    assert fills(figure)[code].fillcolor == LIGHT.missing


def test_first_place_is_outlined_in_gold_on_top(geography: Geography, frame: pd.DataFrame) -> None:
    leader = frame.iloc[0]
    cluster = next(name for name, panel in geography.clusters.items() if leader["unit_code"] in panel.shapes)
    for figure in (cluster_map(geography, cluster, frame, RANGE), overview_map(geography, frame, RANGE)):
        gold = [name for name, trace in fills(figure).items() if trace.line.color == LIGHT.gold]
        assert gold == [leader["unit_name"]] == list(fills(figure))[-1:]


def test_who_is_first_can_be_said_and_shared(geography: Geography, frame: pd.DataFrame) -> None:
    said = frame.assign(is_first=frame["label"].isin(["2", "3"]))
    gold = {
        name for name, trace in fills(overview_map(geography, said, RANGE)).items() if trace.line.color == LIGHT.gold
    }
    assert gold == set(frame["unit_name"][1:3])
    reverse = overview_map(geography, frame, (90.0, 60.0))
    assert frame["unit_name"].iloc[-2] in {n for n, t in fills(reverse).items() if t.line.color == LIGHT.gold}


def test_with_no_value_at_all_nobody_is_first(geography: Geography, frame: pd.DataFrame) -> None:
    for figure in figures(geography, frame.assign(value=math.nan)).values():
        assert {trace.fillcolor for trace in fills(figure).values()} == {LIGHT.missing}
        assert LIGHT.gold not in {trace.line.color for trace in figure.data}


def test_the_overview_frames_and_names_every_cluster(geography: Geography, frame: pd.DataFrame) -> None:
    figure = figures(geography, frame)["overview"]
    outlines = {(shape.x0, shape.y0, shape.x1, shape.y1) for shape in figure.layout.shapes}
    assert outlines == {tuple(round(edge) for edge in geography.frame(cluster)) for cluster in geography.clusters}
    assert {note.text for note in figure.layout.annotations} == set(CLUSTER_NAMES.values())
    assert {shape.line.color for shape in figure.layout.shapes} == {LIGHT.frame}


def test_text_on_a_shape_contrasts_with_it(geography: Geography, frame: pd.DataFrame) -> None:
    for dark in (False, True):
        for cluster in geography.clusters:
            figure = cluster_map(geography, cluster, frame, RANGE, dark=dark)
            for name, shape in fills(figure).items():
                (note,) = [note for note in figure.layout.annotations if name in note.text]
                assert contrast_ratio(note.font.color, shape.fillcolor) >= 4.5


def test_the_title_has_room_above_the_map(geography: Geography, frame: pd.DataFrame) -> None:
    titled = cluster_map(geography, "yen_bai", frame, RANGE, title="Yên Bái")
    assert titled.layout.title.text == "<b>Yên Bái</b>"
    assert titled.layout.height - titled.layout.margin.t == DESIGN_HEIGHT_PX
    assert cluster_map(geography, "yen_bai", frame, RANGE).layout.margin.t == 0


# --- small islands


@pytest.fixture(scope="module")
def archipelago() -> tuple[Geography, list[shapely.Point]]:
    """A national map: two members a hundred kilometres wide, each with islands of 3 km far out at sea."""
    units = pd.DataFrame({"unit_code": ["48", "56"], "cluster": "", "is_member": True, "area_km2": 1.0})
    islands = [shapely.box(x, y, x + 3_000, y + 3_000) for x, y in [(1_200_000, 900_000), (1_700_000, 500_000)]]
    mainland = [shapely.box(0, y, 100_000, y + 100_000) for y in (0, 1_500_000)]
    shapes = [shapely.union(land, island) for land, island in zip(mainland, islands, strict=True)]
    boundaries = geopandas.GeoDataFrame({"unit_code": ["48", "56"]}, geometry=shapes, crs=32648)
    geography = build_geography(units, boundaries)
    west, south = geography.overview.bounds[:2]
    return geography, [shapely.Point(island.centroid.x - west, island.centroid.y - south) for island in islands]


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("value", [60.0, 90.0, math.nan])
def test_a_small_island_is_not_covered_by_its_outline(
    archipelago: tuple[Geography, list[shapely.Point]], dark: bool, value: float
) -> None:
    geography, islands = archipelago
    frame = pd.DataFrame({"unit_code": ["48", "56"], "unit_name": "A", "value": value, "label": "1", "hover": "A"})
    figure = overview_map(geography, frame.assign(is_first=False), RANGE, dark=dark)
    palette = DARK if dark else LIGHT
    drawn = [trace for trace in figure.data if trace.fill == "toself"]
    for island in islands:
        (trace,) = [trace for trace in drawn if shapely.box(*extent_of(trace)).buffer(1).contains(island)]
        assert max(trace.x) - min(trace.x) < 3_100, "the island has a trace of its own"
        assert contrast_ratio(trace.line.color, palette.surface) >= 1.6
        assert trace.line.width > 2
    whole = [trace for trace in drawn if max(trace.x) - min(trace.x) > 90_000]
    assert {trace.line.color for trace in whole} <= {palette.border, palette.hatch}


def extent_of(trace: Any) -> tuple[float, float, float, float]:
    return min(trace.x), min(trace.y), max(trace.x), max(trace.y)


# --- labels that may break


def test_names_may_shrink_and_break_where_they_are_to_be_large(geography: Geography, frame: pd.DataFrame) -> None:
    for cluster, panel in geography.clusters.items():
        wanted = texts(geography, frame.assign(label="88"), cluster)
        labels = place_labels(panel, wanted, 28, smallest_px=16)
        assert {label.unit_code for label in labels} == set(wanted)
        for label in labels:
            assert " ".join(label.name_lines) == wanted[label.unit_code][1]
            assert 16 <= label.font_px <= 28
        assert max(label.font_px for label in labels) == 28
        assert sum(label.font_px >= 24 for label in labels) >= len(labels) - 1

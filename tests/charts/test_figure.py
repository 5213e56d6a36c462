"""A figure keeps its parts as they are given, and Plotly checks them for whoever asks."""

from __future__ import annotations

import plotly.io
import pytest

from wardstats.charts.figure import Figure


def test_a_figure_is_sent_as_it_was_given_and_is_plotlys_own_for_who_looks() -> None:
    layout = {"template": None, "height": 300}
    figure = Figure(layout)
    figure.add("bar", x=[1.5, None], y=["Đ", "â"], marker={"color": "#0b5d43"})
    assert figure.to_dict() is figure.to_dict()
    assert figure.to_dict()["data"][0]["x"] == [1.5, None]
    assert plotly.io.from_json(plotly.io.to_json(figure.to_dict(), validate=False)) == figure.checked
    assert figure.layout.height == 300
    assert figure.data[0].marker.color == "#0b5d43"


def test_a_property_that_plotly_does_not_know_is_found_by_looking() -> None:
    figure = Figure({"template": None})
    figure.add("scatter", x=[1], colour="red")
    with pytest.raises(ValueError, match="colour"):
        assert figure.checked

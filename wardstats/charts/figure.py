"""The figure that all charts return: its parts as they are sent, made once, however many readers it is sent to."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import cached_property
from typing import Any

import plotly.graph_objects as go

TRACES = ("bar", "heatmap")  # beside scatter; the browser's drawing program starts no others (frontend/)


class Figure(go.Figure):
    """A figure whose parts nobody changes once it has been sent.

    Plotly looks each property up in its schema and copies each part several times, which is a good part of what a page
    costs that nobody has looked at before. Here the parts are kept as they are given, and checked against the schema
    by whoever asks for ``checked``, ``data`` or ``layout``, as the tests do with every figure (tests/conftest.py).
    """

    def __init__(self, layout: Mapping[str, Any]) -> None:
        """Start with a layout, as plain parts."""
        # With datarevision, the browser takes a copy of the figure for the same, and does not draw it again.
        self._parts: dict[str, Any] = {"data": [], "layout": {**layout, "datarevision": 1}}

    def add(self, kind: str, hover: Iterable[str] | None = None, **trace: Any) -> None:
        """Add a trace.

        Args:
            kind: scatter or one of ``TRACES``.
            hover: What each of its points tells.
            trace: Its parts, by Plotly's names.
        """
        if hover is not None:
            trace |= {"hovertext": list(hover), "hovertemplate": "%{hovertext}<extra></extra>"}
        assert kind in {"scatter", *TRACES}, f"Add {kind} to TRACES, or the browser will not draw it."
        self._parts["data"].append({"type": kind, **trace})

    def to_dict(self) -> dict[str, Any]:
        """Return the parts to be sent; the same objects every time."""
        return self._parts

    @cached_property
    def checked(self) -> go.Figure:
        """The figure as Plotly's own, every property checked.

        Raises:
            ValueError: A property that Plotly does not know, or a value that it does not take.
        """
        return go.Figure(self._parts)

    @property
    def data(self) -> Any:
        """The traces, checked."""
        return self.checked.data

    @property
    def layout(self) -> Any:
        """The layout, checked."""
        return self.checked.layout

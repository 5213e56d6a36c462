"""The figure that all charts return: put into the form that is sent once, however many readers it is sent to."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import plotly.graph_objects as go

TRACES = ("bar", "heatmap")  # beside scatter; the browser's drawing program starts no others (live/drawing_program.py)


class Figure(go.Figure):
    """A figure that nobody changes once it has been sent.

    Plotly copies a figure deeply each time it is sent, which was a third of the ranking page's script run.
    """

    def to_dict(self) -> dict[str, Any]:
        """Return the parts to be sent; the same objects every time."""
        return self._parts

    @cached_property
    def _parts(self) -> dict[str, Any]:
        parts = super().to_dict()
        unknown = {trace["type"] for trace in parts["data"]} - {"scatter", *TRACES}
        assert not unknown, f"Add {unknown} to TRACES, or the browser will not draw it."
        return parts

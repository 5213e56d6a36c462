"""The figure that all charts return: put into the form that is sent once, however many readers it is sent to."""

from __future__ import annotations

from functools import cached_property
from typing import Any

import plotly.graph_objects as go


class Figure(go.Figure):
    """A figure that nobody changes once it has been sent.

    Plotly copies a figure deeply each time it is sent, which was a third of the ranking page's script run.
    """

    def to_dict(self) -> dict[str, Any]:
        """Return the parts to be sent; the same objects every time."""
        return self._parts

    @cached_property
    def _parts(self) -> dict[str, Any]:
        return super().to_dict()

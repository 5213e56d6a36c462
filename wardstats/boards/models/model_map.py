"""The map layer of the models: how far each member is with one, or how many each has begun."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from wardstats.boards.map import Geography
from wardstats.boards.models.board import latest_stages
from wardstats.charts.map.ward_map import cluster_map, overview_map
from wardstats.charts.style import STAGE_SIGNS
from wardstats.view.club_words import stage_names
from wardstats.view.view import View


@dataclass(frozen=True)
class ModelMap:
    """The map layer of one model, or of all: the overview and one figure a panel."""

    overview: go.Figure
    clusters: dict[str, go.Figure]
    alt_text: str


def draw_model_map(view: View, geography: Geography, today: date, model_code: str | None = None) -> ModelMap:
    """Return how far the members are with one model, or how many models each has begun."""
    speak = view.speak
    stages = latest_stages(view.frame("adoption"), today)
    words = stage_names(speak)
    rows = []
    for unit_code, name in view.members_now.items():
        own = stages[(stages["unit_code"] == unit_code) & (stages["step"] > 0)]
        if model_code is not None:
            own = own[own["model_code"] == model_code]
            step = int(own["step"].max()) if len(own) else 0
            text = words[own["stage"].iloc[0]] if len(own) else speak("not begun")
            label = STAGE_SIGNS[own["stage"].iloc[0]] if len(own) else "○"
        else:
            step = len(own)
            text, label = speak("models begun: {count}", count=step), str(step)
        rows.append(
            {
                "unit_code": unit_code,
                "unit_name": name,
                "value": float(step),
                "label": label,
                "hover": f"<b>{escape(name)}</b><br>{text}",
                "text": text,
                "is_first": False,
            }
        )
    frame = pd.DataFrame(rows)
    span = (0.0, 3.0 if model_code is not None else float(max(frame["value"].max(), 1.0)))
    names = view.cluster_names
    clusters = [*[c for c in names if c in geography.clusters], *[c for c in geography.clusters if c not in names]]
    shared: dict[str, Any] = {"dark": view.is_dark, "font_px": 13}
    return ModelMap(
        overview=overview_map(geography, frame, span, cluster_names=names, height=320, **shared),
        clusters={
            code: cluster_map(geography, code, frame, span, title=names.get(code, code), height=320, **shared)
            for code in clusters
        },
        alt_text="; ".join(f"{row['unit_name']}: {row['text']}" for row in rows),
    )

"""The block's models: definition and checklist, who has come how far with which, and how they spread over time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

import pandas as pd
import plotly.graph_objects as go

from wardstats.charts.adoption import adoption_spread
from wardstats.charts.html import club_components
from wardstats.charts.html.pieces import Card, Item, ModelCard
from wardstats.charts.style import STAGE_SIGNS
from wardstats.core.rows import dictionaries, text_or_empty
from wardstats.view.addresses import unit_address
from wardstats.view.club_words import stage_names
from wardstats.view.headline import mark
from wardstats.view.indicator_card import card_address
from wardstats.view.view import View

STEPS = {"": 0, "stopped": 0, "pilot": 1, "adopted": 2, "recognised": 3}


@dataclass(frozen=True)
class Models:
    """Everything the models' page shows.

    Attributes:
        matrix: How far each member is with each model, as HTML.
    """

    headline: str
    cards: list[Card]
    models: list[ModelCard]
    matrix: str
    spread: go.Figure | None
    spread_alt: str
    table: pd.DataFrame
    has_sample: bool


def draw_models(view: View, today: date) -> Models:
    """Return the models' page as it stands on a day."""
    models = dictionaries(view.frame("block_model", language=view.language))
    steps = view.frame("adoption")
    stages = latest_stages(steps, today)
    names = {row["model_code"]: row["model_name"] for row in models}
    model_texts = {code: escape(name) for code, name in names.items()}  # plotly reads tags
    has_steps = bool(models) and len(steps) > 0
    return Models(
        headline=_headline(view, stages, names),
        cards=_cards(view, stages, names),
        models=_model_cards(view, models, stages),
        matrix=_matrix(view, stages, names),
        spread=adoption_spread(_counts(steps, today), model_texts, view.language, view.is_dark) if has_steps else None,
        spread_alt=_spread_alt(view, stages, names),
        table=_table(view, steps, names),
        has_sample=bool(steps["is_sample"].any()) or any(r["is_definition_sample"] or r["is_sample"] for r in models),
    )


def latest_stages(steps: pd.DataFrame, today: date) -> pd.DataFrame:
    """Return how far each member is with each model on a day: its last step that is not in the future."""
    past = steps[steps["since"] <= pd.Timestamp(today)].sort_values("since", kind="stable")
    last = past.groupby(["unit_code", "model_code"], sort=False).tail(1).reset_index(drop=True)
    return last.assign(step=last["stage"].map(STEPS))


def _counts(steps: pd.DataFrame, today: date) -> pd.DataFrame:
    """Members that pilot, adopted or were recognised for each model, at each date on which that changed."""
    days = sorted(steps.loc[steps["since"] <= pd.Timestamp(today), "since"].unique())
    rows = []
    for day in [*days, pd.Timestamp(today)]:
        active = latest_stages(steps, pd.Timestamp(day).date()).query("step > 0")
        counts = active.groupby("model_code").size()
        rows += [{"day": pd.Timestamp(day), "model_code": c, "count": int(n)} for c, n in counts.items()]
    return pd.DataFrame(rows, columns=["day", "model_code", "count"])


def _headline(view: View, stages: pd.DataFrame, names: dict[str, str]) -> str:
    speak = view.speak
    if not names:
        return speak("No models are on file")
    active = stages[stages["step"] > 0]
    if active.empty:
        return speak("No ward has begun a model yet")
    counts = active.groupby("model_code").size().sort_values(ascending=False, kind="stable")
    return speak(
        "{model} is the most widespread model: {count} {count:ward|wards}",
        model=names[str(counts.index[0])],
        count=int(counts.iloc[0]),
    )


def _cards(view: View, stages: pd.DataFrame, names: dict[str, str]) -> list[Card]:
    speak = view.speak
    if not names:
        return []
    active = stages[stages["step"] > 0]
    recognised = stages[stages["stage"] == "recognised"]
    idle = [name for code, name in view.members_now.items() if code not in set(active["unit_code"])]
    newest = stages.sort_values("since").tail(1)
    cards = [
        Card(speak("Models"), str(len(names)), speak("steps taken: {count}", count=len(active))),
        Card(
            speak("Recognised"),
            str(len(recognised)),
            speak.names([view.unit_name(code) for code in recognised["unit_code"].unique()]) if len(recognised) else "",
        ),
        Card(
            speak("Without a model"), str(len(idle)), speak.names(idle) if idle else speak("every ward has begun one")
        ),
    ]
    if len(newest):
        row = dictionaries(newest)[0]
        stage = stage_names(speak)[row["stage"]]
        detail = f"{names.get(row['model_code'], '')}: {stage}, {speak.day(row['since'].date())}"
        unit = row["unit_code"]
        cards.append(Card(speak("Latest step"), view.unit_name(unit), detail, href=unit_address(view, unit)))
    return cards


def _model_cards(view: View, models: list[dict[str, Any]], stages: pd.DataFrame) -> list[ModelCard]:
    speak = view.speak
    checklist = dictionaries(view.frame("model_criterion", period=view.period, language=view.language))
    stage_words = stage_names(speak)
    found = []
    for row in models:
        own = stages[stages["model_code"] == row["model_code"]]
        counts = [
            f"{stage_words[s]}: {n}" for s in ("pilot", "adopted", "recognised") if (n := (own["stage"] == s).sum())
        ]
        found.append(
            ModelCard(
                model_code=row["model_code"],
                name=row["model_name"],
                definition=text_or_empty(row["definition"]),
                is_definition_sample=bool(row["is_definition_sample"]),
                is_sample=bool(row["is_sample"]),
                counts=" · ".join(counts) or speak("no ward yet"),
                items=[_item(view, line) for line in checklist if line["model_code"] == row["model_code"]],
            )
        )
    return found


def _item(view: View, line: dict[str, Any]) -> Item:
    speak, code = view.speak, line["indicator_code"]
    if not isinstance(code, str):
        return Item(line["criterion"], "", "", bool(line["is_sample"]))
    met = [name for unit, name in view.members_now.items() if unit in set(line["met_units"])]
    count = speak("{met} of {known} wards", met=len(met), known=int(line["known_count"]))
    return Item(
        href=card_address(view, code) if code in view.indicators.index else "",
        text=line["criterion"],
        met=count,
        units=speak.names(met) if met else "",
        is_sample=bool(line["is_sample"]),
        mark=mark(line["status"], speak),
    )


def _matrix(view: View, stages: pd.DataFrame, names: dict[str, str]) -> str:
    found = {(row["unit_code"], row["model_code"]): row for row in dictionaries(stages)}
    rows = [
        (name, unit_address(view, unit), [_stage_cell(view, found.get((unit, model))) for model in names])
        for unit, name in view.members_now.items()
    ]
    label = view.speak("How far each ward is with each model.")
    columns = [(name, "") for name in names.values()]
    return club_components.matrix("ws-pledges ws-stages", label, view.speak("Unit"), columns, rows)


def _stage_cell(view: View, row: dict[str, Any] | None) -> str:
    if row is None:
        return club_components.NO_CELL
    speak, stage = view.speak, row["stage"]
    note = f"{row['since']:%m/%Y}" + (f" · {speak('sample')}" if row["is_sample"] else "")
    sign, name = STAGE_SIGNS[stage], stage_names(speak)[stage]
    return club_components.stage_cell(row["step"], sign, name, speak.day(row["since"].date()), note)


def _spread_alt(view: View, stages: pd.DataFrame, names: dict[str, str]) -> str:
    counts = stages[stages["step"] > 0].groupby("model_code").size()
    text = ", ".join(f"{name} {int(counts.get(code, 0))}" for code, name in names.items())
    return f"{view.speak('Wards with each model, over time. Now:')} {text}."


def _table(view: View, steps: pd.DataFrame, names: dict[str, str]) -> pd.DataFrame:
    speak = view.speak
    words = stage_names(speak)
    ordered = steps.sort_values(["since", "unit_code"], ascending=[False, True])
    return pd.DataFrame(
        {
            speak("Unit"): ordered["unit_code"].map(view.unit_names),
            speak("Model"): ordered["model_code"].map(names),
            speak("Stage"): ordered["stage"].map(words),
            speak("Date"): ordered["since"].dt.date,
            speak("Evidence"): ordered["evidence"].fillna(""),
            speak("Link"): ordered["link"].fillna(""),
            speak("Sample"): [speak("sample") if flag else "" for flag in ordered["is_sample"]],
        }
    )

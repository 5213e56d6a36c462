"""The ranking under weights that a reader tries out, with whatever aggregation the theme has.

``wardstats.scoring`` does the arithmetic from the snapshot's figures, period by period; over a quarter or year the
scores are averaged as in queries/span_ranking.sql. Owns the words that keep such an order apart from the official one.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache

import numpy as np
import pandas as pd

from wardstats.charts.html.pieces import Card
from wardstats.core.languages import Translator
from wardstats.scoring import PeriodInput, competition_ranks, score_period
from wardstats.scoring.from_queries import scoring_inputs
from wardstats.scoring.reweigh import child_shares, reweigh
from wardstats.view.ranking_choice import Ranked, RankingChoice, aggregation_of, official, periods_in
from wardstats.view.scoring_inputs import shared_spec
from wardstats.view.view import View

FACTORS = (0.0, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0)
MOST_PARTS = 12  # more would be a wall of sliders


@dataclass(frozen=True)
class Part:
    """A part of the theme that can be weighed.

    Attributes:
        code: Theme or indicator code.
        name: In the reader's language.
        share: Its official share in the theme, 0 to 1.
    """

    code: str
    name: str
    share: float


def weighable(view: View) -> list[Part]:
    """Return the parts of the view's theme that can be weighed; empty where there are fewer than two, or too many."""
    shares = child_shares(shared_spec(view, int(view.rules["year"])), view.node)
    if not 2 <= len(shares) <= MOST_PARTS:
        return []
    names = view.names
    return [Part(code, names.get(code) or view.indicator_name(code), share) for code, share in shares.items()]


def new_shares(parts: list[Part], factors: dict[str, float]) -> dict[str, float]:
    """Return each part's share under other weights; all nought where nothing would count."""
    raw = {part.code: part.share * factors.get(part.code, 1.0) for part in parts}
    total = sum(raw.values())
    return {code: share / total if total else 0.0 for code, share in raw.items()}


def weights_from_text(text: str, parts: list[Part]) -> dict[str, float]:
    """Read code:factor pairs of an address; whatever is no part or no factor on offer is left out."""
    known, found = {part.code for part in parts}, {}
    for pair in text.split(","):
        code, _, number = pair.rpartition(":")
        try:
            factor = float(number)
        except ValueError:
            continue
        if code in known and factor in FACTORS and factor != 1.0:
            found[code] = factor
    return found


def weights_as_text(factors: dict[str, float]) -> str:
    """Write what ``weights_from_text`` reads; empty for the official weights."""
    return ",".join(f"{code}:{factor:g}" for code, factor in sorted(factors.items()) if factor != 1.0)


@lru_cache(maxsize=8)  # the board and its map ask for the same
def weighted(view: View, choice: RankingChoice) -> Ranked:
    """Return the rows of a ranking with other weights, best first, each with its official rank and score."""
    known = official(view, choice.span)
    scores, coverage, maximum = _means(view, choice, periods_in(view, known.span))
    row = known.ranking["unit_code"]
    points = row.map(scores[view.node])
    ranks = pd.Series(competition_ranks(points.to_numpy(dtype=float)), index=row.index, dtype="float64")
    ranking = known.ranking.assign(
        previous_rank=known.ranking["rank"], previous_score=known.ranking["score"],
        rank=ranks.where(ranks > 0), score=points, max_score=maximum, coverage=row.map(coverage),
    ).sort_values("rank", kind="stable", na_position="last", ignore_index=True)  # fmt: skip
    nodes = scores.reset_index().melt("unit_code", var_name="node_code", value_name="score")
    theme_scores = known.parts.drop(columns="score").merge(nodes, on=["unit_code", "node_code"], how="left")
    weights = _weights(view, choice)
    theme_scores["weight"] = theme_scores["node_code"].map(weights).fillna(0.0)
    return Ranked(ranking, theme_scores, theme_scores.iloc[:0], known.span)


@lru_cache(maxsize=16)  # they do not hang on the weights, which change with every move of a slider
def _inputs(view: View, periods: tuple[str, ...]) -> list[PeriodInput]:
    return scoring_inputs(view, periods)


def _weights(view: View, choice: RankingChoice) -> dict[str, float]:
    spec = reweigh(shared_spec(view, int(view.rules["year"])), view.node, dict(choice.factors))
    return {theme.code: theme.weight for theme in spec.themes}


def _means(view: View, choice: RankingChoice, periods: list[str]) -> tuple[pd.DataFrame, pd.Series, float]:
    """Mean scores (units x nodes), mean coverage and mean maximum of the view's theme, over the periods."""
    results = [
        score_period(replace(given, spec=reweigh(given.spec, view.node, dict(choice.factors))))
        for given in _inputs(view, tuple(periods))
    ]
    last = results[-1]  # the tree of themes is the block's, so all have the same nodes
    at = last.spec.node_index(view.node)
    units = pd.Index(last.unit_codes, name="unit_code")
    rows = np.array([pd.Index(result.unit_codes).get_indexer(units) for result in results])  # -1: no member then
    scores = np.stack([result.steps.scores[row] for result, row in zip(results, rows, strict=True)])
    scores[rows < 0] = np.nan
    rules = view.frame("ranked_period").set_index("period")
    is_settled = np.array([rules["is_closed"][period] and rules["missing"][period] == "zero" for period in periods])
    known = ~np.isnan(scores)
    counted = (known | (is_settled[:, None] & (rows >= 0))[:, :, None]) & known.any(axis=0)
    with np.errstate(invalid="ignore"):
        means = np.where(known, scores, 0.0).sum(axis=0) / counted.sum(axis=0)  # nought over nought where none is known
    covered = np.stack([result.steps.coverage[row, at] for result, row in zip(results, rows, strict=True)])
    coverage = np.nanmean(np.where(rows < 0, np.nan, covered), axis=0)
    maximum = float(np.mean([result.spec.maxima[at] for result in results]))
    return pd.DataFrame(means, units, list(last.spec.node_codes)), pd.Series(coverage, units), maximum


def notice(view: View, choice: RankingChoice) -> str:
    """Say which weights were changed: it stands above the order and in every file that holds it."""
    speak, parts = view.speak, weighable(view)
    shares = new_shares(parts, dict(choice.factors))
    changed = [
        f"{part.name} {speak.percent(part.share)}\u00a0→\u00a0{speak.percent(shares[part.code])}"
        for part in parts
        if abs(part.share - shares[part.code]) > 5e-4
    ]  # fmt: skip
    return speak("Not the official order. Weights tried: {weights}.", weights="; ".join(changed))


def how_it_works(view: View) -> str:
    """Say in plain words what moving a slider does, for the theme's own way of adding up."""
    if aggregation_of(view) == "sum":
        return view.speak(
            "A part that counts twice as much has its points doubled; then all are brought back to the same maximum, "
            "so that what one part gains the others give."
        )
    return view.speak(
        "A part that counts twice as much weighs twice as much in the mean; the weights always add up to 100%."
    )


def weight_cards(ranking: pd.DataFrame, speak: Translator) -> list[Card]:
    """Return the cards above an order with other weights: who leads, who gains, who loses, how many places change."""
    ranked = ranking[ranking["rank"].notna()]
    if ranked.empty:
        return []
    moved = (ranked["previous_rank"] - ranked["rank"]).fillna(0)
    first = ranked[ranked["rank"] == 1]
    lead = speak("official place {place}", place=speak.names([str(int(rank)) for rank in first["previous_rank"]]))
    changed = int((moved != 0).sum())
    detail = speak("of {count} change their place", count=len(ranked))
    return [
        Card(speak("In the lead"), speak.names(first["unit_name"].tolist()), lead),
        _mover(speak("Gains most"), ranked, moved, speak, 1),
        _mover(speak("Loses most"), ranked, moved, speak, -1),
        Card(speak("The order"), str(changed), detail),
    ]


def _mover(topic: str, ranked: pd.DataFrame, moved: pd.Series, speak: Translator, sign: int) -> Card:
    best = (sign * moved).max()
    if best <= 0:
        return Card(topic, "–", speak("Nobody changes place that way"))
    row = ranked.loc[(sign * moved).idxmax()]
    mark = f"{'▲' if sign > 0 else '▼'} {int(best)}"
    detail = speak("official place {place}", place=int(row["previous_rank"]))
    return Card(topic, row["unit_name"], detail, mark=mark, change=sign)

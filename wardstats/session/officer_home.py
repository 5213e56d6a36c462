"""The top of the page of handing in, for an officer: what waits for their ward, and where it stands."""

from __future__ import annotations

from dataclasses import replace

from wardstats.boards.officer_home import due_card, returned, standing_card, way_up_card
from wardstats.charts.html import components, unit_components
from wardstats.core.languages import local_today
from wardstats.core.records import ROOT
from wardstats.ledger.access import Actor
from wardstats.session.caches import cached
from wardstats.session.frame import html
from wardstats.session.hand_ins import units_of
from wardstats.session.ranking_controls import since_text
from wardstats.session.signin import workspace
from wardstats.session.units import has_many_units
from wardstats.view.view import View


def officer_home(view: View, actor: Actor) -> None:
    """Draw what is due, what was returned and why, what changed on the board, the ward's rank and the way up."""
    unit = actor.unit_code
    if not unit or unit not in units_of(actor, "handin"):
        return
    whole = replace(view, node=ROOT)
    cards = [due_card(workspace(), unit, local_today(), view.speak), cached(standing_card, whole, unit)]
    if not has_many_units(whole):
        cards.append(cached(way_up_card, whole, unit))
    html(view, components.cards(cards))
    if back := returned(workspace(), unit, local_today(), view.speak):
        html(view, unit_components.told_list([(item.title, item.reasons) for item in back]))
    if text := since_text(whole):
        html(view, components.paragraph(text))

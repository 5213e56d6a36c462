"""Widgets about one unit: choosing it, going to its page, trying other figures for it."""

from __future__ import annotations

import math
import re
from collections.abc import Mapping
from typing import Any, NoReturn

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from wardstats.boards.ward.lessons import draw_room
from wardstats.boards.ward.movement import draw_lift, draw_movement, draw_what_if
from wardstats.boards.ward.trends import draw_trends
from wardstats.charts.html import components, unit_components
from wardstats.core.rows import dictionaries
from wardstats.intake.faults import Finding
from wardstats.intake.numbers import indicator_asked
from wardstats.session.address import choose, choose_several, share, unknown
from wardstats.session.caches import cached
from wardstats.session.frame import html
from wardstats.session.signin import OWN_UNIT, plain
from wardstats.session.tables import table, table_behind
from wardstats.session.typed import number_field
from wardstats.session.unknown_choice import tell_unknown
from wardstats.view.completeness import nothing_to_compare
from wardstats.view.view import View

_MANY = 500
_MOST_LINKS = 150


def first_units(view: View) -> list[str]:
    """Return the members as a page offers them first: one's own ward, then the others by rank."""
    own = st.session_state.get(OWN_UNIT, "")
    ranked = view.ranking()["unit_code"].tolist() or list(view.members)
    return sorted(ranked, key=lambda code: code != own)


def choose_unit(view: View) -> str:
    """Let the reader choose a member; the choice lives in the address as unit=. For one there is not the page ends."""
    names = view.members
    choose("unit", names, first_units(view)[0])
    if asked := unknown("unit", names):
        tell_unknown("unit", asked, names, view.speak)
    st.selectbox(
        view.speak("Unit"), list(names), key="unit", format_func=view.unit_name, width=320,
        accept_new_options=True,
    )  # fmt: skip
    share(unit=st.session_state["unit"])
    return st.session_state["unit"]


def open_unit(unit_code: str) -> NoReturn:
    """Go to the page of a unit."""
    st.session_state["unit"] = unit_code
    st.switch_page("pages/ward.py", query_params={**st.session_state["address"], "unit": unit_code})


def unit_links(view: View) -> None:
    """Offer a link to the page of each member, for those who do not click on maps; of thousands to the first."""
    ranking = view.ranking()
    with st.container(horizontal=True, key="unit_links", gap="small"):
        for row in dictionaries(ranking.head(_MOST_LINKS)):
            query = {**st.session_state["address"], "unit": row["unit_code"]}
            st.page_link("pages/ward.py", label=plain(row["unit_name"]), query_params=query)


def has_many_units(view: View) -> bool:
    """Tell whether so many units are ranked that what each one's place depends on takes seconds to work out."""
    return len(view.ranking()) > _MANY


def parts_of_profile(view: View, unit_code: str) -> dict[str, str]:
    """Return the headings of a unit's page by their anchors, from top to bottom; of trends where there are any."""
    speak = view.speak
    parts = {
        "move": speak("Why did it move?"),
        "lift": speak("How could {name} move up?", name=view.unit_name(unit_code)),
        "strengths": speak("Strengths"),
        "weaknesses": speak("Weaknesses"),
        "learn": speak("Who to learn from"),
        "late": speak("Missing and late figures"),
        "indicators": speak("Every indicator, against all others"),
    }
    return parts | ({"trends": speak("How each indicator moved")} if cached(draw_trends, view, unit_code) else {})


def part_heading(parts: Mapping[str, str], anchor: str) -> None:
    """Draw the heading of one of these parts, to which its link leads."""
    st.subheader(plain(parts[anchor]), anchor=anchor)


def reasons_of_place(view: View, unit_code: str, why: DeltaGenerator, how: DeltaGenerator) -> None:
    """Draw what moved a unit since the period before, and what would lift it, in two columns."""
    speak, name, parts = view.speak, f"{unit_code}_{view.period}", parts_of_profile(view, unit_code)
    with why:
        part_heading(parts, "move")
        movement = cached(draw_movement, view, unit_code)
        if movement is None:
            html(view, components.paragraph(nothing_to_compare(view.ranking(), speak)))
        else:
            html(view, components.reasons(movement.headline, movement.parts))
            label = speak("Full breakdown of the change")
            table_behind(view, movement.table, "why", f"why_{name}", label)
    with how:
        part_heading(parts, "lift")
        lift = cached(draw_lift, view, unit_code)
        if lift is None:
            room = cached(draw_room, view, unit_code)
            html(view, components.reasons(room.headline, room.parts))
        else:
            html(view, components.paragraph(lift.headline) + unit_components.lift_steps(lift.steps))
            table_behind(view, lift.table, "lift", f"lift_{name}", speak("All ways, with the effort each takes"))


def what_if(view: View, unit_code: str) -> None:
    """Let the reader try other values of a unit's indicators; they live in the address as whatif=code:value,..."""
    # A comma divides pairs only before a code and its colon: in code:9,75 it belongs to the number.
    asked = dict(re.findall(r"([\w.-]+):([^:]*?)(?=,[\w.-]+:|$)", st.query_params.get("whatif", "")))
    label = view.speak("What if its figures were different?")
    trying = st.expander(label, icon=":material/tune:", expanded=bool(asked), key="what_if", on_change="rerun")
    if trying.open:
        with trying:
            _try_figures(view, unit_code, asked)


def _try_figures(view: View, unit_code: str, asked: Mapping[str, str]) -> None:
    speak, scored = view.speak, view.scored
    names = {str(code): str(name) for code, name in scored["indicator_name"].items()}
    choose_several("try", list(names), [code for code in asked if code in names], most=6)
    st.multiselect(
        speak("Indicators to try"), list(names), key="try", format_func=names.__getitem__, max_selections=6,
        placeholder=speak("Choose indicators"),
    )  # fmt: skip
    codes = st.session_state["try"]
    if not codes:
        share(whatif="")
        st.caption(speak("Choose indicators and other values to see the ranking they would give. Nothing is stored."))
        return
    figures = view.frame("figure_points", period=view.period, unit=(unit_code,), indicator=())
    current = figures.set_index("indicator_code")["value"]
    typed: dict[str, float | Finding | None] = {}
    for column, code in zip(st.columns(3) * 2, codes, strict=False):
        with column:
            typed[code] = number_field(
                names[code],
                _from_address(asked[code]) if code in asked else _number(current.get(code)),
                indicator_asked(scored.loc[code].to_dict()),
                speak,
                key=f"try_{unit_code}_{view.period}_{code}_{view.language}",
                help=speak("Now: {value}", value=view.figure(code, current.get(code))),
            )
    changes = {code: number for code, number in typed.items() if not isinstance(number, Finding)}
    if len(changes) < len(typed):  # the field says what is wrong with it
        return
    share(whatif=",".join(f"{code}:{'' if value is None else value}" for code, value in changes.items()))
    st.markdown(f"**{speak('Hypothetical ranking, not the official one')}**")
    hypothetical = cached(draw_what_if, view, unit_code, tuple(sorted(changes.items())))
    table(view, hypothetical, f"whatif_{unit_code}_{view.period}")


def _from_address(text: str) -> float | str | None:
    """Read a number that ``share`` wrote; what somebody else wrote is left to the field, which asks about 1,234."""
    number = _number(text)
    return text.strip() or None if number is None else number


def _number(value: Any) -> float | None:
    """Read a number from an address or a table; None where there is none."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None

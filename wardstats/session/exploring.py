"""The widgets of the explore page: filter, choice of what a chart shows, a chart with its table, the SQL box."""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from wardstats.boards import explore
from wardstats.boards.explore import SCORE, TABS, Filter, Panel, Selection
from wardstats.boards.explore.sql import answer_file, answer_notices, describe_relations, sql_examples
from wardstats.core.errors import WardStatsError
from wardstats.core.export_files import Export
from wardstats.session.address import choose, choose_several, choose_text, share
from wardstats.session.caches import cached, sql_box
from wardstats.session.frame import page_head
from wardstats.session.marks import unit_chart
from wardstats.session.signin import plain
from wardstats.session.tables import downloads, table_behind, written_frame
from wardstats.session.unknown_choice import tell_left_out
from wardstats.snapshot.sql_box import cut_note, refusal
from wardstats.view.headline import in_theme
from wardstats.view.view import View

_PERIODS_AT_FIRST = 12
_FIGURES_AT_FIRST = 100_000  # fewer periods where there are thousands of units; the reader may ask for more


@dataclass(frozen=True)
class Exploring:
    """What the reader explores.

    Attributes:
        tab: One of ``TABS``.
        chosen: The filter.
        head: Where the headline goes: it stands first, and is known last.
    """

    view: View
    tab: str
    chosen: Filter
    head: DeltaGenerator

    @property
    def selected(self) -> Selection:
        """The figures that pass the filter."""
        return cached(explore.draw_selection, self.view, self.chosen)

    def headline(self, text: str) -> None:
        """Put the finding at the top of the page, with the theme that the figures are of; a query is about all."""
        with self.head:
            page_head(self.view, text if self.tab == "sql" else in_theme(text, self.view.theme_name))

    def choose_figure(self, key: str, label: str, default: str, has_score: bool = True) -> str:
        """Let the reader choose an indicator of the selection or the score; lives in the address."""
        view = self.view
        names = {SCORE: view.speak("Score: {theme}", theme=view.names[view.node])} if has_score else {}
        names |= self.selected.indicators
        choose(key, list(names), default)
        st.selectbox(label, list(names), key=key, format_func=names.__getitem__)
        share(**{key: st.session_state[key]})
        return st.session_state[key]

    def show(self, panel: Panel, key: str) -> None:
        """Draw a chart with its finding as the headline and the table behind it."""
        self.headline(panel.finding)
        if panel.detail:
            st.markdown(plain(panel.detail))
        if panel.figure is not None:
            unit_chart(self.view, panel.figure, key=f"chart_{key}", alt=panel.alt)
        table_behind(self.view, panel.table, key, f"{key}_{self.view.period}")


def exploring(view: View) -> Exploring:
    """Draw the tabs and the filter; every choice lives in the address, so that a view is saved as a link."""
    head = st.container()
    choose("tab", TABS, TABS[0])
    names = _filter_names(view)
    for key in ("only_indicators", "only_units"):
        choose_several(key, names[key], [])
    choose("group", list(names["group"]), "")
    periods = list(names["since"])
    figures = max(1, len(names["only_units"]) * len(names["only_indicators"]))  # of one period
    at_first = max(1, min(_PERIODS_AT_FIRST, len(periods), _FIGURES_AT_FIRST // figures))
    choose("since", periods, periods[at_first - 1])
    tab = _tabs(view)
    if tab != "sql":
        _draw_filter(view, names)
        for key in ("only_indicators", "only_units"):
            tell_left_out(key, names[key], view.speak)
    state = st.session_state
    several = {key: ",".join(state[key]) for key in ("only_indicators", "only_units")}
    share(tab=state["tab"], group=state["group"], since=state["since"], **several)
    chosen = Filter(state["since"], tuple(state["only_units"]), tuple(state["only_indicators"]), state["group"])
    return Exploring(view, tab, chosen, head)


def _filter_names(view: View) -> dict[str, dict[str, str]]:
    """What each widget of the filter offers: names by code."""
    indicators = view.indicators["indicator_name"][view.indicators["node_code"].isin(view.below(view.node))]
    newest_first = view.frame("ranked_period")["period"].tolist()
    return {
        "only_indicators": {str(code): str(name) for code, name in indicators.items()},
        "only_units": view.members,
        "group": {"": view.speak("All groups")} | view.cluster_names,
        "since": {text: view.speak.period(text) for text in newest_first[newest_first.index(view.period) :]},
    }


def _tabs(view: View) -> str:
    speak = view.speak
    names = {
        "table": speak("Table"), "trend": speak("Trend"), "distribution": speak("Distribution"),
        "scatter": speak("Scatter"), "heatmap": speak("Heatmap"), "sql": speak("SQL"),
    }  # fmt: skip
    st.segmented_control(
        speak("View"), TABS, key="tab", format_func=names.__getitem__, required=True, label_visibility="collapsed"
    )
    return st.session_state["tab"]


def _draw_filter(view: View, names: dict[str, dict[str, str]]) -> None:
    speak = view.speak
    has_groups = len(names["group"]) > 1
    columns = st.columns([3, 3, 2, 2] if has_groups else [3, 3, 2], gap="small")
    several = (("only_indicators", speak("Indicators")), ("only_units", speak("Units")))
    for column, (key, label) in zip(columns, several, strict=False):
        options = names[key]
        column.multiselect(
            label, list(options), key=key, format_func=partial(_name, options),
            placeholder=speak("all"), accept_new_options=True,
        )  # fmt: skip
    if has_groups:
        groups = names["group"]
        columns[2].selectbox(speak("Group"), list(groups), key="group", format_func=groups.__getitem__)
    columns[-1].selectbox(speak("From"), list(names["since"]), key="since", format_func=names["since"].__getitem__)


def _name(names: dict[str, str], code: str) -> str:
    """What was typed stands for itself until it is found among the names."""
    return names.get(code, code)


def sql_tab(view: View) -> None:
    """Draw the SQL box with the schema beside it, and its answer."""
    speak, state, box = view.speak, st.session_state, sql_box()
    box.warm_up()
    choose_text("sql", box.limits.characters)
    examples = cached(sql_examples, view)
    if not state["sql"]:
        state["sql"] = next(iter(examples.values()))
    write, schema = st.columns([3, 2], gap="large")
    with write:
        st.selectbox(
            speak("Begin with an example"), list(examples), index=None, key="sql_example",
            placeholder=speak("Choose a question"), on_change=_take_example, args=(examples,),
        )  # fmt: skip
        with st.form("sql_form", border=False):
            st.text_area("SQL", key="sql", height=260, max_chars=box.limits.characters)
            st.form_submit_button(speak("Run"), type="primary", icon=":material/play_arrow:")
        st.caption(
            speak(
                "One SELECT on the published snapshot, read only: no files, no network, {seconds} s, {rows} rows.",
                seconds=speak.number(box.limits.seconds, 0), rows=speak.number(box.limits.rows, 0),
            )
        )  # fmt: skip
    with schema:
        st.markdown(f"**{speak('Tables and columns')}**")
        with st.container(height=330):
            st.html(cached(describe_relations, view))
    share(sql=state["sql"] if len(state["sql"]) <= 1500 else "")
    _sql_answer(view)


def _take_example(examples: dict[str, str]) -> None:
    """Put a query into the box. The list forgets it: what is in the box may be changed, or the language."""
    if chosen := st.session_state["sql_example"]:
        st.session_state["sql"] = examples[chosen]
        st.session_state["sql_example"] = None


def _sql_answer(view: View) -> None:
    speak, state, box = view.speak, st.session_state, sql_box()
    asked = (view.snapshot_id, state["sql"])
    # Each look at the state is where Streamlit ends a run whose reader has left or asked for something else.
    answer = box.run(*asked, still_wanted=lambda _: "sql" in state)
    frame = answer.frame
    if frame is None:
        st.warning(plain(refusal(answer, box.limits, speak)), icon=":material/block:")
        return
    found = speak(
        "{count} {count:row|rows} in {seconds} s",
        count=speak.number(len(frame), 0),
        seconds=speak.number(answer.seconds, 2),
    )
    st.caption(found)
    if answer.cut_by:
        st.warning(cut_note(answer, box.limits, speak), icon=":material/content_cut:")
    written_frame(view, frame)
    for title, text in answer_notices(view):
        st.caption(f"**{title}** {text}")
    downloads(view, partial(_answer_file, view, asked), "sql")


def _answer_file(view: View, asked: tuple[str, str]) -> Export:
    """Return the answer as it leaves. It is asked for again, so that a page that stays open holds none."""
    answer = sql_box().run(*asked)
    if answer.frame is None:
        raise WardStatsError(refusal(answer, sql_box().limits, view.speak))
    return answer_file(view, answer.frame, asked[1])

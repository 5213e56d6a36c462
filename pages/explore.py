"""Explore, for analysts: filter, then look at a table, a trend, a distribution, a scatter, a heatmap, or write SQL."""

import streamlit as st

from wardstats import explore, session
from wardstats.charts.style import CONFIG
from wardstats.explore import SCORE, TABS, Filter
from wardstats.sql_box import refusal
from wardstats.sql_page import EXAMPLES, answer_file, describe_relations

MOST_SHOWN = 5000
view = session.view()
speak = view.speak
units = view.frame("unit", language=view.language)
units = units[units["is_member"]]
unit_names = dict(zip(units["unit_code"], units["unit_name"], strict=True))
indicators = view.frame("indicator", year=int(view.rules["year"]), language=view.language)
indicators = indicators[indicators["node_code"].isin(view.below(view.node))]
indicator_names = dict(zip(indicators["indicator_code"], indicators["indicator_name"], strict=True))
clusters = view.frame("cluster", language=view.language)
clusters = {"": speak("All groups")} | dict(zip(clusters["cluster"], clusters["cluster_name"], strict=True))
newest_first = view.frame("ranked_period")["period"].tolist()
periods = newest_first[newest_first.index(view.period) :]

head = st.container()  # the finding stands first, and is known last
tab_names = {
    "table": speak("Table"), "trend": speak("Trend"), "distribution": speak("Distribution"),
    "scatter": speak("Scatter"), "heatmap": speak("Heatmap"), "sql": speak("SQL"),
}  # fmt: skip
session.choose("tab", TABS, TABS[0])
session.choose_several("only_indicators", list(indicator_names), [])
session.choose_several("only_units", list(unit_names), [])
session.choose("group", list(clusters), "")
session.choose("since", periods, periods[min(11, len(periods) - 1)])
tab = st.segmented_control(
    speak("View"), TABS, key="tab", format_func=tab_names.__getitem__, required=True, label_visibility="collapsed"
)
if tab != "sql":
    has_groups = len(clusters) > 1
    columns = st.columns([3, 3, 2, 2] if has_groups else [3, 3, 2], gap="small")
    columns[0].multiselect(
        speak("Indicators"), list(indicator_names), key="only_indicators", format_func=indicator_names.__getitem__,
        placeholder=speak("all"),
    )  # fmt: skip
    columns[1].multiselect(
        speak("Units"), list(unit_names), key="only_units", format_func=unit_names.__getitem__, placeholder=speak("all")
    )
    if has_groups:
        columns[2].selectbox(speak("Group"), list(clusters), key="group", format_func=clusters.__getitem__)
    columns[-1].selectbox(speak("Since"), periods, key="since", format_func=speak.period)
state = st.session_state
session.share(
    tab=state["tab"], only_indicators=",".join(state["only_indicators"]), only_units=",".join(state["only_units"]),
    group=state["group"], since=state["since"],
)  # fmt: skip
chosen = Filter(state["since"], tuple(state["only_units"]), tuple(state["only_indicators"]), state["group"])
selected = session.cached(explore.selection(chosen), view)


def choose_figure(key: str, label: str, default: str, has_score: bool = True) -> str:
    """Let the reader choose what a chart shows, an indicator of the selection or the score; lives in the address."""
    names = ({SCORE: speak("Score: {theme}", theme=view.names[view.node])} if has_score else {}) | selected.indicators
    session.choose(key, list(names), default)
    st.selectbox(label, list(names), key=key, format_func=names.__getitem__)
    session.share(**{key: state[key]})
    return state[key]


def headline(text: str) -> None:
    """Put the finding at the top of the page."""
    with head:
        session.page_head(view, text)


def show(panel: explore.Panel, key: str) -> None:
    """Draw a chart, its finding, and the table behind it."""
    headline(panel.finding)
    if panel.detail:
        st.markdown(panel.detail)
    if panel.figure is not None:
        st.plotly_chart(panel.figure, theme=None, config=CONFIG, key=f"chart_{key}", alt=panel.alt)
    with st.expander(speak("The same as a table"), icon=":material/table:"):
        session.table(view, panel.table, f"{key}_{view.period}")


def sql_tab() -> None:
    """Draw the SQL box with the schema beside it."""
    headline(speak("Ask the snapshot in SQL"))
    box = session.sql_box()
    box.warm_up()
    session.choose_text("sql", box.limits.characters)
    if not state["sql"]:
        state["sql"] = EXAMPLES[0]
    write, schema = st.columns([3, 2], gap="large")
    with write:
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
            st.html(session.cached(describe_relations, view))
    session.share(sql=state["sql"] if len(state["sql"]) <= 1500 else "")
    asked = (view.snapshot_id, state["sql"])
    if state.get("sql_answer", (None,))[0] != asked:
        state["sql_answer"] = (asked, box.run(*asked))
    answer = state["sql_answer"][1]
    if answer.frame is None:
        st.warning(refusal(answer, box.limits, speak), icon=":material/block:")
        return
    found = speak(
        "{count} rows in {seconds} s", count=speak.number(len(answer.frame), 0), seconds=speak.number(answer.seconds, 2)
    )
    st.caption(found + (" · " + speak("more rows were left out") if answer.is_cut else ""))
    st.dataframe(answer.frame, hide_index=True, width="stretch")
    session.downloads(view, lambda: answer_file(view, answer.frame, state["sql"]), "sql")


if tab == "sql":
    sql_tab()
elif selected.frame.empty:
    headline(speak("No figures pass this filter"))
    session.empty_state(speak("Clear one of the choices above, or choose another theme at the side."))
elif tab == "table":
    headline(selected.finding)
    count = len(selected.table)
    if count > MOST_SHOWN:
        st.caption(speak("The first {most} are shown; a file has all.", most=speak.number(MOST_SHOWN, 0)))
    session.linked_frame(view, selected.table.head(MOST_SHOWN), height=460)
elif tab == "trend":
    show(
        session.cached(
            explore.trend(chosen, choose_figure("figure", speak("Indicator"), selected.telling, has_score=False)), view
        ),
        "trend",
    )
elif tab == "distribution":
    show(session.cached(explore.spread(chosen, choose_figure("spread", speak("Indicator"), SCORE)), view), "spread")
elif tab == "scatter":
    left, right = st.columns(2, gap="small")
    with left:
        across = choose_figure("x", speak("Across"), selected.telling)
    with right:
        up = choose_figure("y", speak("Upwards"), SCORE)
    show(session.cached(explore.scatter(chosen, across, up), view), "scatter")
elif tab == "heatmap":
    finding, html = session.cached(explore.heat(chosen), view)
    headline(finding)
    if html:
        st.html(html)
        st.caption(
            speak("Percent of the points that can be had. Dotted line below: demonstration figures.")
            if "ws-demo" in html
            else speak("Percent of the points that can be had.")
        )
if tab != "sql" and len(selected.frame):
    session.downloads(view, lambda: explore.file_of(view, selected, st.context.url or ""), "figures")
session.sources(view)

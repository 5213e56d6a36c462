"""What one visitor sees: language, period and theme from the address, and cached answers of the published snapshot.

The only module of the package that knows Streamlit. Owns no layout; see ``components`` and pages/.
"""

from __future__ import annotations

import atexit
import gc
import math
from collections.abc import Callable, Sequence
from datetime import datetime
from types import FunctionType
from typing import Any, NoReturn, TypeVar

import pandas as pd
import streamlit as st
from streamlit.runtime.pages_manager import PagesManager

from wardstats import components, reasons
from wardstats.atlas import Atlas, Sizes, block_atlas, block_geography, read_boundaries
from wardstats.charts.style import CONFIG
from wardstats.errors import SnapshotError
from wardstats.exports import FORMATS, Export
from wardstats.geography import BoundaryError, Geography
from wardstats.i18n import LANGUAGE_NAMES, best_language, translator
from wardstats.pacing import PublishQueue
from wardstats.paths import Settings, settings
from wardstats.records import LANGUAGES, ROOT
from wardstats.sheet import file_name, sheet_pdf
from wardstats.snapshot import read_history
from wardstats.sql_box import SqlBox
from wardstats.store import Snapshot, Store
from wardstats.view import View

T = TypeVar("T")

WATCH_EVERY_S = 1.0


@st.cache_resource
def places() -> Settings:
    """Return the folders this server works with, once for all sessions."""
    return settings()


@st.cache_resource
def store() -> Store:
    """Return the store of published snapshots, one for all sessions."""
    gc.freeze()  # the libraries loaded by now never die: later collections need not walk them
    atexit.register(gc.unfreeze)  # but at the end they want to be let go in order
    return Store(places().var)


@st.cache_resource
def publish_queue() -> PublishQueue:
    """Return the queue in which all sessions wait for their turn after a publish."""
    return PublishQueue()


@st.cache_data(max_entries=2000, show_spinner=False)
def cached_query(snapshot_id: str, name: str, params: tuple[tuple[str, Any], ...]) -> pd.DataFrame:
    """Return the answer of a named query on one snapshot."""
    values = {key: list(value) if isinstance(value, tuple) else value for key, value in params}
    return store().snapshot(snapshot_id).query(name, **values)


def current_snapshot() -> Snapshot:
    """Return the published snapshot; a page without one stops with the way to make it."""
    try:
        return store().current()
    except SnapshotError:
        speak = translator(reader_language("vi"))
        st.title(speak("Nothing has been published yet"))
        st.markdown(speak("Build the first snapshot on the server, then load this page again:"))
        st.code("python -m wardstats build", language="shell")
        st.stop()


def reader_language(default: str) -> str:
    """Return the language of the address or of this session, else of the browser, else the default."""
    asked = st.query_params.get("lang") or st.session_state.get("lang")
    return asked if asked in LANGUAGES else best_language(st.context.locale, default)


def choose(key: str, options: Sequence[str], default: str) -> str:
    """Settle a choice that lives in the address: a changed address wins, then the widget, then the default.

    Call it before the widget with the same key, and ``share`` after all widgets.
    """
    in_address = st.query_params.get(key)
    written = st.session_state.get("address", {}).get(key)
    if in_address in options and in_address != written:
        st.session_state[key] = in_address
    elif st.session_state.get(key) not in options:
        st.session_state[key] = default
    return st.session_state[key]


def choose_several(key: str, options: Sequence[str], default: Sequence[str], most: int | None = None) -> list[str]:
    """Settle several choices that live in the address, joined by commas, as ``choose`` does for one.

    A page that is come back to shows what was chosen there before; ``most`` is how many may be chosen.
    """
    in_address, written = st.query_params.get(key), st.session_state.get("address", {}).get(key)
    if in_address is not None and in_address != written:
        wanted = in_address.split(",")
    elif key in st.session_state:
        wanted = st.session_state[key]
    else:
        wanted = list(default) if written is None else written.split(",")
    known = [code for code in dict.fromkeys(wanted) if code in options][:most]
    st.session_state[key] = known if known or not any(wanted) else list(default)
    return st.session_state[key]


def choose_text(key: str, longest: int) -> str:
    """Settle a text that lives in the address, as ``choose`` does for a choice."""
    in_address, written = st.query_params.get(key), st.session_state.get("address", {}).get(key)
    if in_address is not None and in_address != written:
        st.session_state[key] = in_address[:longest]
    elif key not in st.session_state:
        st.session_state[key] = written or ""
    return st.session_state[key]


def share(**choices: str) -> None:
    """Write the choices to the address, so that the view can be shared by its link."""
    others = {key: value for key, value in st.query_params.items() if key not in choices}
    wanted = {**others, **choices}
    if wanted != dict(st.query_params):
        st.query_params.from_dict(wanted)
    st.session_state.setdefault("address", {}).update(choices)


def sidebar() -> View:
    """Draw what all pages share at the side and return the visitor's view."""
    snapshot = current_snapshot()
    block = cached_query(snapshot.id, "block", (("language", "vi"),)).iloc[0]
    language = choose("lang", LANGUAGES, reader_language(block["default_language"]))
    speak = translator(language)
    periods = cached_query(snapshot.id, "ranked_period", ())["period"].tolist()
    tree = cached_query(snapshot.id, "theme_tree", (("language", language),))
    names = {ROOT: speak("All themes")} | dict(zip(tree["node_code"], tree["theme_name"], strict=True))
    depth = dict(zip(tree["node_code"], tree["depth"], strict=True))
    if not periods:
        st.title(speak("No period can be ranked yet"))
        st.markdown(speak("Add figures for a period whose year has criteria, then build again."))
        st.stop()
    choose("period", periods, periods[0])
    choose("theme", list(names), ROOT)
    indent: Callable[[str], str] = lambda code: "\u2003" * (depth.get(code, 1) - 1) + names[code]  # noqa: E731
    with st.sidebar:
        st.selectbox(speak("Period"), periods, key="period", format_func=speak.period)
        st.selectbox(speak("Theme"), list(names), key="theme", format_func=indent)
        st.segmented_control(
            speak("Language"), LANGUAGES, key="lang", format_func=LANGUAGE_NAMES.__getitem__, required=True
        )
    share(lang=language, period=st.session_state["period"], theme=st.session_state["theme"])
    view = View(
        snapshot_id=snapshot.id,
        language=language,
        period=st.session_state["period"],
        node=st.session_state["theme"],
        is_dark=st.context.theme.type == "dark",
        fetch=cached_query,
    )
    st.session_state["view"] = view
    return view


def view() -> View:
    """Return the view that ``sidebar`` settled in this run."""
    run_as_one_app()
    return st.session_state["view"]


def run_as_one_app() -> None:
    """Make sure that dashboard.py runs, whatever page was asked for.

    Until a server's first st.navigation, Streamlit takes the folder pages/ for an app of its old kind: it runs a deep
    link's page without dashboard.py, and then forgets the widgets of that first visit.
    """
    if PagesManager.uses_pages_directory:
        PagesManager.uses_pages_directory = False
        st.rerun()


@st.cache_resource(
    max_entries=500,
    show_spinner=False,
    hash_funcs={View: View.key, FunctionType: lambda function: f"{function.__module__}.{function.__qualname__}"},
)
def cached(draw: Callable[[View], T], view: View) -> T:
    """Return what a pure function makes of a view, made once for all readers who look at the same.

    They share the very object, which nobody changes: a copy of a figure costs more than the rest of the page.
    """
    return draw(view)


@st.fragment(run_every=WATCH_EVERY_S)
def watch(view: View) -> None:
    """Run the page again once another snapshot is up. Asked every second by each open page, so it is one ``stat``."""
    try:
        published = store().publication()
    except SnapshotError:
        return  # the pointer is gone: what is shown is still the newest there was
    if published.snapshot_id != view.snapshot_id:
        published_at = datetime.fromisoformat(published.published_at).timestamp()
        st.session_state["turn"] = publish_queue().wait(published_at)
        st.rerun()


def drawn() -> None:
    """Tell that the page is drawn: whoever waits after a publish is next."""
    if (turn := st.session_state.pop("turn", None)) is not None:
        publish_queue().done(turn)


def page_head(view: View, title: str) -> None:
    """Draw the context, the headline and, where it applies, the notice of demonstration figures."""
    speak, block, rules = view.speak, view.block, view.rules
    context = [
        block["block_name"],
        speak("period {period}", period=speak.period(view.period)),
        speak("sample criteria") if rules["is_sample"] else "",
        speak("built {moment}", moment=speak.moment(block["built_at"])),
    ]
    st.html(components.page_head(context, title))
    share = view.frame("demonstration_share", period=view.period).iloc[0]
    if share["demonstration_count"]:
        text = speak(
            "{count} of the {total} indicators shown are made up to show how the board works. "
            "They say nothing about any real unit.",
            count=int(share["demonstration_count"]),
            total=int(share["indicator_count"]),
        )
        st.html(components.banner(speak("Demonstration figures."), text))


def choose_unit(view: View) -> str:
    """Let the reader choose a member; the choice lives in the address as unit=."""
    units = view.frame("unit", language=view.language)
    members = units[units["is_member"]]
    names = dict(zip(members["unit_code"], members["unit_name"], strict=True))
    ranking = view.frame("ranking", period=view.period, node=view.node, language=view.language)
    choose("unit", list(names), ranking["unit_code"].iloc[0] if len(ranking) else next(iter(names)))
    st.selectbox(view.speak("Unit"), list(names), key="unit", format_func=names.__getitem__, width=320)
    share(unit=st.session_state["unit"])
    return st.session_state["unit"]


def choose_indicator(view: View) -> str | None:
    """Let the reader choose an indicator of the theme instead of its score; lives in the address as indicator=."""
    indicators = view.frame("indicator", year=int(view.rules["year"]), language=view.language)
    scored = indicators[indicators["max_points"].notna() & indicators["node_code"].isin(view.below(view.node))]
    names = {"": view.speak("Score: {theme}", theme=view.names[view.node])}
    names |= dict(zip(scored["indicator_code"], scored["indicator_name"], strict=True))
    choose("indicator", list(names), "")
    with st.sidebar:
        st.selectbox(view.speak("Colour by"), list(names), key="indicator", format_func=names.__getitem__)
    share(indicator=st.session_state["indicator"])
    return st.session_state["indicator"] or None


def geography(view: View) -> Geography | None:
    """Return the map of the block, laid out once for all sessions; None where no place is known."""
    path = places().boundaries
    changed = path.stat().st_mtime_ns if path and path.is_file() else 0
    try:
        return _geography(view.snapshot_id, str(path), changed)
    except BoundaryError as error:
        st.warning(str(error), icon=":material/warning:")
        return block_geography(view.frame("unit", language="vi"), None)


@st.cache_resource(max_entries=4, show_spinner=False)
def _geography(snapshot_id: str, path: str, changed: int) -> Geography | None:
    block = cached_query(snapshot_id, "block", (("language", "vi"),)).iloc[0]
    boundaries = read_boundaries(places(), block["boundaries_path"], block["boundaries_key"])
    return block_geography(cached_query(snapshot_id, "unit", (("language", "vi"),)), boundaries)


def small_map(view: View) -> None:
    """Draw the zoomed panels beside a ranking; nothing where no place is known."""
    if (layout := geography(view)) is None:
        return
    atlas = cached(block_atlas(layout, sizes=Sizes(first=300, other=270, width=270, font=12)), view)
    with st.container(horizontal=True, key="small_map", gap="small"):
        for code, figure in atlas.clusters.items():
            clickable(view, figure, f"small_map_{code}", alt=view.speak("Zoomed part of the map"))
    map_note(view, atlas)


def map_note(view: View, atlas: Atlas) -> None:
    """Say that circles are not boundaries, where they are drawn."""
    if atlas.is_schematic:
        st.caption(
            view.speak("Schematic: circles of the true area at the true centres. No boundary file is installed.")
        )


def clickable(view: View, figure: Any, key: str, alt: str) -> None:
    """Draw a map whose units open their page when clicked."""
    event = st.plotly_chart(
        figure, theme=None, config=CONFIG, key=key, alt=alt, on_select="rerun", selection_mode="points"
    )
    if points := event["selection"]["points"]:
        code = points[0]["customdata"]
        open_unit(code[0] if isinstance(code, list) else code)


def open_unit(unit_code: str) -> NoReturn:
    """Go to the page of a unit."""
    st.session_state["unit"] = unit_code
    st.switch_page("pages/ward.py", query_params={**st.session_state["address"], "unit": unit_code})


def unit_links(view: View) -> None:
    """Offer a link to the page of each member, for those who do not click on maps."""
    ranking = view.frame("ranking", period=view.period, node=view.node, language=view.language)
    with st.container(horizontal=True, gap="small"):
        for row in ranking.to_dict("records"):
            query = {**st.session_state["address"], "unit": row["unit_code"]}
            st.page_link("pages/ward.py", label=row["unit_name"], query_params=query)


def empty_state(advice: str) -> NoReturn:
    """Say that there is nothing to show, and what to do; ends the page."""
    st.info(advice, icon=":material/info:")
    st.stop()


def what_if(view: View, unit_code: str) -> None:
    """Let the reader try other values of a unit's indicators; they live in the address as whatif=code:value,..."""
    speak, indicators = view.speak, view.indicators
    scored = indicators[indicators["max_points"].notna() & indicators["node_code"].isin(view.below(view.node))]
    pairs = [pair.partition(":") for pair in st.query_params.get("whatif", "").split(",") if ":" in pair]
    asked = {code: value for code, _, value in pairs}
    with st.expander(speak("What if its figures were different?"), icon=":material/tune:", expanded=bool(asked)):
        codes = choose_several("try", list(scored.index), [code for code in asked if code in scored.index], most=6)
        st.multiselect(
            speak("Indicators to try"),
            list(scored.index),
            key="try",
            format_func=view.indicator_name,
            max_selections=6,
            placeholder=speak("Choose indicators"),
        )
        codes = st.session_state["try"]
        if not codes:
            share(whatif="")
            st.caption(
                speak("Choose indicators and other values to see the ranking they would give. Nothing is stored.")
            )
            return
        figures = view.frame("figure_points", period=view.period, unit=(unit_code,), indicator=())
        current = figures.set_index("indicator_code")["value"]
        changes: dict[str, float | None] = {}
        for column, code in zip(st.columns(3) * 2, codes, strict=False):
            decimals = int(scored["decimals"][code])
            with column:
                changes[code] = st.number_input(
                    view.indicator_name(code),
                    value=_number(asked.get(code)) if code in asked else _number(current.get(code)),
                    step=10.0**-decimals,
                    format=f"%.{decimals}f",
                    key=f"try_{unit_code}_{view.period}_{code}",
                    help=speak("Now: {value}", value=view.figure(code, current.get(code))),
                )
        share(whatif=",".join(f"{code}:{'' if value is None else value}" for code, value in changes.items()))
        st.markdown(f"**{speak('Hypothetical ranking, not the official one')}**")
        table(view, cached(reasons.hypothetical(unit_code, changes), view), f"whatif_{unit_code}_{view.period}")


def _number(value: Any) -> float | None:
    """Read a number from an address or a table; None where there is none."""
    try:
        number = float(value)
    except (TypeError, ValueError):
        return None
    return number if math.isfinite(number) else None


def table(view: View, frame: pd.DataFrame, name: str, height: int | None = None) -> None:
    """Show a table with its download; the file says which of its figures are demonstration ones."""
    numbers = {name: st.column_config.NumberColumn(format="localized") for name in frame.select_dtypes("float").columns}
    st.dataframe(frame, hide_index=True, width="stretch", height=height or "auto", column_config=numbers)
    st.download_button(
        view.speak("Download as CSV"),
        lambda: frame.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig"),
        file_name=f"{name}.csv",
        mime="text/csv",
        icon=":material/download:",
        on_click="ignore",
    )


def downloads(view: View, make: Callable[[], Export], key: str) -> None:
    """Offer a table as CSV, Excel and Parquet; a file is made when it is asked for."""
    with st.container(horizontal=True, gap="small"):
        for name, (write, ending, mime) in FORMATS.items():
            st.download_button(
                view.speak("Download {format}", format=name),
                lambda write=write: write(make()),
                file_name=f"wardstats_{key}_{view.period}.{ending}",
                mime=mime,
                icon=":material/download:",
                on_click="ignore",
                key=f"download_{key}_{ending}",
            )


def sheet_button(view: View, unit_code: str) -> None:
    """Offer the printable sheet of a unit; it is made when it is asked for."""
    st.download_button(
        view.speak("Printable sheet (PDF)"),
        lambda: sheet_pdf(view, unit_code),
        file_name=file_name(view, unit_code),
        mime="application/pdf",
        icon=":material/print:",
        on_click="ignore",
        key="sheet",
    )


@st.cache_resource
def sql_box() -> SqlBox:
    """Return the runner of analysts' queries, one for all sessions."""
    return SqlBox(places().snapshots)


def publications(view: View) -> pd.DataFrame:
    """Return what was published and when, newest first: the change log of the data."""
    history = read_history(places().var)[::-1][:50]
    when = [view.speak.moment(datetime.fromisoformat(entry.published_at).replace(tzinfo=None)) for entry in history]
    return pd.DataFrame(
        {view.speak("Published"): when, view.speak("Snapshot"): [entry.snapshot_id for entry in history]}
    )


def sources(view: View) -> None:
    """Draw where the figures of the period come from."""
    st.html(components.source_line(view.frame("source_used", period=view.period, language=view.language), view.speak))

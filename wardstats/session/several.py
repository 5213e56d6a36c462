"""The secretariat's part of the page of checking: what is looked at, reminders, and steps with several at once."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from wardstats.boards.check.overview import cell_state_names
from wardstats.boards.check.several import STEPS, Target, plan_table, step_names, take, target_name, targets
from wardstats.charts.html import components
from wardstats.core.languages import local_today
from wardstats.intake.overview import Chosen
from wardstats.intake.words import action_names
from wardstats.ledger.access import Action, Actor, may
from wardstats.session.hand_ins import units_of
from wardstats.session.signin import acting, attempt, plain, tell, told, workspace
from wardstats.view.view import View

KEY = "several"


def choose_hand_ins(view: View, actor: Actor) -> Chosen:
    """Let the reader look at some wards, states, or what is late, alone."""
    speak, names = view.speak, cell_state_names(view.speak)
    left, middle, right = st.columns([3, 3, 2], vertical_alignment="bottom")
    units = left.multiselect(
        speak("Unit"), units_of(actor, "read_queue"), key="check_units", placeholder=speak("All units"),
        format_func=lambda code: workspace().unit_name(str(code), view.language),
    )  # fmt: skip
    states = middle.multiselect(
        speak("State"), [name for name in names if name != "withdrawn"], key="check_states",
        format_func=lambda name: names.get(str(name), ""), placeholder=speak("All states"),
    )  # fmt: skip
    is_late = right.toggle(speak("Late ones only"), key="check_late")
    return Chosen(tuple(map(str, units)), tuple(map(str, states)), is_late)


def several_part(view: View, actor: Actor, chosen: Chosen) -> None:
    """Offer steps with several hand-ins: a list of what will be done, then a question, then one entry for each."""
    speak, names = view.speak, step_names(view.speak)
    offered: list[Action] = [step for step in STEPS if may(actor, step, "")]
    with st.expander(speak("Several at once: remind, check, accept"), icon=":material/checklist:", key="several_open"):
        asked = st.segmented_control(
            speak("What to do"), offered, default=offered[0], format_func=names.__getitem__, key="several_step",
            required=True,
        )  # fmt: skip
        by_name: dict[str, Action] = {name: name for name in offered}
        step = by_name[asked]
        found = {target.key: target for target in targets(workspace(), actor, step, chosen, local_today())}
        if not found:
            st.info(speak("Nothing waits for that step."), icon=":material/done_all:")
            told(KEY)
            return
        labels = {key: target_name(target, workspace(), speak) for key, target in found.items()}
        picked = st.multiselect(
            speak("With which"), list(labels), default=list(labels), key=f"several_{step}",
            format_func=lambda key: labels.get(str(key), ""), placeholder=speak("Choose submissions"),
        )  # fmt: skip
        st.text_area(speak("Note on the whole"), key="several_note", max_chars=2000)
        plan = [found[str(key)] for key in picked]
        if plan:
            st.html(components.text_table(plan_table(step, plan, workspace(), speak)))
            with st.popover(f"{names[step]}: {len(plan)}", icon=":material/done_all:"):
                st.markdown(
                    plain(
                        speak(
                            "{step}: {count} in all, as listed. Each becomes an entry of the ledger in your name, and "
                            "each can be refused by itself. Go on?", step=names[step], count=len(plan),
                        )
                    )
                )  # fmt: skip
                st.button(
                    speak("Yes, do it"), type="primary", key="several_now", on_click=_take_all,
                    args=(view, step, plan),
                )  # fmt: skip
        told(KEY)


def _take_all(view: View, step: Action, plan: Sequence[Target]) -> None:
    """Take the step with each; one that is refused is told, and holds none of the others up."""
    note, speak = st.session_state.get("several_note", ""), view.speak
    done = []
    for target in plan:
        entry = attempt(view, KEY, lambda target=target: take(workspace(), acting(), step, target, note))
        if entry is not None:
            done.append(speak("{what} (entry {number})", what=target_name(target, workspace(), speak),
                              number=entry.number))  # fmt: skip
    if done:
        st.session_state["several_note"] = ""
        tell(KEY, "success", f"{action_names(speak)[step]}: {speak.names(done)}")

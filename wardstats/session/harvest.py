"""The secretariat's part about the national portal: what was harvested, a button that harvests, and its findings.

The work is done in this run of the script, with a bar. Whoever leaves the page ends it; what came so far is kept, and
the button goes on from there.
"""

from __future__ import annotations

import os
from dataclasses import replace
from typing import TYPE_CHECKING

import streamlit as st

from wardstats.charts.html import components
from wardstats.core.errors import WardStatsError
from wardstats.core.languages import Translator, local_today
from wardstats.core.locks import held_by
from wardstats.core.periods import Kind, Period, parse_period, period_containing
from wardstats.harvest.endpoints import BASE_URL
from wardstats.harvest.faults import BusyError, HarvestError, PortalError
from wardstats.harvest.tables import findings_table, harvests_table, place_names
from wardstats.intake.health import refusal
from wardstats.ledger.access import Actor, require
from wardstats.session.signin import limits, plain, waiting_told, workspace
from wardstats.view.view import View

if TYPE_CHECKING:
    from wardstats.harvest.workflow import Options, Outcome

OFFERED = 18  # periods back
OUTCOME = "harvest_outcome"


def harvest_part(view: View, actor: Actor) -> None:
    """Draw the part for somebody who may settle figures."""
    from wardstats.harvest.read_period import LAO_CAI
    from wardstats.harvest.workflow import Options  # here, because only this part needs the portal's client

    speak, entries = view.speak, workspace().ledger.entries()
    harvests = harvests_table(entries, speak)
    if harvests.empty:
        st.info(speak("Nothing has been harvested yet."), icon=":material/cloud_download:")
    else:
        st.html(components.text_table(harvests))
    periods = [period.text for period in offered(workspace().catalogue().block.frequency)]
    left, right = st.columns(2, vertical_alignment="bottom")
    chosen = left.selectbox(speak("Period"), periods, index=1, format_func=speak.period, key="harvest_period")
    is_all = right.toggle(speak("All units of the province, not the members only"), value=True, key="harvest_all")
    options = Options(
        os.environ.get("WARDSTATS_PORTAL") or BASE_URL,
        os.environ.get("WARDSTATS_PROVINCE") or LAO_CAI,
        is_all,
        actor=actor.identity,
        role=actor.role,
    )
    options = replace(options, manners=replace(options.manners, contact=os.environ.get("WARDSTATS_CONTACT", "")))
    if st.button(
        speak("Refresh from the national portal"), type="primary", icon=":material/cloud_sync:", key="harvest"
    ):
        _harvest(speak, actor, parse_period(chosen), options)
    _show(speak, actor, options)


def offered(kind: Kind) -> list[Period]:
    """Return the periods to choose from, the running one first."""
    found = [period_containing(local_today(), kind)]
    while len(found) < OFFERED:
        found.append(found[-1].previous())
    return found


def _harvest(speak: Translator, actor: Actor, period: Period, options: Options) -> None:
    """Harvest now; what became of it is kept for as long as the session lasts."""
    from wardstats.harvest.workflow import Told, harvest_units

    bar = st.progress(0.0, text=speak("Asking the portal"))

    def step(done: int, known: int, what: str) -> None:
        bar.progress(min(done / max(known, 1), 1.0), text=plain(what))

    def say(text: str) -> None:
        bar.progress(0.0, text=plain(text))

    try:
        require(actor, "accept")
        limits()["step"].count(actor.identity)
        with waiting_told(speak):
            st.session_state[OUTCOME] = harvest_units(workspace().places, period, options, Told(step, say))
    except BusyError as error:
        busy = speak("Somebody else is harvesting at this moment. Wait until that is done.")
        st.warning(plain(f"{busy} {held_by(error.holder, speak)}"))
        return
    except PortalError as error:
        st.session_state.pop(OUTCOME, None)
        st.error(
            speak(
                "The portal could not be reached, or kept failing. Press the button again later: it goes on from there."
            )
        )
        st.html(components.code(str(error)))
        return
    except (HarvestError, WardStatsError) as error:
        st.session_state.pop(OUTCOME, None)
        st.error(plain(refusal(error, speak)))
        return
    finally:
        bar.empty()
    st.rerun()  # the table above has one line more


def _show(speak: Translator, actor: Actor, options: Options) -> None:
    """Show what became of the last harvest of this session; alarms can be accepted with a reason."""
    outcome: Outcome | None = st.session_state.get(OUTCOME)
    if outcome is None:
        return
    harvest = outcome.harvest
    period, count = speak.period(harvest.period.text), len(harvest.readings)
    if outcome.state == "recorded":
        changed = sum(len(entry.changes) for entry in outcome.entries)
        st.success(
            speak(
                "{period}: {count} {count:figure|figures} recorded, {changed} of them new or changed. "
                "Publish to show them.",
                period=period, count=count, changed=changed,
            )
        )  # fmt: skip
    elif outcome.state == "alarmed":
        st.warning(speak("{period}: nothing is recorded yet. Look at the alarms below.", period=period))
    else:
        st.error(speak("{period}: refused, nothing was recorded.", period=period))
    if harvest.findings:
        names = place_names(workspace().catalogue(), speak)
        st.html(components.text_table(findings_table(harvest.findings, names, speak)))
    if outcome.state == "alarmed":
        reason = st.text_input(speak("Reason"), key="harvest_reason", max_chars=500)
        label = speak("Record in spite of the alarms")
        if st.button(label, key="harvest_accept", icon=":material/warning:", disabled=not reason.strip()):
            _harvest(speak, actor, harvest.period, replace(options, accepted=reason.strip()))

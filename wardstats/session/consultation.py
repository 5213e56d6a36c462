"""The tab of consultation: topics as they stand, the form of one's own position, and the head's decision.

Readers see what was published; who works for a ward or the block sees the ledger as it is now.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import streamlit as st

from wardstats.boards.club.topics import Topics, draw_topics
from wardstats.catalogue import consultation
from wardstats.catalogue.load import Catalogue
from wardstats.charts.html import club_components
from wardstats.charts.html.pieces import TopicCard
from wardstats.core.club_records import STANCES, Topic
from wardstats.core.errors import WardStatsError
from wardstats.core.languages import local_today
from wardstats.intake import consultation_steps as steps
from wardstats.intake.basis import waiting_entries
from wardstats.intake.words import waiting_words
from wardstats.ledger import Entry, StaleError
from wardstats.ledger.access import AccessError, Actor, may
from wardstats.session.caches import cached, store
from wardstats.session.frame import html
from wardstats.session.hand_ins import done, units_of
from wardstats.session.signin import (
    access_fault,
    acting,
    attempt,
    confirm,
    explained,
    for_whom,
    is_configured,
    no_sign_in,
    plain,
    tell,
    told,
    visitor,
    workspace,
)
from wardstats.view.club_words import stance_names
from wardstats.view.view import View

_LOG = logging.getLogger(__name__)
_CARD_AND_FORM = (3, 2)  # widths


@dataclass(frozen=True)
class Present:
    """The topics as a visitor sees them.

    Attributes:
        catalogue: What they were drawn from, for those who work for a ward or the block; None: from the board.
        head: The last entry of the ledger before that.
    """

    topics: Topics
    catalogue: Catalogue | None = None
    head: int = 0


def present_topics(view: View) -> Present:
    """Return the topics as they were published, or as they stand now for those who work with them."""
    today = local_today()
    try:
        actor = visitor()
        if actor is not None and actor.role != "viewer":
            head, catalogue = workspace().ledger.head, workspace().catalogue()
            return Present(draw_topics(view, today, catalogue.club), catalogue, head)
    except WardStatsError as error:  # what was published can be read all the same; ``consultation_part`` says why
        _LOG.warning("Topics are shown as they were published: %s", error)
    return Present(cached(draw_topics, view, today))


def consultation_part(view: View, present: Present) -> None:
    """Draw the topics, and what the visitor may do with each."""
    speak, cards = view.speak, present.topics.topics
    if not cards:
        st.info(
            speak(
                "No topic has been entered yet. The block's secretariat enters the questions (topics.csv); members "
                "then give their positions here."
            )
        )
        return
    place = st.container()
    actor = _who(view)
    with place, explained(view):
        if actor is None or present.catalogue is None:
            html(view, club_components.topic_cards(cards, speak))
            return
        _waiting(view)
        asked = {topic.topic_id: topic for topic in present.catalogue.club.topics}
        for card in cards:
            _topic(view, actor, card, asked[card.topic_id], present.catalogue, present.head)


def _who(view: View) -> Actor | None:
    """Return who is signed in, if they may write something here; else say why not, and whom to ask."""
    speak = view.speak
    if not is_configured():
        no_sign_in(view)
        return None
    try:
        confirm()
        actor = visitor()
    except AccessError as error:
        st.error(plain(access_fault(error, speak)))
        return None
    if actor is None:
        st.info(speak("Sign in at the side to give your ward's position."), icon=":material/login:")
        for_whom(view)
        return None
    with explained(view):
        head = workspace().catalogue().block.head_on(local_today())
        if units_of(actor, "position") or may(actor, "decide", head):
            return actor
        st.caption(speak("Your role reads positions and does not write them."))
    return None


def _waiting(view: View) -> None:
    """Say how much of what is shown here others do not see yet."""
    waiting = waiting_entries(workspace().ledger.entries(), store().publication().snapshot_id)
    if count := sum(entry.action in consultation.COUNTING for entry in waiting):
        text = view.speak(
            "You see the present state. {count} {count:entry|entries} of it can be seen by all after the next "
            "publication.",
            count=count,
        )
        st.caption(text)


def _topic(view: View, actor: Actor, card: TopicCard, topic: Topic, catalogue: Catalogue, seen: int) -> None:
    today, units = local_today(), units_of(actor, "position")
    left, right = st.columns(_CARD_AND_FORM)
    with left:
        html(view, club_components.topic_cards([card], view.speak))
    with right:
        if units and consultation.stage_of(topic, today) == "open":
            _position_form(view, topic, sorted(units, key=lambda unit: unit != actor.unit_code), catalogue, seen)
        told(*(consultation.position_subject(topic.topic_id, unit) for unit in units))
        if may(actor, "decide", head := catalogue.block.head_on(today)):
            _decision_form(view, topic, head, seen)
        told(consultation.decision_subject(topic.topic_id))


def _position_form(view: View, topic: Topic, units: Sequence[str], catalogue: Catalogue, seen: int) -> None:
    speak = view.speak
    names = {unit: plain(workspace().unit_name(unit, view.language)) for unit in units}
    unit = units[0]
    if len(units) > 1:
        unit = st.selectbox(
            speak("Unit"), units, key=f"position_unit_{topic.topic_id}", format_func=lambda code: names[str(code)]
        )
    key = consultation.position_subject(topic.topic_id, unit)
    fields, present = _fields(key, seen), steps.find_position(catalogue, topic.topic_id, unit)
    stances = stance_names(speak)
    st.radio(
        speak("Position of {name}", name=names[unit]), STANCES, key=f"{fields}_stance",
        index=STANCES.index(present.stance) if present else None, format_func=lambda stance: stances[stance],
    )  # fmt: skip
    st.text_area(
        speak("Why, or what should be changed (optional)"), key=f"{fields}_text", max_chars=steps.LONGEST,
        value=present.text(catalogue.block.default_language) if present else "",
    )  # fmt: skip
    with st.container(horizontal=True):
        st.button(
            speak("Change the position") if present else speak("Give the position"), key=f"give_{key}", type="primary",
            icon=":material/send:", on_click=_give, args=(view, topic, unit, key, fields),
        )  # fmt: skip
        if present:
            st.button(
                speak("Withdraw"), key=f"withdraw_{key}", icon=":material/undo:", on_click=_withdraw,
                args=(view, topic, unit, key, fields),
            )  # fmt: skip


def _decision_form(view: View, topic: Topic, head: str | None, seen: int) -> None:
    speak, key, today = view.speak, consultation.decision_subject(topic.topic_id), local_today()
    fields, args = _fields(key, seen), (view, topic, key)
    found = consultation.stage_of(topic, today)
    last = [entry for entry in workspace().ledger.entries() if entry.subject == key][-1:]
    for entry in last if found != "decided" else ():
        st.caption(plain(speak("The decision was taken back: {reason}", reason=entry.note)))
    if consultation.can_be_decided(topic, today):
        name = workspace().unit_name(head, view.language)
        st.caption(
            plain(speak("The head of the block decides: {name}.", name=name))
            if head
            else speak("Who heads the block is not entered for this year: its secretariat decides.")
        )
        st.text_area(speak("Decision on the topic"), key=f"{fields}_decision", max_chars=steps.LONGEST)
        st.text_area(speak("Reason"), key=f"{fields}_text", max_chars=steps.LONGEST)
        st.button(
            speak("Decide"), key=f"decide_{key}", type="primary", icon=":material/done_all:", on_click=_decide,
            args=(*args, fields),
        )  # fmt: skip
    elif found == "open" and topic.answers_by:
        day = speak.day(topic.answers_by)
        st.caption(speak("Members may answer until {day}. Decide from the day after.", day=day))
    elif consultation.can_be_reopened(topic, today):
        with st.expander(speak("Take the decision back")):
            st.text_area(speak("Reason"), key=f"{fields}_text", max_chars=steps.LONGEST)
            st.button(
                speak("Take the decision back"), key=f"reopen_{key}", icon=":material/undo:", on_click=_reopen,
                args=(*args, fields),
            )  # fmt: skip


def _fields(key: str, seen: int) -> str:
    """Return what the keys of a form's fields begin with: new fields after each step that was taken.

    The last entry that was known when they were filled in is kept beside them: who changed something since is told of,
    and what was typed stays.
    """
    fields = f"{key}_{st.session_state.get(f'{key}_version', 0)}"
    if f"{fields}_text" not in st.session_state:
        st.session_state[f"{fields}_seen"] = seen
    return fields


def _give(view: View, topic: Topic, unit: str, key: str, fields: str) -> None:
    stance, text = (st.session_state.get(f"{fields}_{name}") for name in ("stance", "text"))
    _take(
        view, key, fields, _until(view, topic),
        lambda actor, seen: steps.give_position(
            workspace(), actor, topic.topic_id, unit, stance, text or "", today=local_today(), expected=seen
        ),
    )  # fmt: skip


def _withdraw(view: View, topic: Topic, unit: str, key: str, fields: str) -> None:
    _take(
        view, key, fields, _until(view, topic),
        lambda actor, seen: steps.withdraw_position(
            workspace(), actor, topic.topic_id, unit, today=local_today(), expected=seen
        ),
    )  # fmt: skip


def _decide(view: View, topic: Topic, key: str, fields: str) -> None:
    decision, reason = (st.session_state.get(f"{fields}_{name}") or "" for name in ("decision", "text"))
    _settle(
        view, topic, key, fields,
        lambda actor, seen: steps.decide(
            workspace(), actor, topic.topic_id, decision, reason, today=local_today(), expected=seen
        ),
    )  # fmt: skip


def _reopen(view: View, topic: Topic, key: str, fields: str) -> None:
    reason = st.session_state.get(f"{fields}_text") or ""
    _settle(
        view, topic, key, fields,
        lambda actor, seen: steps.reopen(
            workspace(), actor, topic.topic_id, reason, today=local_today(), expected=seen
        ),
    )  # fmt: skip


def _settle(view: View, topic: Topic, key: str, fields: str, work: Callable[[Actor, int | None], Entry]) -> None:
    """Take a step of the head, and put it up where whoever took it may publish."""
    actor = _take(view, key, fields, "", work)
    if actor is None:
        return
    if not may(actor, "publish"):
        tell(key, "success", view.speak("Everybody sees it with the next publication."))
        return
    # Told apart: what is recorded stays recorded, whatever becomes of the board.
    shown = attempt(view, key, lambda: steps.show_topic(workspace(), actor, topic.topic_id))
    if shown and shown.waits:
        tell(key, "warning", waiting_words(shown.waits, view.speak))


def _take(view: View, key: str, fields: str, what_for: str, work: Callable[[Actor, int | None], Entry]) -> Actor | None:
    """Take a step as whoever is signed in at this moment; return who it was, or None where it was refused."""
    kept = st.session_state

    def step() -> Actor:
        actor = acting()
        try:
            entry = work(actor, kept.get(f"{fields}_seen"))
        except StaleError:
            kept[f"{fields}_seen"] = workspace().ledger.head  # they are told now, and may decide again
            raise
        kept[f"{key}_version"] = kept.get(f"{key}_version", 0) + 1
        done(view, key, entry, what_for)
        return actor

    return attempt(view, key, step)


def _until(view: View, topic: Topic) -> str:
    speak = view.speak
    until = speak("It can be changed until {day}.", day=speak.day(topic.answers_by)) if topic.answers_by else ""
    return " ".join(filter(None, (until, speak("Everybody sees it with the next publication."))))

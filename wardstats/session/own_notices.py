"""Where somebody chooses their notices. Each step is taken as whoever is signed in at that moment."""

from __future__ import annotations

from collections.abc import Callable
from urllib.parse import urlsplit

import streamlit as st

from wardstats.charts.html import components
from wardstats.core.languages import LANGUAGE_NAMES, LANGUAGES
from wardstats.intake.notices.choices import MAILS, Choices
from wardstats.intake.notices.choosing import choose, renew_feed, renew_secret
from wardstats.intake.notices.desk import Desk
from wardstats.intake.notices.links import FEED
from wardstats.intake.notices.outbox import KINDS
from wardstats.intake.notices.recipients import Recipient
from wardstats.intake.notices.words import kind_names
from wardstats.ledger.access import Actor
from wardstats.session.signin import acting, attempt, plain, tell, told, workspace
from wardstats.view.view import View

_SAVE, _FEED, _SECRET, _SEEN = "notices_save", "notices_feed", "notices_secret", "notices_seen"


def notice_choices(view: View, desk: Desk, recipient: Recipient) -> None:
    """Draw what somebody chose, to be changed."""
    speak, chosen = view.speak, desk.choices(recipient.key)
    if st.session_state.get(_SEEN) != chosen:  # changed elsewhere, such as by a link of an e-mail: shown as it is
        for name in ("kinds", "mail", "language", "webhook", "has_feed"):
            st.session_state.pop(f"notices_{name}", None)
        st.session_state[_SEEN] = chosen
    kinds = kind_names(speak)
    mails = {"at_once": speak("at once"), "digest": speak("once a day, at 7:00"), "off": speak("never")}
    with st.form("notices_form"):
        st.multiselect(
            speak("What to send"), KINDS, default=chosen.kinds, format_func=kinds.__getitem__, key="notices_kinds",
            placeholder=speak("Nothing: notices stand on this page only"),
        )  # fmt: skip
        left, right = st.columns(2)
        left.selectbox(
            speak("E-mail"), MAILS, index=MAILS.index(chosen.mail), format_func=mails.__getitem__, key="notices_mail",
            disabled=not recipient.address,
        )  # fmt: skip
        right.selectbox(
            speak("Language of what is sent"), LANGUAGES, index=LANGUAGES.index(chosen.language),
            format_func=LANGUAGE_NAMES.__getitem__, key="notices_language",
        )  # fmt: skip
        st.text_input(
            speak("Webhook: address of a program that takes notices"), value=chosen.webhook, key="notices_webhook",
            max_chars=500, placeholder="https://", autocomplete="off",
        )  # fmt: skip
        st.checkbox(speak("A web feed at a secret address"), value=chosen.feed > 0, key="notices_has_feed")
        st.form_submit_button(speak("Save"), on_click=_save, args=(view, chosen), key=_SAVE, icon=":material/check:")
        told(_SAVE)
    st.caption(plain(_where(view, desk, recipient)))
    _secrets(view, desk, recipient, chosen)


def _where(view: View, desk: Desk, recipient: Recipient) -> str:
    speak = view.speak
    if not recipient.address:
        return speak("The list of roles has no e-mail address of yours, so nothing is sent by e-mail.")
    if desk.ways.mail is None:
        return speak("This server has no mail server set yet, so e-mail waits.")
    return speak("E-mail goes to {address}.", address=recipient.address)


def _secrets(view: View, desk: Desk, recipient: Recipient, chosen: Choices) -> None:
    """Draw the address of the feed and the secret of the webhook, with the way to new ones."""
    speak = view.speak
    if chosen.feed > 0:
        st.subheader(speak("Your web feed"))
        st.markdown(speak("Whoever knows this address can read your notices. A new address makes this one void."))
        token = desk.links.token("feed", recipient.key, chosen.feed)
        st.html(components.code(f"{desk.ways.address or _origin()}{FEED}?token={token}"))
        st.button(speak("New address"), on_click=_renew, args=(view, _FEED, renew_feed), key=_FEED)
        told(_FEED)
    if chosen.webhook:
        st.subheader(speak("Secret of your webhook"))
        st.markdown(speak("The receiver checks with it that a call is ours (Standard Webhooks)."))
        st.html(components.code(chosen.secret))
        st.button(speak("New secret"), on_click=_renew, args=(view, _SECRET, renew_secret), key=_SECRET)
        told(_SECRET)


def _origin() -> str:
    """Return where this browser reached the board, for where no address of it is set."""
    parts = urlsplit(st.context.url or "")
    return f"{parts.scheme}://{parts.netloc}" if parts.netloc else ""


def _save(view: View, seen: Choices) -> None:
    typed = st.session_state

    def work() -> None:
        choose(
            Desk(workspace()), acting(), kinds=typed["notices_kinds"], mail=typed["notices_mail"],
            language=typed["notices_language"], webhook=typed["notices_webhook"] or "",
            has_feed=typed["notices_has_feed"], seen=seen,
        )  # fmt: skip
        tell(_SAVE, "success", view.speak("Saved. It counts from the next notice on."))

    attempt(view, _SAVE, work)


def _renew(view: View, key: str, step: Callable[[Desk, Actor], Choices]) -> None:
    def work() -> None:
        step(Desk(workspace()), acting())
        tell(key, "success", view.speak("Done: the one before is void."))

    attempt(view, key, work)

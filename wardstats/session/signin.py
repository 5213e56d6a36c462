"""Who the visitor is: sign-in by OpenID Connect, their role, and what a page does for those who may not use it.

Roles come from access.toml, read afresh in every run, and from claims of the provider, which is asked again within
minutes; who has signed out is looked up at every step. So what is taken away is gone at the next click. Only makes the
``Actor``; whether they may do something is decided where it is done, in ``wardstats.intake``.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any, TypeVar

import streamlit as st
from streamlit.runtime.scriptrunner import add_script_run_ctx, get_script_run_ctx

from wardstats.boards.help import contact
from wardstats.core.durable_files import storage_error
from wardstats.core.errors import WardStatsError
from wardstats.core.languages import Translator
from wardstats.core.locks import Holder, held_by, while_waiting
from wardstats.frontend.sign_in import access_token_of
from wardstats.intake.health import fault, notice, refusal, troubles
from wardstats.intake.publishing import complete_where_possible
from wardstats.intake.words import role_names, stale_story
from wardstats.intake.workspace import Workspace
from wardstats.ledger import LedgerError, StaleError
from wardstats.ledger.access import (
    AccessError,
    Action,
    Actor,
    PeopleError,
    RateLimit,
    actor_of,
    is_administrator_of_before,
    may,
    people_path,
    read_people,
)
from wardstats.session.caches import places, session_id, shared, store, uploads
from wardstats.session.foot import end_page
from wardstats.session.sign_ins import PATIENCE_S, ProviderError, SignInOverError, Standing, sign_ins
from wardstats.view.view import View

T = TypeVar("T")
OWN_UNIT = "own_unit"  # of the session's state: the ward of whoever is signed in
_READING_PATIENCE_S = 1.0
# What Markdown reads as more than a sign; others stay bare, because a screen reader reads a label with its backslashes.
_MARKS = re.compile(
    r"[\\`*_{}\[\]<>#|~$^]"
    r"|:(?=\S)|&(?=[#\w])|@(?=\w)|(?<=www)\."  # :red[x], addresses, &lt;
    r"|^[ \t]*[-+=]|(?<=\d)[.)](?=\s)|!(?=\[)",  # lists and headings
    re.MULTILINE | re.IGNORECASE,
)


@shared
def workspace() -> Workspace:
    """Return the workspace of this server, once for all sessions; a publication that was begun is finished first."""
    found = Workspace.of(places())
    complete_where_possible(found)
    return found


@shared
def limits() -> dict[str, RateLimit]:
    """Return how often one person may do what, once for all sessions."""
    return {
        "judge": RateLimit(40, 300), "handin": RateLimit(20, 600), "step": RateLimit(120, 300),
        "draft": RateLimit(600, 300),  # each field that is typed
    }  # fmt: skip


def is_configured() -> bool:
    """Tell whether sign-in is set up on this server."""
    return bool(_auth_section())


def visitor() -> Actor | None:
    """Return who is signed in, as far as known without waiting; None where nobody is, or sign-in is not set up.

    Raises:
        AccessError: The file of roles is faulty.
    """
    standing = _standing(0.0)
    if standing is not None and standing.is_stale:
        standing = _standing(_READING_PATIENCE_S)
    if standing is None or standing.is_stale:
        return None
    return actor_of(standing.claims, read_people(people_path(places())))


def is_over() -> bool:
    """Tell whether this browser was signed in and is no longer."""
    return is_configured() and bool(st.user.get("is_logged_in")) and _standing(0.0) is None


def confirm() -> None:
    """Make sure that the provider has said lately who the visitor is: before anything is done in their name.

    Raises:
        ProviderError: It cannot be asked.
    """
    standing = _standing(PATIENCE_S)
    if standing is not None and not standing.is_confirmed:
        raise ProviderError


def _standing(patience_s: float) -> Standing | None:
    if not is_configured() or not st.user.get("is_logged_in"):
        return None
    cookies = st.context.cookies.to_dict
    return sign_ins(places()).standing(st.user.to_dict(), lambda: access_token_of(cookies()), patience_s)


def account(view: View) -> Actor | None:
    """Show at the side who is signed in, with the way out; return who it is. Nothing where sign-in is not set up."""
    if not is_configured():
        return None
    speak = view.speak
    try:
        actor = visitor()
    except AccessError:
        actor = None
    st.session_state[OWN_UNIT] = actor.unit_code if actor else ""
    with st.sidebar:
        if actor is not None:
            unit = view.unit_names.get(actor.unit_code, actor.unit_code) if actor.unit_code else ""
            role = role_names(speak)[actor.role]
            st.caption(plain(" · ".join(filter(None, (actor.name, role, unit)))))
        else:
            uploads.close(session_id())
        if actor is None and _standing(0.0) is None:
            sign_in(speak, "side")
            return None
        st.button(speak("Sign out"), on_click=_sign_out, key="sign_out", icon=":material/logout:")
        st.button(
            speak("Sign out everywhere"), on_click=_sign_out, args=(True,), key="sign_out_everywhere", type="tertiary"
        )
    return actor


def _sign_out(everywhere: bool = False) -> None:
    """End the sign-in on the server, for other tabs and copied cookies too, before the browser forgets it."""
    sign_ins(places()).end(st.user.to_dict(), everywhere=everywhere)
    st.logout()


def notices(view: View, actor: Actor | None) -> None:
    """Tell those who may act what is wrong with the server, and what to do; readers see the board and no more."""
    if actor is None or actor.role == "viewer":
        return
    history = store().history()
    newest = history[-1].published_at if history else ""
    if told := [plain(notice(trouble, newest, view.speak)) for trouble in troubles(store(), workspace())]:
        st.warning("\n\n".join(told), icon=":material/warning:")


def sign_in(speak: Translator, key: str) -> None:
    """Offer the way in: one button, or one for each provider that is set up; ``key`` tells the places apart."""
    section = _auth_section()
    named = [name for name, value in section.items() if hasattr(value, "get") and "client_id" in value]
    if not named:
        st.button(speak("Sign in"), on_click=st.login, key=f"sign_in_{key}", icon=":material/login:", type="primary")
    for name in named:
        label = speak("Sign in with {provider}", provider=plain(name))
        st.button(label, on_click=st.login, args=(name,), key=f"sign_in_{key}_{name}", icon=":material/login:")


def require_actor(view: View, *actions: Action) -> Actor:
    """Return who is signed in, if they may do one of these things for some unit; else the page ends with why not.

    Without any named, whoever is signed in.
    """
    speak = view.speak
    if not is_configured():
        no_sign_in(view)
        end_page()
    try:
        confirm()
        actor = visitor()
    except AccessError as error:
        st.error(plain(access_fault(error, speak)))
        end_page()
    if actor is None:
        ended = speak("Your sign-in has ended.") + " " if is_over() else ""
        st.info(ended + speak("Sign in to go on."), icon=":material/login:")
        sign_in(speak, "page")
        for_whom(view)
        end_page()
    units = [actor.unit_code, "", None]
    if actions and not any(may(actor, action, unit) for action in actions for unit in units):
        uploads.close(session_id())
        text = speak("You are signed in as {name}, with the role: {role}.", name=actor.identity,
                     role=role_names(speak)[actor.role])  # fmt: skip
        st.warning(plain(text + " " + speak("This page is not for that role. Ask the administrator for another one.")))
        end_page()
    return actor


def access_fault(error: AccessError, speak: Translator) -> str:
    """Return why nobody has any right; with the faults, which hold addresses, for administrators only."""
    told = error.told(speak)
    if isinstance(error, PeopleError) and is_administrator_of_before(st.user.to_dict(), people_path(places())):
        told += f"\n\n{error.faults}"
    return told


@contextmanager
def explained(view: View) -> Iterator[None]:
    """Let a page say in words what is wrong, where the data folder or the ledger cannot be read at the moment."""
    try:
        yield
    except WardStatsError as error:
        # What a damaged ledger means stands in the notice above; here, which entry it is.
        text = fault(error) if isinstance(error, LedgerError) else refusal(error, view.speak)
        for line in text.splitlines()[:20]:
            st.error(plain(line))


def acting(kind: str = "step") -> Actor:
    """Return who is signed in at this moment, and count what they do.

    Raises:
        RateError: They do it too often.
        AccessError: As ``present`` does.
    """
    actor = present()
    limits()[kind].count(actor.identity)
    return actor


def present() -> Actor:
    """Return who is signed in at this moment.

    Raises:
        SignInOverError: Nobody is, any more.
        ProviderError: The provider cannot be asked whether they still are who they were.
    """
    confirm()
    if (actor := visitor()) is None:
        raise SignInOverError
    return actor


def at_click(make: Callable[[Actor], bytes]) -> Callable[[], bytes]:
    """Return what makes a file for whoever is signed in when it is clicked, which is after the page's run.

    Streamlit calls it in a thread that knows no visitor, and shows that a file could not be made where it is refused.
    """
    context = get_script_run_ctx()

    def made() -> bytes:
        with ThreadPoolExecutor(1, initializer=add_script_run_ctx, initargs=(None, context)) as thread:
            return thread.submit(lambda: make(present())).result()

    return made


def attempt(view: View, key: str, work: Callable[[], T]) -> T | None:
    """Do something that may be refused, and keep what is to be told about it for when the page is drawn.

    Args:
        view: Whose language it is told in.
        key: Of the button that was pressed: ``told`` draws the message beside it.
        work: What to do.
    """
    try:
        with waiting_told(view.speak):
            return work()
    except StaleError as error:
        tell(key, "warning", stale_story(error.entries, view.speak))
    except WardStatsError as error:
        tell(key, "error", refusal(error, view.speak))
    except OSError as error:  # of a step that writes no entry
        if (told := storage_error(error)) is None:
            raise
        tell(key, "error", refusal(told, view.speak))
    return None


def waiting_told(speak: Translator) -> AbstractContextManager[None]:
    """Have a page say whom a step waits for, while it does."""

    def tell_waiting(_: Path, holder: Holder | None) -> None:
        st.toast(plain(f"{speak('Waiting for others.')} {held_by(holder, speak)}"), duration="long")

    return while_waiting(tell_waiting)


def tell(key: str, kind: str, text: str) -> None:
    """Keep a message until the page is drawn."""
    st.session_state.setdefault("told", {}).setdefault(key, []).append((kind, text))


def told(*keys: str) -> None:
    """Draw the messages that were kept under these keys, once; without keys, all that are left."""
    kept = st.session_state.get("told", {})
    for kind, text in [message for key in keys or tuple(kept) for message in kept.pop(key, [])]:
        {"error": st.error, "warning": st.warning, "success": st.success}[kind](
            "\n\n".join(map(plain, text.split("\n")))
        )


def plain(text: str) -> str:
    """Return a text for an element that reads Markdown, such that it is shown as it is: no link, picture or formula."""
    return _MARKS.sub(lambda mark: f"{mark[0][:-1]}\\{mark[0][-1]}", text)


def no_sign_in(view: View) -> None:
    """Say that this server has no sign-in, what may be done without one, and whom to ask."""
    st.info(view.speak("This server has no sign-in yet, so nothing can be submitted here."), icon=":material/lock:")
    for_whom(view)


def for_whom(view: View) -> None:
    """Say what may be done without a sign-in, who does the rest, and whom to ask."""
    speak = view.speak
    st.markdown(
        speak("Every board can be read, downloaded and shared without signing in.")
        + " "
        + speak(
            "Officers of the wards submit figures and practices and give their ward's positions; the block's people "
            "check and publish them."
        )
    )
    st.markdown(plain(contact(view)))


def _auth_section() -> Any:
    from streamlit.auth_util import get_secrets_auth_section

    return get_secrets_auth_section()

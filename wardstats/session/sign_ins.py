"""Whether a sign-in still counts: not signed out, not too old, and the provider has said so within minutes.

What a provider says is kept in this process, its tokens too: on disk is only who has signed out. A provider that cannot
be asked takes no page away that anybody may read, and lets nobody act.
"""

from __future__ import annotations

import json
import logging
import math
import secrets
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from wardstats.core.settings import Settings, claims_minutes, settings, sign_in_hours
from wardstats.frontend.sign_in import Answer, RefusedError, UnreachableError, ask_provider
from wardstats.ledger.access import AccessError, people_path, read_people
from wardstats.ledger.access.signed_out import CLAIM, SignedOut, SignIn

PATIENCE_S = 5.0  # how long a click waits for the provider
ASK_AGAIN_S = 15.0  # after a question without an answer
KEPT_AT_MOST = 5000
LONG_CLAIM = 500  # letters; beyond, a claim is a list such as of groups
_LOG = logging.getLogger(__name__)
Claims = Mapping[str, Any]
Ask = Callable[[str, Claims, str | None, str | None], Answer]


class ProviderError(AccessError):
    """It cannot be told at the moment whether somebody still has their role."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(
            lambda speak: speak(
                "The sign-in provider does not answer, so it is not known whether you still have your role. Nothing "
                "can be done here until it answers; what anybody may read is open. Try again in a minute."
            )
        )


class SignInOverError(AccessError):
    """Somebody acts whose sign-in has ended, or who never signed in."""

    def __init__(self) -> None:
        """Say so."""
        super().__init__(lambda speak: speak("You are signed out. Nothing was recorded. Sign in to go on."))


@dataclass
class _Known:
    """What a provider has said of one sign-in, and what to ask it with. Times in seconds since 1970.

    Attributes:
        claims: What it vouches for.
        expires_at: When its token ends.
        asked_at: When it last said so; 0 where this process has not heard it.
        failed_at: When it last could not be asked.
        is_over: It no longer vouches for the sign-in.
        question: The thread that asks it now.
    """

    claims: Claims
    expires_at: float
    access_token: str | None = None
    refresh_token: str | None = None
    asked_at: float = 0.0
    failed_at: float = 0.0
    is_over: bool = False
    question: threading.Thread | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)


@dataclass(frozen=True)
class Standing:
    """A sign-in that counts.

    Attributes:
        claims: What the provider vouches for, as last heard.
        is_confirmed: It was heard recently enough to act upon.
        is_stale: It was heard so long ago that no role is to be shown.
    """

    claims: Claims
    is_confirmed: bool
    is_stale: bool


class SignIns:
    """The sign-ins of one process."""

    def __init__(
        self,
        signed_out: SignedOut,
        ask: Ask = ask_provider,
        clock: Callable[[], float] = time.time,
        lasts_s: float | None = None,
        ask_every_s: float | None = None,
        role_claim: Callable[[], str] = str,
    ) -> None:
        """Start without any.

        Args:
            signed_out: Who has signed out.
            ask: Asks a provider.
            clock: Tells the time; a test brings its own.
            lasts_s: How long a sign-in lasts at most; None for the setting.
            ask_every_s: How old an answer of the provider may be; None for the setting.
            role_claim: Names the claim that gives roles, which stays in the cookie however long it is.
        """
        self._signed_out, self._ask, self._clock = signed_out, ask, clock
        self._role_claim = role_claim
        self._lasts_s = sign_in_hours() * 3600 if lasts_s is None else lasts_s
        self._ask_every_s = claims_minutes() * 60 if ask_every_s is None else ask_every_s
        self._known: dict[str, _Known] = {}
        self._lock = threading.Lock()

    def mark(self, token: dict[str, Any]) -> None:
        """Give a new sign-in an id and a time, which go into its cookie, and keep what to ask the provider with.

        Long claims that give no role stay out of the cookie: browsers, proxies and servers refuse large ones.
        """
        now, name = self._clock(), secrets.token_urlsafe(18)
        claims = token["userinfo"]
        claims[CLAIM] = {"id": name, "at": now}
        known = _Known(
            dict(claims), _expiry(claims), token.get("access_token"), token.get("refresh_token"), asked_at=now
        )
        self._keep(name, known)
        self._shorten(claims)

    def _shorten(self, claims: dict[str, Any]) -> None:
        try:
            kept = {"iss", "sub", CLAIM, self._role_claim()}
        except AccessError:  # a faulty file does not say which claim gives roles: all stay
            return
        long = [name for name, said in claims.items() if len(json.dumps(said, default=str)) > LONG_CLAIM]
        for name in set(long) - kept:
            del claims[name]

    def standing(self, claims: Claims, access_token: Callable[[], str | None], patience_s: float) -> Standing | None:
        """Return how a sign-in stands; None where it has ended.

        Args:
            claims: What stands in the cookie.
            access_token: Gives the token that the browser keeps, where this process knows none.
            patience_s: How long to wait for the provider, once it is to be asked. An answer that is not awaited counts
                for the next call.
        """
        sign_in, now = SignIn.of(claims), self._clock()
        if sign_in is None or now >= sign_in.at + self._lasts_s or self._signed_out.holds(sign_in):
            return None
        known = self._known.get(sign_in.id)
        if known is None:
            known = self._keep(sign_in.id, _Known(dict(claims), _expiry(claims), access_token()))
        if self._is_due(known):
            self._question(known, str(claims.get("provider") or "default"), patience_s)
        if known.is_over or (now >= known.expires_at and not known.refresh_token):
            return None
        is_stale = self._clock() >= known.asked_at + 2 * self._ask_every_s
        return Standing(known.claims, not self._is_due(known), is_stale)

    def end(self, claims: Claims, *, everywhere: bool = False) -> None:
        """End a sign-in, in every tab and copied cookie; or every one of the same person up to now."""
        if (sign_in := SignIn.of(claims)) is not None:
            self._signed_out.end(sign_in, everywhere=everywhere)
            with self._lock:
                self._known.pop(sign_in.id, None)

    def _is_due(self, known: _Known) -> bool:
        now = self._clock()
        return not known.is_over and (now >= known.asked_at + self._ask_every_s or now >= known.expires_at)

    def _keep(self, name: str, known: _Known) -> _Known:
        with self._lock:
            if len(self._known) >= KEPT_AT_MOST:  # those that were asked about longest ago are asked about anew
                for old in sorted(self._known, key=lambda each: self._known[each].asked_at)[: KEPT_AT_MOST // 10]:
                    del self._known[old]
            return self._known.setdefault(name, known)

    def _question(self, known: _Known, provider: str, patience_s: float) -> None:
        """Ask the provider, in a thread of its own, once at a time; wait for it as long as there is patience."""
        with known.lock:
            if known.question is None or not known.question.is_alive():
                if self._clock() < known.failed_at + ASK_AGAIN_S:
                    return
                known.question = threading.Thread(target=self._hear, args=(known, provider), daemon=True)
                known.question.start()
            question = known.question
        question.join(patience_s)

    def _hear(self, known: _Known, provider: str) -> None:
        known.failed_at = now = self._clock()  # until there is an answer
        if now >= known.expires_at and not known.refresh_token:
            known.is_over = True
            return
        try:
            answer = self._ask(provider, known.claims, known.access_token, known.refresh_token)
        except RefusedError as error:
            _LOG.info("The provider %s no longer vouches for a sign-in: %s", provider, error)
            known.is_over = True
        except UnreachableError as error:
            _LOG.warning("The provider %s cannot be asked about a sign-in: %s", provider, error)
        else:
            known.claims = answer.claims
            known.access_token, known.refresh_token = answer.access_token, answer.refresh_token
            known.expires_at = answer.expires_at or known.expires_at
            known.asked_at, known.failed_at = now, 0.0


@lru_cache(maxsize=8)
def _of(places: Settings) -> SignIns:
    return SignIns(SignedOut(places.var / "signed-out.json"), role_claim=lambda: _role_claim(places))


def sign_ins(places: Settings | None = None) -> SignIns:
    """Return the sign-ins of this process. Not among Streamlit's caches, which any visitor may have cleared."""
    return _of(places or settings())


def _role_claim(places: Settings) -> str:
    """Return the claim that access.toml looks at, the outermost of nested ones; empty where it looks at none."""
    return (read_people(people_path(places)).file.claim or "").partition(".")[0]


def _expiry(claims: Claims) -> float:
    """Return when an ID token ends; one that does not say so has ended."""
    found = claims.get("exp")
    if isinstance(found, bool) or not isinstance(found, int | float) or not math.isfinite(found):
        return 0.0
    return float(found)

"""Asks the portal, politely and stubbornly: one request at a time, a pause between any two, patience with its faults.

Owns the transport. Whether an answer says what it should is ``answers``' business; that it is one, is checked here,
because half an answer or a page of HTML is asked for again like any other passing fault.
"""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import Any

import httpx2
from tenacity import RetryCallState, Retrying, retry_if_exception_type, stop_after_attempt

from wardstats import __version__
from wardstats.harvest.endpoints import Endpoint
from wardstats.harvest.faults import AnswerError, HarvestError, PortalError
from wardstats.harvest.portal_json import read_envelope

PASSING = frozenset({408, 409, 425, 429, *range(500, 600)})  # what may be gone when asked again


@dataclass(frozen=True)
class Manners:
    """How to ask.

    Attributes:
        delay_s: At least so long between two requests; all waiting after a fault is a multiple of it.
        attempts: How often to ask for the same answer.
        longest_wait_s: Longest wait between two attempts. A portal that asks for more (Retry-After) is left alone.
        connect_s: Wait so long for a connection.
        silence_s: Wait so long for the next bytes.
        answer_s: A whole answer must be there by then.
        most_bytes: Largest answer.
        contact: Whom the portal's people can write to; part of the User-Agent.
    """

    delay_s: float = 1.0
    attempts: int = 6
    longest_wait_s: float = 300.0
    connect_s: float = 10.0
    silence_s: float = 60.0
    answer_s: float = 180.0
    most_bytes: int = 32 * 1024 * 1024
    contact: str = ""

    @property
    def user_agent(self) -> str:
        """Name, version, and whom to write to."""
        return f"wardstats/{__version__} ({self.contact or 'ward dashboard; no contact set'})"


@dataclass(frozen=True)
class Answer:
    """An answer as it came.

    Attributes:
        raw: Its body, decompressed.
        data: What it carries.
        retrieved_at: When it was complete, UTC.
    """

    raw: bytes
    data: Mapping[str, Any]
    retrieved_at: datetime


class _PassingError(Exception):
    """A fault worth asking again after."""

    def __init__(self, text: str, wait_s: float | None = None) -> None:
        super().__init__(text)
        self.wait_s = wait_s


class Portal:
    """A connection to the portal; use it in a ``with`` statement."""

    def __init__(self, base_url: str, manners: Manners, tell: Callable[[str], None] | None = None) -> None:
        """Prepare; nothing is asked yet.

        Args:
            base_url: Address of the portal, without a path.
            tell: Called with a sentence whenever it waits after a fault.

        Raises:
            HarvestError: The address is none.
        """
        url = httpx2.URL(base_url)
        if url.scheme not in ("http", "https") or not url.host:
            raise HarvestError(f"--base-url {base_url!r}: expected an address such as https://example.vn.")
        self.base_url = base_url.rstrip("/")
        self.manners = manners
        self.request_count = 0
        self._tell = tell or (lambda _: None)
        self._next_at = 0.0
        self._client = httpx2.Client(
            headers={"User-Agent": manners.user_agent, "Accept": "application/json"},
            timeout=httpx2.Timeout(manners.silence_s, connect=manners.connect_s),
            limits=httpx2.Limits(max_connections=1),
        )

    def __enter__(self) -> Portal:
        return self

    def __exit__(self, *_: object) -> None:
        self._client.close()

    def ask(
        self, endpoint: Endpoint, body: Mapping[str, Any], doubt: Callable[[Mapping[str, Any]], str | None]
    ) -> Answer:
        """Return an answer, asking again after passing faults.

        Args:
            doubt: Given what an answer carries, says why it should be asked for again, or None.

        Raises:
            PortalError: It could not be had.
            AnswerError: The address is gone, or the answer too large.
        """
        retrying = Retrying(
            stop=stop_after_attempt(self.manners.attempts),
            wait=self._wait_s,
            retry=retry_if_exception_type(_PassingError),
            before_sleep=lambda state: self._tell(self._told(endpoint, state)),
            reraise=True,
        )
        try:
            return retrying(self._ask_once, endpoint, body, doubt)
        except _PassingError as error:
            raise PortalError(
                f"{endpoint.name}, page {body['currentPage']}: {error}, {self.manners.attempts} times in a row at "
                f"{self.base_url}. What came so far is kept: run the same command again later, and it goes on."
            ) from error

    def _ask_once(
        self, endpoint: Endpoint, body: Mapping[str, Any], doubt: Callable[[Mapping[str, Any]], str | None]
    ) -> Answer:
        if (wait := self._next_at - time.monotonic()) > 0:
            time.sleep(wait)
        self._next_at = time.monotonic() + self.manners.delay_s
        self.request_count += 1
        content = json.dumps(dict(body), separators=(",", ":")).encode()
        try:
            with self._client.stream(
                "POST", self.base_url + endpoint.path, content=content, headers={"Content-Type": "application/json"}
            ) as response:
                self._check_status(endpoint, response)
                raw = self._read(endpoint, response)
                media_type = response.headers.get("content-type", "")
        except httpx2.TransportError as error:  # connection, time-out, body cut short
            raise _PassingError(f"no whole answer ({type(error).__name__}: {error})".replace(": )", ")")) from error
        except httpx2.DecodingError as error:
            raise _PassingError(f"an answer that cannot be decompressed ({error})") from error
        try:
            data = read_envelope(raw, media_type)
        except ValueError as error:
            raise _PassingError(f"got {error}") from error
        if reason := doubt(data):
            raise _PassingError(reason)
        return Answer(raw, data, datetime.now(UTC))

    def _check_status(self, endpoint: Endpoint, response: httpx2.Response) -> None:
        status = response.status_code
        if status in (200, 201):
            return
        if status in PASSING:
            raise _PassingError(f"got HTTP {status}", _retry_after_s(response.headers.get("retry-after")))
        where = f" to {response.headers.get('location')}" if 300 <= status < 400 else ""
        raise AnswerError(
            f"{endpoint.name}: found HTTP {status}{where}; expected 201 from {self.base_url}{endpoint.path}. The "
            "portal has moved this address or closed it: see docs/harvest.md, When the portal changes."
        )

    def _read(self, endpoint: Endpoint, response: httpx2.Response) -> bytes:
        """Read the body, but not for ever: a page that never ends is cut off."""
        until, parts, size = time.monotonic() + self.manners.answer_s, [], 0
        for part in response.iter_bytes():
            parts.append(part)
            size += len(part)
            if size > self.manners.most_bytes:
                raise AnswerError(
                    f"{endpoint.name}: found an answer of more than {self.manners.most_bytes:,} bytes; expected one "
                    "page. Nothing of it was used."
                )
            if time.monotonic() > until:
                raise _PassingError(f"an answer that was not complete after {self.manners.answer_s:g} s")
        return b"".join(parts)

    def _wait_s(self, state: RetryCallState) -> float:
        """Return twice as long each time, with jitter, so that clients do not come back in step; or what was asked."""
        error = state.outcome.exception() if state.outcome else None
        asked_s = error.wait_s if isinstance(error, _PassingError) and error.wait_s is not None else 0.0
        if asked_s > self.manners.longest_wait_s:
            raise PortalError(
                f"{error}, and the portal asks to be left alone for {asked_s:.0f} s (Retry-After). What came so far is "
                "kept: run the same command again after that."
            )
        backoff_s = self.manners.delay_s * 2**state.attempt_number * random.uniform(0.5, 1.5)
        return max(asked_s, min(backoff_s, self.manners.longest_wait_s))

    def _told(self, endpoint: Endpoint, state: RetryCallState) -> str:
        error = state.outcome.exception() if state.outcome else None
        wait_s = state.next_action.sleep if state.next_action else 0
        return (
            f"{endpoint.name}: {error}; asking again in {wait_s:.1f} s ({state.attempt_number}/{self.manners.attempts})"
        )


def _retry_after_s(text: str | None) -> float | None:
    """Return what a Retry-After header asks for: seconds, or until a date."""
    if not text:
        return None
    try:
        return max(0.0, float(text))
    except ValueError:
        pass
    try:
        return max(0.0, (parsedate_to_datetime(text) - datetime.now(UTC)).total_seconds())
    except (ValueError, TypeError):
        return None

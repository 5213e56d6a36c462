"""What is added to Streamlit's sign-in: a mark in its cookie, questions to the provider afterwards, the way back.

Streamlit signs what the ID token said into a cookie for 30 days, and asks nobody again. Here each sign-in gets an id
and a time in that cookie; cookies get ``Secure`` and end with the sign-in; after sign-in and sign-out the browser
returns to the page it came from. Whether a sign-in still counts is decided in ``wardstats.session.sign_ins``.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import httpx2
from authlib.common.errors import AuthlibBaseError
from authlib.integrations.base_client import OAuthError
from authlib.integrations.starlette_client import StarletteOAuth2App
from joserfc.errors import JoseError
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send
from streamlit.auth_util import get_redirect_uri, get_secrets_auth_section
from streamlit.web.server.starlette.starlette_auth_routes import _create_oauth_client
from streamlit.web.server.starlette.starlette_server_config import TOKENS_COOKIE_NAME, USER_COOKIE_NAME
from streamlit.web.server.starlette.starlette_websocket import _get_signed_cookie_with_chunks

WAY_BACK = "wardstats_way_back"
_WAY_BACK_S = 900
_LONGEST_WAY = 3000
_QUESTION_S = 10
# What a provider says of the person or their sign-in. Everything else is about itself, or about this server.
_REFUSALS = {"invalid_grant", "invalid_token", "access_denied", "login_required", "interaction_required"}


class RefusedError(Exception):
    """The provider no longer vouches for the sign-in."""


class UnreachableError(Exception):
    """The provider gave no answer that can be believed."""


@dataclass(frozen=True)
class Answer:
    """What a provider says now.

    Attributes:
        claims: What it vouches for; nothing of what it said before is among them.
        access_token: To ask with, the next time.
        refresh_token: To ask with, if it gives one.
        expires_at: Until when, in seconds since 1970; None where it does not say anew.
    """

    claims: dict[str, Any]
    access_token: str
    refresh_token: str | None
    expires_at: float | None


def mark_sign_ins(mark: Callable[[dict[str, Any]], None]) -> None:
    """Have a function see, and add to, what a provider gave: before Streamlit makes its cookie of ``userinfo``."""
    original = getattr(StarletteOAuth2App.authorize_access_token, "original", StarletteOAuth2App.authorize_access_token)

    async def authorize_access_token(self: Any, request: Any, **options: Any) -> dict[str, Any]:
        token = await original(self, request, **options)
        if token.get("userinfo"):
            mark(token)
        return token

    authorize_access_token.original = original  # pyright: ignore[reportFunctionMemberAccess]
    StarletteOAuth2App.authorize_access_token = authorize_access_token  # pyright: ignore[reportAttributeAccessIssue]


def ask_provider(
    provider: str, claims: Mapping[str, Any], access_token: str | None, refresh_token: str | None
) -> Answer:
    """Ask a provider again who somebody is: with the refresh token for a new ID token, else at its userinfo endpoint.

    Args:
        provider: Its name in the section [auth]; ``default`` for the only one.
        claims: What it said before.

    Raises:
        RefusedError: It no longer vouches for them.
        UnreachableError: It cannot be asked.
    """
    loop = asyncio.new_event_loop()  # a script's thread may have one of its own, which is left alone
    try:
        return loop.run_until_complete(
            asyncio.wait_for(_ask(provider, claims, access_token, refresh_token), _QUESTION_S)
        )
    except OAuthError as error:
        if error.error in _REFUSALS:
            raise RefusedError(str(error.error)) from error
        raise UnreachableError(str(error.error)) from error
    except (OSError, TimeoutError, httpx2.HTTPError, AuthlibBaseError, JoseError, ValueError, KeyError) as error:
        raise UnreachableError(type(error).__name__) from error
    finally:
        loop.close()


async def _ask(provider: str, claims: Mapping[str, Any], access: str | None, refresh: str | None) -> Answer:
    client, _ = _create_oauth_client(provider)
    found: Mapping[str, Any] | None = None
    expires_at: Any = None
    if refresh:
        token = await client.fetch_access_token(grant_type="refresh_token", refresh_token=refresh)
        access, refresh, expires_at = (
            token["access_token"],
            token.get("refresh_token") or refresh,
            token.get("expires_at"),
        )
        if token.get("id_token"):
            found = await client.parse_id_token(token, nonce=None)
            expires_at = (found or {}).get("exp", expires_at)
    if not access:
        raise RefusedError("nothing to ask with")
    if found is None:
        found = await _userinfo(client, access)
    if found.get("sub") != claims.get("sub") or found.get("iss", claims.get("iss")) != claims.get("iss"):
        raise RefusedError("the answer is about somebody else")
    return Answer({**found, "iss": claims.get("iss")}, access, refresh, float(expires_at) if expires_at else None)


async def _userinfo(client: Any, access_token: str) -> Mapping[str, Any]:
    metadata = await client.load_server_metadata()
    answer = await client.get(
        metadata["userinfo_endpoint"], token={"access_token": access_token, "token_type": "Bearer"}
    )
    if answer.status_code in (400, 401, 403):
        raise RefusedError(f"userinfo answers {answer.status_code}")
    answer.raise_for_status()
    found = answer.json()
    if not isinstance(found, dict):
        raise ValueError("userinfo is no object")
    return found


def signed_cookie(cookies: Mapping[str, str], name: str) -> dict[str, Any]:
    """Return what a cookie of Streamlit's sign-in holds; nothing where it is missing, forged or too old."""
    found = _get_signed_cookie_with_chunks(dict(cookies), name)
    try:
        content = json.loads(found) if found else {}
    except ValueError:
        return {}
    return content if isinstance(content, dict) else {}


def access_token_of(cookies: Mapping[str, str]) -> str | None:
    """Return the access token that a browser keeps for this server."""
    token = signed_cookie(cookies, TOKENS_COOKIE_NAME).get("access_token")
    return token if isinstance(token, str) else None


class SignInDoors:
    """Stands before Streamlit's routes of signing in and out, and sees to the cookies of every answer."""

    def __init__(self, app: ASGIApp, signed_out: Callable[[Mapping[str, Any]], None], longest_s: float) -> None:
        """Stand before an application.

        Args:
            app: Streamlit's.
            signed_out: Is told the claims of whoever signs out.
            longest_s: How long a sign-in lasts at most.
        """
        self.app, self.signed_out, self.longest_s = app, signed_out, int(longest_s)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer, with the cookies as they are to be."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        path, headers = scope["path"], Headers(scope=scope)
        cookies = cookie_parser(headers.get("cookie", ""))
        redirect = urlsplit(_redirect_uri())
        is_secure = scope["scheme"] == "https" or (
            redirect.scheme == "https" and headers.get("host", "") in (redirect.netloc, redirect.hostname)
        )
        back, is_return = "", path == "/oauth2callback"
        if path in ("/auth/login", "/auth/logout"):
            back = _way_back(headers.get("referer", ""), {headers.get("host", ""), redirect.netloc})
        elif is_return:
            back = _local(unquote(cookies.get(WAY_BACK, "")))
        if path == "/auth/logout":
            if headers.get("sec-fetch-site") == "cross-site":  # no page of another site signs anybody out
                await RedirectResponse("/", status_code=302)(scope, receive, send)
                return
            await asyncio.to_thread(self.signed_out, signed_cookie(cookies, USER_COOKIE_NAME))

        async def send_with_cookies(message: Message) -> None:
            if message["type"] == "http.response.start":
                found = MutableHeaders(scope=message)
                leads_home = found.get("location") == "/"
                if back and leads_home and path != "/auth/login":
                    found["location"] = back
                elif back and not is_return:
                    found.append("set-cookie", _cookie(WAY_BACK, quote(back, safe=""), _WAY_BACK_S))
                if is_return and WAY_BACK in cookies:
                    found.append("set-cookie", _cookie(WAY_BACK, "", 0))
                message["headers"] = [
                    (name, self._kept(value, is_secure, redirect.scheme == "https") if name == b"set-cookie" else value)
                    for name, value in message["headers"]
                ]
            await send(message)

        await self.app(scope, receive, send_with_cookies)

    def _kept(self, cookie: bytes, is_secure: bool, is_signed_in_by_https: bool) -> bytes:
        """Return a Set-Cookie header with what it lacks."""
        name = cookie.partition(b"=")[0].strip().lower()
        parts = [part.strip() for part in cookie.split(b";")]
        keys = [part.partition(b"=")[0].strip().lower() for part in parts[1:]]
        is_of_sign_in = name.startswith((USER_COOKIE_NAME.encode(), b"_streamlit_session", WAY_BACK.encode()))
        if name.startswith(USER_COOKIE_NAME.encode()):
            parts = [self._shortened(part) for part in parts]
        if b"secure" not in keys and (is_secure or (is_of_sign_in and is_signed_in_by_https)):
            parts.append(b"Secure")
        if b"httponly" not in keys and is_of_sign_in:
            parts.append(b"HttpOnly")
        if b"samesite" not in keys:
            parts.append(b"SameSite=Lax")
        return b"; ".join(parts)

    def _shortened(self, part: bytes) -> bytes:
        key, _, value = part.partition(b"=")
        if key.strip().lower() != b"max-age" or not value.isdigit():
            return part
        return b"%s=%d" % (key, min(int(value), self.longest_s))


def _redirect_uri() -> str:
    section = get_secrets_auth_section()
    return (get_redirect_uri(section) if section else None) or ""


def _way_back(referer: str, hosts: set[str]) -> str:
    """Return the path and choices of the page that a browser says it comes from, if it is one of ours."""
    try:
        found = urlsplit(referer)
    except ValueError:
        return ""
    if not referer.isprintable() or found.scheme not in ("http", "https") or found.netloc not in hosts - {""}:
        return ""
    return _local(f"{found.path}?{found.query}" if found.query else found.path)


def _local(path: str) -> str:
    """Return a path of this server; nothing for one that could lead to another, or around in a circle."""
    is_plain = path.isascii() and path.isprintable() and not set(path) & set(' \\"<>')
    if not is_plain or not path.startswith("/") or path.startswith("//") or len(quote(path, safe="")) > _LONGEST_WAY:
        return ""
    return (
        "" if path.partition("?")[0].rstrip("/").endswith(("/auth/login", "/auth/logout", "/oauth2callback")) else path
    )


def _cookie(name: str, value: str, lasts_s: int) -> str:
    return f"{name}={value}; Path=/; Max-Age={lasts_s}"

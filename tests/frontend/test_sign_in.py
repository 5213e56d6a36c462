"""Cookies and redirects of signing in and out, and what a provider's answers to a later question mean."""

from __future__ import annotations

import json
import re
from base64 import urlsafe_b64encode
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from http.cookies import SimpleCookie
from typing import Any
from urllib.parse import quote

import httpx2
import pytest
from authlib.integrations.base_client import OAuthError
from authlib.integrations.starlette_client import StarletteOAuth2App
from joserfc.errors import BadSignatureError
from starlette.responses import Response
from starlette.types import Message, Receive, Scope, Send
from streamlit.web.server.starlette import starlette_auth_routes

from tests.asynchronous import run
from wardstats.core.settings import PROJECT
from wardstats.frontend import sign_in
from wardstats.frontend.sign_in import (
    RefusedError,
    SignInDoors,
    UnreachableError,
    access_token_of,
    ask_provider,
    mark_sign_ins,
    signed_cookie,
)

HOST = "board.example.vn"
REDIRECT_URI = f"https://{HOST}/oauth2callback"
COOKIES = "cookies, Origin, callback, session ids, sign-out"
CLAIMS = {"iss": "https://id.test", "sub": "a", "groups": ["secretariat"]}


class Site:
    """The doors before an application that answers as Streamlit does."""

    def __init__(
        self, *cookies: str, location: str = "/", redirect_uri: str = f"https://{HOST}/oauth2callback"
    ) -> None:
        self.cookies, self.location, self.out = cookies, location, []
        self.redirect_uri = redirect_uri
        self.doors = SignInDoors(self.answer, self.out.append, 12 * 3600)

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(b"location", self.location.encode()), *((b"set-cookie", line.encode()) for line in self.cookies)]
        await send({"type": "http.response.start", "status": 302, "headers": headers})
        await send({"type": "http.response.body", "body": b""})

    def get(self, path: str, scheme: str = "http", **headers: str) -> tuple[str, dict[str, dict[str, Any]]]:
        """Return where it leads, and its cookies with their flags."""
        sent = {"host": HOST} | headers
        scope = {
            "type": "http", "method": "GET", "path": path, "scheme": scheme, "query_string": b"",
            "headers": [(name.encode(), value.encode("latin-1")) for name, value in sent.items()],
        }  # fmt: skip
        got: list[tuple[bytes, bytes]] = []

        async def send(message: Message) -> None:
            if message["type"] == "http.response.start":
                got.extend(message["headers"])

        async def receive() -> Message:
            return {"type": "http.request"}

        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(sign_in, "_redirect_uri", lambda: self.redirect_uri)
            run(self.doors(scope, receive, send))
        jar: SimpleCookie = SimpleCookie()
        for name, value in got:
            if name == b"set-cookie":
                jar.load(value.decode())
        flags = {name: {"value": morsel.value, **morsel} for name, morsel in jar.items()}
        return next(value.decode() for name, value in got if name == b"location"), flags


def test_cookies_of_a_site_behind_tls_are_secure_and_end_with_the_sign_in() -> None:
    month = "Path=/; Max-Age=2592000; HttpOnly; SameSite=lax"
    lines = (f"_streamlit_user=x; {month}", f"_streamlit_user_tokens_1=x; {month}", "_streamlit_xsrf=2|a; Path=/",
             "_streamlit_session=x; path=/; Max-Age=1209600; httponly; samesite=lax", "other=1")  # fmt: skip
    for site, scheme, host in (
        (Site(*lines), "http", HOST),  # nginx speaks http to us
        (Site(*lines, redirect_uri=""), "https", HOST),
    ):
        _, found = site.get("/", scheme, host=host)
        assert all(cookie["secure"] and cookie["samesite"].lower() == "lax" for cookie in found.values())
        assert found["_streamlit_user"]["max-age"] == found["_streamlit_user_tokens_1"]["max-age"] == "43200"
        assert found["_streamlit_session"]["max-age"] == "1209600"
        assert all(found[name]["httponly"] for name in found if name not in ("_streamlit_xsrf", "other"))
        assert not found["_streamlit_xsrf"]["httponly"]  # Streamlit's page reads it
    _, found = Site(*lines).get("/", "http", host="10.0.0.7:8501")  # by another name, without TLS: reading works
    assert not found["_streamlit_xsrf"]["secure"] and found["_streamlit_user"]["secure"]
    _, found = Site(*lines, redirect_uri="http://localhost:8501/oauth2callback").get("/", "http")
    assert not any(cookie["secure"] for cookie in found.values())


def test_the_way_back_after_signing_in_and_out() -> None:
    page = "/check?lang=hi&period=2026-10&theme=total&q=a%20b%26c"
    for door, home in (("/auth/login", "https://id.test/auth?x=1"), ("/auth/logout", "https://id.test/end")):
        location, cookies = Site(location=home).get(door, referer=f"https://{HOST}{page}")
        assert location == home
        kept = cookies["wardstats_way_back"]
        assert kept["httponly"] and kept["secure"] and kept["samesite"] == "Lax" and kept["max-age"] == "900"
        location, cookies = Site().get("/oauth2callback", cookie=f"wardstats_way_back={kept['value']}")
        assert location == page
        assert cookies["wardstats_way_back"]["max-age"] == "0"
    assert (
        Site().get("/auth/logout", referer=f"https://{HOST}{page}")[0] == page
    )  # a provider without an end of session
    assert Site().get("/auth/login", referer=f"https://{HOST}{page}")[0] == "/"  # a provider that could not be named
    assert Site().get("/oauth2callback")[0] == "/"
    assert Site(location="/elsewhere").get("/other", referer=f"https://{HOST}{page}") == ("/elsewhere", {})


@pytest.mark.hostile(COOKIES)
@pytest.mark.parametrize(
    "referer",
    ["", "x", "https://evil.test/check", f"https://{HOST}.evil.test/", f"https://evil@{HOST}/check", f"ftp://{HOST}/",
     f"https://{HOST}:444/check", "//evil.test/x", f"https://{HOST}//evil.test/", f"https://{HOST}/\\evil.test",
     f"javascript:alert(1)//{HOST}/", f"https://{HOST}/oauth2callback?code=1&state=2", f"https://{HOST}/auth/logout",
     f"https://{HOST}/{'x' * 4000}", f"https://{HOST}/a\tb", f"https://{HOST}/\u00e9", "http://[",
     f"https://{HOST}/auth/login/?x=1"],
)  # fmt: skip
def test_no_other_page_is_a_way_back(referer: str) -> None:
    _, cookies = Site(location="https://id.test/").get("/auth/login", referer=referer)
    assert "wardstats_way_back" not in cookies


@pytest.mark.hostile(COOKIES)
@pytest.mark.parametrize(
    "kept",
    ["", "x", "//evil.test", "/\\evil.test", "/%5Cevil.test", "https://evil.test/", "/a\r\nSet-Cookie: x=1", "/a b",
     "/oauth2callback", "/auth/logout?x", "\u00e9", "/%00", "/" * 2 + "/evil.test"],
)  # fmt: skip
def test_a_planted_cookie_leads_nowhere_else(kept: str) -> None:
    location, cookies = Site().get("/oauth2callback", cookie=f"wardstats_way_back={quote(kept, safe='')}")
    assert location.startswith("/") and not location.startswith(("//", "/\\")) and "evil.test" not in location[:3]
    assert location in ("/", "/%5Cevil.test", "/%00")
    assert cookies.get("wardstats_way_back", {"max-age": "0"})["max-age"] == "0"


def test_who_signs_out_by_the_route_is_told_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sign_in, "signed_cookie", lambda cookies, name: {"cookies": dict(cookies), "name": name})
    site = Site()
    site.get("/auth/logout", cookie="a=1; b=2")
    site.get("/auth/login")
    site.get("/auth/logout/x")
    assert site.out == [{"cookies": {"a": "1", "b": "2"}, "name": "_streamlit_user"}]


@pytest.mark.hostile(COOKIES)
def test_no_other_site_signs_anybody_out() -> None:
    site = Site("_streamlit_user=; Max-Age=0", location="https://id.test/end")
    assert site.get("/auth/logout", **{"sec-fetch-site": "cross-site"}) == ("/", {})
    assert site.out == []
    for own in ("same-origin", "none"):
        assert site.get("/auth/logout", **{"sec-fetch-site": own})[0] == "https://id.test/end"


@pytest.mark.hostile(COOKIES)
@pytest.mark.parametrize("value", ["", "x", "a.b.c", "[]", "\u00e9", "InsiSW0.x.y", "chunks-2", "chunks-99999999"])
def test_a_forged_cookie_holds_nothing(value: str) -> None:
    assert signed_cookie({"_streamlit_user": value}, "_streamlit_user") == {}
    assert access_token_of({"_streamlit_user_tokens": value}) is None


def test_a_new_sign_in_is_marked_before_its_cookie_is_made(monkeypatch: pytest.MonkeyPatch) -> None:
    async def original(self: Any, request: Any) -> dict[str, Any]:
        return request

    monkeypatch.setattr(StarletteOAuth2App, "authorize_access_token", original)
    for _ in range(2):  # as when the server's script is imported again
        mark_sign_ins(lambda token: token["userinfo"].update(marked=token["userinfo"].get("marked", 0) + 1))
    client = object.__new__(StarletteOAuth2App)
    assert run(client.authorize_access_token({"userinfo": {"sub": "a"}}))["userinfo"]["marked"] == 1
    assert run(client.authorize_access_token({"access_token": "x"})) == {"access_token": "x"}


class Client:
    """Stands for authlib's client of a provider."""

    def __init__(self, token: Any = None, id_token: Any = None, userinfo: Any = None, status: int = 200) -> None:
        self.token, self.id_token, self.userinfo, self.status = token, id_token, userinfo, status
        self.asked: list[str] = []

    async def fetch_access_token(self, **asked: str) -> Mapping[str, Any]:
        self.asked.append(asked["refresh_token"])
        return _or_raise(self.token)

    async def parse_id_token(self, token: Any, nonce: None) -> Any:
        return _or_raise(self.id_token)

    async def load_server_metadata(self) -> dict[str, str]:
        return {"userinfo_endpoint": "https://id.test/userinfo"}

    async def get(self, url: str, token: dict[str, str]) -> httpx2.Response:
        self.asked.append(token["access_token"])
        body = self.userinfo if isinstance(self.userinfo, str) else json.dumps(_or_raise(self.userinfo))
        return httpx2.Response(self.status, text=body, request=httpx2.Request("GET", url))


def _or_raise(found: Any) -> Any:
    if isinstance(found, BaseException):
        raise found
    return found


def asked(
    monkeypatch: pytest.MonkeyPatch, client: Client, access: str | None = "old", refresh: str | None = None
) -> Any:
    monkeypatch.setattr(sign_in, "_create_oauth_client", lambda provider: (client, ""))
    with ThreadPoolExecutor(1) as thread:  # as a page's script does; the main thread may hold a browser's loop
        return thread.submit(ask_provider, "default", CLAIMS, access, refresh).result()


def test_a_new_id_token_says_everything_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    token = {"access_token": "new", "refresh_token": "next", "id_token": "...", "expires_at": 5}
    found = asked(
        monkeypatch, Client(token, {"sub": "a", "iss": "https://id.test", "exp": 99, "x": 1}), refresh="first"
    )
    assert (found.access_token, found.refresh_token, found.expires_at) == ("new", "next", 99.0)
    assert found.claims == {"iss": "https://id.test", "sub": "a", "exp": 99, "x": 1}  # nothing of before


def test_without_one_userinfo_is_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    client = Client({"access_token": "new", "expires_at": 50}, userinfo={"sub": "a", "groups": []})
    found = asked(monkeypatch, client, refresh="first")
    assert (found.refresh_token, found.expires_at, client.asked) == ("first", 50.0, ["first", "new"])
    assert found.claims == {"iss": "https://id.test", "sub": "a", "groups": []}
    found = asked(monkeypatch, Client(userinfo={"sub": "a"}))
    assert (found.access_token, found.refresh_token, found.expires_at) == ("old", None, None)


REFUSALS = {
    "refresh token taken back": Client(OAuthError("invalid_grant")),
    "must sign in again": Client(OAuthError("login_required")),
    "another person's token": Client({"access_token": "x", "id_token": "."}, {"sub": "b", "iss": "https://id.test"}),
    "another issuer's token": Client({"access_token": "x", "id_token": "."}, {"sub": "a", "iss": "https://evil.test"}),
    "another person's userinfo": Client({"access_token": "x"}, userinfo={"sub": "b"}),
    "nobody's userinfo": Client({"access_token": "x"}, userinfo={}),
    "unauthorised": Client({"access_token": "x"}, userinfo={}, status=401),
    "forbidden": Client({"access_token": "x"}, userinfo={}, status=403),
}
UNKNOWN = {
    "no connection": Client(httpx2.ConnectError("refused")),
    "too slow": Client(httpx2.ReadTimeout("slow")),
    "timeout": Client(TimeoutError()),
    "busy": Client({"access_token": "x"}, userinfo={}, status=503),
    "lost": Client({"access_token": "x"}, userinfo={}, status=404),
    "this server's secret is wrong": Client(OAuthError("invalid_client")),
    "its own trouble": Client(OAuthError("temporarily_unavailable")),
    "no JSON": Client({"access_token": "x"}, userinfo="<html>"),
    "a list": Client({"access_token": "x"}, userinfo=[]),
    "a JWT": Client({"access_token": "x"}, userinfo="ey.x.y"),
    "a token signed by somebody else": Client({"access_token": "x", "id_token": "."}, BadSignatureError()),
    "no token": Client({}),
}


@pytest.mark.hostile("identities by OIDC")
@pytest.mark.parametrize("client", REFUSALS.values(), ids=REFUSALS)
def test_what_ends_a_sign_in(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    with pytest.raises(RefusedError):
        asked(monkeypatch, client, refresh="first")


@pytest.mark.hostile("identities by OIDC")
@pytest.mark.parametrize("client", UNKNOWN.values(), ids=UNKNOWN)
def test_what_leaves_it_open(monkeypatch: pytest.MonkeyPatch, client: Client) -> None:
    with pytest.raises(UnreachableError):
        asked(monkeypatch, client, refresh="first")


def test_with_nothing_to_ask_with_it_ends(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(RefusedError):
        asked(monkeypatch, Client(), access=None)


def test_the_nginx_site_of_the_documents_takes_the_cookies_of_many_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    """With nginx' own limits 60 groups were answered 502."""
    monkeypatch.setattr(
        starlette_auth_routes, "get_cookie_secret", lambda: "c00kie-s3cret-of-the-test-0123456789abcdef"
    )
    names = [sha256(str(number).encode()).hexdigest()[:24] for number in range(120)]  # they do not compress well
    groups = [f"/tinh-lao-cai/khoi-phuong/{name}" for name in names]
    token = {"id_token": urlsafe_b64encode(json.dumps(CLAIMS | {"groups": groups}).encode()).decode()}
    answer = Response(status_code=302)
    run(starlette_auth_routes._set_auth_cookie(answer, CLAIMS | {"groups": groups}, token))  # the groups give roles
    sent = [value for name, value in answer.raw_headers if name == b"set-cookie"]
    kept = sum(len(value.partition(b";")[0]) + 2 for value in sent)
    site = (PROJECT / "docs" / "operations.md").read_text(encoding="utf-8")

    def kilobytes(directive: str) -> int:
        return min(int(size) for size in re.findall(rf"\b{directive} (?:\d+ )?(\d+)k;", site)) * 1024

    assert kept > 4_096  # what nginx takes by itself; or the groups are not in them
    assert sum(len(value) + 16 for value in sent) < kilobytes("proxy_buffer_size") - 1024
    assert kilobytes("proxy_buffers") >= kilobytes("proxy_buffer_size")
    assert kept < kilobytes("large_client_header_buffers") - 1024

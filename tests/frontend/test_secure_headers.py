"""Every answer tells browsers what not to do, whatever becomes of it, and a stricter policy of a page stays."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from starlette.testclient import TestClient

from tests.small_block import SMALL, build_and_publish
from wardstats.core.settings import settings
from wardstats.frontend.changes import Changes
from wardstats.frontend.first_page import CompletePage
from wardstats.frontend.secure_headers import HEADERS, policy
from wardstats.frontend.streamlit_files import STREAMLIT_FILES, index
from wardstats.live import application
from wardstats.live.application import Live, standalone
from wardstats.live.broadcaster import Broadcaster


@pytest.fixture(scope="module")
def client(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TestClient]:
    var = tmp_path_factory.mktemp("headers")
    build_and_publish(SMALL, var)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(application, "settings", lambda: settings(SMALL, var))
        with TestClient(standalone(), raise_server_exceptions=False) as client:
            yield client


@pytest.mark.parametrize(
    ("path", "status"),
    [
        ("/healthz", 200), ("/api/v1/openapi.json", 200), ("/live", 200), ("/conference", 200), ("/nowhere", 404),
        ("/live?lang=xx", 400), ("/live/assets/nothing.js", 404), ("/live/logo", 404), ("/api/v1/nothing", 404),
        ("/api/v1/events?lang=xx", 400), ("/_stcore/metrics", 404), ("/", 307),
    ],
)  # fmt: skip
def test_every_answer_has_the_headers(client: TestClient, path: str, status: int) -> None:
    for method in ("GET", "HEAD"):
        if method == "HEAD" and "events" in path:
            continue  # has no stream, and no parameters
        answer = client.request(method, path, follow_redirects=False)
        assert answer.status_code == status
        headers = answer.headers
        assert set(HEADERS) <= set(headers)
        assert headers["x-content-type-options"] == "nosniff"
        assert "frame-ancestors 'self'" in headers["content-security-policy"]
        assert (
            "script-src" in headers["content-security-policy"]
            or "default-src 'none'" in headers["content-security-policy"]
        )


def test_a_stream_that_is_refused_has_them_too(client: TestClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Broadcaster, "client_count", 10**9)
    answer = client.get("/api/v1/events")
    assert answer.status_code == 503
    assert set(HEADERS) <= set(answer.headers)


@pytest.mark.hostile("raw HTTP")
@pytest.mark.parametrize(
    ("path", "kind", "words"),
    [
        ("/live?lang=vi", "text/html", "Máy chủ gặp sự cố"),
        ("/live?lang=hi", "text/html", "सर्वर में कोई गड़बड़ी हुई"),
        ("/conference?lang=en", "text/html", "Something went wrong on this server"),
        ("/healthz", "text/html", "Máy chủ gặp sự cố"),
        ("/api/v1/ranking?lang=vi", "application/problem+json", "Máy chủ gặp sự cố"),
        ("/api/v1/board?lang=en", "application/problem+json", "Something went wrong on this server"),
    ],
)
def test_what_nobody_foresaw_is_told_in_words_without_a_trace(
    client: TestClient, monkeypatch: pytest.MonkeyPatch, path: str, kind: str, words: str
) -> None:
    def fail(*_: object) -> None:
        raise RuntimeError("a secret of /srv/wardstats")

    monkeypatch.setattr("wardstats.live.reader.Reader.publication", fail)
    monkeypatch.setattr("wardstats.live.reader.Reader.published", fail)
    monkeypatch.setattr(Live, "_look", fail)
    answer = client.get(path)
    assert answer.status_code == 500
    assert answer.headers["content-type"].startswith(kind)
    assert words in answer.text
    assert "secret" not in answer.text
    assert "Traceback" not in answer.text
    assert set(HEADERS) <= set(answer.headers)


def test_the_policy_lets_the_scripts_of_streamlits_page_run_and_no_other() -> None:
    complete = CompletePage(STREAMLIT_FILES)
    page = index(STREAMLIT_FILES).encode()
    made = complete.of(page, True)
    assert made is not None
    digests = set(re.findall(r"'sha256-[^']+'", policy(Changes(()).pages())))
    assert digests == set(re.findall(r"'sha256-[^']+'", policy([made.whole])))
    assert len(digests) == 4  # Streamlit's own, its server, the words of its scripts, links that stay in the page
    assert "unsafe" not in policy(Changes(()).pages())
    assert policy().startswith("script-src 'self';")

"""Messages that any browser may send: those of pages are taken, and no other changes anything."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import pytest
from streamlit.proto.BackMsg_pb2 import BackendOperationRequest, BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.runtime.app_session import AppSession

from tests.serving import Server, environment, running
from tests.small_block import SMALL, build_and_publish
from tests.visitor import Visitor, sql_children
from wardstats.core.languages import translator
from wardstats.frontend import browser_messages
from wardstats.frontend.browser_messages import OPERATIONS, TAKEN, take_needed_messages_only
from wardstats.frontend.streamlit_files import NotAsExpectedError
from wardstats.frontend.uploads import Uploads

EVERY_MESSAGE = [field.name for field in BackMsg.DESCRIPTOR.oneofs_by_name["type"].fields]
EVERY_OPERATION = [field.name for field in BackendOperationRequest.DESCRIPTOR.oneofs_by_name["payload"].fields]


@pytest.fixture(scope="module", params=["0", "1"], ids=["changed", "plain"])
def server(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> Iterator[Server]:
    """Serve the small block; guards are there when nothing else of Streamlit is changed, too."""
    folder = tmp_path_factory.mktemp("var")
    build_and_publish(SMALL, folder)
    own = environment(folder, WARDSTATS_DATA=str(SMALL), WARDSTATS_PLAIN_STREAMLIT=request.param)
    with running(folder / "server.log", own) as server:
        yield server


def message_of(kind: str, operation: str = "") -> BackMsg:
    message = BackMsg()
    if operation:
        getattr(message.backend_operation_request, operation).SetInParent()
    elif BackMsg.DESCRIPTOR.fields_by_name[kind].message_type:
        getattr(message, kind).SetInParent()
    else:
        setattr(message, kind, True)
    return message


@pytest.mark.hostile("forged widgets, roles, frames, messages")
def test_caches_cannot_be_cleared_and_sql_leaves_no_more_children_than_allowed(server: Server) -> None:
    for number in range(12):
        with Visitor(server.url) as visitor:
            visitor.send(BackMsg(clear_cache=True))
            assert "a_1" in visitor.look("explore", f"lang=en&tab=sql&sql=select {number} as a, 2 as a")
            assert visitor.beats()
            assert len(sql_children(server.pid)) == 1  # the one that waits


@pytest.mark.hostile("forged widgets, roles, frames, messages")
@pytest.mark.parametrize("kind", [kind for kind in EVERY_MESSAGE if kind not in TAKEN])
def test_a_message_of_no_page_changes_nothing(server: Server, kind: str) -> None:
    with Visitor(server.url) as visitor, Visitor(server.url) as other:
        visitor.look()
        other.look()
        first = len(visitor.heard)
        for _ in range(20):
            visitor.send(message_of(kind))
        assert visitor.beats() and other.beats()
        heard = visitor.heard[first:]
        assert {each.WhichOneof("type") for each in heard} <= {"heartbeat_ack", "session_status_changed"}
        assert not any(each.session_status_changed.run_on_save for each in heard)
        assert "<h1>" in visitor.look()


@pytest.mark.hostile("forged widgets, roles, frames, messages")
@pytest.mark.parametrize("asked", [1, 40, 41, 100_000])
def test_nobody_who_may_not_upload_gets_a_place_for_files(server: Server, asked: int) -> None:
    with Visitor(server.url) as visitor:
        visitor.look()
        message = BackMsg()
        message.file_urls_request.file_names.extend(["x"] * asked)
        visitor.send(message)
        answer = visitor.wait_for(lambda heard: heard.WhichOneof("type") == "file_urls_response").file_urls_response
        assert not answer.file_urls
        assert "signed in" in answer.error_msg


@pytest.mark.hostile("forged widgets, roles, frames, messages")
@pytest.mark.parametrize("raw", [b"\x12", b"\xff" * 100, b"\x0a\x00" * 1000], ids=["cut", "noise", "twice"])
def test_a_frame_that_is_no_message_ends_its_own_tab_at_most(server: Server, raw: bytes) -> None:
    with Visitor(server.url) as other:
        other.look()
        with Visitor(server.url) as visitor:
            assert visitor._line is not None
            visitor._line.send(raw)
        assert other.beats()


# What the guard hands on


class Session:
    """What the guard uses of a session."""

    def __init__(self) -> None:
        self.id = "one"
        self.sent: list[ForwardMsg] = []
        self._background_tasks: set[Any] = set()

    def _enqueue_forward_msg(self, message: ForwardMsg) -> None:
        self.sent.append(message)


@pytest.fixture
def handed_on(monkeypatch: pytest.MonkeyPatch) -> Callable[[Session, BackMsg], list[BackMsg]]:
    """Return a function that tells which messages the guard hands to Streamlit."""
    got: list[BackMsg] = []
    monkeypatch.setattr(AppSession, "handle_backmsg", lambda _, message: got.append(message))
    uploads = Uploads(held=dict, is_connected=lambda _: True)
    uploads.open("one", translator("vi"))
    monkeypatch.setattr(browser_messages, "_NEEDED", ("_enqueue_forward_msg",))
    take_needed_messages_only(uploads)

    def run(session: Session, message: BackMsg) -> list[BackMsg]:
        got.clear()
        AppSession.handle_backmsg(session, message)  # pyright: ignore[reportArgumentType]
        return got

    return run


@pytest.mark.parametrize("kind", TAKEN)
def test_messages_of_pages_are_handed_on(handed_on: Callable, kind: str) -> None:
    message = message_of(kind, OPERATIONS[0] if kind == "backend_operation_request" else "")
    assert handed_on(Session(), message) == [message]


@pytest.mark.hostile("forged widgets, roles, frames, messages")
@pytest.mark.parametrize("operation", [each for each in EVERY_OPERATION if each not in OPERATIONS])
def test_operations_of_no_page_are_dropped(handed_on: Callable, operation: str) -> None:
    session = Session()
    assert handed_on(session, message_of("backend_operation_request", operation)) == session.sent == []
    assert handed_on(session, message_of("backend_operation_request")) == session.sent == []


@pytest.mark.hostile("forged widgets, roles, frames, messages")
def test_a_session_has_so_many_files_made_at_once(handed_on: Callable) -> None:
    session = Session()
    session._background_tasks.update(range(4))
    assert handed_on(session, message_of("", OPERATIONS[0])) == []
    assert session.sent[0].backend_operation_response.error_msg
    session._background_tasks.pop()
    assert handed_on(session, message_of("", OPERATIONS[0]))


def test_too_many_files_at_once_are_told_in_the_readers_language(handed_on: Callable) -> None:
    session, message = Session(), BackMsg()
    message.file_urls_request.file_names.extend(["x"] * 41)
    assert handed_on(session, message) == []
    assert session.sent[0].file_urls_response.error_msg == "Mỗi lần chọn nhiều nhất 40 tệp."


@pytest.mark.parametrize(
    ("change", "why"),
    [
        (lambda patch: patch.delattr(AppSession, "handle_backmsg"), "no AppSession.handle_backmsg"),
        (lambda patch: patch.delattr(AppSession, "_enqueue_forward_msg"), "no _enqueue_forward_msg"),
        (lambda patch: patch.setattr(browser_messages, "TAKEN", ("rerun",)), "no message is called rerun"),
        (lambda patch: patch.setattr(browser_messages, "OPERATIONS", ("file",)), "no operation is called file"),
    ],
)
def test_another_streamlit_is_told(monkeypatch: pytest.MonkeyPatch, change: Callable, why: str) -> None:
    change(monkeypatch)
    with pytest.raises(NotAsExpectedError, match=why):
        take_needed_messages_only(Uploads())

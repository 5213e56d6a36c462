"""What a browser may ask of Streamlit beside its page: only what a page of ours needs.

A browser may send any message there is: one clears the caches of all sessions, one asks git, one writes files on the
server. Whoever wrote it, a message that is not listed here goes no further.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from wardstats.frontend.streamlit_files import NotAsExpectedError, module
from wardstats.frontend.uploads import Uploads

TAKEN = ("rerun_script", "stop_script", "app_heartbeat", "file_urls_request", "backend_operation_request")
OPERATIONS = ("deferred_file",)  # what a download button asks for
_AT_ONCE = 4  # files that one session has made at the same time
_HANDLER = "handle_backmsg"
_NEEDED = ("_enqueue_forward_msg", "_background_tasks")


def take_needed_messages_only(uploads: Uploads) -> None:
    """Have every session take the messages of pages, and drop all others; places for files are asked of ``uploads``.

    Raises:
        NotAsExpectedError: This Streamlit names or handles messages otherwise.
    """
    session = getattr(module("streamlit.runtime.app_session"), "AppSession", None)
    handle: Callable[[Any, Any], None] | None = getattr(session, _HANDLER, None)
    forward = getattr(module("streamlit.proto.ForwardMsg_pb2"), "ForwardMsg", None)
    names = _names("BackMsg", "type")
    if session is None or handle is None or forward is None:
        raise NotAsExpectedError(f"streamlit.runtime.app_session has no AppSession.{_HANDLER}")
    if unknown := [name for name in TAKEN if name not in names]:
        raise NotAsExpectedError(f"no message is called {unknown[0]}")
    if unknown := [name for name in OPERATIONS if name not in _names("BackendOperationRequest", "payload")]:
        raise NotAsExpectedError(f"no operation is called {unknown[0]}")
    used = session.__init__.__code__.co_names + handle.__code__.co_names + tuple(vars(session))
    if missing := [name for name in _NEEDED if name not in used]:
        raise NotAsExpectedError(f"AppSession has no {missing[0]}")
    if hasattr(handle, "takes_needed_only"):
        return

    def handle_needed(self: Any, message: Any) -> None:
        kind = message.WhichOneof("type")
        if kind == "file_urls_request":
            count = len(message.file_urls_request.file_names)
            if refused := uploads.refusal(self.id, count=count):
                answer = forward()
                answer.file_urls_response.response_id = message.file_urls_request.request_id
                answer.file_urls_response.error_msg = refused[1]
                self._enqueue_forward_msg(answer)
                return
        elif kind == "backend_operation_request":
            request = message.backend_operation_request
            if request.WhichOneof("payload") not in OPERATIONS:
                return
            if len(self._background_tasks) >= _AT_ONCE:
                answer = forward()
                answer.backend_operation_response.request_id = request.request_id
                answer.backend_operation_response.error_msg = "Other files of this page are being made"
                self._enqueue_forward_msg(answer)
                return
        elif kind not in TAKEN:
            return
        handle(self, message)

    handle_needed.takes_needed_only = True  # pyright: ignore[reportFunctionMemberAccess]
    setattr(session, _HANDLER, handle_needed)


def _names(message: str, choice: str) -> list[str]:
    """Return what one of a message's fields may be."""
    found = getattr(module("streamlit.proto.BackMsg_pb2"), message, None)
    choices = found.DESCRIPTOR.oneofs_by_name if found is not None else {}
    return [field.name for field in choices[choice].fields] if choice in choices else []

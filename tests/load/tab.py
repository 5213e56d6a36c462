"""A bare browser tab: cookies over HTTP, pages over Streamlit's WebSocket, widgets by key, uploads, sign-in.

Owns the protocol, as little of it as a hostile or a hurried client needs; what is done with it is others'.
"""

from __future__ import annotations

import asyncio
import uuid
from dataclasses import dataclass, field
from types import TracebackType
from typing import Any

import httpx2
import websockets
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.Common_pb2 import UploadedFileInfo
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from streamlit.proto.WidgetStates_pb2 import WidgetState

from wardstats.core.languages import LANGUAGES, translator

XSRF = "_streamlit_xsrf"
# A run that another one takes the place of has an end, too; that is not the one that is waited for.
_ENDS = {
    ForwardMsg.ScriptFinishedStatus.Value(name) for name in ("FINISHED_SUCCESSFULLY", "FINISHED_WITH_COMPILE_ERROR")
}


@dataclass
class Shown:
    """What a run of a page sent.

    Attributes:
        widgets: The ids of widgets by the key that the page gave them.
        labels: The ids of buttons by what stands on them.
        texts: Texts of notices, captions and headings.
        notices: Of these, what stands in a coloured box.
        redirect: Where the page sends the browser, for a sign-in.
        bytes: How much came over the line.
        is_finished: The run came to its end.
        has_error: It met an error of the program.
    """

    widgets: dict[str, str] = field(default_factory=dict)
    labels: dict[str, str] = field(default_factory=dict)
    texts: list[str] = field(default_factory=list)
    notices: list[str] = field(default_factory=list)
    redirect: str = ""
    bytes: int = 0
    is_finished: bool = False
    has_error: bool = False

    def read(self, message: ForwardMsg) -> None:
        """Take one message of the server."""
        if message.HasField("auth_redirect"):
            self.redirect = message.auth_redirect.url
        element = message.delta.new_element
        kind = element.WhichOneof("type")
        if kind is None:
            return
        part: Any = getattr(element, kind)
        identity = str(getattr(part, "id", ""))
        if identity:
            self.widgets[_key(identity)] = identity
        if kind == "button":
            self.labels[part.label] = identity
        if kind == "alert":
            self.notices.append(part.body)
        self.texts += filter(None, (str(getattr(part, name, "")) for name in ("body", "message")))
        self.has_error |= kind == "exception" or (kind == "alert" and part.body.startswith(_UNEXPECTED))


_UNEXPECTED = tuple(
    translator(language)("Something went wrong on this server. Please try again in a minute.") for language in LANGUAGES
)


def _key(identity: str) -> str:
    """Return the key within an id, which Streamlit writes as ``$$ID-<digest>-<key>``."""
    return identity.split("-", 2)[-1]


class Tab:
    """One tab of a browser that may be signed in.

    Attributes:
        session_id: What the server calls the tab; known after the first run.
        shown: What the last run sent.
    """

    def __init__(self, url: str, jar: httpx2.AsyncClient | None = None, source: str = "127.0.0.1") -> None:
        """Open a tab of its own browser, or one more of a browser that is given.

        Args:
            url: Address of the server, without a slash at the end.
            jar: The browser: its cookies. One of its own if None.
            source: The address that it comes from.
        """
        self.url, self.source = url, source
        self.jar = jar or browser(source)
        self.session_id = ""
        self.shown = Shown()
        self._line: websockets.ClientConnection | None = None

    async def __aenter__(self) -> Tab:
        """Connect."""
        if XSRF not in self.jar.cookies:
            (await self.jar.get(f"{self.url}/_stcore/health")).raise_for_status()
        cookies = "; ".join(f"{name}={value}" for name, value in self.jar.cookies.items())
        protocols = [websockets.Subprotocol("streamlit"), websockets.Subprotocol(self.jar.cookies.get(XSRF) or "none")]
        address = self.url.replace("http", "ws", 1) + "/_stcore/stream"
        self._line = await websockets.connect(
            address, origin=websockets.Origin(self.url), subprotocols=protocols, additional_headers={"Cookie": cookies},
            max_size=None, proxy=None, local_addr=(self.source, 0), open_timeout=60,
        )  # fmt: skip
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Close the tab."""
        if self._line is not None:
            await self._line.close()

    async def send(self, message: BackMsg) -> None:
        """Send any message that a browser can send."""
        assert self._line is not None
        await self._line.send(message.SerializeToString())

    async def run(
        self, page: str, query: str = "lang=en", *widgets: WidgetState, seconds: float = 120.0, click: str = ""
    ) -> Shown:
        """Run a page and return what it showed.

        Args:
            page: Its address without the slash; empty for the first.
            widgets: What is in its fields.
            seconds: How long to wait for its end; what came until then is returned.
            click: The id of a button that is pressed.
        """
        message = BackMsg()
        message.rerun_script.query_string = query
        message.rerun_script.page_name = page
        message.rerun_script.widget_states.widgets.extend(widgets)
        if click:
            message.rerun_script.widget_states.widgets.append(WidgetState(id=click, trigger_value=True))
        await self.send(message)
        self.shown = Shown()
        try:
            async with asyncio.timeout(seconds):
                await self._read_to_the_end()
        except TimeoutError:
            return self.shown
        self.shown.is_finished = True
        return self.shown

    async def _read_to_the_end(self) -> None:
        assert self._line is not None
        async for raw in self._line:
            self.shown.bytes += len(raw)
            message = ForwardMsg()
            message.ParseFromString(raw if isinstance(raw, bytes) else raw.encode())
            kind = message.WhichOneof("type")
            if kind == "new_session" and message.new_session.HasField("initialize"):
                self.session_id = message.new_session.initialize.session_id or self.session_id
            elif kind in ("delta", "auth_redirect"):
                self.shown.read(message)
            elif kind == "script_finished" and message.script_finished in _ENDS:
                return
        raise ConnectionError("the server closed the line")

    async def upload(self, name: str, content: bytes) -> tuple[int, UploadedFileInfo]:
        """Upload a file into the session of this tab; return the status and what an uploader says of it."""
        number = str(uuid.uuid4())
        address = f"/_stcore/upload_file/{self.session_id}/{number}"
        answer = await self.jar.put(
            self.url + address,
            files={"file": (name, content, "application/octet-stream")},
            headers={"X-Xsrftoken": self.jar.cookies.get(XSRF) or ""},
        )
        info = UploadedFileInfo(name=name, size=len(content), file_id=number)
        info.file_urls.file_id, info.file_urls.upload_url, info.file_urls.delete_url = number, address, address
        return answer.status_code, info

    async def sign_in(self, subject: str) -> None:
        """Sign in at the provider as one of its people; the tab is to be opened anew after that."""
        shown = await self.run("submit")
        await self.run("submit", click=shown.labels["Sign in"])
        form = await self.jar.get(httpx2.URL(self.url).join(self.shown.redirect))
        answer = await self.jar.post(form.url, data={"sub": subject})
        answer.raise_for_status()


def browser(source: str) -> httpx2.AsyncClient:
    """Return a browser without anything in it, at an address of this machine."""
    transport = httpx2.AsyncHTTPTransport(local_address=source)
    return httpx2.AsyncClient(transport=transport, follow_redirects=True, timeout=60, trust_env=False)

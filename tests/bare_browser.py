"""A browser without a screen: cookies over HTTP, pages over a WebSocket, sign-in at an OpenID Connect provider.

It sends what Streamlit's own page sends, or less, so that a test can hold two tabs, copy cookies and click at will.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

import httpx2
from streamlit.proto.BackMsg_pb2 import BackMsg
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg
from websockets import Subprotocol
from websockets.sync.client import ClientConnection, connect

PATIENCE_S = 120  # only what hangs takes so long, even where other programs are busy


class Browser:
    """One browser of one person.

    Attributes:
        url: Address of the server, without a slash at the end.
        http: What keeps the cookies.
        set_cookies: Every Set-Cookie header it got from the server.
    """

    def __init__(self, url: str) -> None:
        self.url = url
        self.http = httpx2.Client(trust_env=False, timeout=PATIENCE_S)
        self.set_cookies: list[str] = []
        self.get("/_stcore/health")

    def get(self, path: str, **headers: str) -> httpx2.Response:
        """Ask for a path of the server, without following where it leads."""
        answer = self.http.get(urljoin(self.url, path), headers=headers)
        self.set_cookies += answer.headers.get_list("set-cookie")
        return answer

    def cookies(self) -> dict[str, str]:
        """Return the cookies of the server."""
        return {cookie.name: cookie.value or "" for cookie in self.http.cookies.jar}

    @contextmanager
    def tab(self, page: str = "", cookies: dict[str, str] | None = None) -> Iterator[Tab]:
        """Open a page in a tab, as it is once it is drawn.

        Args:
            page: Path and choices, such as submit?lang=en.
            cookies: Other ones than this browser's.
        """
        cookies = self.cookies() if cookies is None else cookies
        xsrf = Subprotocol(cookies.get("_streamlit_xsrf", "none"))
        sent = "; ".join(f"{name}={value}" for name, value in cookies.items())
        with connect(
            f"{self.url.replace('http', 'ws', 1)}/_stcore/stream",
            subprotocols=[Subprotocol("streamlit"), xsrf],
            additional_headers={"Cookie": sent, "Origin": self.url},
            max_size=None,
            proxy=None,
        ) as line:
            opened = Tab(line, page)
            opened.run()
            yield opened

    def sign_in(self, email: str, page: str = "submit?lang=en") -> str:
        """Sign in from a page as somebody whom the provider knows; return the address that the browser ends at."""
        with self.tab(page) as tab:
            tab.click("Sign in")
            answer = self.get(tab.redirect, Referer=f"{self.url}/{page}")
        assert answer.status_code == 302, answer.text
        asked = self.http.post(answer.headers["location"], data={"sub": email})
        assert asked.status_code == 302, asked.text
        back = self.get(asked.headers["location"])
        return back.headers["location"]


@dataclass
class Tab:
    """One open page.

    Attributes:
        texts: What is written on it.
        buttons: The ids of its buttons, by what stands on them.
        downloads: The ids of files that are made when they are asked for, by what stands on their buttons.
        redirect: Where it has sent the browser, if anywhere.
        session: The id of its session.
    """

    line: ClientConnection
    page: str
    texts: list[str] = field(default_factory=list)
    buttons: dict[str, str] = field(default_factory=dict)
    downloads: dict[str, str] = field(default_factory=dict)
    redirect: str = ""
    session: str = ""

    @property
    def text(self) -> str:
        """All that is written on it, in one line."""
        return " ".join(" ".join(self.texts).replace("\\", "").split())

    def click(self, label: str) -> None:
        """Press a button, which must be there."""
        self.press(self.buttons[label])

    def press(self, button_id: str) -> None:
        """Send the message of a button that was pressed, whether it is there or not."""
        message = self._message()
        state = message.rerun_script.widget_states.widgets.add()
        state.id, state.trigger_value = button_id, True
        self._send(message)

    def run(self) -> None:
        """Run the page again, as any other click does."""
        self._send(self._message())

    def download(self, file_id: str) -> str:
        """Ask for a file; return its address, or nothing where it is refused."""
        message = BackMsg()
        message.backend_operation_request.request_id, message.backend_operation_request.session_id = (
            file_id,
            self.session,
        )
        message.backend_operation_request.deferred_file.file_id = file_id
        self.line.send(message.SerializeToString())
        while True:
            found = self._received()
            if found.WhichOneof("type") == "backend_operation_response":
                return found.backend_operation_response.deferred_file.url

    def _message(self) -> BackMsg:
        found, message = urlsplit(self.page), BackMsg()
        message.rerun_script.query_string, message.rerun_script.page_name = found.query, found.path
        return message

    def _send(self, message: BackMsg) -> None:
        self.texts, self.buttons, self.downloads, self.redirect = [], {}, {}, ""
        self.line.send(message.SerializeToString())
        while True:
            found = self._received()
            match found.WhichOneof("type"):
                case "delta":
                    self._read(found)
                case "new_session":
                    self.session = found.new_session.initialize.session_id or self.session
                case "auth_redirect":
                    self.redirect = found.auth_redirect.url
                case "script_finished":
                    return

    def _received(self) -> ForwardMsg:
        raw, found = self.line.recv(timeout=PATIENCE_S), ForwardMsg()
        found.ParseFromString(raw if isinstance(raw, bytes) else raw.encode())
        return found

    def _read(self, message: ForwardMsg) -> None:
        element = message.delta.new_element
        match element.WhichOneof("type"):
            case "button":
                self.buttons.setdefault(element.button.label, element.button.id)
            case "download_button":
                self.downloads.setdefault(element.download_button.label, element.download_button.deferred_file_id)
            case "alert":
                self.texts.append(element.alert.body)
            case "markdown":
                self.texts.append(element.markdown.body)
            case "html":
                self.texts.append(element.html.body)
            case "exception":
                self.texts.append(f"{element.exception.type}: {element.exception.message}")

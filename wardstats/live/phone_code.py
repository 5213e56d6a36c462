"""The QR code of the projector: where it leads phones to, and whether they can get there.

Only an address that the operator has set is tried, and this machine's own at its own port: whoever asks for the page
may name any host, and this server is not to knock at doors for them. The name under which the projector got here works.
"""

from __future__ import annotations

import asyncio
import ipaddress
import socket
import time
from dataclasses import dataclass
from urllib.parse import urlsplit

import segno
from markupsafe import Markup
from starlette.requests import Request

from wardstats.core.languages import Translator
from wardstats.core.palette import LIVE
from wardstats.core.settings import public_url
from wardstats.live.workers import Workers

SETTING = "WARDSTATS_PUBLIC_URL"
_CONNECT_S = 1.0
_PATIENCE_S = 2.0  # a name server that does not answer takes longer
_KEPT_S = 15.0
_PORTS = {"http": 80, "https": 443}


@dataclass(frozen=True)
class PhoneAddress:
    """An address of /live for phones.

    Attributes:
        url: The address.
        is_set: The operator has set it.
        is_to_try: Whether anything answers there is not known yet, and may be tried.
    """

    url: str
    is_set: bool
    is_to_try: bool

    @property
    def shown(self) -> str:
        """The address as people type it."""
        return self.url.partition("://")[2]


def phone_address(request: Request) -> PhoneAddress:
    """Return the address of /live for phones: the setting, else as the projector's browser knows this server.

    Only a name that is this server's own counts. A projector run on the server itself knows it as localhost, which is
    no address for a phone: then, and for any other name, this machine's own address in the network is taken.
    """
    if base := public_url():
        return PhoneAddress(f"{base}/live", is_set=True, is_to_try=True)
    host, port = request.url.hostname or "localhost", request.url.port
    own_port = (request.scope.get("server") or ("", None))[1]
    if not _is_ours(host, request):
        host, port = "localhost", own_port
    is_replaced = _is_loopback(host)
    if is_replaced:
        host = _address_in_network() or host
    host = f"[{host}]" if ":" in host else host
    url = f"{request.url.scheme}://{host}{f':{port}' if port else ''}/live"
    return PhoneAddress(url, is_set=False, is_to_try=is_replaced and port in (None, own_port))


class PhoneCodes:
    """Tries whether phones can reach an address, and keeps the answer for a while."""

    def __init__(self) -> None:
        """Try nothing yet."""
        self._workers = Workers("phone-code", threads=2)
        self._found: dict[str, tuple[float, bool]] = {}

    async def works(self, address: PhoneAddress) -> bool:
        """Tell whether phones can reach an address, as far as this machine can tell."""
        try:
            parts = urlsplit(address.url)
            host, port = parts.hostname, parts.port or _PORTS.get(parts.scheme, 80)
        except ValueError:  # a setting that is no address
            return False
        if not host or _is_loopback(host):
            return False
        if not address.is_to_try:
            return True
        tried_at, answered = self._found.get(address.url, (0.0, False))
        if not tried_at or time.monotonic() - tried_at > _KEPT_S:
            try:
                async with asyncio.timeout(_PATIENCE_S):
                    answered = await self._workers.run(lambda: _answers(host, port), address.url)
            except TimeoutError:
                answered = False
            self._found[address.url] = (time.monotonic(), answered)
        return answered


def remedy(address: PhoneAddress, speak: Translator) -> str:
    """Say what to do about an address that does not work."""
    if address.is_set:
        return speak("Nothing answers at this address: correct {setting}, or see to the network.", setting=SETTING)
    return speak(
        "Phones cannot reach this address: serve with {host}, or set {setting}.", host="HOST=0.0.0.0", setting=SETTING
    )


def qr_svg(text: str, works: bool = True) -> Markup:
    """Return a text as a QR code, a red one where phones cannot get there."""
    code = segno.make(text, error="m", micro=False)
    colour = LIVE["ink" if works else "fall"]
    return Markup(code.svg_inline(border=2, dark=colour, light="#fff", omitsize=True))  # noqa: S704 - only shapes


def _answers(host: str, port: int) -> bool:
    """Tell whether anything takes connections there."""
    try:
        with socket.create_connection((host, port), timeout=_CONNECT_S):
            return True
    except OSError:
        return False


def _is_loopback(host: str) -> bool:
    if host.lower() == "localhost" or host.lower().endswith(".localhost"):
        return True
    try:
        address = ipaddress.ip_address(host)
    except ValueError:
        return False
    return address.is_loopback or address.is_unspecified


def _is_ours(host: str, request: Request) -> bool:
    """Tell whether a name can be this server's: anybody may ask for the page under any name.

    Its own name, the address that was asked, and addresses of private networks, which lead no phone out of the house.
    """
    own = socket.gethostname().lower()
    if host.lower() in ("localhost", own, f"{own}.local", (request.scope.get("server") or ("",))[0]):
        return True
    try:
        return ipaddress.ip_address(host).is_private
    except ValueError:
        return False


def _address_in_network() -> str | None:
    """Ask the system which of its addresses it would use; nothing is sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address reserved for documentation
        except OSError:
            return None
        address = probe.getsockname()[0]
    return None if address.startswith("127.") else address

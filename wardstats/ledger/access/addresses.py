"""When two e-mail addresses are one: letters A to Z are folded, and nothing else is taken for its look-alike.

``str.casefold`` and Unicode normalisation make an s of ſ and a k of the Kelvin sign, so somebody with such an address
would be somebody else. An address with any sign beyond plain ASCII therefore matches none.
"""

from __future__ import annotations

import re

_LONGEST = 254
_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_ATOM = r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+"
_ADDRESS = re.compile(rf"{_ATOM}(?:\.{_ATOM})*@{_LABEL}(?:\.{_LABEL})*", re.ASCII)


def address_key(address: object) -> str | None:
    """Return by what an address is compared; None for what is none, or could be taken for another one."""
    if not isinstance(address, str) or len(address) > _LONGEST or not _ADDRESS.fullmatch(address):
        return None
    return address.lower()  # all ASCII by now


def identity_key(identity: str) -> str:
    """Return by what those who act are told apart: an address as above, any other name as it is."""
    return address_key(identity) or identity

"""A notice as an e-mail: plain text in the reader's language, with the way out in one click (RFC 8058)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from email import policy
from email.headerregistry import Address
from email.message import EmailMessage
from email.utils import format_datetime
from urllib.parse import quote, urlsplit

from wardstats.core.languages import Translator
from wardstats.intake.notices.links import UNSUBSCRIBE
from wardstats.intake.notices.outbox import Notice
from wardstats.intake.notices.words import Told

# 7-bit, so that every server on the way takes it as it is; a relay that recodes it would break its signature (DKIM).
_WRITTEN = policy.SMTP.clone(cte_type="7bit")
_SENT = _WRITTEN.clone(max_line_length=990)  # a long address in a header is not to be cut, nor written in code


@dataclass(frozen=True)
class Letterhead:
    """What every e-mail has in common.

    Attributes:
        sender: The address in From.
        name: The name beside it, and in brackets before each subject.
        site: Address of the board.
    """

    sender: str
    name: str
    site: str


def message_id(notice: Notice, head: Letterhead) -> str:
    """Return the Message-ID of a notice: the same at every try, also where the sender was changed in between."""
    tried = notice.delivery("mail")
    return (tried.message_id if tried else "") or f"<{notice.id}@{head.sender.rpartition('@')[2]}>"


def mail_of(
    notice: Notice, contents: Sequence[Told], head: Letterhead, address: str, unsubscribe: str, speak: Translator
) -> bytes:
    """Return the whole message, in ASCII.

    Args:
        contents: What it says: one notice, or those of a digest.
        address: Whom it goes to.
        unsubscribe: The token of the way out.
    """
    way_out = f"{head.site}{UNSUBSCRIBE}?token={quote(unsubscribe)}"
    message = EmailMessage(_WRITTEN)
    message["From"] = Address(head.name, addr_spec=head.sender)
    message["To"] = Address(addr_spec=address)
    message["Subject"] = _one_line(f"[{head.name}] {_title(contents, speak)}")
    message["Date"] = format_datetime(datetime.fromisoformat(notice.made_at))
    message["Message-ID"] = message_id(notice, head)
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answers by machines
    message["List-Id"] = f"<notices.{urlsplit(head.site).hostname}>"
    message["List-Unsubscribe"] = f"<{way_out}>"
    message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    parts = [f"{told.text}\n{head.site}{told.address}" for told in contents]
    foot = [
        speak("You get this because the board's list of people names you."),
        speak("Choose what you get, and how: {address}", address=f"{head.site}/notices?lang={speak.language}"),
        speak("No more e-mail: {address}", address=way_out),
    ]
    message.set_content("\n\n".join([*parts, "-- \n" + "\n".join(foot)]), cte="quoted-printable")
    message["Content-Language"] = speak.language  # setting the content would drop it
    return message.as_bytes(policy=_SENT)


def _title(contents: Sequence[Told], speak: Translator) -> str:
    if len(contents) == 1:
        return contents[0].title
    return speak("{count} notices of the day", count=len(contents))


def _one_line(text: str) -> str:
    return " ".join(text.split())

"""What each person chose: which notices, by which ways, in which language. One file a person, in the folder of state.

Choices are not the ledger's: they change no figure. Whoever asks reads them afresh, so a change counts at once.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from secrets import token_bytes
from typing import Literal, get_args

from wardstats.core.durable_files import PRIVATE, make_private, write_durably
from wardstats.core.errors import WardStatsError
from wardstats.core.languages import LANGUAGES
from wardstats.core.locks import locked
from wardstats.intake.notices.outbox import KINDS, Kind

Mail = Literal["at_once", "digest", "off"]
MAILS: tuple[Mail, ...] = get_args(Mail)
ASKING: tuple[Kind, ...] = ("due", "late", "returned", "accepted", "position_asked")  # of these something is wanted


class ChoicesError(WardStatsError):
    """A file of choices is not as it was written. Until it is mended nothing is sent to that person."""


@dataclass(frozen=True)
class Choices:
    """What one person chose.

    Attributes:
        kinds: Which notices leave by the ways below; the page shows all.
        mail: E-mail as it happens, once a day at seven, or never.
        webhook: Where notices are posted to; empty for nowhere.
        secret: What they are signed with (whsec_...).
        feed: Number of the web feed's address; each new one makes the one before void. 0 and below: there is no feed,
            and the number tells the last address.
    """

    language: str
    kinds: tuple[Kind, ...] = ASKING
    mail: Mail = "at_once"
    webhook: str = ""
    secret: str = ""
    feed: int = 0


def new_secret() -> str:
    """Return a secret to sign with, as Standard Webhooks writes it."""
    return "whsec_" + b64encode(token_bytes(32)).decode()


def read_choices(folder: Path, person: str, language: str) -> Choices:
    """Return what somebody chose; who has not chosen yet is sent by e-mail what asks something of them.

    Args:
        folder: Of the notices.
        person: Their key.
        language: The block's own, for who has not chosen one.

    Raises:
        ChoicesError: The file is damaged.
    """
    path = _path(folder, person)
    try:
        found = json.loads(path.read_bytes())
        chosen = Choices(**{**found, "kinds": tuple(found["kinds"])})
    except FileNotFoundError:
        return Choices(language)
    except (ValueError, TypeError, KeyError) as error:
        raise ChoicesError(f"{path}: found {error}; expected choices. Restore the file, or remove it.") from error
    if chosen.language not in LANGUAGES or chosen.mail not in MAILS or set(chosen.kinds) - set(KINDS):
        raise ChoicesError(f"{path}: found choices that there are not. Restore the file, or remove it.")
    return chosen


def change_choices(folder: Path, person: str, language: str, change: Callable[[Choices], Choices]) -> Choices:
    """Change what somebody chose, and return it; two changes at once are made one after the other.

    When this returns, it is on disk. Arguments and errors as in ``read_choices``.
    """
    path = _path(folder, person)
    for place in (folder, path.parent):
        make_private(place)
    with locked(folder / "choices.lock", "notify"):
        chosen = change(read_choices(folder, person, language))
        write_durably(path, json.dumps(asdict(chosen), ensure_ascii=False).encode(), PRIVATE)
    return chosen


def _path(folder: Path, person: str) -> Path:
    return folder / "people" / f"{person}.json"

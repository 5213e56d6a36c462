"""The matrix of rights: every action, who may do it, and for which units. Nothing else grants anything."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal, get_args

from wardstats.core.spoken_errors import SpokenError

Role = Literal["viewer", "ward_officer", "checker", "secretariat", "administrator"]
Action = Literal[
    "download_template", "judge", "handin", "withdraw", "read_queue", "cross_check", "return", "appraise", "accept",
    "unaccept", "remind", "correct", "adjust", "publish", "rollback", "read_log",
    "practice_draft", "practice_check", "practice_publish", "practice_withdraw",
    "position", "position_withdraw", "decide", "reopen", "upkeep",
]  # fmt: skip
# own: the actor's unit. other: every unit but the actor's, because nobody checks their own figures. any: all of them.
Scope = Literal["own", "other", "any"]
ROLES: tuple[Role, ...] = get_args(Role)
ACTIONS: tuple[Action, ...] = get_args(Action)

_CHECKING: Mapping[Role, Scope] = {"checker": "other", "secretariat": "other", "administrator": "other"}
_SETTLING: Mapping[Role, Scope] = {"secretariat": "other", "administrator": "other"}
_PUBLISHING: Mapping[Role, Scope] = {"secretariat": "any", "administrator": "any"}
_HANDING_IN: Mapping[Role, Scope] = {"ward_officer": "own", "secretariat": "any", "administrator": "any"}
# Of the unit that heads the block: whoever works there, and the secretariat, which works for whoever heads it.
_HEADING: Mapping[Role, Scope] = {
    "ward_officer": "own", "checker": "own", "secretariat": "any", "administrator": "any"
}  # fmt: skip
_READING: Mapping[Role, Scope] = {"ward_officer": "own", "checker": "any", "secretariat": "any", "administrator": "any"}

RIGHTS: Mapping[Action, Mapping[Role, Scope]] = {
    "download_template": _HANDING_IN,
    "judge": _HANDING_IN,
    "handin": _HANDING_IN,
    "withdraw": _HANDING_IN,
    "read_queue": _READING,
    "cross_check": _CHECKING,
    "return": _CHECKING,
    "appraise": _SETTLING,
    "accept": _SETTLING,
    "correct": _SETTLING,
    "adjust": _SETTLING,
    "unaccept": _SETTLING,
    "remind": _SETTLING,
    "publish": _PUBLISHING,
    "rollback": _PUBLISHING,
    "read_log": _READING,
    "practice_draft": _HANDING_IN,
    "practice_check": _CHECKING,
    "practice_publish": _SETTLING,
    "practice_withdraw": _HANDING_IN,
    "position": _HANDING_IN,
    "position_withdraw": _HANDING_IN,
    "decide": _HEADING,
    "reopen": _HEADING,
    "upkeep": _PUBLISHING,
}


class AccessError(SpokenError):
    """Somebody asked for what their role does not allow, or the file of roles is faulty."""


@dataclass(frozen=True)
class Actor:
    """Who acts.

    Attributes:
        name: What they are called.
        role: What they act as.
        email: Their address letter by letter as the identity provider verified it; empty on the command line.
        unit_code: The unit they belong to, if one.
        listed_as: By what access.toml names them, see ``listed_as``; empty where no entry of a person does.
    """

    name: str
    role: Role
    email: str = ""
    unit_code: str | None = None
    listed_as: str = field(default="", compare=False)

    @property
    def identity(self) -> str:
        """What tells them from everybody else; also what the ledger records."""
        return self.email or self.name


def local_administrator(name: str) -> Actor:
    """Return whoever sits at the machine's own command line: they could change the files themselves.

    Raises:
        AccessError: Nobody is named.
    """
    if not name.strip():
        raise AccessError("Nobody is named. Say who does it: --by NAME")
    return Actor(name.strip(), "administrator")


def may(actor: Actor, action: Action, unit_code: str | None = None) -> bool:
    """Tell whether an actor may do something, for a unit where it is about one."""
    scope = RIGHTS[action].get(actor.role)
    if scope == "own":
        return unit_code is not None and unit_code == actor.unit_code
    if scope == "other":
        return unit_code is None or unit_code != actor.unit_code
    return scope == "any"


def require(actor: Actor, action: Action, unit_code: str | None = None) -> None:
    """Let an actor pass who may do something.

    Raises:
        AccessError: They may not.
    """
    if may(actor, action, unit_code):
        return
    allowed = [f"{role} ({scope})" for role, scope in RIGHTS[action].items()]
    of = f" of unit {actor.unit_code}" if actor.unit_code else ""
    about = f" for unit {unit_code}" if unit_code else ""
    raise AccessError(
        lambda speak: speak(
            "{who}: found the role {role}; expected, to {action}: {allowed}. Ask the administrator to change the role "
            "in access.toml.",
            who=actor.identity or "–", role=f"{actor.role}{of}", action=f"{action}{about}", allowed=", ".join(allowed),
        )
    )  # fmt: skip

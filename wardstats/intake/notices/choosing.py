"""What somebody does about their own notices: choose what and how, and take a new address or secret.

Each step asks, where it is done, whether access.toml names the person; nobody chooses for somebody else.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from wardstats.core.languages import LANGUAGES
from wardstats.intake.faults import IntakeError
from wardstats.intake.notices.choices import MAILS, Choices, Mail, new_secret
from wardstats.intake.notices.desk import Desk
from wardstats.intake.notices.outbox import KINDS, Kind
from wardstats.intake.notices.recipients import Recipient, person_key
from wardstats.intake.notices.webhook import check_address
from wardstats.ledger.access import AccessError, Actor


def own(desk: Desk, actor: Actor) -> Recipient:
    """Return whom an actor's own notices go to.

    Raises:
        AccessError: No entry of access.toml names them.
    """
    found = desk.people().get(person_key(actor.listed_as)) if actor.listed_as else None
    if found is None:
        raise AccessError(
            lambda speak: speak(
                "Notices go to the people whom the list of roles names one by one. Ask the administrator to enter you."
            )
        )
    return found


def choose(
    desk: Desk,
    actor: Actor,
    *,
    kinds: Sequence[Kind],
    mail: Mail,
    language: str,
    webhook: str,
    has_feed: bool,
    seen: Choices | None = None,
) -> Choices:
    """Keep what somebody chose; it counts from the next sending on. A first webhook gets a secret, a feed an address.

    Args:
        seen: What they saw before: what they left as it was stays as it is by now, such as e-mail ended by its link.

    Raises:
        AccessError: No entry of access.toml names them.
        AddressError: Nothing may be posted to that address.
        IntakeError: There is no such kind, way or language.
    """
    person, webhook = own(desk, actor), webhook.strip()
    if set(kinds) - set(KINDS) or mail not in MAILS or language not in LANGUAGES:
        raise IntakeError(lambda speak: speak("Found a choice that there is not. Choose again."))
    if webhook:
        check_address(webhook, allow_loopback=desk.ways.webhooks.allow_loopback)

    def changed(before: Choices) -> Choices:
        feed = abs(before.feed) + (before.feed <= 0) if has_feed else -abs(before.feed)
        secret = before.secret or (new_secret() if webhook else "")
        chosen = Choices(language, tuple(kind for kind in KINDS if kind in kinds), mail, webhook, secret, feed)
        left = ("language", "kinds", "mail", "webhook") if seen else ()
        kept = {name: getattr(before, name) for name in left if getattr(chosen, name) == getattr(seen, name)}
        return replace(chosen, **kept)

    return desk.change(person.key, changed)


def renew_feed(desk: Desk, actor: Actor) -> Choices:
    """Give somebody's feed a new address; the one before is void. Errors as in ``own``."""
    return desk.change(own(desk, actor).key, lambda before: replace(before, feed=abs(before.feed) + 1))


def renew_secret(desk: Desk, actor: Actor) -> Choices:
    """Sign somebody's webhook with a new secret from the next call on. Errors as in ``own``."""
    return desk.change(own(desk, actor).key, lambda before: replace(before, secret=new_secret()))

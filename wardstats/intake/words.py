"""What steps, roles and figures of the ledger are called, in the reader's language: for pages, notices and commands."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from wardstats.core.languages import Translator
from wardstats.intake.basis import Waits
from wardstats.intake.form import value_of
from wardstats.ledger import Entry, Figure
from wardstats.view.headline import mark


def actor_name(entry: Entry, speak: Translator) -> str:
    """Return who took a step, as people know them."""
    if entry.actor in ("first build", "harvest"):  # no person
        return speak("the program")
    return str(entry.details.get("actor_name") or entry.actor)


def figure_text(figure: Figure | None, unit: str, decimals: int, speak: Translator) -> str:
    """Write a figure with its decimals, and with the counts it is made of; an en dash where there is none."""
    text = speak.number(value_of(figure, unit), decimals)
    if figure is None or figure.numerator is None or figure.denominator is None:
        return text
    counts = [speak.number(n, 0 if float(n).is_integer() else 2) for n in (figure.numerator, figure.denominator)]
    return f"{text} ({' / '.join(counts)})"


def marked(text: str, figure: Figure | None, speak: Translator) -> str:
    """Return a text that comes of a figure, with the word for what is made up where it is."""
    word = mark(figure.status if figure else None, speak)
    return f"{text} · {word}" if word else text


def stale_story(entries: Sequence[Entry], speak: Translator) -> str:
    """Return what others did in the meantime, in one sentence."""
    actions = action_names(speak)
    told = "; ".join(
        f"{moment(entry.at, speak)} {actor_name(entry, speak)}: {actions.get(entry.action, entry.action)}"
        for entry in entries
    )
    return (
        speak("Not done, because in the meantime somebody else acted: {story}.", story=told)
        + " "
        + speak("The page shows the present state now. Look at it, then decide again.")
    )


def action_names(speak: Translator) -> Mapping[str, str]:
    """Return what each action is called."""
    return {
        "handin": speak("submitted"),
        "cross_check": speak("cross-checked"),
        "appraise": speak("appraised"),
        "return": speak("returned"),
        "accept": speak("accepted"),
        "unaccept": speak("acceptance taken back"),
        "withdraw": speak("withdrawn"),
        "remind": speak("reminded"),
        "correct": speak("corrected"),
        "adjust": speak("bonus or penalty"),
        "harvest": speak("harvested"),
        "publish": speak("published"),
        "rollback": speak("rolled back"),
        "adopt": speak("earlier entries sealed"),
        "loss": speak("loss of entries recorded"),
        "note": speak("noted"),
        "practice_draft": speak("practice written"),
        "practice_check": speak("practice checked"),
        "practice_publish": speak("practice published"),
        "practice_withdraw": speak("practice taken back"),
        "position": speak("position given"),
        "position_withdraw": speak("position withdrawn"),
        "decide": speak("topic decided"),
        "reopen": speak("decision taken back"),
        "upkeep": speak("data kept up"),
    }


def waiting_words(waits: Waits, speak: Translator) -> str:
    """Return why what was recorded is not on the board that is up."""
    return {
        "final": speak("The board that is up is a final result. A person decides what follows, and publishes."),
        "changed": speak(
            "It appears with the next publication: the files of the data folder, or the rules of the program, have "
            "changed since the board that is up was built, so it cannot be put there by itself."
        ),
        "entangled": speak(
            "It appears with the next publication: it changes figures of which others were accepted and wait to be "
            "published."
        ),
        "absent": speak("The practice was not on the board that is up, so nothing had to be published."),
    }[waits]


def role_names(speak: Translator) -> Mapping[str, str]:
    """Return what each role is called."""
    return {
        "viewer": speak("viewer"),
        "ward_officer": speak("ward officer"),
        "checker": speak("checker"),
        "secretariat": speak("secretariat"),
        "administrator": speak("administrator"),
        "build": speak("first build"),
        "harvest": speak("harvest"),
    }


def moment(text: str, speak: Translator) -> str:
    """Write a moment of the ledger as local time and date."""
    return speak.moment(datetime.fromisoformat(text).replace(tzinfo=None))

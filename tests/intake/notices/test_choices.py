"""What a person chose is kept, read afresh, and never guessed where its file is damaged."""

from __future__ import annotations

from base64 import b64decode
from pathlib import Path

import pytest

from wardstats.intake.notices.choices import ASKING, Choices, ChoicesError, change_choices, new_secret, read_choices


def test_who_has_not_chosen_is_sent_what_asks_something_of_them(tmp_path: Path) -> None:
    assert read_choices(tmp_path, "a", "vi") == Choices("vi", ASKING, "at_once")


def test_choices_are_kept_as_they_were_made(tmp_path: Path) -> None:
    made = Choices("hi", ("late",), "digest", "https://x.test/hook", new_secret(), 3)
    change_choices(tmp_path, "a", "vi", lambda _: made)
    assert read_choices(tmp_path, "a", "vi") == made
    assert read_choices(tmp_path, "b", "vi") == Choices("vi")
    (path,) = (tmp_path / "people").iterdir()
    assert path.stat().st_mode & 0o077 == 0  # a secret stands in it


DAMAGED = [
    "",
    "[]",
    '{"kinds": []}',
    '{"language": "xx", "kinds": []}',
    '{"language": "vi", "kinds": ["party"]}',
    '{"language": "vi", "kinds": 3}',
]


@pytest.mark.parametrize("text", DAMAGED)
def test_damaged_choices_are_an_error_and_no_default(tmp_path: Path, text: str) -> None:
    """Else somebody who had switched e-mail off would be sent some again."""
    (tmp_path / "people").mkdir()
    (tmp_path / "people" / "a.json").write_text(text, encoding="ascii")
    with pytest.raises(ChoicesError, match="Restore"):
        read_choices(tmp_path, "a", "vi")


def test_a_secret_is_as_standard_webhooks_writes_it() -> None:
    kind, _, key = new_secret().partition("_")
    assert (kind, len(b64decode(key))) == ("whsec", 32)
    assert new_secret() != new_secret()

"""notices.toml: every problem at once, and never what stands there, because a password may."""

from __future__ import annotations

from pathlib import Path

import pytest

from wardstats.core.errors import DataError
from wardstats.core.settings import Settings
from wardstats.intake.notices.ways import WaysFile, password_of, read_ways, ways_path

WHOLE = """
site = "https://board.example.vn/"
[mail]
host = "mail.example.vn"
sender = "board@example.vn"
user = "board"
password = "Tr0ub4dor"
"""


def written(folder: Path, text: str) -> Path:
    path = folder / "notices.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_without_a_file_nothing_leaves(tmp_path: Path) -> None:
    assert read_ways(tmp_path / "notices.toml") == WaysFile()


def test_a_whole_file(tmp_path: Path) -> None:
    found = read_ways(written(tmp_path, WHOLE))
    assert found.mail is not None
    assert (found.address, found.mail.port, found.mail.encryption) == ("https://board.example.vn", 587, "starttls")
    assert password_of(found.mail, tmp_path) == "Tr0ub4dor"
    assert "Tr0ub4dor" not in repr(found)
    assert not found.webhooks.allow_loopback


def test_a_password_may_stand_in_a_file_of_its_own(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("Tr0ub4dor\n", encoding="utf-8")
    found = read_ways(written(tmp_path, WHOLE.replace('password = "Tr0ub4dor"', 'password_file = "secret"')))
    assert found.mail is not None and password_of(found.mail, tmp_path) == "Tr0ub4dor"
    (tmp_path / "secret").unlink()
    with pytest.raises(DataError, match="no such file"):
        password_of(found.mail, tmp_path)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('password = "Tr0ub4dor"', "password = 815"),
        ('password = "Tr0ub4dor"', 'pasword = "Tr0ub4dor"'),
        ('password = "Tr0ub4dor"', 'password = "Tr0ub4dor'),
        ('user = "board"\n', ""),
        ('password = "Tr0ub4dor"', ""),
        ('host = "mail.example.vn"\n', ""),
        ('sender = "board@example.vn"', 'sender = "Tr0ub4dor"'),
        ('site = "https://board.example.vn/"', 'site = "board.example.vn"'),
        ('site = "https://board.example.vn/"', ""),
        ("[mail]", "[Tr0ub4dor]\nx = 1\n[mail]\nport = 99999"),
    ],
)
def test_what_is_wrong_is_told_without_what_stands_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str
) -> None:
    monkeypatch.delenv("WARDSTATS_PUBLIC_URL", raising=False)
    assert old in WHOLE
    with pytest.raises(DataError) as caught:
        read_ways(written(tmp_path, WHOLE.replace(old, new)))
    text = str(caught.value)
    assert "notices.toml" in text
    assert "815" not in text
    assert "Tr0ub4dor" not in text.replace("Tr0ub4dor: found", "")  # a table's own name is no secret


def test_the_file_may_lie_elsewhere(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    places = Settings(tmp_path, tmp_path / "var", None)
    monkeypatch.delenv("WARDSTATS_NOTICES", raising=False)
    assert ways_path(places) == tmp_path / "var" / "notices.toml"
    monkeypatch.setenv("WARDSTATS_NOTICES", str(tmp_path / "secret.toml"))
    assert ways_path(places) == tmp_path / "secret.toml"


def test_links_begin_with_the_public_address_where_no_other_is_named(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("WARDSTATS_PUBLIC_URL", "https://public.example.vn/")
    path = written(tmp_path, WHOLE.replace('site = "https://board.example.vn/"', ""))
    assert read_ways(path).address == "https://public.example.vn"

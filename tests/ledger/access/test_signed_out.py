"""Sign-outs on disk: for every process and start to come, bounded, and never fewer than there were."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from wardstats.ledger.access import signed_out
from wardstats.ledger.access.signed_out import CLAIM, KEPT_S, SignedOut, SignIn, person_key


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "var" / "signed-out.json"


def kept_at(path: Path) -> SignedOut:
    return SignedOut(path, lambda: 2000.0)


def sign_in(name: str, person: str = "p", at: float = 1000.0) -> SignIn:
    return SignIn(name, person, at)


def test_one_browser_is_out_in_every_process_and_after_a_start(path: Path) -> None:
    here, there = kept_at(path), kept_at(path)
    assert not there.holds(sign_in("a"))
    here.end(sign_in("a"))
    for process in (here, there, kept_at(path)):
        assert process.holds(sign_in("a"))
        assert not process.holds(sign_in("b"))
        assert not process.holds(sign_in("a", "another"))
    there.end(sign_in("b"))
    assert here.holds(sign_in("b"))


def test_everywhere_is_every_browser_of_one_person_up_to_now(path: Path) -> None:
    kept = kept_at(path)
    kept.end(sign_in("a"), everywhere=True)
    found = kept_at(path)
    assert found.holds(sign_in("a")) and found.holds(sign_in("b", at=1999.0))
    assert not found.holds(sign_in("c", at=2000.5))
    assert not found.holds(sign_in("d", "another"))


def test_the_file_names_nobody_and_is_the_servers_own(path: Path) -> None:
    claims = {"iss": "https://id.test", "sub": "officer@sapa.test", CLAIM: {"id": "x", "at": 1}}
    found = SignIn.of(claims)
    assert found is not None
    kept_at(path).end(found)
    assert b"officer" not in path.read_bytes()
    assert path.stat().st_mode & 0o077 == 0


@pytest.mark.hostile("cookies, Origin, callback, session ids, sign-out")
@pytest.mark.parametrize(
    "mark", [None, {}, [], "x", {"id": "x"}, {"id": "", "at": 1}, {"id": 1, "at": 1}, {"id": "x", "at": "1"},
             {"id": "x", "at": True}, {"id": ["x"], "at": 1}]
)  # fmt: skip
def test_a_cookie_that_this_server_did_not_mark_is_no_sign_in(mark: object) -> None:
    assert SignIn.of({"iss": "i", "sub": "s", CLAIM: mark}) is None


def test_people_of_two_providers_are_two() -> None:
    keys = {person_key({"iss": issuer, "sub": "1"}) for issuer in ("a", "b")}
    assert len(keys) == 2


def test_the_file_is_bounded_and_forgets_nobody_too_early(path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signed_out, "PEOPLE_AT_MOST", 6)
    monkeypatch.setattr(signed_out, "SIGN_INS_AT_MOST", 3)
    kept = SignedOut(path, lambda: 5000.0)
    ended = [sign_in(f"{person}-{number}", f"p{person}", 1000.0 + 10 * person + number)
             for person in range(12) for number in range(5)]  # fmt: skip
    for one in ended:
        kept.end(one)
    found = SignedOut(path, lambda: 5000.0)
    assert all(found.holds(one) for one in ended)
    assert not found.holds(sign_in("new", "p11", 4000.0))
    assert not found.holds(sign_in("new", "other", 4000.0))
    assert path.stat().st_size < 2000


def test_what_no_cookie_can_bring_back_is_forgotten(path: Path) -> None:
    now = [1000.0]
    kept = SignedOut(path, lambda: now[0])
    kept.end(sign_in("old", at=1000.0))
    now[0] += KEPT_S + 1
    kept.end(sign_in("new", at=now[0]))
    assert b"old" not in path.read_bytes()
    assert SignedOut(path).holds(sign_in("new", at=now[0]))


@pytest.mark.hostile("cookies, Origin, callback, session ids, sign-out")
@pytest.mark.parametrize(
    "content",
    [b"", b"{", b"[]", b"null", b"{}", b'{"before": 1, "sign_ins": {}}',
     b'{"before": {}, "sign_ins": {"p": 1}}', b'{"before": {"p": "x"}, "sign_ins": {}}', b"\xff\xfe",
     b'{"before": {}, "sign_ins": {"p": {"a": null}}}']
)  # fmt: skip
def test_a_damaged_file_signs_out_whoever_was_in_and_goes_on(path: Path, content: bytes) -> None:
    path.parent.mkdir()
    path.write_bytes(content)
    damaged = path.stat().st_mtime
    found = SignedOut(path, lambda: damaged)
    assert found.holds(sign_in("a")) and found.holds(sign_in("anybody", "else", damaged - 1))
    assert not found.holds(sign_in("later", at=damaged + 1))
    found.end(sign_in("later", at=damaged + 1))
    again = SignedOut(path)
    assert again.holds(sign_in("later", at=damaged + 1)) and again.holds(sign_in("a"))
    assert not again.holds(sign_in("latest", at=damaged + 2))


def test_where_nothing_can_be_written_this_process_still_knows(
    path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    def full(*_: object, **__: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(signed_out, "write_durably", full)
    kept = kept_at(path)
    kept.end(sign_in("a"))
    assert kept.holds(sign_in("a"))
    assert "this process only" in caplog.text
    monkeypatch.undo()
    kept.end(sign_in("b"))
    assert kept_at(path).holds(sign_in("a"))


def test_sign_outs_at_the_same_time_are_all_kept(path: Path) -> None:
    keepers = [kept_at(path) for _ in range(4)]
    threads = [
        threading.Thread(target=keepers[number % 4].end, args=(sign_in(f"s{number}", f"p{number}"),))
        for number in range(24)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert all(kept_at(path).holds(sign_in(f"s{number}", f"p{number}")) for number in range(24))

"""A notice as an e-mail: its headers, its way out, and text that every server carries."""

from __future__ import annotations

from email import message_from_bytes, policy
from email.message import EmailMessage

from wardstats.core.languages import translator
from wardstats.intake.notices.mail import Letterhead, mail_of, message_id
from wardstats.intake.notices.outbox import Delivery, Notice
from wardstats.intake.notices.words import Told

HEAD = Letterhead("board@example.vn", "Khối thi đua các phường trung tâm", "https://board.example.vn")
NOTICE = Notice("ab" * 20, "returned", "p", "w01", {}, "2026-11-01T00:00:00+00:00", {"mail": Delivery()})
TOLD = Told("Phường Sa Pa: hồ sơ tháng 10/2026 bị trả lại", (".", "From now on", "Đọc lại " * 30), "/submit?lang=vi")
TOKEN = "f" * 32 + ".0." + "0" * 64


def mail(*contents: Told) -> tuple[bytes, EmailMessage]:
    raw = mail_of(NOTICE, contents, HEAD, "officer@sapa.test", TOKEN, translator("vi"))
    return raw, message_from_bytes(raw, policy=policy.default)  # pyright: ignore[reportArgumentType, reportReturnType]


def test_headers_and_text_are_as_they_were_written() -> None:
    raw, found = mail(TOLD)
    assert raw.isascii()
    assert max(map(len, raw.split(b"\r\n"))) < 998
    assert found["Subject"] == f"[{HEAD.name}] {TOLD.title}"
    assert str(found["From"]).endswith("<board@example.vn>") and HEAD.name in str(found["From"])
    assert (found["To"], found["Message-ID"]) == ("officer@sapa.test", f"<{NOTICE.id}@example.vn>")
    assert found["Auto-Submitted"] == "auto-generated"
    text = found.get_content()
    assert all(line in text for line in TOLD.text.splitlines())
    assert "https://board.example.vn/submit?lang=vi" in text


def test_one_click_ends_it() -> None:
    """RFC 8058: both headers, and the address whole in the first."""
    raw, found = mail(TOLD)
    address = f"https://board.example.vn/notices/unsubscribe?token={TOKEN}"
    assert f"List-Unsubscribe: <{address}>\r\n".encode() in raw
    assert b"List-Unsubscribe-Post: List-Unsubscribe=One-Click\r\n" in raw
    assert address in found.get_content()


def test_a_digest_tells_all_of_them() -> None:
    _, found = mail(TOLD, Told("Thứ hai", (), "/"))
    assert found["Subject"] == f"[{HEAD.name}] 2 thông báo trong ngày"
    assert TOLD.title in found.get_content() and "Thứ hai" in found.get_content()


def test_no_title_adds_a_header() -> None:
    _, found = mail(Told("Một\r\nBcc: other@example.vn", (), "/"))
    assert found["Bcc"] is None
    assert found["Subject"].endswith("Một Bcc: other@example.vn")


def test_the_message_id_stays_where_the_sender_was_changed_in_between() -> None:
    tried = NOTICE.with_way("mail", Delivery(message_id="<first@example.vn>"))
    assert message_id(tried, HEAD) == "<first@example.vn>"

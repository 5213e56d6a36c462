"""CSV files as Vietnamese programs write them: encodings of before Unicode, titles with more commas than columns."""

from __future__ import annotations

import unicodedata

import pytest

from tests.intake_files import ENGLISH, PERIOD, UNIT, as_csv, desk_in, filled, place
from wardstats.core.languages import LANGUAGES, translator
from wardstats.intake.csv_text import _TCVN3, EncodingError, decoded, delimiter_of
from wardstats.intake.faults import UnreadableError
from wardstats.intake.form import Form
from wardstats.intake.grid import read_grid
from wardstats.intake.validation import validate

SAID = "Mã;Chỉ số;Giá trị;Ghi chú\nqd766_online;Điểm số dịch vụ công;9,5;Đã kiểm tra, còn thiếu hồ sơ ở tổ dân phố\n"
NOTE = "Đã kiểm tra, còn thiếu hồ sơ ở tổ dân phố, dịch vụ công"
CSV = pytest.mark.hostile("CSV")


@pytest.fixture(scope="module")
def form(tmp_path_factory: pytest.TempPathFactory) -> Form:
    return desk_in(tmp_path_factory.mktemp("desk")).form(UNIT, PERIOD)


def windows_1258(text: str) -> bytes:
    """Write a text as Windows does: letters it has no byte for as a letter and a tone."""
    found = b""
    for sign in text:
        try:
            found += sign.encode("cp1258")
        except UnicodeEncodeError:
            base, *marks = unicodedata.normalize("NFD", sign)
            tones = "".join(mark for mark in marks if mark in "\u0300\u0301\u0303\u0309\u0323")
            shape = "".join(mark for mark in marks if mark not in tones)
            found += (unicodedata.normalize("NFC", base + shape) + tones).encode("cp1258")
    return found


def tcvn3(text: str) -> bytes:
    """Write a text as TCVN3 does; capitals with a tone have no byte of their own."""
    places = {letter: 0xA1 + number for number, letter in enumerate(_TCVN3)}
    return bytes(ord(sign) if sign.isascii() else places[sign] for sign in text)


@CSV
@pytest.mark.parametrize("write", [windows_1258, tcvn3, str.encode, lambda text: text.encode("utf-16")])
@pytest.mark.parametrize("text", [SAID, "đường\n", "Tỷ lệ hồ sơ đúng hạn;95,5\n", "Sa Pa;5\n"])
def test_vietnamese_is_read_in_the_encodings_that_programs_write(write, text: str) -> None:
    assert decoded(write(text)) == text


@CSV
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "content",
    ["Überprüfung;Straße\n".encode("cp1252"), "Код;Значение\n".encode("cp1251"), b"\x81\x8d\x8f;1\n", b"\xb0\xff"],
)
def test_what_is_not_vietnamese_is_not_guessed_at(content: bytes, language: str) -> None:
    with pytest.raises(EncodingError):
        decoded(content)
    speak = translator(language)
    with pytest.raises(UnreadableError) as refused:
        read_grid("a.csv", content, speak)
    assert "UTF-8" in refused.value.findings[0].remedy
    assert refused.value.findings[0].found == speak("a text in an unknown encoding")


def test_a_workbook_saved_in_an_old_encoding_has_the_same_figures(form: Form) -> None:
    cells = {place(form, "qd766_online", "note"): NOTE}
    text = as_csv(filled(form, cells=cells), ";", "utf-8").decode()
    plain = "".join(sign if sign.isascii() or sign in SAID else "-" for sign in text)
    expected = validate("a.csv", plain.encode(), form, "handin", ENGLISH).figures
    assert expected["qd766_online"].note == NOTE
    for write in (windows_1258, tcvn3):
        assert validate("a.csv", write(plain), form, "handin", ENGLISH).figures == expected


TITLE = "Báo cáo của phường Sa Pa, gồm: hồ sơ, dịch vụ, cây xanh, rác, nước, điện, đường, trạm, chợ, a, b, c, d, e\n"


@CSV
@pytest.mark.parametrize("delimiter", [";", "\t", ","])
@pytest.mark.parametrize("notes", [TITLE, TITLE * 5, '"' + TITLE.strip() + '"\n', "sep=;\n", "a;b;c;d\n" * 3, ""])
def test_a_title_with_more_commas_than_columns(form: Form, delimiter: str, notes: str) -> None:
    if notes.startswith("sep") and delimiter != ";":
        notes = ""
    table = as_csv(filled(form), delimiter, "utf-8")
    expected = validate("a.csv", table, form, "handin", ENGLISH)
    assert delimiter_of(notes + table.decode()) == delimiter
    found = validate("a.csv", notes.encode() + table + notes.encode(), form, "handin", ENGLISH)
    assert (found.figures, found.faults) == (expected.figures, [])


def test_numbers_with_commas_do_not_part_columns() -> None:
    assert delimiter_of("Code;Value\n" + "a;1,5\n" * 40) == ";"
    assert delimiter_of('Code,Value\n"a;b;c",5\n') == ","
    assert delimiter_of("") == ";"

"""The text of a CSV file: in which encoding it is, and what stands between its columns.

UTF-8 and UTF-16 are read as they say. The two encodings of older Vietnamese programs, Windows-1258 and TCVN3 (ABC), are
read where one of them makes Vietnamese syllables of a file and the other does not; nothing else is guessed at.
"""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections import Counter

_SIGNS = ";\t,"
_LOOKED_AT = 20_000  # letters, for what stands between columns
_SYLLABLES, _LEAD = 0.9, 0.2  # shares of a file's words
_WORD = re.compile(r"[^\W\d_]+")
_SYLLABLE = re.compile(
    r"(?:ngh?|nh|gh?|gi|kh|ph|qu|th|tr|ch|[bcdđhklmnprstvx])?[aăâeêioôơuưy]{1,3}(?:ng|nh|ch|[cmnpt])?"
)
_TONES = "\u0300\u0301\u0303\u0309\u0323"
_VOWELS = "aăâeêioôơuưy"
_LETTERS = {
    unicodedata.normalize("NFC", letter + tone)
    for small in _VOWELS
    for letter in (small, small.upper())
    for tone in ("", *_TONES)
} | {"đ", "Đ"}
_MARKS = set("–—‘’“”…•°²³½±×÷\u00a0€₫")
# TCVN 5712:1993, VN3: one byte a letter from A1 on; a dot where there is none.
_TCVN3 = (
    "ĂÂÊÔƠƯĐăâêôơưđ......àảãáạ.ằẳẵắ.......ặầẩẫấậè.ẻẽéẹềểễếệìỉ...ĩíịò.ỏõóọồổỗốộờởỡớợù.ủũúụừửữứựỳỷỹýỵ."
)  # fmt: skip


class EncodingError(ValueError):
    """A file is in none of the encodings that are read, or might be in two."""


def decoded(content: bytes) -> str:
    """Return the text of a CSV file.

    Raises:
        EncodingError: Its encoding cannot be told.
    """
    try:
        return content.decode("utf-16" if content.startswith((b"\xff\xfe", b"\xfe\xff")) else "utf-8-sig")
    except UnicodeDecodeError:
        texts = [text for text in (_windows_1258(content), _tcvn3(content)) if text is not None]
    best, *others = sorted(((_share_of_syllables(text), text) for text in texts), reverse=True) or [(0.0, "")]
    if best[0] < _SYLLABLES or any(best[0] - share < _LEAD for share, _ in others):
        raise EncodingError
    return best[1]


def delimiter_of(text: str) -> str:
    """Return what stands between the columns: what parts most lines into the same number of columns.

    A note or title with many commas is one line among the others.
    """
    lines = text[:_LOOKED_AT]
    return max(_SIGNS, key=lambda sign: _columns_made(lines, sign))


def _columns_made(text: str, sign: str) -> int:
    widths: Counter[int] = Counter()
    try:
        for row in csv.reader(io.StringIO(text, newline=""), delimiter=sign):
            widths[len(row) - 1] += 1
    except csv.Error:  # quotes that make no sense with this sign between columns
        pass
    return max((width * count for width, count in widths.items()), default=0)


def _windows_1258(content: bytes) -> str | None:
    try:
        return _if_vietnamese(unicodedata.normalize("NFC", content.decode("cp1258")))
    except UnicodeDecodeError:
        return None


def _tcvn3(content: bytes) -> str | None:
    letters = {0xA1 + number: letter for number, letter in enumerate(_TCVN3) if letter != "."}
    return _if_vietnamese("".join(chr(byte) if byte < 0x80 else letters.get(byte, "\ufffd") for byte in content))


def _share_of_syllables(text: str) -> float:
    """Return how many of the words with letters beyond ASCII are Vietnamese syllables, with one tone at most."""
    words = {word for word in _WORD.findall(text) if not word.isascii()}
    fitting = 0
    for word in words:
        parts = unicodedata.normalize("NFD", word.lower())
        bare = unicodedata.normalize("NFC", "".join(sign for sign in parts if sign not in _TONES))
        has_one_tone = sum(sign in _TONES for sign in parts) <= 1
        is_cased = word.islower() or word.isupper() or word.istitle()
        fitting += has_one_tone and is_cased and _SYLLABLE.fullmatch(bare) is not None
    return fitting / len(words) if words else 0.0


def _if_vietnamese(text: str) -> str | None:
    """Return a text of which every letter beyond ASCII is Vietnamese; None for any other."""
    unknown = {sign for sign in text if ord(sign) > 0x7F} - _LETTERS - _MARKS
    return None if unknown else text

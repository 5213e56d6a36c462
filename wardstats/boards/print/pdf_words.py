"""Mends where the words of a PDF end, for programs that read its text.

A vowel sign such as the one of के is drawn back over its consonant, and Typst leaves the end of that piece of text
there. Readers that guess spaces from gaps (pdftotext does) then see one after it, and take संकेतक for two words. The
sign, which has no width, is drawn once more, invisibly, at the true end of the piece; what is seen does not change.

Knows the files Typst writes: page contents that are compressed each by itself, and a plain table of objects. Anything
else passes unchanged. The pages are added at the end of the file, as the format provides for.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Mapping

_STREAM = re.compile(rb"\n(\d+) 0 obj\s*<</Length (\d+)/Filter/FlateDecode>>\s*stream\r?\n")
_PAGE = re.compile(rb"/Type/Page/Resources (\d+) 0 R.*?/Contents (\d+) 0 R")
_FONT = re.compile(rb"/(f\d+) (\d+) 0 R")
_PIECE = re.compile(
    rb"(/Span<</ActualText<[0-9A-F]+>>>BDC [^\[\]]*?/(f\d+) [^\[\]]*\[)"
    rb"((?:\((?:\\.|[^\\()])*\)|[-\d.\s])*)\]TJ",
    re.DOTALL,
)
_PART = re.compile(rb"\(((?:\\.|[^\\()])*)\)|(-?[\d.]+)", re.DOTALL)
_ESCAPE = re.compile(rb"\\([0-7]{1,3}|.)", re.DOTALL)
_TRAILER = re.compile(rb"trailer\s*<<(.*?)>>\s*startxref\s+(\d+)\s+%%EOF\s*$", re.DOTALL)
_LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
Widths = Mapping[bytes, Mapping[int, float]]  # of each glyph, by the name of the font; a glyph left out has none


def mend_words(document: bytes) -> bytes:
    """Return the document with whole words for readers of its text."""
    trailer = _TRAILER.search(document)
    if trailer is None or b"/Prev" in trailer[1]:  # it has been added to already
        return document
    fonts = {int(page[2]): _widths(document, int(page[1])) for page in _PAGE.finditer(document)}
    changed = {}
    for found in _STREAM.finditer(document):
        if widths := fonts.get(int(found[1])):
            content = zlib.decompress(document[found.end() : found.end() + int(found[2])])
            mended = _PIECE.sub(lambda piece, widths=widths: _end_where_it_ends(piece, widths), content)
            if mended != content:
                changed[int(found[1])] = zlib.compress(mended, 9)
    return _with_objects(document, changed, trailer) if changed else document


def _object(document: bytes, number: int) -> bytes:
    found = re.search(rb"\n%d 0 obj\s*(.*?)\s*endobj" % number, document, re.DOTALL)
    return found[1] if found else b""


def _widths(document: bytes, resources: int) -> Widths:
    """Read the widths of the fonts of a page; a font whose table is written otherwise is left out."""
    fonts = {}
    for name, number in _FONT.findall(_object(document, resources)):
        below = re.search(rb"/DescendantFonts\[(\d+) 0 R\]", _object(document, int(number)))
        font = _object(document, int(below[1])) if below else b""
        table = re.search(rb"/W\[([\d.\s-]*)\]", font)
        if table and b"/DW 0" in font:
            numbers = [float(text) for text in table[1].split()]
            fonts[name] = {
                glyph: width
                for first, last, width in zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True)
                for glyph in range(int(first), int(last) + 1)
            }
    return fonts


def _end_where_it_ends(piece: re.Match[bytes], widths: Widths) -> bytes:
    """Take back what the last sign was moved by, and draw it there again, invisibly; only where it has no width."""
    parts = _PART.findall(piece[3])
    moved = sum(float(number) for _, number in parts if number)
    sign = _ESCAPE.sub(_unescaped, next(text for text, number in reversed(parts) if not number))[-2:]
    if not moved or piece[2] not in widths or widths[piece[2]].get(int.from_bytes(sign), 0):
        return piece[0]
    return piece[1] + piece[3] + f" {-moved:g}]TJ 3 Tr<{sign.hex().upper()}>Tj 0 Tr".encode()


def _unescaped(escape: re.Match[bytes]) -> bytes:
    code = escape[1]
    return bytes([int(code, 8) & 255]) if code[:1].isdigit() else _LETTERS.get(code, code)


def _with_objects(document: bytes, streams: Mapping[int, bytes], trailer: re.Match[bytes]) -> bytes:
    """Add newer versions of some streams at the end of the file, with a table of where they stand."""
    parts, table, at = [document.rstrip(b"\n"), b"\n"], [], len(document.rstrip(b"\n")) + 1
    for number, stream in sorted(streams.items()):
        body = f"{number} 0 obj\n<</Length {len(stream)}/Filter/FlateDecode>>\nstream\n".encode() + stream
        body += b"\nendstream\nendobj\n"
        table.append(f"{number} 1\n{at:010} 00000 n\r\n".encode())
        parts.append(body)
        at += len(body)
    end = b"trailer\n<<" + trailer[1] + b"/Prev " + trailer[2] + f">>\nstartxref\n{at}\n%%EOF\n".encode()
    return b"".join([*parts, b"xref\n", *table, end])

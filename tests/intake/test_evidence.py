"""Evidence is opened whole: what is cut off, hides something or acts is refused in words; pictures lose their place."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zlib
from collections.abc import Callable
from typing import Any

import pypdf
import pytest
from PIL import Image
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, TextStringObject

from tests.intake_files import ENGLISH, PDF, PNG, archive, picture
from wardstats.core.languages import LANGUAGES, translator
from wardstats.intake.evidence import Evidence, check_evidence, safe_media_type
from wardstats.intake.faults import RejectedError
from wardstats.intake.pictures import MAX_PIXELS

KIND = "evidence files and names"


def kept(content: bytes, name: str = "file") -> Evidence:
    (found,) = check_evidence([(name, content)], ENGLISH)
    return found


def refused(content: bytes, language: str = "en") -> str:
    with pytest.raises(RejectedError) as caught:
        check_evidence([("file", content)], translator(language))
    (finding,) = caught.value.findings
    return finding.told(translator(language))


def png_of(width: int, height: int) -> bytes:
    """Return a PNG that declares a size, and holds a few points only."""

    def chunk(kind: bytes, content: bytes) -> bytes:
        return struct.pack(">I", len(content)) + kind + content + struct.pack(">I", zlib.crc32(kind + content))

    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    start = b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head)
    return start + chunk(b"IDAT", zlib.compress(bytes(2_000_000))) + chunk(b"IEND", b"")


def pdf_with(change: Callable[[pypdf.PdfWriter], object]) -> bytes:
    buffer = io.BytesIO()
    with pypdf.PdfWriter() as writer:
        writer.add_blank_page(72, 72)
        change(writer)
        writer.write(buffer)
    return buffer.getvalue()


def action(**parts: str) -> Callable[[pypdf.PdfWriter], object]:
    """Return what adds an action for when a document is opened."""

    def change(writer: pypdf.PdfWriter) -> None:
        names: dict[Any, Any] = {NameObject("/S"): NameObject(parts.pop("kind"))}
        names |= {NameObject(f"/{key}"): TextStringObject(value) for key, value in parts.items()}
        writer.root_object[NameObject("/OpenAction")] = writer._add_object(DictionaryObject(names))

    return change


def named_script(writer: pypdf.PdfWriter) -> None:
    """Add a script under a name, as forms have them."""
    script = DictionaryObject({NameObject("/S"): NameObject("/JavaScript"), NameObject("/JS"): TextStringObject("1")})
    tree = DictionaryObject({NameObject("/Names"): ArrayObject([TextStringObject("a"), writer._add_object(script)])})
    writer.root_object[NameObject("/Names")] = DictionaryObject({NameObject("/JavaScript"): tree})


def exif() -> Image.Exif:
    """Return the notes of a camera: where, when, with what, and which way up."""
    found = Image.Exif()
    found[0x0112], found[0x010F], found[0x0132] = 6, "Maker", "2026:11:02 08:00:00"
    found.get_ifd(0x8769)[0x9003] = "2026:11:01 08:00:00"
    found.get_ifd(0x8825).update({1: "N", 2: (22.0, 20.0, 15.0), 3: "E", 4: (103.0, 50.0, 30.0)})
    return found


CUT_OFF = {
    "pdf without its end": PDF[: len(PDF) // 2],
    "pdf whose last line is missing": PDF[:-8],
    "pdf of one line": b"%PDF-1.7\n%%EOF\n",
    "pdf without a page": PDF.replace(b"/Count 1", b"/Count 0").replace(b"3 0 R]", b"     ]"),
    "jpeg of three bytes": b"\xff\xd8\xff",
    "jpeg cut off": picture("JPEG", quality=95)[:-60],
    "png of its head": PNG[:40],
    "png cut off": PNG[:-20],
    "png with a wrong sum": PNG.replace(b"IDAT", b"IDAX"),
    "webp cut off": picture("WEBP")[:-10],
}


@pytest.mark.hostile(KIND)
@pytest.mark.parametrize("name", CUT_OFF)
def test_what_is_cut_off_is_refused(name: str) -> None:
    assert "cut off or damaged" in refused(CUT_OFF[name]) or "another kind" in refused(CUT_OFF[name])


@pytest.mark.hostile(KIND)
@pytest.mark.parametrize(("width", "height"), [(60_000, 60_000), (20_000, 20_000), (65_000, 10), (8_000, 7_000)])
def test_a_picture_that_would_fill_memory_is_not_decoded(width: int, height: int) -> None:
    tracemalloc.start()
    told = refused(png_of(width, height))
    _, most = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert f"{width:,} x {height:,} points" in told
    assert f"{MAX_PIXELS:,}" in told
    assert most < 20_000_000


ACTIVE = {
    "script at the start": (pdf_with(action(kind="/JavaScript", JS="app.alert(1)")), "scripts"),
    "script of the document": (pdf_with(named_script), "scripts"),
    "program": (pdf_with(action(kind="/Launch", F="cmd.exe")), "starts programs"),
    "sends a form": (pdf_with(action(kind="/SubmitForm", F="http://example.org")), "starts programs"),
    "file within": (pdf_with(lambda writer: writer.add_attachment("a.exe", b"MZ")), "other files"),
    "archive behind": (PDF + archive({"a.exe": b"MZ"}), "behind its end"),
    "archive behind, another end": (PDF + archive({"a.exe": b"MZ"}) + b"\nstartxref\n0\n%%EOF\n", "behind its end"),
    "text behind": (PDF + b"<?php system($_GET[0]); ?>", "behind its end"),
    "password": (pdf_with(lambda writer: writer.encrypt("secret")), "password"),
    "hidden from this reader": (PDF.replace(b"startxref", b"%/JavaScript \nstartxref"), "scripts"),
}


@pytest.mark.hostile(KIND)
@pytest.mark.parametrize("name", ACTIVE)
def test_a_document_that_acts_or_hides_something_is_refused(name: str) -> None:
    content, told = ACTIVE[name]
    assert told in refused(content)


@pytest.mark.parametrize(
    "content",
    [
        PDF,
        PDF + b"\n" * 300 + b"\x00" * 300,
        pdf_with(lambda writer: writer.encrypt("", "owner")),
        pdf_with(lambda writer: writer.add_outline_item(title="a", page_number=0)),
        pdf_with(lambda writer: writer.add_metadata({"/A": "b"})),
    ],
)
def test_documents_that_people_submit_are_kept_as_they_are(content: bytes) -> None:
    assert kept(content).content == content
    assert not kept(content).notices


@pytest.mark.hostile(KIND)
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
@pytest.mark.parametrize("hidden", [b"<?php system($_GET[0]); ?>", archive({"a.exe": b"MZ"}), b"\x00" * 5000])
def test_what_hides_behind_a_picture_is_not_kept(kind: str, hidden: bytes) -> None:
    found = kept(picture(kind) + hidden)
    assert hidden not in found.content
    with Image.open(io.BytesIO(found.content)) as image:
        assert (image.format, image.size) == (kind, (16, 12))


@pytest.mark.hostile(KIND)
@pytest.mark.parametrize("kind", ["JPEG", "PNG"])
def test_comments_and_profiles_are_not_kept(kind: str) -> None:
    secret = b"<?php system($_GET[0]); ?>"
    content = picture(kind, comment=secret, icc_profile=secret, exif=exif())
    assert secret in content or kind == "PNG"
    assert secret not in kept(content).content
    assert b"Maker" not in kept(content).content


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_position_is_removed_and_told_and_what_is_seen_stays(kind: str) -> None:
    content = picture(kind, exif=exif())
    found = kept(content, "photo")
    with Image.open(io.BytesIO(found.content)) as image, Image.open(io.BytesIO(content)) as before:
        notes = image.getexif()
        assert 0x8825 not in notes
        assert (notes[0x0112], notes.get_ifd(0x8769)[0x9003]) == (6, "2026:11:01 08:00:00")
        pairs = zip(image.convert("RGB").tobytes(), before.convert("RGB").tobytes(), strict=True)
        assert max(abs(a - b) for a, b in pairs) <= 3
    (notice,) = found.notices
    assert notice.is_notice
    assert notice.sheet == "photo"
    assert "removed from the picture" in notice.remedy
    assert "SHA-256" in notice.remedy


def test_a_position_in_xmp_is_removed_too() -> None:
    found = kept(picture("JPEG", xmp=b"<x:xmpmeta exif:GPSLatitude='22,20N'/>"))
    assert b"GPSLatitude" not in found.content
    assert len(found.notices) == 1


def test_a_picture_without_a_position_is_kept_without_a_word() -> None:
    for kind in ("JPEG", "PNG", "WEBP"):
        assert not kept(picture(kind)).notices


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGBA", "I;16"])
def test_pictures_of_every_depth_are_seen_as_before(mode: str) -> None:
    buffer = io.BytesIO()
    image = Image.new(mode, (20, 20))
    image.save(buffer, "PNG")
    with Image.open(io.BytesIO(kept(buffer.getvalue()).content)) as found:
        assert (found.mode, found.tobytes()) == (image.mode, image.tobytes())


def test_of_pictures_that_move_the_first_is_kept_and_told() -> None:
    buffer = io.BytesIO()
    first = Image.new("RGB", (8, 8), "red")
    first.save(buffer, "WEBP", save_all=True, append_images=[Image.new("RGB", (8, 8), "blue")])
    found = kept(buffer.getvalue())
    assert ["Only the first" in notice.remedy for notice in found.notices] == [True]
    with Image.open(io.BytesIO(found.content)) as image:
        assert getattr(image, "n_frames", 1) == 1


@pytest.mark.hostile(KIND)
def test_what_is_damaged_anywhere_is_told_and_never_crashes(record_property: Callable[[str, object], None]) -> None:
    """Each kind with single bytes changed: it is kept as a picture or a document that opens, or refused in words."""
    tried = 0
    for content in (PDF, PNG, picture("JPEG"), picture("WEBP", exif=exif())):
        for place in range(0, len(content), max(1, len(content) // 60)):
            damaged = content[:place] + bytes((content[place] ^ 0x5A,)) + content[place + 1 :]
            tried += 1
            try:
                assert kept(damaged).content
            except RejectedError as error:
                assert "Traceback" not in str(error)
    record_property("tried", tried)
    assert tried > 200


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_told_in_the_readers_language(language: str) -> None:
    assert ("cut off" in refused(b"\xff\xd8\xff\xe0" + b"\x00" * 20, language)) == (language == "en")


@pytest.mark.parametrize(
    ("media_type", "given"),
    [
        ("application/pdf", "application/pdf"), ("image/png", "image/png"), ("text/csv", "text/csv"),
        ("text/html", "application/octet-stream"), ("image/svg+xml", "application/octet-stream"),
        ("application/xhtml+xml", "application/octet-stream"), (None, "application/octet-stream"),
    ],
)  # fmt: skip
def test_kept_files_are_handed_out_as_types_that_no_browser_runs(media_type: str | None, given: str) -> None:
    assert safe_media_type(media_type) == given

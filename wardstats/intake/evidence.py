"""Files that prove figures: PDF and pictures, told by their content, opened whole, within limits.

Owns which of them are kept and what is told of them. ``opened`` does the work of one file: it knows no language and no
ledger, so that it can be done in another process.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from pathlib import PurePosixPath, PureWindowsPath

from wardstats.core.languages import Translator
from wardstats.intake.documents import MAX_PAGES, DocumentError, check_pdf
from wardstats.intake.faults import Finding, RejectedError
from wardstats.intake.pictures import MAX_PIXELS, PictureError, rewrite_picture
from wardstats.intake.workbook import MEDIA_TYPES

MAX_FILES = 20
MAX_FILE_BYTES = 10_000_000
MAX_TOTAL_BYTES = 40_000_000
KINDS = {"application/pdf": ".pdf", "image/png": ".png", "image/jpeg": ".jpg", "image/webp": ".webp"}
_STARTS = {
    "application/pdf": re.compile(rb"%PDF-[12]\.\d"),
    "image/png": re.compile(rb"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR"),
    "image/jpeg": re.compile(rb"\xff\xd8\xff"),
    "image/webp": re.compile(rb"RIFF....WEBPVP8", re.DOTALL),
}


@dataclass(frozen=True)
class Evidence:
    """A file that was found fit to be kept.

    Attributes:
        content: What is kept; of a picture not the bytes that were received.
        notices: What was changed in it.
    """

    name: str
    content: bytes
    media_type: str
    notices: tuple[Finding, ...] = field(default=())


@dataclass(frozen=True)
class Opened:
    """What came of opening a file.

    Attributes:
        content: What is to be kept; empty where it is refused.
        refused: Why it is not kept; see ``_reasons``.
        size: Width and height of a picture that is too large.
        changed: What was left out: position, more.
    """

    content: bytes = b""
    refused: str = ""
    size: tuple[int, int] = (0, 0)
    changed: tuple[str, ...] = ()


def opened(content: bytes, media_type: str) -> Opened:
    """Open a file whole, as its media type says."""
    try:
        if media_type == "application/pdf":
            check_pdf(content)
            return Opened(content)
        picture = rewrite_picture(content, media_type)
    except DocumentError as error:
        return Opened(refused=error.reason)
    except PictureError as error:
        return Opened(refused="pixels" if error.reason == "large" else error.reason, size=error.size)
    changed = [name for name, is_so in (("position", picture.had_position), ("more", picture.had_more)) if is_so]
    return Opened(picture.content, changed=tuple(changed))


def check_evidence(
    files: Sequence[tuple[str, bytes]], speak: Translator, open_file: Callable[[bytes, str], Opened] = opened
) -> list[Evidence]:
    """Return the files with their media types, by content and never by name.

    Args:
        files: Name and content of each.
        speak: The language of the findings.
        open_file: What opens one, here or in a child process.

    Raises:
        RejectedError: One or more cannot be kept; all faults are listed.
    """
    findings, found = [], []
    allowed = speak("a PDF file or a picture (PNG, JPEG, WebP)")
    if len(files) > MAX_FILES or sum(len(content) for _, content in files) > MAX_TOTAL_BYTES:
        size = speak.number(sum(len(content) for _, content in files) / 1e6)
        whole = speak("{count} {count:file|files}, {size} megabytes", count=len(files), size=size)
        expected = speak(
            "{count} {count:file|files}, {size} megabytes", count=MAX_FILES, size=MAX_TOTAL_BYTES // 1_000_000
        )
        findings.append(Finding(speak("Evidence"), "", whole, expected, speak("Submit fewer files.")))
    for name, content in files:
        name = safe_name(name)
        if len(content) > MAX_FILE_BYTES:
            size = speak("{size} megabytes", size=speak.number(len(content) / 1e6))
            expected = speak("at most {size} megabytes", size=MAX_FILE_BYTES // 1_000_000)
            findings.append(Finding(name, "", size, expected, speak("Make the file smaller.")))
        elif (media_type := sniff_evidence(content)) is None:
            remedy = speak("Save it as PDF, or take a picture of it.")
            findings.append(Finding(name, "", speak("a file of another kind"), allowed, remedy))
        elif (result := open_file(content, media_type)).refused:
            findings.append(Finding(name, "", *_reasons(result, speak)[result.refused]))
        else:
            found.append(Evidence(name, result.content, media_type, tuple(_notices(name, content, result, speak))))
    if findings:
        raise RejectedError(findings)
    return found


def _reasons(result: Opened, speak: Translator) -> dict[str, tuple[str, str, str]]:
    """Return found, expected and remedy by the reason for which a file is refused."""
    whole, plain = speak("a whole file"), speak("a file that only shows something")
    again = speak("Open it, print it to a new PDF, and submit that one.")
    width, height = (speak.number(side, 0) for side in result.size)
    return {
        "damaged": (
            speak("a file that is cut off or damaged"), whole,
            speak("Copy it again from where it came, or scan or photograph the paper once more."),
        ),
        "pixels": (
            speak("a picture of {width} x {height} points", width=width, height=height),
            speak("at most {count} points", count=speak.number(MAX_PIXELS, 0)), speak("Make the picture smaller."),
        ),
        "large": (
            speak("a document with too many pages or parts"),
            speak("at most {count} pages", count=speak.number(MAX_PAGES, 0)),
            speak("Submit only the pages that prove the figures."),
        ),
        "heavy": (
            speak("a file that takes too long, or too much memory, to open"), speak("a file that opens within seconds"),
            speak("Scan or photograph the paper again, smaller, and submit that file."),
        ),
        "password": (speak("a file with a password"), whole, speak("Save it without a password.")),
        "script": (speak("a document with scripts"), plain, again),
        "program": (speak("a document that starts programs or sends data"), plain, again),
        "embedded": (
            speak("a document with other files in it"), plain,
            speak("Open it, print it to a new PDF, and submit that one; submit the other files by themselves."),
        ),
        "behind": (speak("a document with something else behind its end"), plain, again),
    }  # fmt: skip


def _notices(name: str, received: bytes, result: Opened, speak: Translator) -> list[Finding]:
    """Return what was changed in a picture; the digest says which file it was before."""
    digest = speak("The file that is kept is not the one on your device (SHA-256 {digest}).",
                   digest=sha256(received).hexdigest()[:16])  # fmt: skip
    texts = {
        "position": (speak("the position where the picture was taken"), speak("no position")),
        "more": (speak("several pictures in one"), speak("one picture")),
    }
    done = {
        "position": speak("It was removed from the picture before it was kept."),
        "more": speak("Only the first of them was kept."),
    }
    return [Finding(name, "", *texts[what], f"{done[what]} {digest}", is_notice=True) for what in result.changed]


def safe_media_type(media_type: str | None) -> str:
    """Return under which type a kept file is handed out: one that no browser runs, or bytes to be saved."""
    return media_type if media_type in {*KINDS, *MEDIA_TYPES.values()} else "application/octet-stream"


def sniff_evidence(content: bytes) -> str | None:
    """Return the media type of a file by its first bytes, where two ways of telling agree; None for any other."""
    import puremagic

    for media_type, start in _STARTS.items():
        if start.match(content):
            try:
                matches = puremagic.magic_string(content[:4096])
            except (puremagic.PureError, ValueError):
                return None
            return media_type if any(match.mime_type == media_type for match in matches) else None
    return None


def safe_name(name: str) -> str:
    """Return a file's name without folders, control characters and marks that turn the direction of writing."""
    base = PureWindowsPath(PurePosixPath(unicodedata.normalize("NFC", name)).name).name
    kept = "".join("_" if unicodedata.category(sign).startswith("C") or sign in '<>:"|?*' else sign for sign in base)
    return kept.strip(". ")[:120] or "file"

"""Tells whose row of the portal is whose unit_code: by kind and name, accents included. Never by likeness.

The portal writes "UBND phường Sa Pa", "UBND Phường Sa Pa" or "UBND phường Sa Pa - Tỉnh Lào Cai". Two ways of setting
the same tone mark (Hoà, Hòa) are one name; another accent is another name, and a reason to refuse.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

from wardstats.core.languages import fold
from wardstats.core.records import Unit
from wardstats.harvest.endpoints import PORTAL_NAME
from wardstats.harvest.faults import Finding
from wardstats.harvest.gather import Listing

KINDS: Mapping[str, str] = {  # as units.csv calls them
    "phường": "ward",
    "xã": "commune",
    "đặc khu": "special_zone",
    "thị trấn": "township",
    "tỉnh": "province",
    "thành phố": "city",
}
PROVINCE_KINDS = {"province", "city"}
_BODY = re.compile(r"(?:ubnd|ủy ban nhân dân|uỷ ban nhân dân)\s+", re.IGNORECASE)
_OF_PROVINCE = re.compile(r"\s+-\s+(?:tỉnh|thành phố|tp\.?)\s+.*$", re.IGNORECASE)
_KIND = re.compile(rf"({'|'.join(KINDS)})\s+(.+)", re.IGNORECASE)
_TONES = "\u0300\u0301\u0303\u0309\u0323"  # grave, acute, tilde, hook, dot below; other marks belong to the letter

Key = tuple[str, str]  # kind, comparable name


def comparable(name: str) -> str:
    """Return a name in the form it is compared in: one case, single spaces, each syllable's tone after its letters."""
    words = unicodedata.normalize("NFC", name).casefold().split()
    return " ".join(map(_tone_last, words))


def _tone_last(word: str) -> str:
    letters = unicodedata.normalize("NFD", word)
    tones = "".join(letter for letter in letters if letter in _TONES)
    rest = "".join(letter for letter in letters if letter not in _TONES)
    return unicodedata.normalize("NFC", rest) + tones


def committee(name: str) -> tuple[str, str] | None:
    """Return kind and name of the area whose people's committee a department is; None where it is none."""
    text = " ".join(unicodedata.normalize("NFC", name).split())
    if not (body := _BODY.match(text)):
        return None
    match = _KIND.fullmatch(_OF_PROVINCE.sub("", text[body.end() :]))
    return (KINDS[match[1].casefold()], match[2]) if match else None


def department_key(name: str) -> Key | None:
    """Return kind and comparable name of a people's committee's name; None where it is no people's committee's."""
    found = committee(name)
    return (found[0], comparable(found[1])) if found else None


@dataclass(frozen=True)
class Matching:
    """Whose row is whose.

    Attributes:
        department_of: departmentId by unit_code, of the units asked for.
        findings: What did not match, both ways.
    """

    department_of: Mapping[str, str]
    findings: Sequence[Finding]


def match_units(listings: Iterable[Listing], units: Sequence[Unit], is_all: bool) -> Matching:
    """Match the rows of all groups to units.

    Args:
        listings: One per group; each must hold every unit.
        is_all: They are all the province has, so a people's committee beyond them is a refusal too.
    """
    listings = list(listings)
    names: dict[str, dict[str, str]] = {}  # departmentId -> name -> group that writes it so
    for listing in listings:
        for row in listing.rows.values():
            names.setdefault(row.department_id, {}).setdefault(row.department_name, listing.endpoint.name)
    findings: list[Finding] = []
    wanted: dict[Key, Unit] = {}
    for unit in units:
        if (other := wanted.setdefault((unit.kind, comparable(unit.text("vi"))), unit)) is not unit:
            findings.append(Finding.of("refusal", "unit_same_name", _place(unit), other=other.unit_code))
    found: dict[Key, list[str]] = {}
    for department_id, written in names.items():
        keys = {department_key(name) for name in written}
        if len(keys) > 1:
            told = ", ".join(f"{name!r} ({group})" for name, group in written.items())
            findings.append(Finding.of("refusal", "unit_two_names", department_id, names=told))
        for key in keys:
            if key is not None:
                found.setdefault(key, []).append(department_id)
    department_of: dict[str, str] = {}
    for key, unit in wanted.items():
        ids = found.get(key, [])
        if len(ids) == 1:
            department_of[unit.unit_code] = ids[0]
            findings += _absent(listings, unit, ids[0])
        elif ids:
            findings.append(Finding.of("refusal", "unit_twice", _place(unit), count=len(ids), ids=", ".join(ids)))
        else:
            findings.append(_missing(unit, names, found, wanted))
    findings += _strangers(names, found, wanted, is_all)
    return Matching(department_of, findings)


def _absent(listings: Iterable[Listing], unit: Unit, department_id: str) -> list[Finding]:
    return [
        Finding.of("refusal", "unit_absent", f"{listing.endpoint.name}, {_place(unit)}")
        for listing in listings
        if department_id not in listing.rows
    ]


def _missing(
    unit: Unit, names: Mapping[str, Mapping[str, str]], found: Mapping[Key, list[str]], wanted: Mapping[Key, Unit]
) -> Finding:
    """Say that a unit is not there, and which stranger it may be under another spelling."""
    strangers = {next(iter(names[ids[0]])): key for key, ids in found.items() if key not in wanted}
    folded = {name: fold(key[1]) for name, key in strangers.items()}
    own = fold(unit.text("vi"))
    alike = [name for name, text in folded.items() if text == own]
    if alike:
        told = {"found": ", ".join(map(repr, alike)), "expected": repr(unit.text("vi"))}
        return Finding.of("refusal", "unit_renamed", _place(unit), **told)
    near = get_close_matches(own, list(folded.values()), n=1, cutoff=0.8)
    nearest = next((repr(name) for name, text in folded.items() if near and text == near[0]), None)
    return Finding.of("refusal", "unit_missing", _place(unit), nearest=nearest)


def _strangers(
    names: Mapping[str, Mapping[str, str]], found: Mapping[Key, list[str]], wanted: Mapping[Key, Unit], is_all: bool
) -> list[Finding]:
    """Report the people's committees that are no unit's, and count the departments, which never are."""
    findings, others, kinds = [], [], {kind for kind, _ in wanted}
    level = PROVINCE_KINDS if kinds & PROVINCE_KINDS else set(KINDS.values()) - PROVINCE_KINDS
    for key, ids in found.items():
        if key in wanted or key[0] not in level:
            continue
        name = next(iter(names[ids[0]]))
        if is_all:
            findings.append(Finding.of("refusal", "unit_unknown", name))
        else:
            others.append(name)
    if others:
        some = ", ".join(others[:5]) + (", ..." if len(others) > 5 else "")
        findings.append(Finding.of("note", "units_not_asked", PORTAL_NAME, count=len(others), some=some))
    departments = len(names) - sum(map(len, found.values()))
    if departments:
        findings.append(Finding.of("note", "departments", PORTAL_NAME, count=departments))
    return findings


def _place(unit: Unit) -> str:
    return f"{unit.unit_code} {unit.text('vi')}"

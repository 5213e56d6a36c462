"""Thousands of mutated uploads and hundreds of bombs, each judged and marked as the pages have it done.

``python -m tests.intake.fuzzed_uploads --files 2000 --bombs 200`` prints for each kind how many were tried and handled,
the slowest in seconds and the most memory; it ends with 1 where one took too long, took too much, or was mishandled.
"""

from __future__ import annotations

import argparse
import io
import random
import sys
import tempfile
import time
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from tests.intake_files import ENGLISH, PERIOD, UNIT, archive, as_csv, as_ods, desk_in, filled, members_of, ods_of
from wardstats.core.limited_process import Done, LimitedProcesses, StillWanted, StoppedError
from wardstats.intake import judge
from wardstats.intake.form import Form
from wardstats.intake.validation import Validated

SECONDS = 5.0
Make = Callable[[random.Random, Form], bytes]


@dataclass
class Tally:
    """What became of the uploads of one kind."""

    tried: int = 0
    handled: int = 0
    seconds: float = 0.0
    memory_mb: int = 0
    wrong: list[str] = field(default_factory=list)


def any_workbook(chance: random.Random, form: Form) -> tuple[bytes, str]:
    content = filled(form, share=chance.choice([0.0, 0.5, 0.9, 1.0]))
    kind = chance.choice(["xlsx", "ods", "csv"])
    if kind == "csv":
        return as_csv(content, chance.choice(",;\t"), chance.choice(["utf-8-sig", "utf-16", "utf-8"])), kind
    return (as_ods(content) if kind == "ods" else content), kind


def with_bits_flipped(chance: random.Random, form: Form) -> bytes:
    found = bytearray(any_workbook(chance, form)[0])
    for _ in range(chance.choice([1, 3, 30])):
        found[chance.randrange(len(found))] ^= 1 << chance.randrange(8)
    return bytes(found)


def cut_off(chance: random.Random, form: Form) -> bytes:
    found = any_workbook(chance, form)[0]
    start = chance.choice([0, 0, chance.randrange(len(found))])
    return found[start : start + chance.randrange(len(found))]


def with_parts_swapped(chance: random.Random, form: Form) -> bytes:
    members = members_of(chance.choice([filled(form), as_ods(filled(form))]))
    names = list(members)
    one, other = chance.choice(names), chance.choice(names)
    what = chance.randrange(4)
    if what == 0:
        members[one], members[other] = members[other], members[one]
    elif what == 1:
        del members[one]
    elif what == 2:
        members[one.upper() if chance.random() < 0.5 else one + ".dat"] = members.pop(one)
    else:
        members[one] = chance.randbytes(chance.choice([0, 10, 3000]))
    return archive(members)


def with_xml_edited(chance: random.Random, form: Form) -> bytes:
    """Change inside a part, so that what reads it is reached: elements, attributes and texts."""
    members = members_of(chance.choice([filled(form), as_ods(filled(form))]))
    name = chance.choice([name for name in members if name.endswith((".xml", ".rels"))])
    pieces = members[name].split(b"<")
    for _ in range(chance.randint(1, 5)):
        at = chance.randrange(len(pieces))
        what = chance.randrange(5)
        if what == 0:
            pieces.insert(at, pieces[chance.randrange(len(pieces))])
        elif what == 1 and len(pieces) > 2:
            del pieces[at]
        elif what == 2:
            pieces[at] = pieces[at].replace(
                b'="', b'="' + chance.choice([b"-", b"9" * 12, b"\xc4\x91", b"", b"NaN"]), 1
            )
        elif what == 3:
            pieces[at] = pieces[at].replace(b">", b">" + chance.choice([b"1e999", b"&#0;", b"&amp;", b"x" * 9000]), 1)
        else:
            pieces[at] = bytes(chance.randrange(256) if chance.random() < 0.02 else byte for byte in pieces[at])
    members[name] = b"<".join(pieces)
    return archive(members)


def with_any_cells(chance: random.Random, form: Form) -> bytes:
    from tests.intake.test_validation_fuzz import mutated_cells

    content = mutated_cells(form, chance)
    return chance.choice([lambda: content, lambda: as_ods(content), lambda: as_csv(content, chance.choice(",;\t"))])()


def padded(name: str, before: str, piece: str, *, most: int = 1_500_000) -> Make:
    """Return what inserts a piece into a part, a hundred to so many times."""

    def make(chance: random.Random, form: Form) -> bytes:
        members = members_of(filled(form))
        count = int(10 ** chance.uniform(2, 7.4)) // len(piece)
        text = piece * min(count, most)
        end = before.encode()
        members[name] = members.get(name, end).replace(end, text.encode() + end, 1)
        return archive(members)

    return make


def merged(chance: random.Random, form: Form) -> bytes:
    quote, gap = chance.choice("\"'"), chance.choice(["", " ", "\n"])
    area = f"{chance.choice(['A1', '$A$1', 'a1', 'Q90'])}:{chance.choice(['XFD', 'ZZ'])}{chance.randint(1, 1_048_576)}"
    piece = f"<mergeCell ref{gap}={gap}{quote}{area}{quote}/>"
    members = members_of(filled(form, cells={"H12": "wrong"}))
    sheet = members["xl/worksheets/sheet1.xml"].replace(b"</mergeCells>", piece.encode() + b"</mergeCells>", 1)
    return archive(members | {"xl/worksheets/sheet1.xml": sheet})


def repeated_spaces(chance: random.Random, _: Form) -> bytes:
    piece = chance.choice(
        ["<text:s/>", "<text:s text:c='2000000'/>", "<text:p>a</text:p>", "<text:tab/>", "<text:span/>"]
    )
    count = int(10 ** chance.uniform(2, 6.3))
    cell = f'<table:table-cell office:value-type="string"><text:p>a{piece * count}</text:p></table:table-cell>'
    return ods_of(f"<table:table-row>{cell}</table:table-row>")


def repeated_cells(chance: random.Random, _: Form) -> bytes:
    rows, columns = (int(10 ** chance.uniform(0, 10)) for _ in range(2))
    value = chance.choice(['office:value-type="float" office:value="1"', ""])
    cell = f'<table:table-cell {value} table:number-columns-repeated="{columns}"/>'
    row = f'<table:table-row table:number-rows-repeated="{rows}">{cell}</table:table-row>'
    return ods_of(row * int(10 ** chance.uniform(0, 5)))


def many_cells(chance: random.Random, form: Form) -> bytes:
    count = int(10 ** chance.uniform(3, 5.6))
    line = ",".join(str(chance.random()) for _ in range(100))
    lines = (line[: chance.randint(1, 400)] for _ in range(count // 20))
    return as_csv(filled(form)) + "\n".join(lines).encode()[:4_900_000]


def unpacking(chance: random.Random, form: Form) -> bytes:
    members: dict[str, str | bytes] = dict(members_of(filled(form)))
    name = chance.choice(["xl/worksheets/sheet1.xml", "xl/media/a.png", "xl/styles.xml", "docProps/custom.xml"])
    buffer = io.BytesIO()
    members[name] = chance.choice([b"0", b"<a>", b" ", b"<"]) * int(10 ** chance.uniform(5, 7.3))
    method = chance.choice([zipfile.ZIP_DEFLATED, zipfile.ZIP_DEFLATED, zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
    with zipfile.ZipFile(buffer, "w", method) as found:
        for part, content in members.items():
            found.writestr(part, content)
    return buffer.getvalue()


def entities(chance: random.Random, form: Form) -> bytes:
    members = members_of(filled(form))
    name = chance.choice([*members, "xl/any.dat"])
    levels = chance.randint(1, 12)
    declared = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, levels))
    text = f'<!DOCTYPE a [<!ENTITY e0 "lol">{declared}]><a>&e{levels - 1};</a>'
    return archive(members | {name: text.encode(chance.choice(["utf-8", "utf-8-sig"]))})


def many_parts(chance: random.Random, form: Form) -> bytes:
    count = int(10 ** chance.uniform(1, 4.3))
    return archive({**members_of(filled(form)), **{f"xl/a{number}.xml": "<a/>" for number in range(count)}})


FILES: dict[str, Make] = {
    "bits flipped": with_bits_flipped, "cut off": cut_off, "parts swapped": with_parts_swapped,
    "XML edited": with_xml_edited, "any cells": with_any_cells,
}  # fmt: skip
SHEET, STYLES, BOOK = "xl/worksheets/sheet1.xml", "xl/styles.xml", "xl/workbook.xml"
BOMBS: dict[str, Make] = {
    "cell styles": padded(STYLES, "</cellXfs>", "<xf/>"),
    "named styles": padded(STYLES, "</cellStyles>", '<cellStyle name="a" xfId="0"/>'),
    "fonts": padded(STYLES, "</fonts>", "<font><sz val='1'/></font>"),
    "fills": padded(STYLES, "</fills>", "<fill><patternFill/></fill>"),
    "borders": padded(STYLES, "</borders>", "<border/>"),
    "number formats": padded(STYLES, "</numFmts>", '<numFmt numFmtId="200" formatCode="0;[&lt;1]0%"/>'),
    "differential styles": padded(STYLES, "</styleSheet>", "<dxfs><dxf/></dxfs>"),
    "defined names": padded(BOOK, "</workbook>", '<definedNames><definedName name="a">A1</definedName></definedNames>'),
    "properties": padded("docProps/custom.xml", "</Properties>", "<property pid='2'>a</property>"),
    "extensions": padded(SHEET, "</worksheet>", "<extLst><ext><a/></ext></extLst>"),
    "drawings": padded("xl/drawings/drawing1.xml", "</d>", "<e/>"),
    "shared texts": padded("xl/sharedStrings.xml", "</sst>", "<si><t>a</t></si>"),
    "empty cells": padded(SHEET, "</sheetData>", "<row><c/></row>"),
    "cells": padded(SHEET, "</sheetData>", "<row><c><v>1</v></c></row>"),
    "columns": padded(SHEET, "<sheetData>", '<col min="1" max="16384"/>'),
    "merged cells": merged, "spaces (ODS)": repeated_spaces, "repetitions (ODS)": repeated_cells,
    "many cells (CSV)": many_cells, "unpacking": unpacking, "entities": entities, "parts": many_parts,
}  # fmt: skip


class Watched(LimitedProcesses):
    """Processes that remember the most memory one of them had; the limit, where it was ended."""

    memory_mb = 0

    def ask(self, request: bytes, still_wanted: StillWanted = lambda _: None) -> Done:
        try:
            done = super().ask(request, still_wanted)
        except StoppedError:
            self.memory_mb = max(self.memory_mb, self.limits.memory_mb)
            raise
        self.memory_mb = max(self.memory_mb, done.memory_mb)
        return done


def uploads(makers: dict[str, Make], count: int, form: Form, seed: int) -> Iterator[tuple[str, bytes]]:
    """Return so many uploads, of each kind in turn; the same for the same seed."""
    kinds = list(makers)
    for number in range(count):
        kind = kinds[number % len(kinds)]
        yield kind, makers[kind](random.Random(seed * 1_000_003 + number), form)


def mishandled(found: Validated) -> str:
    """Return what is wrong with a judgement; empty where it is figures, or reasons in words, and never both."""
    if bool(found.faults) == bool(found.figures):
        return "neither figures nor reasons, or both"
    for finding in found.findings:
        told = (finding.found, finding.expected, finding.remedy)
        if not all(told) or any("Traceback" in text for text in told):
            return f"told as {told}"
    return "the judge itself failed" if any("cannot be judged" in fault.found for fault in found.faults) else ""


def run(makers: dict[str, Make], count: int, form: Form, seed: int = 1) -> dict[str, Tally]:
    """Judge uploads, and mark those with faults, through what the pages use; return what became of them."""
    tallies = {kind: Tally() for kind in makers}
    watched = Watched("wardstats.intake.judge_child:answer", judge.LIMITS)
    usual, judge.processes = judge.processes, watched
    try:
        _run(tallies, uploads(makers, count, form, seed), form, watched)
    finally:
        judge.processes = usual
        watched.close()
    return tallies


def _run(tallies: dict[str, Tally], found_uploads: Iterator[tuple[str, bytes]], form: Form, watched: Watched) -> None:
    judge.judge("first", filled(form), form, "handin", ENGLISH)  # what is imported once is no upload's
    for kind, content in found_uploads:
        tally = tallies[kind]
        tally.tried += 1
        watched.memory_mb = 0
        if len(content) > 5_000_000:  # refused by its size; a smaller one says more
            content = content[:4_999_999]
        started = time.monotonic()
        found = judge.judge("upload", content, form, "handin", ENGLISH)
        tally.seconds = max(tally.seconds, time.monotonic() - started)
        wrong = mishandled(found)
        if found.kind and found.faults:
            started = time.monotonic()
            if not judge.mark("upload", content, found.findings, ENGLISH).startswith(b"PK"):
                wrong = "no marked copy"
            tally.seconds = max(tally.seconds, time.monotonic() - started)
        tally.memory_mb = max(tally.memory_mb, watched.memory_mb)
        tally.handled += not wrong
        if wrong:
            tally.wrong.append(f"{kind}, upload {tally.tried}: {wrong}")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=2000)
    parser.add_argument("--bombs", type=int, default=200)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        form = desk_in(Path(folder)).form(UNIT, PERIOD)
        found = run(FILES, options.files, form, options.seed) | run(BOMBS, options.bombs, form, options.seed)
    print(f"{'kind':<22}{'tried':>7}{'handled':>9}{'slowest s':>11}{'memory MB':>11}")
    for kind, tally in found.items():
        print(f"{kind:<22}{tally.tried:>7}{tally.handled:>9}{tally.seconds:>11.2f}{tally.memory_mb:>11}")
    for tally in found.values():
        for wrong in tally.wrong:
            print(wrong)
    sys.exit(any(t.wrong or t.seconds > SECONDS or t.memory_mb > judge.LIMITS.memory_mb for t in found.values()))


if __name__ == "__main__":
    main()

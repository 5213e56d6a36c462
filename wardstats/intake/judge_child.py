"""What a child process of ``judge`` does: it judges a file, or marks its faults; everything is imported before."""

from __future__ import annotations

import json
import pickle
from dataclasses import asdict

import openpyxl  # noqa: F401 - here, so that it is imported before a child is forked; so are the next ones
import pandas as pd
import pandera.pandas as pa

import wardstats.intake.ods
import wardstats.intake.xlsx  # noqa: F401
from wardstats.core.languages import LANGUAGES, translator
from wardstats.intake.columns import recognise_answer, recognise_heading, recognise_label, recognise_situation
from wardstats.intake.evidence import opened
from wardstats.intake.grid import read_grid
from wardstats.intake.marking import marked_copy
from wardstats.intake.validation import validate


def answer(request: bytes) -> bytes:
    """Do what ``judge`` asks for; a judgement comes back as JSON, a marked copy as it is."""
    what, given = pickle.loads(request)  # from the server itself
    if what == "mark":
        name, content, findings, language, with_look = given
        speak = translator(language)
        return marked_copy(read_grid(name, content, speak), content, findings, speak, with_look=with_look)
    name, content, form, source_id, language = given
    found = validate(name, content, form, source_id, translator(language))
    told = {
        "figures": {code: asdict(figure) for code, figure in found.figures.items()},
        "evidence": dict(found.evidence),
        "findings": [finding.as_dict() for finding in found.findings],
        "kind": found.kind,
    }
    return json.dumps(told).encode()


def open_evidence(request: bytes) -> bytes:
    """Open a file that proves figures: its media type stands in the first line; of the answer, what came of it."""
    media_type, _, content = request.partition(b"\n")
    found = opened(content, media_type.decode())
    told = {"refused": found.refused, "size": found.size, "changed": found.changed}
    return json.dumps(told).encode() + b"\n" + found.content


def _rehearse() -> None:
    """Do once what libraries do only the first time, so that no child has to: it would take half a second each."""
    for language in LANGUAGES:
        translator(language)("a number")
    for recognise in (recognise_answer, recognise_heading, recognise_label, recognise_situation):
        recognise("?")
    schema = pa.DataFrameSchema({"value": pa.Column(float)}, checks=[pa.Check(lambda frame: frame["value"] > 0)])
    schema.validate(pd.DataFrame({"value": [1.0]}), lazy=True)


_rehearse()

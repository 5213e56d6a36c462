"""Draws the workbook of a form: what is asked, what is known, cells to fill in with their limits, the rest locked.

Owns the look of the file, nothing of what it means: ``layout`` and ``judging`` read whatever comes back afresh.
"""

from __future__ import annotations

import io
import math
import textwrap
from collections.abc import Mapping
from typing import Any

import xlsxwriter

from wardstats.core.formula_guard import neutralise
from wardstats.core.languages import Translator
from wardstats.core.palette import PAPER
from wardstats.core.records import LocalText, Unit
from wardstats.intake.columns import INPUTS, KEYS, answers, headings, labels, situations
from wardstats.intake.form import Form, Row, value_of
from wardstats.intake.numbers import limits_text
from wardstats.view.criteria_words import unit_name

FIRST_ROW = 8  # of the figures, counted from 1; the heading stands above it
_WIDTHS = {
    "indicator_code": 22, "theme": 28, "indicator": 38, "unit": 11, "period": 11, "last": 20, "target": 12,
    "numerator": 14, "denominator": 14, "value": 14, "result": 11, "situation": 17, "evidence": 26, "note": 26,
    "definition": 70,
}  # fmt: skip
_LINE_PT = 14.0
_MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
MEDIA_TYPES = {"xlsx": _MEDIA_TYPE, "ods": "application/vnd.oasis.opendocument.spreadsheet", "csv": "text/csv"}


def template(form: Form, speak: Translator) -> bytes:
    """Return the workbook of a form, in one language."""
    buffer = io.BytesIO()
    options = {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    with xlsxwriter.Workbook(buffer, options) as book:
        book.set_properties({"title": title(form, speak), "author": "wardstats", "comments": form.period})
        sheet = book.add_worksheet(speak("Figures"))
        looks = _looks(book)
        _head(sheet, form, speak, looks)
        for number, row in enumerate(form.rows.values()):
            _line(sheet, FIRST_ROW - 1 + number, form, row, speak, looks)
        _settle(sheet, len(form.rows), looks)
        _guide(book.add_worksheet(speak("How to fill it in")), speak, looks)
    return buffer.getvalue()


def file_name(form: Form) -> str:
    """Return what the workbook is called."""
    return f"wardstats_{form.unit.unit_code}_{form.period}.xlsx"


def title(form: Form, speak: Translator) -> str:
    """Return the heading of the workbook."""
    name = unit_title(form.unit, form.catalogue.block.unit_kind, speak)
    return speak("Figures of {name}, {period}", name=name, period=speak.period(form.period))


def unit_title(unit: Unit, kind: LocalText | None, speak: Translator) -> str:
    """Return a unit's name with what it is: phường Sa Pa, Sa Pa ward."""
    name, what = unit.text(speak.language), kind.text(speak.language) if kind else ""
    return f"{what} {name}".strip() if speak.written.kind_first else f"{name} {what}".strip()


def _looks(book: Any) -> dict[str, Any]:
    cell = {"text_wrap": True, "valign": "top", "border": 1, "border_color": PAPER["line"], "font_size": 10}
    entry = cell | {"locked": False, "bg_color": PAPER["entry"], "border_color": PAPER["entry_line"]}
    return {
        "title": book.add_format({"bold": True, "font_size": 15, "font_color": PAPER["green"]}),
        "label": book.add_format({"bold": True, "font_size": 10}),
        "fact": book.add_format({"font_size": 10, "align": "left", "num_format": "@"}),
        "notice": book.add_format({"font_size": 10, "text_wrap": True, "valign": "top", "bg_color": PAPER["notice"]}),
        "group": book.add_format(
            {"bold": True, "align": "center", "bg_color": PAPER["entry_line"], "border": 1,
             "border_color": PAPER["entry_edge"]}
        ),
        "heading": book.add_format(
            {"bold": True, "text_wrap": True, "valign": "vcenter", "bg_color": PAPER["green"],
             "font_color": PAPER["card"], "border": 1, "border_color": PAPER["line"], "font_size": 10}
        ),
        "text": book.add_format(cell),
        "code": book.add_format(cell | {"font_color": PAPER["faint"], "num_format": "@"}),
        "right": book.add_format(cell | {"align": "right"}),
        "result": book.add_format(cell | {"align": "right", "num_format": "#,##0.00", "font_color": PAPER["faint"]}),
        "entry": book.add_format(entry | {"num_format": "#,##0.########", "align": "right"}),
        "word": book.add_format(entry | {"num_format": "@"}),
        "shut": book.add_format(cell | {"bg_color": PAPER["shut"]}),
    }  # fmt: skip


def _head(sheet: Any, form: Form, speak: Translator, looks: Mapping[str, Any]) -> None:
    sheet.write_string(0, 0, title(form, speak), looks["title"])
    names = labels(speak)
    sheet.write_string(1, 0, names["unit_code"], looks["label"])
    sheet.write_string(1, 1, form.unit.unit_code, looks["fact"])
    sheet.write_string(2, 0, names["period"], looks["label"])
    sheet.write_string(2, 1, form.period, looks["fact"])
    if form.deadline:
        sheet.write_string(3, 0, speak("Submit by"), looks["label"])
        sheet.write_string(3, 1, speak.day(form.deadline), looks["fact"])
    text = speak("Fill in the yellow cells only. A ratio needs both counts; leave what is not known yet empty.")
    if form.is_sample:
        text += " " + speak("The points follow a sample set of criteria, not one that the block has adopted.")
    sheet.merge_range(4, 0, 4, KEYS.index("note"), text, looks["notice"])
    sheet.set_row(4, 32)
    first, last = KEYS.index("numerator"), KEYS.index("note")
    sheet.merge_range(5, first, 5, last, speak("To be filled in"), looks["group"])
    names = headings(speak)
    for column, key in enumerate(KEYS):
        sheet.write_string(FIRST_ROW - 2, column, names[key], looks["heading"])
        sheet.set_column(column, column, _WIDTHS[key])
    sheet.set_row(FIRST_ROW - 2, 30)


def _line(sheet: Any, place: int, form: Form, row: Row, speak: Translator, looks: Mapping[str, Any]) -> None:
    language, unit = speak.language, row.indicator.unit
    sheet.write_string(place, KEYS.index("indicator_code"), row.code, looks["code"])
    texts = {
        "theme": form.theme_name(row.theme_code, language),
        "indicator": row.indicator.text(language),
        "unit": unit_name(unit, speak),
        "definition": row.indicator.text(language, "definition"),
    }
    for key, text in texts.items():
        sheet.write_string(place, KEYS.index(key), neutralise(text), looks["text"])
    sheet.write_string(place, KEYS.index("period"), row.period, looks["code"])
    last = last_text(row, speak)
    sheet.write_string(place, KEYS.index("last"), last, looks["right"])
    sheet.set_row(place, _height(texts | {"indicator_code": row.code, "last": last}))
    target = "" if row.target is None else speak.number(row.target, row.indicator.decimals)
    target += f" ({speak('sample')})" if row.is_sample_target else ""
    sheet.write_string(place, KEYS.index("target"), target, looks["right"])
    for key in INPUTS:
        column = KEYS.index(key)
        if key in _open_cells(row):
            sheet.write_blank(
                place, column, None, looks["word" if key in ("evidence", "note", "situation") else "entry"]
            )
            if check := _validation(key, row, speak):
                sheet.data_validation(place, column, place, column, check)
        else:
            sheet.write_blank(place, column, None, looks["shut"])
    if row.is_ratio:
        top, bottom = (f"{chr(65 + KEYS.index(key))}{place + 1}" for key in ("numerator", "denominator"))
        formula = f'=IF(N({bottom})>0,100*N({top})/N({bottom}),"")'
        sheet.write_formula(place, KEYS.index("result"), formula, looks["result"], "")
    else:
        sheet.write_blank(place, KEYS.index("result"), None, looks["shut"])


def _height(texts: Mapping[str, str]) -> float:
    """Return the height in points that shows all texts of a row: not every program makes room for wrapped ones."""
    lines = max(len(textwrap.wrap(text, _WIDTHS[key] - 2)) for key, text in texts.items())
    return _LINE_PT * max(1, lines) + 3


def last_text(row: Row, speak: Translator) -> str:
    """Return the figure of the period before as a text, made-up ones said to be so."""
    value = value_of(row.last, row.indicator.unit)
    if row.last is None or row.last_period is None or value is None:
        return ""
    text = f"{speak.number(value, row.indicator.decimals)} ({speak.period(row.last_period, is_short=True)})"
    return f"{text}, {speak('made up')}" if row.last.status == "demonstration" else text


def _open_cells(row: Row) -> set[str]:
    words = {"situation", "evidence", "note"}
    return words | ({"numerator", "denominator"} if row.is_ratio else {"value"})


def _validation(key: str, row: Row, speak: Translator) -> dict[str, Any] | None:
    """Return the rule of one cell: a list of words, or limits."""
    if key == "situation":
        words = situations(speak)
        return {"validate": "list", "source": [words[name] for name in words if row.is_ratio or name == "missing"]}
    if key in ("evidence", "note"):
        return None
    if key == "value" and row.indicator.unit == "yes_no":
        return {"validate": "list", "source": list(answers(speak).values())}
    asked = row.asked(key)
    low, high, kind = asked.low, asked.high, "integer" if asked.is_whole else "decimal"
    texts = {
        "input_title": headings(speak)[key],
        "input_message": limits_text(asked, speak),
        "error_title": speak("Outside the limits"),
        "error_message": limits_text(asked, speak),
    }
    if math.isinf(low) and math.isinf(high):
        return {"validate": kind, "criteria": "between", "minimum": -1e300, "maximum": 1e300, **texts}
    if math.isinf(high):
        return {"validate": kind, "criteria": ">=", "value": low, **texts}
    return {"validate": kind, "criteria": "between", "minimum": low, "maximum": high, **texts}


def _settle(sheet: Any, count: int, looks: Mapping[str, Any]) -> None:
    """Lock what is not filled in, keep the heading in sight, and fit the sheet on paper."""
    allowed = {"format_columns": True, "format_rows": True, "select_locked_cells": True, "autofilter": True}
    sheet.protect("", allowed)  # against slips, not against people: the judge trusts nothing of the file
    sheet.freeze_panes(FIRST_ROW - 1, KEYS.index("unit"))
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(FIRST_ROW - 2)
    sheet.print_area(0, 0, FIRST_ROW - 2 + count, len(KEYS) - 1)


def _guide(sheet: Any, speak: Translator, looks: Mapping[str, Any]) -> None:
    sheet.set_column(0, 0, 110)
    sheet.protect()
    words = situations(speak)
    lines = [
        speak("Fill in the yellow cells of the first sheet; everything else is locked."),
        speak("Numbers may be typed as 1.234,5 or as 1,234.5. Type numbers, not formulas."),
        speak("A ratio is made of two counts: the numerator is part of the denominator."),
        speak("Choose {nothing} where there was nothing to count (0 out of 0), {missing} where no figure is known.",
              nothing=f"“{words['nothing']}”", missing=f"“{words['missing']}”"),
        speak("A line that is left empty is not submitted; what was accepted before stays as it is."),
        speak("Name under Evidence the document or the file that proves the figure, and submit the file with it."),
        speak("Then submit the workbook on the page Submit. Every fault is shown at once, cell by cell."),
    ]  # fmt: skip
    sheet.write_string(0, 0, speak("How to fill it in"), looks["title"])
    for number, line in enumerate(lines, 2):
        sheet.write_string(number, 0, neutralise(line), looks["text"])

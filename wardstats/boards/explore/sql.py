"""What stands around the SQL box: the schema to read, a query to begin with, and the answer as a file."""

from __future__ import annotations

import re
from html import escape

import pandas as pd

from wardstats.core.export_files import Export
from wardstats.core.rows import dictionaries
from wardstats.core.statuses import NO_FIGURES
from wardstats.snapshot.queries import relation_purposes
from wardstats.view.club_words import sample_words
from wardstats.view.view import View

_LEADS = """\
select unit.name_vi, score.score, score.rank, score.coverage, score.status
from score
join unit using (unit_code)
where score.node_code = 'total'
  and score.period = (select period from ranked_period where is_leading)
order by score.rank, unit.name_vi collate vi"""
_MOVED = """\
select unit.name_vi, score.previous_rank, score.rank,
  score.score - score.previous_score as points, score.status
from score
join unit using (unit_code)
where score.node_code = 'total'
  and score.period = (select period from ranked_period where is_leading)
order by points desc nulls last"""
_APART = """\
select indicator.name_vi, min(points) as lowest, median(points) as middle, max(points) as highest,
  max(max_points) as out_of
from normalised
join indicator using (indicator_code)
where period = (select period from ranked_period where is_leading)
group by all
order by highest - lowest desc"""
_MISSING = """\
select unit.name_vi as unit_name, indicator.name_vi as indicator_name, normalised.max_points
from raw
join normalised using (period, unit_code, indicator_code)
join unit using (unit_code)
join indicator using (indicator_code)
where raw.is_missing
  and raw.period = (select period from ranked_period where is_leading)
order by normalised.max_points desc, unit_name collate vi"""
_OVER_TIME = """\
select score.period, min(score) as lowest, median(score) as middle, max(score) as highest,
  count(*) filter (where status = 'demonstration') as made_up
from score
where node_code = 'total'
group by all
order by score.period"""

_BESIDE = """\
select *
from score
join unit on unit.unit_code = score.unit_code
where score.node_code = 'total'
  and score.period = (select period from ranked_period where is_leading)
order by score.rank"""
_WHENCE = """\
select unit.name_vi as unit_name, indicator.name_vi as indicator_name, raw.value, raw.status,
  raw.measured_period, source.title_vi as source_title
from raw
join unit using (unit_code)
join indicator using (indicator_code)
join source on source.source_id = raw.source_id
where raw.period = (select period from ranked_period where is_leading)
order by unit_name collate vi, indicator_name collate vi"""
_TARGETS = """\
select unit.name_vi as unit_name, indicator.name_vi as indicator_name, raw.value, target.target, raw.status
from raw
join ranked_period using (period)
join target on target.unit_code = raw.unit_code
  and target.indicator_code = raw.indicator_code
  and target.year = ranked_period.year
join unit on unit.unit_code = raw.unit_code
join indicator on indicator.indicator_code = raw.indicator_code
where ranked_period.is_leading
order by unit_name collate vi, indicator_name collate vi"""


def sql_examples(view: View) -> dict[str, str]:
    """Return queries to begin with, by what they answer, with names in the reader's language."""
    speak = view.speak
    queries = {
        speak("Who leads, and how complete are the figures?"): _LEADS,
        speak("Who has moved since the period before?"): _MOVED,
        speak("Which indicators set the units furthest apart?"): _APART,
        speak("Which figures are missing, and what are they worth?"): _MISSING,
        speak("How did the lowest, the middle and the highest score develop?"): _OVER_TIME,
        speak("What is known of each unit, beside its score?"): _BESIDE,
        speak("Which figure comes from which source?"): _WHENCE,
        speak("Where do figures stand against their targets?"): _TARGETS,
    }
    return {
        question: f"-- {question}\n" + re.sub(r"\b(name|title)_vi\b", rf"\1_{view.language}", sql)
        for question, sql in queries.items()
    }


def describe_relations(view: View) -> str:
    """Return the relations of the snapshot and their columns as HTML, with what the project says about them."""
    purposes = relation_purposes()
    parts = []
    for name, columns in view.frame("relation_column").groupby("relation_name", sort=True):
        items = "".join(
            f"<li><code>{escape(row['column_name'])}</code> <small>{escape(row['data_type'].lower())}</small></li>"
            for row in dictionaries(columns)
        )
        text = purposes.get(str(name))
        purpose = f"<p>{escape(text)}</p>" if text else ""
        parts.append(f"<details><summary><code>{escape(str(name))}</code></summary>{purpose}<ul>{items}</ul></details>")
    return f'<div class="ws-schema">{"".join(parts)}</div>'


def answer_notices(view: View) -> list[tuple[str, str]]:
    """Return what an answer may hold that is made up, as (title, text): a query can reach all of the snapshot."""
    speak, held, found = view.speak, dictionaries(view.frame("made_up"))[0], []
    if held["has_demonstration"]:
        text = speak("May hold demonstration figures: made up, they say nothing about any real unit")
        found.append((speak("Demonstration figures."), text))
    return found + ([sample_words(view)] if held["has_sample"] else [])


def answer_file(view: View, frame: pd.DataFrame, sql: str) -> Export:
    """Return the answer of a query as it leaves; where the snapshot holds anything made up, every row says so."""
    speak, notices = view.speak, answer_notices(view)
    notes = [
        (speak("Competition group"), view.block["block_name"]),
        (speak("Snapshot"), view.snapshot_id),
        ("SQL", sql),
    ]
    if notices:
        frame = frame.assign(notice=" ".join(f"{title} {text}" for title, text in notices))
    return Export(
        name="wardstats_sql", frame=frame, status="notice" if notices else NO_FIGURES,
        headings={"notice": speak("Notice")}, notes=[*notices, *notes],
        sheet_names=(speak("Notes"), speak("Figures"), speak("Sources")), warnings=len(notices),
        decimal_mark=speak.separators[0],
    )  # fmt: skip

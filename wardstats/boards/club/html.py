"""The club's pieces of HTML: text in, text out. What comes from data is escaped here; looks: static/style.css."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from html import escape
from typing import Any

from wardstats.boards.block.programme import Entry, days_text, month_groups
from wardstats.boards.block.year_end import Title
from wardstats.boards.club.learning import Learning
from wardstats.boards.club.practices import PracticeCard
from wardstats.boards.club.topics import TopicCard
from wardstats.boards.contract.board import Contract, Pledge
from wardstats.boards.models.board import ModelCard, Models
from wardstats.charts.html import components
from wardstats.core.languages import Translator
from wardstats.core.rows import dictionaries
from wardstats.view.club_names import indicator_facts, indicator_name, unit_name, value_text
from wardstats.view.club_words import STAGE_SIGNS, STATE_SIGNS, sample_notice, stage_names, state_names
from wardstats.view.view import View

# From a step to the colour of a cell: stopped, pilot, adopted, recognised.
_STAGE_LOOKS = ("ws-none", "ws-h2", "ws-h4", "ws-h6")


def sample_banner(view: View) -> str:
    """Return the loud notice of a page with sample lines."""
    return components.banner(*sample_notice(view))


def tag(text: str, kind: str = "") -> str:
    """Return a small mark beside a title."""
    return f'<span class="ws-tag {kind}">{escape(text)}</span>' if text else ""


def sample_tag(is_sample: bool, speak: Translator) -> str:
    """Return the mark of a sample line, or nothing."""
    return " " + tag(speak("sample"), "ws-sample") if is_sample else ""


def state_legend(speak: Translator) -> str:
    """Return the keys of the states of a pledge."""
    keys = "".join(
        f'<li><span class="ws-state ws-s-{state}">{STATE_SIGNS[state]}</span>{escape(name)}</li>'
        for state, name in state_names(speak).items()
    )
    return f'<ul class="ws-legend">{keys}</ul>'


def contract_matrix(view: View, board: Contract) -> str:
    """Return the table of members and indicators: each cell a pledge with its state, figure and target."""
    codes = list(dict.fromkeys(pledge.indicator_code for pledge in board.pledges))
    codes.sort(key=list(indicator_facts(view)).index)
    units = list(dict.fromkeys(pledge.unit_code for pledge in board.pledges))
    found = {(pledge.unit_code, pledge.indicator_code): pledge for pledge in board.pledges}
    rows = {unit: [_pledge_cell(view, found.get((unit, code))) for code in codes] for unit in units}
    return _matrix(view, "ws-pledges", board.headline, [indicator_name(view, code) for code in codes], rows)


def adoption_matrix(view: View, board: Models) -> str:
    """Return the table of members and models: each cell how far the member is with the model, and since when."""
    label = view.speak("How far each ward is with each model.")
    found = {(row["unit_code"], row["model_code"]): row for row in dictionaries(board.stages)}
    rows = {
        unit: [_stage_cell(view, found.get((unit, model.model_code))) for model in board.models]
        for unit in board.members
    }
    return _matrix(view, "ws-pledges ws-stages", label, [model.name for model in board.models], rows)


def _matrix(view: View, looks: str, label: str, columns: Iterable[str], rows: dict[str, list[str]]) -> str:
    """Return a table with a unit's code and finished cells in each row."""
    head = "".join(f'<th scope="col">{escape(name)}</th>' for name in columns)
    body = "".join(
        f'<tr><th scope="row">{escape(unit_name(view, unit))}</th>{"".join(cells)}</tr>' for unit, cells in rows.items()
    )
    return (
        f'<div class="ws-heat {looks}" role="region" tabindex="0" aria-label="{escape(label)}"><table><thead><tr>'
        f'<th scope="col">{escape(view.speak("Unit"))}</th>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def _stage_cell(view: View, row: dict[str, Any] | None) -> str:
    if row is None:
        return '<td class="ws-none">–</td>'
    speak, stage = view.speak, row["stage"]
    note = f"{row['since']:%m/%Y}" + (f" · {speak('sample')}" if row["is_sample"] else "")
    return (
        f'<td class="{_STAGE_LOOKS[row["step"]]}" title="{escape(speak.day(row["since"].date()))}">'
        f'<span aria-hidden="true">{STAGE_SIGNS[stage]}</span> {escape(stage_names(speak)[stage])}'
        f"<small>{escape(note)}</small></td>"
    )


def _pledge_cell(view: View, pledge: Pledge | None) -> str:
    if pledge is None:
        return '<td class="ws-none">–</td>'
    speak, state = view.speak, pledge.progress.state
    now = value_text(view, pledge.indicator_code, pledge.row["current_value"])
    target = value_text(view, pledge.indicator_code, pledge.row["target"])
    made_up = ' class="ws-demo"' if pledge.is_demonstration else ""
    name = state_names(speak)[state]
    return (
        f'<td><span class="ws-state ws-s-{state}" title="{escape(name)}" role="img" aria-label="{escape(name)}">'
        f"{STATE_SIGNS[state]}</span> <span{made_up}>{escape(now)}</span>"
        f"<small>{escape(speak('target'))} {escape(target)}</small></td>"
    )


def pledge_head(view: View, pledge: Pledge) -> str:
    """Return the heading of a pace line: the indicator, and where it stands."""
    speak, progress, code = view.speak, pledge.progress, pledge.indicator_code
    now = value_text(view, code, pledge.row["current_value"])
    parts = [f"{state_names(speak)[progress.state]}: {now}"]
    if progress.expected is not None and progress.state in ("ahead", "on_course", "behind"):
        parts.append(speak("expected by now {value}", value=value_text(view, code, progress.expected)))
    if pledge.is_demonstration:
        parts.append(speak("demonstration"))
    mark = sample_tag(pledge.row["is_sample"], speak)
    return (
        f'<div class="ws-pledge"><h3>{escape(indicator_name(view, code))}{mark}</h3>'
        f'<p><span class="ws-state ws-s-{progress.state}">{STATE_SIGNS[progress.state]}</span> '
        f"{escape(' · '.join(parts))}</p></div>"
    )


def signatures(view: View, board: Contract) -> str:
    """Return who has signed, when and by which office."""
    speak = view.speak
    lines = []
    for item in board.signatures:
        if item.signed_on:
            office = f'<span lang="vi">{escape(item.signed_by or "–")}</span>'
            note = escape(speak("signed on {day} by {office}", day=speak.day(item.signed_on), office="\0"))
            note = note.replace("\0", office)
        else:
            note = escape(speak("not signed yet") if item.target_count else speak("no targets on file"))
        state, mark = "reached" if item.signed_on else "no_data", sample_tag(item.is_sample, speak)
        lines.append(
            f'<li><span class="ws-state ws-s-{state}">{STATE_SIGNS[state]}</span><div>'
            f"<strong>{escape(item.unit_title)}</strong>{mark}<p>{note}</p></div></li>"
        )
    return f'<ul class="ws-lines">{"".join(lines)}</ul>'


def agenda(view: View, entries: Sequence[Entry], today: date) -> str:
    """Return entries of the programme month by month."""
    months = ""
    for month, group in month_groups(list(entries)):
        items = "".join(_entry(view, entry, today) for entry in group)
        months += f"<section><h3>{escape(view.speak.period(month))}</h3><ul>{items}</ul></section>"
    return f'<div class="ws-agenda">{months}</div>'


def upcoming(view: View, entries: Iterable[Entry], today: date) -> str:
    """Return what is due next, first things first."""
    return f'<div class="ws-agenda ws-next"><ul>{"".join(_entry(view, e, today) for e in entries)}</ul></div>'


def _entry(view: View, entry: Entry, today: date) -> str:
    speak = view.speak
    is_open = entry.status in ("planned", "under_way")
    parts = [
        entry.status_name,
        speak("in charge: {name}", name=entry.owner) if entry.owner else "",
        entry.place,
        speak("outcome: {what}", what=entry.outcome) if entry.outcome else "",
    ]
    tone = "ws-fall" if entry.is_due else ""
    left = f'<em class="{tone}">{escape(days_text(view, entry, today))}</em>' if is_open else ""
    detail = " · ".join(escape(part) for part in parts if part)
    struck = ' class="ws-struck"' if entry.status == "cancelled" else ""
    return (
        f'<li class="ws-{entry.status}">'
        f'<time datetime="{entry.starts_on.isoformat()}">{escape(entry.when)}{left}</time>'
        f'<div><strong{struck}><span aria-hidden="true">{entry.sign}</span> {escape(entry.title)}</strong>'
        f"{sample_tag(entry.is_sample, speak)}<p>{detail}</p></div></li>"
    )


@dataclass(frozen=True)
class DrawSources:
    """Cites the sources of the club's lines, by the names of the queries that give them."""

    queries: tuple[str, ...]

    def __call__(self, view: View) -> str:
        """Return the line of sources as HTML."""
        used: set[str] = set()
        for name in self.queries:
            params = {"language": view.language} if name != "adoption" else {}
            used |= set(view.frame(name, **params)["source_id"].dropna())
        known = view.frame("source", language=view.language)
        return components.source_line(known[known["source_id"].isin(used)], view.speak)


def documents(view: View, items: Sequence[dict[str, object]]) -> str:
    """Return the block's documents; a link opens the document where it is on the web."""
    speak = view.speak
    lines = []
    for item in items:
        title = escape(str(item["title"]))
        if item["link"]:
            title = f'<a href="{escape(str(item["link"]))}" target="_blank" rel="noopener noreferrer">{title}</a>'
        head = " ".join(filter(None, (str(item["kind"]), str(item["number"]))))
        issuer = f'<span lang="vi">{escape(str(item["issuer"]))}</span>' if item["issuer"] else ""
        note = " · ".join(filter(None, (escape(str(item["day"])), issuer)))
        lines.append(
            f"<li><div><strong>{escape(head)}</strong>{sample_tag(bool(item['is_sample']), speak)}"
            f"<p>{title}</p><p>{note}</p></div></li>"
        )
    return f'<ul class="ws-lines ws-columns">{"".join(lines)}</ul>'


def titles(view: View, items: Sequence[Title]) -> str:
    """Return the titles that are proposed, with their rule."""
    speak = view.speak
    lines = []
    for item in items:
        names = speak.names(item.names) if item.names else speak("nobody")
        more = f" · {speak('Too few figures: {names}', names=speak.names(item.left_out))}" if item.left_out else ""
        rule = speak("rule: {rule}", rule=item.rule)
        lines.append(
            f"<li><div><strong>{escape(item.name)}: {escape(names)}</strong>{sample_tag(item.is_sample, speak)}"
            f"<p>{escape(rule + more)}</p></div></li>"
        )
    return f'<ul class="ws-lines">{"".join(lines)}</ul>'


def model_cards(view: View, models: Sequence[ModelCard]) -> str:
    """Return one card a model, with its checklist."""
    speak = view.speak
    return f'<div class="ws-deck ws-narrow">{"".join(_model(card, speak) for card in models)}</div>'


def _model(card: ModelCard, speak: Translator) -> str:
    is_all_sample = bool(card.items) and all(item.is_sample for item in card.items)
    items = "".join(
        f"<li>{escape(item.text)}{sample_tag(item.is_sample and not is_all_sample, speak)}"
        + (f"<p>{escape(item.met)}{escape(': ' + item.units if item.units else '')}</p>" if item.met else "")
        + "</li>"
        for item in card.items
    )
    head = f"<h4>{escape(speak('Checklist'))}{sample_tag(is_all_sample, speak)}</h4>"
    checklist = f"{head}<ul>{items}</ul>" if items else ""
    mark = sample_tag(card.is_definition_sample, speak)
    definition = f"<p>{escape(card.definition)}{mark}</p>" if card.definition else ""
    return (
        f'<section class="ws-card ws-model"><h3>{escape(card.name)}{sample_tag(card.is_sample, speak)}</h3>'
        f'<p class="ws-counts">{escape(card.counts)}</p>{definition}{checklist}</section>'
    )


def practice_cards(view: View, cards: Sequence[PracticeCard], reasons: Sequence[str] = ()) -> str:
    """Return practices, each with the reason why it is proposed, where there is one."""
    found = [_practice(view.speak, card, reasons[n] if reasons else "") for n, card in enumerate(cards)]
    return f'<div class="ws-deck ws-practices">{"".join(found)}</div>'


def _practice(speak: Translator, card: PracticeCard, reason: str) -> str:
    mark = {True: "ws-rise", False: "ws-fall"}.get((card.gain or 0) >= 0, "") if card.gain is not None else ""
    result = f'<strong class="{mark}">{escape(card.result)}</strong>'
    made_up = " " + tag(speak("demonstration"), "ws-sample") if card.is_demonstration else ""
    facts = [
        (speak("Problem"), escape(card.problem)),
        (speak("What was done"), escape(card.action)),
        (speak("By whom"), escape(card.by_whom)),
        (speak("Cost"), escape(card.cost)),
        (speak("Result"), f"{escape(card.indicator_name)}: {result}{made_up}"),
        (speak("Model"), escape(card.model_name)),
        (speak("Contact"), escape(f"{card.contact}, {card.unit_title}" if card.contact else card.unit_title)),
        (speak("More"), _link(card.link)),
    ]
    rows = "".join(f"<dt>{escape(topic)}</dt><dd>{text}</dd>" for topic, text in facts if text)
    why = f'<p class="ws-why">{escape(reason)}</p>' if reason else ""
    day = speak("published {day}", day=card.published) if card.published else ""
    return (
        f'<section class="ws-card ws-practice"><h3>{escape(card.title)}{sample_tag(card.is_sample, speak)}</h3>'
        f'<p class="ws-counts">{escape(" · ".join(filter(None, (card.unit_title, day))))}</p>'
        f"{why}<dl>{rows}</dl></section>"
    )


def _link(address: str) -> str:
    if not address:
        return ""
    return f'<a href="{escape(address)}" target="_blank" rel="noopener noreferrer">{escape(address)}</a>'


def learning(view: View, found: Learning) -> str:
    """Return what a ward can learn: the best fit first."""
    speak = view.speak
    text = components.paragraph(found.headline)
    if found.suggestions:
        text += practice_cards(
            view, [item.card for item in found.suggestions], [item.reason for item in found.suggestions]
        )
    if found.weak_on:
        alone = speak("Also below the median, without a shared practice: {names}.", names=speak.names(found.weak_on))
        text += f'<p class="ws-source">{escape(alone)}</p>'
    return text


def topic_cards(view: View, topics: Sequence[TopicCard]) -> str:
    """Return the topics of consultation with positions and decision."""
    return f'<div class="ws-deck">{"".join(_topic(view.speak, topic) for topic in topics)}</div>'


def _topic(speak: Translator, topic: TopicCard) -> str:
    positions = "".join(
        f'<li class="ws-stance-{item.stance}"><strong>{escape(item.unit_name)}</strong> {escape(item.stance_name)}'
        + (f"<p>{escape(item.text)}</p>" if item.text else "")
        + "</li>"
        for item in topic.positions
    )
    silent = speak("not answered: {names}", names=speak.names(topic.silent)) if topic.silent else ""
    decision = (
        f'<p class="ws-why"><strong>{escape(speak("Decision"))} ({escape(topic.decided)}):</strong> '
        f"{escape(topic.decision)}</p>"
        if topic.decision
        else ""
    )
    return (
        f'<section class="ws-card ws-topic"><p class="ws-counts">{escape(topic.field)} · {escape(topic.state)}</p>'
        f"<h3>{escape(topic.question)}{sample_tag(topic.is_sample, speak)}</h3>"
        f"<p>{escape(topic.tally)}</p>{decision}<ul>{positions}</ul>"
        f'<p class="ws-counts">{escape(silent)}</p></section>'
    )

"""Pieces of HTML of the pages about club, contract, models and block. Whatever comes from data is escaped here."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from html import escape

from wardstats.charts.html.components import linked, paragraph, small_mark, web_link
from wardstats.charts.html.pieces import Entry, Learning, ModelCard, PracticeCard, Signature, Title, TopicCard
from wardstats.charts.style import STATE_SIGNS
from wardstats.core.languages import Translator

NO_CELL = '<td class="ws-none">–</td>'
# From a step to the colour of a cell: stopped, pilot, adopted, recognised.
_STAGE_LOOKS = ("ws-none", "ws-h2", "ws-h4", "ws-h6")


def tag(text: str, kind: str = "") -> str:
    """Return a small mark beside a title."""
    return f'<span class="ws-tag {kind}">{escape(text)}</span>' if text else ""


def sample_tag(is_sample: bool, speak: Translator) -> str:
    """Return the mark of a sample line, or nothing."""
    return " " + tag(speak("sample"), "ws-sample") if is_sample else ""


def state_legend(names: Mapping[str, str]) -> str:
    """Return the keys of the states of a pledge, from what they are called."""
    keys = "".join(f"<li>{_sign(state)}{escape(name)}</li>" for state, name in names.items())
    return f'<ul class="ws-legend">{keys}</ul>'


def _sign(state: str) -> str:
    return f'<span class="ws-state ws-s-{state}">{STATE_SIGNS[state]}</span>'


def matrix(
    looks: str,
    label: str,
    corner: str,
    columns: Iterable[tuple[str, str]],
    rows: Iterable[tuple[str, str, Sequence[str]]],
) -> str:
    """Return a table of members and what they pledged or took up.

    Args:
        looks: Classes of style.css.
        label: What the table shows, for screen readers.
        corner: What the rows are.
        columns: Headings, each with where it leads, or empty.
        rows: A member's name, where it leads, and its finished cells.
    """
    head = "".join(f'<th scope="col">{linked(name, href)}</th>' for name, href in columns)
    body = "".join(f'<tr><th scope="row">{linked(name, href)}</th>{"".join(cells)}</tr>' for name, href, cells in rows)
    return (
        f'<div class="ws-heat {looks}" role="region" tabindex="0" aria-label="{escape(label)}"><table><thead><tr>'
        f'<th scope="col">{escape(corner)}</th>{head}</tr></thead><tbody>{body}</tbody></table></div>'
    )


def stage_cell(step: int, sign: str, name: str, day: str, note: str) -> str:
    """Return the cell of how far a member is with a model: its step (0 to 3), what it is called, and since when."""
    return (
        f'<td class="{_STAGE_LOOKS[step]}" title="{escape(day)}"><span aria-hidden="true">{sign}</span> {escape(name)}'
        f"<small>{escape(note)}</small></td>"
    )


def pledge_cell(state: str, name: str, now: str, target: str, marks: Sequence[str]) -> str:
    """Return the cell of a pledge: its state with what that is called, the figure with its marks, and the target."""
    words = "".join(map(small_mark, marks))
    return (
        f'<td><span class="ws-state ws-s-{state}" title="{escape(name)}" role="img" aria-label="{escape(name)}">'
        f"{STATE_SIGNS[state]}</span> {escape(now)}{words}<small>{escape(target)}</small></td>"
    )


def pledge_head(indicator: str, href: str, mark: str, state: str, text: str) -> str:
    """Return the heading of a pace line: the indicator, its page, its mark (HTML), and where it stands."""
    heading = f"<h3>{linked(indicator, href)}{mark}</h3>"
    return f'<div class="ws-pledge">{heading}<p>{_sign(state)} {escape(text)}</p></div>'


def signatures(items: Sequence[Signature], speak: Translator) -> str:
    """Return who has signed, when and by which office."""
    lines = []
    for item in items:
        if item.signed_on:
            office = f'<span lang="vi">{escape(item.signed_by or "–")}</span>'
            note = escape(speak("signed on {day} by {office}", day=speak.day(item.signed_on), office="\0"))
            note = note.replace("\0", office)
        else:
            note = escape(speak("not signed yet") if item.target_count else speak("no targets on file"))
        state, mark = "reached" if item.signed_on else "no_data", sample_tag(item.is_sample, speak)
        name = f"<strong>{linked(item.unit_title, item.href)}</strong>{mark}"
        lines.append(f"<li>{_sign(state)}<div>{name}<p>{note}</p></div></li>")
    return f'<ul class="ws-lines">{"".join(lines)}</ul>'


def agenda(months: Iterable[tuple[str, Sequence[Entry]]], speak: Translator) -> str:
    """Return entries of the programme month by month."""
    text = ""
    for month, group in months:
        items = "".join(_entry(entry, speak) for entry in group)
        text += f"<section><h3>{escape(speak.period(month))}</h3><ul>{items}</ul></section>"
    return f'<div class="ws-agenda">{text}</div>'


def upcoming(entries: Iterable[Entry], speak: Translator) -> str:
    """Return what is due next, first things first."""
    return f'<div class="ws-agenda ws-next"><ul>{"".join(_entry(entry, speak) for entry in entries)}</ul></div>'


def _entry(entry: Entry, speak: Translator) -> str:
    is_open = entry.status in ("planned", "under_way")
    parts = [
        entry.status_name,
        speak("in charge: {name}", name=entry.owner) if entry.owner else "",
        entry.place,
        speak("outcome: {what}", what=entry.outcome) if entry.outcome else "",
    ]
    tone = "ws-fall" if entry.is_due else ""
    left = f'<em class="{tone}">{escape(entry.left)}</em>' if is_open else ""
    detail = " · ".join(escape(part) for part in parts if part)
    struck = ' class="ws-struck"' if entry.status == "cancelled" else ""
    return (
        f'<li class="ws-{entry.status}">'
        f'<time datetime="{entry.starts_on.isoformat()}">{escape(entry.when)}{left}</time>'
        f'<div><strong{struck}><span aria-hidden="true">{entry.sign}</span> {escape(entry.title)}</strong>'
        f"{sample_tag(entry.is_sample, speak)}<p>{detail}</p></div></li>"
    )


def documents(items: Sequence[Mapping[str, object]], speak: Translator) -> str:
    """Return the block's documents; a link opens the document where it is on the web."""
    lines = []
    for item in items:
        title = web_link(escape(str(item["title"])), str(item["link"]))
        head = " ".join(filter(None, (str(item["kind"]), str(item["number"]))))
        issuer = f'<span lang="vi">{escape(str(item["issuer"]))}</span>' if item["issuer"] else ""
        note = " · ".join(filter(None, (escape(str(item["day"])), issuer)))
        lines.append(
            f"<li><div><strong>{escape(head)}</strong>{sample_tag(bool(item['is_sample']), speak)}"
            f"<p>{title}</p><p>{note}</p></div></li>"
        )
    return f'<ul class="ws-lines ws-columns">{"".join(lines)}</ul>'


def titles(items: Sequence[Title], speak: Translator) -> str:
    """Return the titles that are proposed, with their rule."""
    lines = []
    for item in items:
        names = speak.names(item.names) if item.names else speak("nobody")
        more = f" · {speak('Too few figures: {names}', names=speak.names(item.left_out))}" if item.left_out else ""
        rule = speak("rule: {rule}", rule=item.rule)
        lines.append(
            f"<li><div><strong>{escape(item.name)}: {escape(names)}</strong>{sample_tag(item.is_sample, speak)}"
            f"{small_mark(item.mark)}"
            f"<p>{escape(rule + more)}</p></div></li>"
        )
    return f'<ul class="ws-lines">{"".join(lines)}</ul>'


def model_cards(models: Sequence[ModelCard], speak: Translator) -> str:
    """Return one card a model, with its checklist."""
    return f'<div class="ws-deck ws-narrow">{"".join(_model(card, speak) for card in models)}</div>'


def _model(card: ModelCard, speak: Translator) -> str:
    is_all_sample = bool(card.items) and all(item.is_sample for item in card.items)
    items = "".join(
        f"<li>{linked(item.text, item.href)}{sample_tag(item.is_sample and not is_all_sample, speak)}"
        + (
            f"<p>{escape(': '.join(filter(None, (item.met, item.units))))}{small_mark(item.mark)}</p>"
            if item.met
            else ""
        )
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


def practice_cards(cards: Sequence[PracticeCard], speak: Translator, reasons: Sequence[str] = ()) -> str:
    """Return practices, each with the reason why it is proposed, where there is one."""
    found = [_practice(speak, card, reasons[n] if reasons else "") for n, card in enumerate(cards)]
    return f'<div class="ws-deck ws-practices">{"".join(found)}</div>'


def _practice(speak: Translator, card: PracticeCard, reason: str) -> str:
    mark = {True: "ws-rise", False: "ws-fall"}.get((card.gain or 0) >= 0, "") if card.gain is not None else ""
    result = f'<strong class="{mark}">{escape(card.result)}</strong>'
    made_up = small_mark(speak("demonstration")) if card.is_demonstration else ""
    facts = [
        (speak("Problem"), escape(card.problem)),
        (speak("What was done"), escape(card.action)),
        (speak("By whom"), escape(card.by_whom)),
        (speak("Cost"), escape(card.cost)),
        (speak("Result"), f"{linked(card.indicator_name, card.indicator_href)}: {result}{made_up}"),
        (speak("Model"), escape(card.model_name)),
        (speak("Contact"), escape(f"{card.contact}, {card.unit_title}" if card.contact else card.unit_title)),
        (speak("More"), web_link(escape(card.link), card.link)),
    ]
    rows = "".join(f"<dt>{escape(topic)}</dt><dd>{text}</dd>" for topic, text in facts if text)
    why = f'<p class="ws-why">{escape(reason)}</p>' if reason else ""
    day = speak("published {day}", day=card.published) if card.published else ""
    return (
        f'<section class="ws-card ws-practice"><h3>{escape(card.title)}{sample_tag(card.is_sample, speak)}</h3>'
        f'<p class="ws-counts">{escape(" · ".join(filter(None, (card.unit_title, day))))}</p>'
        f"{why}<dl>{rows}</dl></section>"
    )


def learning(found: Learning, speak: Translator) -> str:
    """Return what a ward can learn: the best fit first."""
    text = paragraph(found.headline)
    if found.suggestions:
        reasons = [item.reason for item in found.suggestions]
        text += practice_cards([item.card for item in found.suggestions], speak, reasons)
    if found.weak_on:
        alone = speak("Also below the median, without a shared practice: {names}.", names=speak.names(found.weak_on))
        text += f'<p class="ws-source">{escape(alone)}</p>'
    return text


def topic_cards(topics: Sequence[TopicCard], speak: Translator) -> str:
    """Return the topics of consultation with positions and decision."""
    return f'<div class="ws-deck">{"".join(_topic(speak, topic) for topic in topics)}</div>'


def _topic(speak: Translator, topic: TopicCard) -> str:
    positions = "".join(
        f'<li class="ws-stance-{item.stance}"><strong>{escape(item.unit_name)}</strong> {escape(item.stance_name)}'
        + sample_tag(item.is_sample, speak)
        + (f"<p>{escape(item.text)}</p>" if item.text else "")
        + "</li>"
        for item in topic.positions
    )
    silent = ""
    if topic.silent:
        silent = speak("{count} of {total} have not answered: {what}", count=len(topic.silent),
                       total=topic.member_count, what=speak.names(topic.silent))  # fmt: skip
    decision = ""
    if topic.decision:
        head = speak("Decision on the topic") + (f" ({topic.decided})" if topic.decided else "")
        facts = [(head, topic.decision), (speak("Reason"), topic.reason)]
        lines = (f"<strong>{escape(name)}:</strong> {escape(text)}" for name, text in facts if text)
        decision = f'<p class="ws-why">{"<br>".join(lines)}</p>'
    return (
        f'<section class="ws-card ws-topic"><p class="ws-counts">{escape(topic.field)} · {escape(topic.state)}</p>'
        f"<h3>{escape(topic.question)}{sample_tag(topic.is_sample, speak)}</h3>"
        f"<p>{escape(topic.tally)}</p>{decision}<ul>{positions}</ul>"
        f'<p class="ws-counts">{escape(silent)}</p></section>'
    )

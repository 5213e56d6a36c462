"""One sentence for each kind of finding, in the reader's language: what was found, what was expected.

Owns the words of findings and nothing else; numbers are written as the reader writes them.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from wardstats.core.languages import Translator

Counted = tuple[float | None, float | None, float | None]  # value, numerator, denominator
Value = str | float | int | Counted | None
MORE = "more"  # the value of a finding that stands for others of its kind


def sentence(code: str, values: Mapping[str, Value], speak: Translator) -> str:
    """Return a finding's sentence; an unknown kind is told by its values."""
    told = {name: _told(value, speak) for name, value in values.items()}
    if MORE in values:
        return speak("{more} more of this kind.", **told)
    for sentences in (_OF_UNITS, _OF_ANSWERS, _OF_POINTS, _OF_CHANGES):
        if code in sentences:
            return sentences[code](speak, told)
    return "; ".join(f"{name}: {value}" for name, value in told.items())


def _told(value: Value, speak: Translator) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return speak("nothing")
    if isinstance(value, tuple):
        number, numerator, denominator = value
        text = _told(number if number is None else float(number), speak)
        if numerator is None or denominator is None:
            return text
        return speak(
            "{value} ({count} of {total})", value=text, count=_count(numerator, speak), total=_count(denominator, speak)
        )
    return speak.number(value, 2) if isinstance(value, float) else speak.number(value, 0)


def _count(value: float, speak: Translator) -> str:
    return speak.number(value, 0 if float(value).is_integer() else 2)


Say = Callable[[Translator, Mapping[str, str]], str]

_OF_UNITS: Mapping[str, Say] = {
    "unit_two_names": lambda speak, v: speak("one unit has two names: {names}.", **v),
    "unit_twice": lambda speak, v: speak("found {count} departments of this name ({ids}); expected one.", **v),
    "unit_same_name": lambda speak, v: speak(
        "has kind and name of {other}; expected names that tell units apart. Correct units.csv.", **v
    ),
    "unit_absent": lambda speak, v: speak("found no row of this unit; expected one.", **v),
    "unit_renamed": lambda speak, v: speak(
        "found {found}, with other accents; expected {expected}. If the portal renamed it, correct units.csv.",
        **v,
    ),
    "unit_missing": lambda speak, v: speak(
        "found no unit of this kind and name; the nearest is {nearest}. Compare units.csv with the portal.", **v
    ),
    "unit_unknown": lambda speak, v: speak("this unit is not in units.csv. Add it there, or correct its name.", **v),
    "units_not_asked": lambda speak, v: speak("{count} people's committees were not asked for: {some}", **v),
    "departments": lambda speak, v: speak(
        "{count} {count:department of the province was|departments of the province were} left out.", **v
    ),
}
_OF_ANSWERS: Mapping[str, Say] = {
    "answer": lambda speak, v: v["told"],
    "unknown_field": lambda speak, v: speak("found new fields: {names}. They were left alone.", **v),
    "unknown_metric": lambda speak, v: speak("found new metrics: {names}. They were left alone.", **v),
    "metric_missing": lambda speak, v: speak(
        "found no metric {missing}; expected {expected}. The portal has changed.", **v
    ),
    "metric_twice": lambda speak, v: speak("found {twice} twice; expected each metric once.", **v),
    "no_total": lambda speak, v: speak(
        "gives no total for {count} of {total}, so their groups could not be compared with it.", **v
    ),
    "empty_period": lambda speak, v: speak(
        "found no file received in {period}; expected some. Not counted yet, perhaps.", **v
    ),
    "wrong_period": lambda speak, v: speak(
        "found {share}% on time, while the portal's chart shows {charted}% for {period}. It may be another month's.",
        **v,
    ),
    "stale": lambda speak, v: speak(
        "all {count} counts equal those of the period before. The answer may be of that period.", **v
    ),
    "not_over": lambda speak, v: speak(
        "{period} is not over: its figures will still change, and are marked so. Harvest it again.", **v
    ),
    "flag": lambda speak, v: speak("at {codes}.", **v),
}
_OF_POINTS: Mapping[str, Say] = {
    "impossible_counts": lambda speak, v: speak(
        "found {counts}, which cannot be. Where this is accepted, the figure is left empty.", **v
    ),
    "received_differs": lambda speak, v: speak(
        "found {received} received; expected {on_time} on time and {overdue} not, added up.", **v
    ),
    "group_differs": lambda speak, v: speak("found {points} points for the group; its metrics add up to {total}.", **v),
    "total_differs": lambda speak, v: speak("found {points} points in all; the six groups add up to {total}.", **v),
    "sum_differs": lambda speak, v: speak(
        "the province counts {whole} files received, its units {total} together.", **v
    ),
    "no_score": lambda speak, v: speak("found no points for the group; expected some.", **v),
    "rules_changed": lambda speak, v: speak(
        "found at most {found} points; expected {expected}. The portal's rules have changed.", **v
    ),
    "ratio_differs": lambda speak, v: speak("found {ratio}% beside counts that give {value}%.", **v),
    "score_differs": lambda speak, v: speak("found {points} points; the known rules give {ours}.", **v),
}


def _changed(speak: Translator, values: Mapping[str, str]) -> str:
    return speak("found {now}; an earlier reading {before}.", **values)


_OF_CHANGES: Mapping[str, Say] = {
    "revised": _changed,
    "shrunk": _changed,
    "vanished": _changed,
    "leapt": _changed,
    "jump": lambda speak, v: speak("found {now}; in the period before {before}.", **v),
    "count_jump": lambda speak, v: speak("found a count of {now}; in the period before {before}.", **v),
}

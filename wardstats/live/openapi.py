"""The description of the API in OpenAPI 3.1, made from the same tables and query headers that answer requests."""

from __future__ import annotations

from typing import Any

from wardstats import __version__
from wardstats.core.languages import LANGUAGES
from wardstats.core.periods import KINDS
from wardstats.frontend.problems import PROBLEM
from wardstats.live.responses import BOM
from wardstats.live.tables import COMMON, FORMATS, PREFIX, TABLES
from wardstats.snapshot.queries import load_query

Schema = dict[str, Any]

_TYPES = {"VARCHAR": "string", "DOUBLE": "number", "BIGINT": "integer", "INTEGER": "integer", "BOOLEAN": "boolean"}
_QUERY_OF = {"ranking": "ranking", "values": "figure_points", "indicators": "indicator", "wards": "unit"}
_TEXT: Schema = {"type": "string"}
_ABSENCE: Schema = _TEXT | {"description": "Why it has no rank, in the reader's language; empty where it has one."}
_OPEN = "Of a unit with gaps, while the period is open: its place if"
_MADE_UP: Schema = {"type": "boolean", "description": "True where the line rests on demonstration (made-up) figures."}

_PARAMS: dict[str, Schema] = {
    "period": {
        "schema": _TEXT,
        "example": "2026-10",
        "description": "A ranked period; if not given the newest that is complete enough.",
    },
    "theme": {"schema": _TEXT, "description": "Theme code, or total."},
    "span": {
        "schema": {"enum": list(KINDS)},
        "description": "quarter or year: the mean over the one that holds the period. Its lines have period_count, "
        "rank_best and rank_worst too; previous_rank is that of the quarter or year before.",
    },
    "unit": {"schema": {"type": "array", "items": _TEXT}, "description": "Unit code; may be repeated."},
    "indicator": {"schema": {"type": "array", "items": _TEXT}, "description": "Indicator code; may be repeated."},
    "lang": {
        "schema": {"enum": list(LANGUAGES)},
        "description": "Language of names; else that of Accept-Language, else the block's.",
    },
    "format": {"schema": {"enum": list(FORMATS), "default": "json"}, "description": "Form of the answer."},
    "bom": {
        "schema": {"enum": list(BOM)},
        "description": "1: CSV begins with a byte-order mark, which Excel needs for letters such as à; 0: it does not. "
        "If not given it does where Accept has text/html, as a browser's has.",
    },
    "snapshot": {
        "schema": _TEXT,
        "description": "An earlier publication (its publication or snapshot_id): the board as of then.",
    },
    "day": {"schema": {"type": "string", "format": "date"}, "description": "One day in Vietnam, such as 2026-11-14."},
}


def document() -> Schema:
    """Return the description."""
    paths: Schema = {f"{PREFIX}/{name}": _table(name) for name in TABLES}
    paths[f"{PREFIX}/snapshots"] = _get(
        "What was published, newest first, with who, when and the digests of the content.",
        ("day", "lang", "format", "bom"),
        _either(_facts({"type": "array", "items": {"$ref": "#/components/schemas/Publication"}})),
    )
    board = {"application/json": {"schema": {"$ref": "#/components/schemas/Board"}}}
    paths[f"{PREFIX}/board"] = _get("The live board, as the event stream carries it.", ("lang", "snapshot"), board)
    stage = {"application/json": {"schema": {"type": "object"}}}
    paths[f"{PREFIX}/stage"] = _get(
        "The projector's scenes: a Board and more; may change.", ("lang", "snapshot"), stage
    )
    paths[f"{PREFIX}/events"] = _get(
        "Server-sent events. Event `snapshot`: data is a Board as JSON, id tells the publication (send it back as "
        "Last-Event-ID to be spared what you have). Event `beat`: a sign of life every three seconds. 503 when full.",
        ("lang",),
        {"text/event-stream": {"schema": _TEXT}},
    )
    paths[f"{PREFIX}/activities.ics"] = _get(
        "The block's programme as iCalendar (RFC 5545), to subscribe to; entries keep their UID when they move.",
        ("lang", "snapshot"),
        {"text/calendar": {"schema": _TEXT}},
    )
    paths[PREFIX] = _get(
        "These addresses, each with its parameters.", (), {"application/json": {"schema": {"type": "object"}}}
    )
    paths[f"{PREFIX}/openapi.json"] = _get(
        "This description.", (), {"application/json": {"schema": {"type": "object"}}}
    )
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "Ward statistics",
            "version": __version__,
            "description": "Published rankings. Every answer names its snapshot and says what of it is made up: the "
            "header Wardstats-Demonstration, `demonstration` in JSON, `has_demonstration` in every line.",
            "license": {"name": "CC BY 4.0 for our data; sources keep their own terms"},
        },
        "paths": paths,
        "components": {"schemas": _schemas()},
    }


def _table(name: str) -> Schema:
    table = TABLES[name]
    rows: Schema = {"type": "array", "items": _row(name)}
    return _get(table.purpose, (*table.params, *COMMON), _either(_facts(rows)))


def _row(name: str) -> Schema:
    """The columns of a table, as the header of its query describes them."""
    if name not in _QUERY_OF:
        return {"type": "object", "properties": {"has_demonstration": _MADE_UP}}
    columns = load_query(_QUERY_OF[name]).columns
    if name == "indicators":
        columns = {"theme_code" if key == "node_code" else key: kind for key, kind in columns.items()}
    properties: Schema = {key: {"type": [_TYPES.get(kind, "string"), "null"]} for key, kind in columns.items()}
    if name == "ranking":
        properties["absence"] = _ABSENCE
        place: Schema = {"type": ["integer", "null"]}
        properties["rank_at_worst"] = place | {"description": f"{_OPEN} its own gaps turned out worst."}
        properties["rank_if_closed"] = place | {"description": f"{_OPEN} all gaps counted nothing."}
        properties["adjustment_reason"] = _TEXT | {"description": "Why, and by which source; empty where it is 0."}
    return {"type": "object", "properties": properties | {"has_demonstration": _MADE_UP}}


def _get(purpose: str, params: tuple[str, ...], content: Schema) -> Schema:
    error = {"description": "A problem (RFC 9457).", "content": {PROBLEM: {"schema": {"type": "object"}}}}
    return {
        "get": {
            "summary": purpose,
            "parameters": [{"name": name, "in": "query"} | _PARAMS[name] for name in params],
            "responses": {
                "200": {
                    "description": purpose,
                    "headers": {"ETag": {"schema": _TEXT, "description": "Changes with each publication."}},
                    "content": content,
                },
                "304": {"description": "What If-None-Match names is still up."},
                "default": error,
            },
        }
    }


def _either(json_schema: Schema) -> Schema:
    return {"application/json": {"schema": json_schema}, "text/csv": {"schema": _TEXT}}


def _facts(rows: Schema) -> Schema:
    own = {"type": "object", "properties": {"theme": _TEXT, "count": {"type": "integer"}, "rows": rows}}
    return {"allOf": [{"$ref": f"#/components/schemas/{name}"} for name in ("Publication", "Facts")] + [own]}


def _schemas() -> Schema:
    text, whole, number = _TEXT, {"type": ["integer", "null"]}, {"type": ["number", "null"]}
    row = {
        "rank": whole, "unit_code": text, "unit_name": text, "score": number, "score_text": text,
        "change": whole | {"description": "Places gained since the period before, among those ranked both times."},
        "absence": _ABSENCE,
        "adjustment": number | {"description": "Bonus and penalty points in the score."},
        "added_up": text | {"description": "The score as what it is added up from; empty without bonus and penalty."},
        "remark": text | {"description": "Reasons of bonus and penalty, and what gaps could do to the place."},
        "coverage": number, "missing": {"type": "integer"}, "status": {"type": ["string", "null"]},
    }  # fmt: skip
    theme_row = {
        "type": "array",
        "prefixItems": [text, whole, number, text, whole, text],
        "description": "unit_code, rank, score, score as text, places gained, why there is no rank.",
    }
    completeness = {
        "coverage": number | {"description": "Share of the points for which the block has figures, 0 to 1."},
        "coverage_text": text,
        "is_finished": {"type": "boolean", "description": "Complete enough to name a leader and to tell changes."},
    }
    theme = completeness | {
        "theme_code": text, "theme_name": text, "colour": text, "max_score": number, "most_text": text,
        "headline": text | {"description": "Names the theme and how many points it has."},
        "ranking": {"type": "array", "items": theme_row},
    }  # fmt: skip
    return {
        "Publication": {
            "type": "object",
            "properties": {
                "snapshot_id": text,
                "publication": text,
                "published_at": {"type": "string", "format": "date-time"},
                "updated": text | {"description": "Time of publication in Vietnam."},
                "updated_on": text,
                "state": {"enum": ["provisional", "final"]},
                "state_text": text,
                "note": text,
                "by": text,
                "content_sha256": text | {"description": "Digest of the data and the rules it was built from."},
            },
        },
        "Facts": {
            "type": "object",
            "properties": {
                "language": {"enum": list(LANGUAGES)},
                "block_name": text,
                "period": text,
                "period_text": text,
                **completeness,
                "is_sample": {"type": "boolean", "description": "The criteria are a sample, not adopted ones."},
                "is_closed": {"type": "boolean", "description": "The deadline of the period was over at the build."},
                "gaps": text | {"description": "What a missing figure does in the period."},
                "demonstration": {
                    "type": "object",
                    "properties": {
                        "indicator_count": {"type": "integer", "description": "Indicators with made-up figures."},
                        "of": {"type": "integer", "description": "Scored indicators."},
                        "earlier_count": {
                            "type": "integer",
                            "description": "Indicators made up only in the periods that this one is compared with.",
                        },
                        "notice": text | {"description": "To be shown to readers; empty if none is made up."},
                        "word": text | {"description": "The same as one word, for a title."},
                    },
                },
            },
        },
        "Board": {
            "allOf": [{"$ref": f"#/components/schemas/{name}"} for name in ("Publication", "Facts")],
            "type": "object",
            "properties": {
                "headline": text,
                "title": text | {"description": "Headline for a title or a preview; says if figures are made up."},
                "max_score": number,
                "most_text": text | {"description": "The most points as text."},
                "scale": number | {"description": "Where bars end: the most points, or the best score beyond them."},
                "unit_count": {"type": "integer"},
                "so_far": text | {"description": "How many have figures; empty once all have a rank."},
                "since": text | {"description": "Since when places are gained; empty where nothing compares."},
                "ranking": {"type": "array", "items": {"type": "object", "properties": row}},
                "themes": {"type": "array", "items": {"type": "object", "properties": theme}},
            },
        },
    }

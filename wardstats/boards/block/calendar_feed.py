"""The block's programme as an iCalendar feed (RFC 5545), for the calendars of phones and offices.

Owns the format only. Identifiers are stable, so that an entry that moves is moved and not doubled; moments carry the
time zone of the block, with its VTIMEZONE, and days are days.
"""

from __future__ import annotations

from datetime import UTC, date, timedelta
from typing import Any
from urllib.parse import quote

import pandas as pd

from wardstats.core.languages import TIME_ZONE
from wardstats.core.rows import dictionaries
from wardstats.view.club_words import status_names
from wardstats.view.view import View

MEDIA_TYPE = "text/calendar; charset=utf-8"
FILE_NAME = "activities.ics"
_STATUS = {"planned": "CONFIRMED", "under_way": "CONFIRMED", "done": "CONFIRMED", "postponed": "TENTATIVE"}
_REFRESH = timedelta(hours=1)


def calendar_feed(view: View) -> bytes:
    """Return the programme in the view's language."""
    from icalendar import Calendar, Timezone

    speak, block = view.speak, view.block
    calendar = Calendar()
    calendar.add("prodid", f"-//wardstats//{block['program_version']}//{view.language.upper()}")
    calendar.add("version", "2.0")
    calendar.add("calscale", "GREGORIAN")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", block["block_name"])
    calendar.add("name", block["block_name"])
    calendar.add("x-wr-timezone", str(TIME_ZONE))
    calendar.add("refresh-interval", _REFRESH, parameters={"VALUE": "DURATION"})
    calendar.add("x-published-ttl", "PT1H")
    rows = dictionaries(view.frame("activity", language=view.language))
    if any(not row["is_all_day"] for row in rows):
        zone = Timezone.from_tzinfo(TIME_ZONE, str(TIME_ZONE), date(2000, 1, 1), date(2038, 1, 1))
        zone.pop("comment", None)  # it warns of years that no programme reaches
        calendar.add_component(zone)
    host = quote(str(block["folder"])) + ".wardstats"
    names = status_names(speak)
    for row in rows:
        calendar.add_component(_event(row, view, host, names))
    return calendar.to_ical()


def _event(row: dict[str, Any], view: View, host: str, names: dict[str, str]) -> Any:
    from icalendar import Event

    speak = view.speak
    event = Event()
    event.add("uid", f"{row['activity_id']}@{host}")
    # When the feed's content was made: the same for everybody who reads the same snapshot.
    built_at = pd.Timestamp(view.block["built_at"]).to_pydatetime().replace(microsecond=0, tzinfo=UTC)
    event.add("dtstamp", built_at)
    event.add("last-modified", built_at)
    mark = f"[{speak('Sample')}] " if row["is_sample"] else ""
    event.add("summary", mark + row["title"])
    starts = pd.Timestamp(row["starts_at"]).to_pydatetime()
    ends = None if pd.isna(row["ends_at"]) else pd.Timestamp(row["ends_at"]).to_pydatetime()
    if row["is_all_day"]:
        event.add("dtstart", starts.date())
        event.add("dtend", (ends or starts).date() + timedelta(days=1))  # the day after the last one
        event.add("transp", "TRANSPARENT")
    else:
        event.add("dtstart", starts.replace(tzinfo=TIME_ZONE))
        if ends is not None and ends > starts:
            event.add("dtend", ends.replace(tzinfo=TIME_ZONE))
    event.add("status", _STATUS.get(row["status"], "CANCELLED"))
    if isinstance(row["place"], str):
        event.add("location", row["place"])
    lines = [f"{speak('Status')}: {names[row['status']]}"]
    if row["is_sample"]:
        lines.insert(0, speak("Sample entry: not the block's real programme."))
    for topic, text in ((speak("In charge"), row["owner"]), (speak("Outcome"), row["outcome"])):
        if isinstance(text, str):
            lines.append(f"{topic}: {text}")
    event.add("description", "\n".join(lines))
    event.add("categories", [names[row["status"]]])
    return event

"""The block's programme at /api/v1/activities.ics, for calendars that subscribe to it.

Owns the address, and passes over parameters that it does not know: networks add some to links that people share. What
stands in the feed is ``wardstats.boards.block.calendar_feed``'s.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable

from starlette.requests import Request
from starlette.responses import Response

from wardstats.boards.block.calendar_feed import FILE_NAME, MEDIA_TYPE, calendar_feed
from wardstats.frontend import bodies
from wardstats.live import responses
from wardstats.live.answers import Answer, Answers, Question
from wardstats.live.reader import Reader


def activities(reader: Reader, answers: Answers) -> Callable[[Request], Awaitable[Response]]:
    """Return what answers with the feed of the snapshot that is up, or of an earlier one."""

    async def serve(request: Request) -> Response:
        def settle() -> Question:
            published = reader.published(responses.one(request.query_params, "snapshot"))
            language = responses.reader_language(request.scope, reader.default_language())
            headers = {
                "content-language": language,
                "content-disposition": f'inline; filename="{FILE_NAME}"',
                "wardstats-snapshot": published.snapshot_id,
            }

            def make() -> Answer:
                view = reader.view(published.snapshot_id, language)
                return Answer(bodies.body(MEDIA_TYPE, calendar_feed(view)), headers)

            return Question(("activities", published.key, language), make)

        return await answers.give(request, settle)

    return serve

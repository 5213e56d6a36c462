"""An error that nobody foresaw: in the reader's language, under a number that the log has, with no link."""

from __future__ import annotations

import ast
import re

import pytest
from streamlit.testing.v1 import AppTest

from wardstats.core.languages import LANGUAGES, translator
from wardstats.core.settings import PROJECT


def _broken_page() -> None:
    """Fail as a page would, and let Streamlit deal with it as the server has it do."""
    from streamlit.error_util import handle_user_script_exception

    from wardstats.session.unexpected import tell_unexpected

    try:
        raise ValueError("nobody thought of /srv/state")
    except ValueError as error:
        handle_user_script_exception(error, tell_unexpected)


@pytest.mark.parametrize("language", LANGUAGES)
def test_it_is_told_in_the_readers_language_with_the_number_of_the_log(
    language: str, caplog: pytest.LogCaptureFixture
) -> None:
    app = AppTest.from_function(_broken_page)
    app.query_params["lang"] = language
    app.run()
    assert not app.exception
    [told] = app.error
    assert told.value.startswith(
        translator(language)("Something went wrong on this server. Please try again in a minute.")
    )
    [number] = re.findall(r"\b\d{6}\b", told.value)
    assert not re.search(r"https?:|ValueError|/srv", told.value)
    [record] = [record for record in caplog.records if number in record.getMessage()]
    assert record.exc_info is not None
    assert "nobody thought of" in str(record.exc_info[1])


def test_the_server_lets_it_tell_every_error_of_a_page() -> None:
    calls = [
        node for node in ast.walk(ast.parse((PROJECT / "server.py").read_text("utf-8"))) if isinstance(node, ast.Call)
    ]
    [app] = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "App"]
    assert {keyword.arg: ast.unparse(keyword.value) for keyword in app.keywords}["on_script_error"] == "tell_unexpected"

"""What Streamlit's scripts say by themselves, in the reader's words: lists, tables, uploads, a lost connection.

They speak English only. A small script in the page (static/browser_words.js) puts our words in the place of theirs, by
the language of the address. Texts are listed here as Streamlit has them; a test looks for each in the pinned scripts.
"""

from __future__ import annotations

import json
from collections.abc import Mapping

from wardstats.core.languages import LANGUAGES, Translator, translator
from wardstats.core.settings import PROJECT

GAP = "{}"  # what Streamlit fills in
_PLACE = "const WORDS = {};"


def browser_words(speak: Translator) -> dict[str, str]:
    """Return our words for each text of Streamlit's, by that text."""
    return _lists(speak) | _fields(speak) | _tables(speak) | _uploads(speak) | _connection(speak) | _frame(speak)


def words_script() -> str:
    """Return the script that speaks for Streamlit's, with the words of all languages in it."""
    words = json.dumps({code: _sorted(browser_words(translator(code))) for code in LANGUAGES}, ensure_ascii=False)
    script = (PROJECT / "static" / "browser_words.js").read_text(encoding="utf-8")
    assert _PLACE in script
    return script.replace(_PLACE, f"const WORDS = {words.replace('<', chr(92) + 'u003c')};")


def _sorted(words: Mapping[str, str]) -> tuple[dict[str, str], list[list[str]]]:
    """Texts without a gap, and those with one as what stands before it, behind it, and ours; but none that stay."""
    changed = {theirs: ours for theirs, ours in words.items() if theirs != ours}
    plain = {theirs: ours for theirs, ours in changed.items() if GAP not in theirs}
    return plain, [[*theirs.split(GAP, 1), ours] for theirs, ours in changed.items() if GAP in theirs]


def _lists(speak: Translator) -> dict[str, str]:
    return {
        "No results": speak("No results"),
        "Add: {}": speak("Look for: {what}", what=GAP),
        "Select all": speak("Select all"),
        "Select {} matches": speak("Select {count} matches", count=GAP),
        "You can only select up to {}. Remove an option first.": speak("No more can be chosen. Remove one first."),
        "Clear all": speak("Clear all"),
        "Clear value": speak("Clear value"),
        "Clear entry": speak("Clear value"),
        "Open": speak("Open"),
        "Remove {}": speak("Remove {what}", what=GAP),
        "Selected values": speak("Selected values"),
    }


def _fields(speak: Translator) -> dict[str, str]:
    found = {}
    for keys in ("Enter", "Ctrl+Enter", "⌘+Enter"):
        found[f"Press {keys} to apply"] = speak("Press {keys} to apply", keys=keys)
        found[f"Press {keys} to submit form"] = speak("Press {keys} to submit form", keys=keys)
    return found


def _tables(speak: Translator) -> dict[str, str]:
    # not "Download as CSV": static/style.css hides that button by its name, as it knows no guard against formulas
    return {
        "Show/hide columns": speak("Show/hide columns"),
        "Search": speak("Search"),
        "Close Search": speak("Close search"),
        "Next Result": speak("Next result"),
        "Previous Result": speak("Previous result"),
        "Fullscreen": speak("Full screen"),
        "Close fullscreen": speak("Close full screen"),
        "Sort ascending": speak("Sort ascending"),
        "Sort descending": speak("Sort descending"),
        "Statistics": speak("Statistics"),
        "Format": speak("Format"),
        "Autosize": speak("Autosize"),
        "Pin column": speak("Pin column"),
        "Unpin column": speak("Unpin column"),
        "Hide column": speak("Hide column"),
        "Copy column name": speak("Copy column name"),
        "Clear selection": speak("Clear selection"),
        "Loading...": speak("Loading..."),
        "No data": speak("No data"),
        "Automatic": speak("Automatic"),
        "Localized": speak("Localized"),
        "Plain": speak("Plain"),
        "Compact": speak("Compact"),
        "Percent": speak("Percent"),
        "Scientific": speak("Scientific"),
        "Values": speak("Values"),
        "Empty": speak("Empty"),
        "Distinct": speak("Distinct"),
        "Minimum": speak("Minimum"),
        "Maximum": speak("Maximum"),
        "Average": speak("Average"),
        "Median": speak("Median"),
        "Sum": speak("Sum"),
        "Standard deviation": speak("Standard deviation"),
    }


def _uploads(speak: Translator) -> dict[str, str]:
    failed = speak("The file was not taken. Try again.")
    too_large = speak("The file was not taken: it is too large, or your files are together.")
    return {
        "File must be {} or smaller.": speak("The file is larger than {size}.", size=GAP),
        "{} files are not allowed.": speak("Files of the kind {kind} are not taken.", kind=GAP),
        "Only one file is allowed.": speak("Choose one file only."),
        "Upload failed": failed,
        "Unexpected error. Please try again.": failed,
        "Network Error": speak("The file was not taken: no connection."),
        "Request failed with status code 413": too_large,
        "AxiosError: Request failed with status code 413": too_large,
        "Request failed with status code {}": failed,
        "AxiosError: Request failed with status code {}": failed,
        "Cancel upload of {}": speak("Cancel: {what}", what=GAP),
        "Click to retry upload": speak("Click to retry upload"),
        "Add files": speak("Add files"),
    }


def _connection(speak: Translator) -> dict[str, str]:
    lost = speak("The server does not answer. This page keeps trying by itself.")
    connecting = speak("Connecting")
    return {
        "Connection error": speak("No connection"),
        "Connecting": connecting,
        "Connecting to Streamlit server": connecting,
        "Unable to connect to Streamlit server": lost,
        "Streamlit server is not responding. Are you connected to the internet?": lost,
        "Is Streamlit still running? If you accidentally stopped Streamlit, just restart it in your terminal:": lost,
        "Connection timed out.": lost,
        "Connection lost. Please wait for the app to reconnect, then try again.": lost,
        "Running...": speak("Running..."),
        "Stop": speak("Stop"),
        "Stopping...": speak("Stopping..."),
        "Please wait...": speak("Please wait..."),
        "Script execution error": speak("Something went wrong on this server. Please try again in a minute."),
    }


def _frame(speak: Translator) -> dict[str, str]:
    return {
        "Close": speak("Close"),
        "Collapse sidebar": speak("Collapse sidebar"),
        "Expand sidebar": speak("Expand sidebar"),
        "App pages": speak("App pages"),
        "Sidebar": speak("Sidebar"),
        "Main menu": speak("Main menu"),
        "Link to heading": speak("Link to heading"),
        "Notifications": speak("Notifications"),
        "System": speak("System"),
        "Light": speak("Light"),
        "Dark": speak("Dark"),
        "Print": speak("Print"),
        "Rerun": speak("Rerun"),
    }

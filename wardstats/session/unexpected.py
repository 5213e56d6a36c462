"""What a reader is told where a page fails for a reason that nobody foresaw.

The one place that meets every exception of a page, so that pages themselves catch none broadly: the error goes into
the log under a number, and the reader gets the number in words of their language, with no link to anywhere.
"""

from __future__ import annotations

import logging
import secrets

import streamlit as st

from wardstats.core.languages import translator
from wardstats.session.address import reader_language

_LOG = logging.getLogger(__name__)


def tell_unexpected(error: Exception) -> bool:
    """Log an error under a number and tell its reader; what ``st.stop`` and ``st.rerun`` raise never comes here.

    Returns:
        True: Streamlit is to show nothing of its own.
    """
    number = f"{secrets.randbelow(10**6):06}"
    _LOG.error("Error %s was told to a reader: %s", number, type(error).__name__, exc_info=error)
    speak = translator(reader_language("vi"))
    told = speak("Something went wrong on this server. Please try again in a minute.")
    again = speak("If it happens again, tell whoever runs the server: error number {number}.", number=number)
    with st.container(key=f"unexpected_{number}"):  # a name by which tests find it
        st.error(f"{told} {again}", icon=":material/warning:")
    return True

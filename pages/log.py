"""The ledger: every step, who took it, when, and what it changed."""

from wardstats import session

view = session.view()
session.page_head(view, view.speak("The ledger"))
actor = session.require_actor(view, "read_log")
session.log_page(view, actor)

"""A ward hands its figures in: workbook out, workbook in, every fault by cell, preview, evidence."""

from wardstats import session

view = session.view()
session.page_head(view, view.speak("Hand in figures"))
actor = session.require_actor(view, "handin")
session.submit_page(view, actor)

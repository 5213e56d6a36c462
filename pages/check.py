"""The block checks what was handed in, corrects, publishes and rolls back."""

from wardstats import session

view = session.view()
session.page_head(view, view.speak("Check and publish"))
actor = session.require_actor(view, "cross_check", "accept")
session.check_page(view, actor)

"""Notices: the product speaks first. What is owed to whom, the outbox it stands in, and the ways it leaves by.

Events come from the ledger, the deadlines, the topics and the boards (``owed``); each becomes one notice for each
person whom it concerns (``recipients``), written once (``outbox``), and sent (``sending``) by the ways that the person
chose (``choices``).
Rules of sending, retry, and what is never sent: docs/notices.md.
"""

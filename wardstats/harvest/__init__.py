"""Reads the figures of Decision 766/QĐ-TTg from the National Public Service Portal and checks them.

``client`` asks, ``kept`` keeps every answer, ``answers`` checks its shape, ``gather`` turns pages over, ``units`` finds
out whose row it is, ``figures`` makes figures of it, ``guards`` says what looks wrong, ``run`` puts it together and
``record`` writes the ledger entry. All or nothing: a period is recorded whole, or not at all. See docs/harvest.md.

Refuses to guess: a field that is not there, a unit that cannot be told, a page that is missing ends in a refusal.
"""

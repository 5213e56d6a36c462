"""The emulation block and the urban club: contract, programme, models, shared practice, consultation topics.

Carries no figure of its own: results of contracts and practices are looked up among the indicators. File formats:
docs/club.md.
"""

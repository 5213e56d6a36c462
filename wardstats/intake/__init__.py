"""From a ward's workbook to figures that count: template, tolerant reader, strict judge, hand-in, check, publish.

Every function that does something takes an ``Actor`` and checks their right itself. What is handed in changes no board
before it is accepted; every step is one entry of the ledger.
"""

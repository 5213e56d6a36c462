"""A load harness for the live part: ``make load``, or ``python -m tests.load --help``.

It builds its own snapshots in a temporary folder, starts its own server, publishes, watches what reaches whom and when,
and stops by itself. Not collected by pytest.
"""

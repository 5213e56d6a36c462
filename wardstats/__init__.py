"""Ward statistics: from plain files to a checked, ranked, published snapshot.

Data moves one way, and each step has one home: ``catalogue`` reads the data folder, ``snapshot`` builds and
publishes, ``store`` reads, ``charts`` draw, ``pages/`` show.
"""

__version__ = "0.1.0"

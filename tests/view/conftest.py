"""The stand-in portal, for tests of what is built on a harvest."""

from tests.harvest.conftest import harvested, places, served, wards, world

__all__ = ["harvested", "places", "served", "wards", "world"]

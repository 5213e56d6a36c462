"""Objects that are alive are found, whatever else is."""

from __future__ import annotations

import weakref

from wardstats.frontend.living_objects import living_objects


class Wanted:
    pass


class Special(Wanted):
    pass


def test_objects_of_a_class_and_of_those_made_of_it() -> None:
    one, other = Wanted(), Special()
    assert {id(one), id(other)} == set(map(id, living_objects(Wanted)))


def test_a_weak_proxy_whose_object_is_gone_stops_nothing() -> None:
    one, gone = Wanted(), Wanted()
    proxies = [weakref.proxy(gone), weakref.proxy(one)]
    del gone
    assert [id(one)] == list(map(id, living_objects(Wanted)))
    assert len(proxies) == 2

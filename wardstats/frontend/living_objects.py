"""Finds objects that nobody hands out, such as the socket that a server listens on."""

from __future__ import annotations

import gc
from typing import TypeVar

T = TypeVar("T")


def living_objects(kind: type[T]) -> list[T]:
    """Return the objects of a class that are alive, once at the start: it looks at all there are.

    Asks for the type, not the object: a weak proxy whose object is gone raises an error whatever it is asked. Call it
    before ``gc.freeze``, which hides what there is.
    """
    return [each for each in gc.get_objects() if issubclass(type(each), kind)]

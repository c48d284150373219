"""How far long work has come, told to whoever looks on. By default nobody does, and nothing is told."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import TypeVar

__all__ = ["Tell", "Watching"]

Item = TypeVar("Item")

# What is done, how much of it, out of how much; as much as there is: it is over.
Tell = Callable[[str, int, int], None]


class Watching:
    """Tells how far each step has come.

    Attributes:
        tell: who is told; may be set at any time.
    """

    def __init__(self) -> None:
        self.tell: Tell = _nobody

    @contextmanager
    def step(self, what: str) -> Iterator[None]:
        """Tell that something has begun, and that it is over, however it ends."""
        self.tell(what, 0, 1)
        try:
            yield
        finally:
            self.tell(what, 1, 1)

    def through(self, items: Sequence[Item], what: str) -> Iterator[Item]:
        """Go through things one by one, telling how many are done."""
        try:
            for number, item in enumerate(items):
                self.tell(what, number, len(items))
                yield item
        finally:
            self.tell(what, len(items), len(items))


def _nobody(what: str, done: int, of: int) -> None:
    """Nobody looks on."""

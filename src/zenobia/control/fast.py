"""Which loops run: those in numpy, or the same compiled by numba, where it is installed and there is enough to do.

Either comes to the same bits, so the choice is of time alone. Importing numba takes about a second: that is spent
once a process has spent as much on work in numpy. The environment variable ``ZENOBIA_FAST`` decides otherwise: ``0``
never, ``1`` from the start.
"""

from __future__ import annotations

import os
from importlib import import_module
from importlib.util import find_spec
from types import ModuleType

from zenobia.control import plain

__all__ = ["compiled", "kernels"]

# Knots and days, about a second of them in numpy.
_ENOUGH = 8_000_000
_done = 0


def kernels(rows: int) -> ModuleType:
    """The loops for work on so many knots or days: `plain`, or `compiled`."""
    return import_module("zenobia.control.compiled") if compiled(rows) else plain


def compiled(rows: int) -> bool:
    """Whether compiled loops do work on so many knots or days, and what comes after it."""
    global _done
    wanted = os.environ.get("ZENOBIA_FAST", "")
    _done += rows
    return wanted != "0" and (_done >= _ENOUGH or wanted == "1") and find_spec("numba") is not None

"""Zenobia: a checkable record of a war.

case = zenobia.open("palmyra")
view = case.known("2016-04-01")
case.control("palmyra", on="2016-03-28", view=view)
case.check(view=view)
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from zenobia.terms import ZenobiaError

if TYPE_CHECKING:
    from zenobia.pipeline import OpenCase

__version__ = "0.1.0"

__all__ = ["ZenobiaError", "__version__", "open"]


def open(folder: str | Path = ".") -> OpenCase:
    """Open a case folder; nothing is read until something is asked.

    Args:
        folder: a folder with a case.toml.

    Raises:
        InputError: there is no case in it.
    """
    from zenobia.pipeline import open_case

    return open_case(folder)

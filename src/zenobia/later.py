"""Modules that are imported when something is first asked of them, so that `zenobia --version` answers at once."""

from __future__ import annotations

from importlib import import_module
from typing import Any

__all__ = ["Later"]


class Later:
    """A module in waiting: it stands for the module wherever that is used, and is imported on first use.

    Args:
        name: the module's whole name.
    """

    def __init__(self, name: str) -> None:
        self._name = name

    def __getattr__(self, attribute: str) -> Any:
        return getattr(import_module(self._name), attribute)

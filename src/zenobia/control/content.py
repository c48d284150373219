"""What an estimate rests on, as one word: two views that say the same of control have one estimate."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any

import numpy as np
import numpy.typing as npt

from zenobia.control.estimate import Control

__all__ = ["content_of"]


def content_of(control: Control) -> str:
    """SHA-256 of all that an estimate is made of: the record's tables, the day of knowledge, and every statement.

    A view without its air strikes says the same of control as the whole one; what is worked out for one of them holds
    for the other. Reports are told by their ids, since they stand in other rows of another view.
    """
    view, evidence = control._view, control._evidence
    total = hashlib.sha256(f"{view.record} {view.known}".encode())
    for piece in _pieces(evidence, view.column("id")):
        total.update(piece)
    return total.hexdigest()


def _pieces(value: Any, ids: npt.NDArray[Any], name: str = "") -> Iterator[bytes]:
    """The parts of some evidence, each under the name of its field."""
    yield f"\x1c{name}\x1d".encode()
    if name == "report":
        yield repr(np.atleast_1d(ids[value]).tolist()).encode()
    elif hasattr(value, "_fields"):
        for field in value._fields:
            yield from _pieces(getattr(value, field), ids, field)
    elif isinstance(value, np.ndarray):
        yield f"{value.dtype.str}{value.shape}".encode()
        yield np.ascontiguousarray(value).tobytes()
    elif isinstance(value, tuple) and any(hasattr(inner, "_fields") for inner in value):
        for inner in value:
            yield from _pieces(inner, ids)
    else:
        yield repr(value).encode()

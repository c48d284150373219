"""What an estimate rests on, as one word: two views that say the same of control have one estimate."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from typing import Any
from weakref import WeakKeyDictionary

import numpy as np
import numpy.typing as npt

from zenobia.control.codes import texts
from zenobia.control.estimate import Control
from zenobia.control.reading import BY_TYPE
from zenobia.record import View

__all__ = ["bearing", "content_of"]

_BEARING: WeakKeyDictionary[View, npt.NDArray[np.bool_]] = WeakKeyDictionary()


def bearing(view: View) -> npt.NDArray[np.bool_]:
    """Which reports can bear on an estimate that heeds no incidents, (reports,): those that may say who holds a place,
    and parts of totals. An estimate from these alone is that from the whole view.
    """
    if view not in _BEARING:
        says, kind, part = (texts(view, name) for name in ("status", "type", "part_of"))
        _BEARING[view] = np.asarray((says.code >= 0) | kind.among(BY_TYPE) | (part.code >= 0), dtype=np.bool_)
    return _BEARING[view]


def content_of(control: Control) -> str:
    """SHA-256 of all that an estimate is made of: the terms of the record, the day of knowledge, and every statement.

    A view without its air strikes says the same of control as the whole one; what is worked out for one of them holds
    for the other. Reports are told by their ids, since they stand in other rows of another view.
    """
    view, evidence, found = control._view, control._evidence, control._incidents
    used = np.zeros(view.reports.num_rows, dtype=np.bool_)
    used[evidence.statements.report] = True
    if found is not None:
        used[found.report] = True
    total = hashlib.sha256(view.content(used).encode())
    for told in (evidence, found) if found is not None else (evidence,):
        for piece in _pieces(told, view.column("id")):
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

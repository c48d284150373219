"""Two views that say the same of control have one estimate; any other word of control makes another."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from zenobia import control
from zenobia.record import View

Made = Callable[..., View]
D = date(2020, 2, 10)


def word(name: str, **more: Any) -> dict[str, Any]:
    return {"id": name, "source": "wire", "date": D, "status": "holds", "holder": "reds", **more}


SAID = (word("b"), word("c", status="besieges", holder="blues"))


def content(made: Made, *rows: dict[str, Any]) -> str:
    return control.content_of(control.estimate(made(rows)))


def test_what_says_nothing_of_control_changes_nothing(made: Made) -> None:
    # It stands before the others, so that these stand in other rows.
    raid = {"id": "a", "source": "wire", "type": "air-strike", "date": D}
    assert content(made, *SAID) == content(made, raid, *SAID)


@pytest.mark.parametrize(
    "other",
    [
        (word("b"),),
        (word("b", holder="blues"), SAID[1]),
        (word("b", source="paper"), SAID[1]),
        (word("b", date=date(2020, 2, 11)), SAID[1]),
        (word("z"), SAID[1]),
        (*SAID, word("d", place=None)),
    ],
)
def test_any_other_word_of_control_is_another_content(made: Made, other: tuple[dict[str, Any], ...]) -> None:
    assert content(made, *SAID) != content(made, *other)

"""Bars and strips: the shaded part is what the claim expects, an open end is an arrow."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

import pytest

from zenobia.publish import Holder, Spell
from zenobia.publish.charts import Axis, expectation, interval_bar, strip, verdict_sign


def bounds(low: Any, best: Any, high: Any, unit: str = "share of locations") -> dict[str, Any]:
    return {"low": low, "best": best, "high": high, "unit": unit, "meaning": "reported"}


@pytest.mark.parametrize(
    ("threshold", "low", "high"),
    [("> 0.5", 0.5, None), ("<= 3", None, 3), ("= 3", 3, 3), ("9.5..10.5", 9.5, 10.5), (">=0.2", 0.2, None)],
)
def test_a_threshold_is_read_as_limits(threshold: str, low: float | None, high: float | None) -> None:
    found = expectation(threshold)
    assert found is not None
    assert (found.low, found.high) == (low, high)


@pytest.mark.parametrize("threshold", [None, "", "about ten", "> x", "1..y"])
def test_what_is_no_threshold_draws_no_expectation(threshold: str | None) -> None:
    assert expectation(threshold) is None


def test_days_are_read_as_days() -> None:
    found = expectation("2016-03-26..2016-03-28")
    assert found is not None
    assert found.high == date(2016, 3, 28).toordinal()


def test_a_share_is_always_drawn_from_nought_to_one() -> None:
    axis = Axis.over([(0.2, 0.3, 0.4)], None, "share of locations")
    assert (axis.start, axis.end) == (0, 1)


def test_the_best_value_stands_where_it_should_on_the_axis() -> None:
    drawn = interval_bar(bounds(0.25, 0.5, 0.75), "> 0.5")
    # 8 pixels of edge on each side of 300: 8 + 284 x .5 = 150; 8 + 284 x .25 = 79
    assert 'class="best" cx="150.0"' in drawn
    assert 'class="span" d="M79.0 19H221.0"' in drawn
    assert '<rect class="expected" x="150.0"' in drawn


def test_an_unknown_end_is_an_arrow_and_not_a_limit() -> None:
    caps = re.findall(r'class="cap" d="([^"]+)"', interval_bar(bounds(900, None, None, "raid"), ">= 900"))
    assert [cap.count("L") for cap in caps] == [0, 2]  # a closed end is one stroke, an open one has two


def test_where_nothing_is_known_there_is_no_bar() -> None:
    assert interval_bar(None, "> 0.5") == ""
    assert interval_bar(bounds(None, None, None), "> 0.5") == ""


def test_now_and_then_share_one_axis() -> None:
    now, then = bounds(1, 2, 3, "month"), bounds(1, 5, 9, "month")
    ends = [re.findall(r'class="end"[^>]*>([^<]+)', interval_bar(one, None, beside=[now, then])) for one in (now, then)]
    assert ends[0] == ends[1]


def test_every_verdict_has_a_shape_of_its_own() -> None:
    assert len({verdict_sign(v) for v in ("supported", "partly", "contradicted", "cannot tell")}) == 4


def test_a_strip_names_its_spells_and_years() -> None:
    spells = (
        Spell(start=date(2015, 1, 1), end=date(2015, 7, 2), holder="isis", chance=0.9),
        Spell(start=date(2015, 7, 2), end=date(2016, 7, 2), holder="contested", chance=0.9),
    )
    drawn = strip(spells, [Holder(id="isis", name="Islamic <State>")], "Palmyra", "s1")
    assert "Islamic &lt;State&gt;, 1 January 2015 to 2 July 2015" in drawn
    assert ">2016</text>" in drawn
    assert "url(#s1-hatch)" in drawn

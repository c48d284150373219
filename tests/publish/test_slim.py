"""A long page said shorter: what a reader sees, hears and follows stays."""

from __future__ import annotations

import re
from html.parser import HTMLParser

import pytest
from hypothesis import given
from hypothesis import strategies as st

from zenobia.publish import slim

MARK = '<svg class="mark" viewBox="0 0 20 20" aria-hidden="true"><path d="M1 1h9v9z" fill="#009e73"/></svg>'
GROUND = f'<path d="M{"1 2L3 4" * 40}" fill="#fff"/>'
PAGE = (
    '<!doctype html><html><body><p class="a b">1 &lt; 2</p>'
    f"<table><tbody><tr><td>{MARK}one</td></tr><tr><td>{MARK}two</td></tr></tbody></table>"
    f"<svg>{GROUND}</svg><svg>{GROUND}</svg>"
    '<a href="#r-some-long-name">x</a><table><tr id="r-some-long-name"><td>y</td></tr></table>'
    '<script>"</td>";</script></body></html>'
)


@pytest.fixture
def slimmed(monkeypatch: pytest.MonkeyPatch) -> str:
    monkeypatch.setattr(slim, "LONG", 10)
    return slim.slimmed(PAGE)


class Words(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []

    def handle_data(self, data: str) -> None:
        self.words.append(data)


def words(page: str) -> str:
    reader = Words()
    reader.feed(page)
    return "".join(reader.words)


def test_a_short_page_stays_as_it_was_written() -> None:
    assert slim.slimmed(PAGE) == PAGE


def test_every_word_stays(slimmed: str) -> None:
    assert words(slimmed) == words(PAGE)


def test_a_sign_is_drawn_once(slimmed: str) -> None:
    assert slimmed.count("M1 1h9v9z") == 1
    assert slimmed.count('<use href="#i-1"/>') == 2


def test_an_outline_that_comes_again_is_drawn_once(slimmed: str) -> None:
    assert slimmed.count("M1 2L3 4") == 1
    assert slimmed.count('<use href="#g-1"/>') == 1


def test_a_link_and_its_row_go_by_the_same_number(slimmed: str) -> None:
    assert "<a href=#r-1>" in slimmed
    assert "<tr id=r-1>" in slimmed


def test_scripts_are_left_alone(slimmed: str) -> None:
    assert '<script>"</td>";</script>' in slimmed


def test_a_value_of_several_words_keeps_its_quotation_marks(slimmed: str) -> None:
    assert '<p class="a b">' in slimmed


# --- outlines by steps -------------------------------------------------------------------------

tenths = st.integers(-9999, 9999)
points = st.lists(st.tuples(tenths, tenths), min_size=1, max_size=12)


def drawn(number: int) -> str:
    return f"{number / 10:.1f}"


def outline(*shapes: list[tuple[int, int]]) -> str:
    return "".join("M" + "L".join(f"{drawn(x)} {drawn(y)}" for x, y in shape) + "Z" for shape in shapes)


def corners(steps: str) -> list[tuple[int, int]]:
    """Where a path by steps comes to, in tenths, as a browser reckons."""
    found: list[tuple[int, int]] = []
    at = start = (0, 0)
    for letter, numbers in re.findall(r"([Mmlz])([^Mmlz]*)", steps):
        told = [round(float(n) * 10) for n in re.findall(r"-?(?:\d+\.?\d*|\.\d+)", numbers)]
        for x, y in zip(told[::2], told[1::2], strict=True):
            at = (at[0] + x, at[1] + y)
            found.append(at)
        if letter in "Mm":
            start = at
        at = start if letter == "z" else at
    return found


def test_an_outline_goes_by_steps_from_point_to_point() -> None:
    # From (70.9, 92.7) by nothing and ten up, to (69.8, 82.5) by -1.1 and -.2, and on from the first point by ten.
    assert (
        slim._by_steps("M70.9 92.7L70.9 82.7L69.8 82.5ZM80.9 92.7L81.0 92.7Z") == "M70.9 92.7l0-10-1.1-.2zm10 0l.1 0z"
    )


@given(st.lists(points, min_size=1, max_size=4))
def test_an_outline_comes_to_the_same_points(shapes: list[list[tuple[int, int]]]) -> None:
    assert corners(slim._by_steps(outline(*shapes))) == [point for shape in shapes for point in shape]


@pytest.mark.parametrize("other", ["M1 2C3 4 5 6 7 8Z", "M1.25 2L3 4", "M1 2L", "L", "m1 2l3 4"])
def test_an_outline_of_another_kind_stays_as_it_is(other: str) -> None:
    assert slim._by_steps(other) == other

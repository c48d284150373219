"""A long page said shorter: what a reader sees, hears and follows stays."""

from __future__ import annotations

from html.parser import HTMLParser

import pytest

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

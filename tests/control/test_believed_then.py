"""What the evidence page tells of places that changed hands by turns, and of advances that were not."""

from collections.abc import Callable

from tools import eval_then

Believed = tuple[tuple[str, str, float], ...]


def always(*leads: str) -> Callable[[str, int], Believed]:
    """The same was believed of every place and day: that day, a week on, a month on, now."""
    found = tuple((label, lead, 0.9) for label, lead in zip(["that", "week", "month", "now"], leads, strict=True))
    return lambda place, day: found


def said(*rows: tuple[str, int, str, str]) -> dict[tuple[str, int], dict[str, set[str]]]:
    made: dict[tuple[str, int], dict[str, set[str]]] = {}
    for place, day, side, voice in rows:
        made.setdefault((place, day), {}).setdefault(side, set()).add(voice)
    return made


BY_TURNS = said(
    ("tal", 1, "reds", "wire"), ("tal", 5, "blues", "wire"), ("tal", 9, "reds", "wire"), ("tal", 12, "blues", "wire")
)


def test_a_place_taken_by_turns_is_told_of_with_every_capture() -> None:
    found = list(eval_then.flapping(BY_TURNS, always("reds", "reds", "reds", "reds")))
    assert [(clash.place, clash.day) for clash in found] == [("tal", 1), ("tal", 5), ("tal", 9), ("tal", 12)]


def test_two_turns_are_no_flapping() -> None:
    rows = {key: sides for key, sides in BY_TURNS.items() if key[1] < 12}
    assert not list(eval_then.flapping(rows, always("reds", "reds", "reds", "reds")))


def test_the_same_side_told_of_again_is_no_turn() -> None:
    rows = said(*(("tal", day, side, "wire") for day, side in ((1, "reds"), (2, "reds"), (5, "blues"), (9, "reds"))))
    assert not list(eval_then.flapping(rows, always("reds", "reds", "reds", "reds")))


def test_an_advance_believed_then_and_not_now_was_given_up() -> None:
    rows = said(("tal", 1, "reds", "red-tv"))
    (found,) = eval_then.given_up(rows, always("blues", "reds", "blues", "blues"))
    assert found.said == (("reds", ("red-tv",)),)


def test_an_advance_never_believed_was_not_given_up() -> None:
    rows = said(("tal", 1, "reds", "red-tv"))
    assert not list(eval_then.given_up(rows, always("blues", "blues", "blues", "blues")))


def test_an_advance_still_believed_was_not_given_up() -> None:
    rows = said(("tal", 1, "reds", "red-tv"))
    assert not list(eval_then.given_up(rows, always("reds", "reds", "reds", "reds")))


def test_sides_in_one_voice_do_not_clash() -> None:
    rows = said(("tal", 1, "reds", "wire"), ("tal", 1, "blues", "wire"))
    assert not list(eval_then.clashes(rows, always("reds", "reds", "reds", "reds")))


def test_independent_voices_that_name_two_sides_clash() -> None:
    rows = said(("tal", 1, "reds", "wire"), ("tal", 1, "blues", "monitor"))
    (found,) = eval_then.clashes(rows, always("reds", "reds", "reds", "reds"))
    assert found.said == (("blues", ("monitor",)), ("reds", ("wire",)))

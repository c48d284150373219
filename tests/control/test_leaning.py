"""Sources that declare no side, and speak for one."""

import numpy as np

from zenobia.control.witnesses import leaning, stances

STATES = ("reds", "blues", "contested")
# What 100 statements in each state come to: rows the state, columns what was said.
FAIR = [[90, 4, 6], [4, 90, 6], [20, 20, 60]]
REDDISH = [[94, 2, 4], [30, 60, 10], [50, 10, 40]]
CARELESS = [[70, 22, 8], [22, 70, 8], [30, 30, 40]]


class _Evidence:
    states = STATES


def found(*counts: list[list[int]], camps: tuple[str | None, ...] | None = None) -> list[int]:
    stands = stances(_Evidence(), camps or (None,) * len(counts))  # type: ignore[arg-type]
    return leaning(np.array(counts, dtype=float), STATES, stands).tolist()


def blueish(table: list[list[int]]) -> list[list[int]]:
    """The same seen from the other side."""
    swap = [1, 0, 2]
    return [[table[a][b] for b in swap] for a in swap]


def test_who_speaks_for_a_side_is_found_by_what_it_says() -> None:
    assert found(FAIR, FAIR, REDDISH, blueish(REDDISH)) == [-1, -1, 0, 1]


def test_who_errs_both_ways_takes_no_side() -> None:
    assert found(FAIR, FAIR, CARELESS)[2] == -1


def test_who_said_little_takes_no_side() -> None:
    # A tenth of a report in each state, all of them mistaken for the reds.
    assert found(FAIR, FAIR, [[0, 0, 0], [1, 0, 0], [0, 0, 0]])[2] == -1


def test_a_declared_side_is_not_asked() -> None:
    assert found(FAIR, blueish(REDDISH), camps=(None, "reds")) == [-1, -1]


def test_sides_that_are_known_teach_what_taking_one_looks_like() -> None:
    """A press that hides losses only a little: taken for fair, until others of that kind are known to take a side."""
    little = [[96, 2, 2], [12, 84, 4], [35, 20, 45]]
    alone = found(*[FAIR] * 8, little)
    beside = found(*[FAIR] * 8, little, *[little] * 8, camps=(*[None] * 9, *["reds"] * 8))
    assert (alone[8], beside[8]) == (-1, 0)


def test_naming_the_sides_otherwise_changes_nothing() -> None:
    assert found(FAIR, FAIR, blueish(REDDISH), REDDISH) == [-1, -1, 1, 0]

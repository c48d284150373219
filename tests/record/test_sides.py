"""Who belongs to whom, and who stands with whom, on a day."""

from datetime import date

from zenobia.record import Sides
from zenobia.terms import Affiliation, day_number

BEFORE, AFTER = day_number(date(2031, 1, 1)), day_number(date(2031, 6, 1))

SIDES = Sides(
    holders=("crown", "league"),
    affiliations=[
        Affiliation(actor="militia", role="part_of", of="army", end=date(2031, 3, 1)),
        Affiliation(actor="militia", role="part_of", of="league", start=date(2031, 3, 1)),
        Affiliation(actor="army", role="part_of", of="crown"),
        Affiliation(actor="empire", role="allied_with", of="crown"),
        Affiliation(actor="squadron", role="part_of", of="empire"),
        Affiliation(actor="crown", role="backed_by", of="bank"),
        Affiliation(actor="league", role="backed_by", of="trader"),
        Affiliation(actor="crown", role="backed_by", of="trader"),
        Affiliation(actor="a", role="part_of", of="b"),
        Affiliation(actor="b", role="part_of", of="a"),
    ],
)


def test_a_holder_is_its_own_holder():
    assert SIDES.holder_of("crown", BEFORE) == "crown"


def test_a_group_rolls_up_through_its_parent():
    assert SIDES.holder_of("militia", BEFORE) == "crown"


def test_a_group_that_changed_sides_has_another_holder_from_that_day():
    assert SIDES.holder_of("militia", AFTER) == "league"


def test_without_a_day_a_group_of_two_sides_has_no_single_holder():
    assert SIDES.holder_of("militia") is None


def test_an_ally_holds_nothing_but_stands_on_a_side():
    assert SIDES.holder_of("empire", AFTER) is None
    assert SIDES.side_of("empire", AFTER) == "crown"
    assert SIDES.side_of("squadron", AFTER) == "crown"


def test_a_backer_stands_with_whom_it_backs_unless_it_backs_both():
    assert SIDES.side_of("bank", AFTER) == "crown"
    assert SIDES.side_of("trader", AFTER) is None


def test_a_circle_of_affiliations_ends():
    assert SIDES.holder_of("a", BEFORE) is None


def test_an_actor_nobody_knows_has_no_side():
    assert SIDES.side_of("stranger", BEFORE) is None

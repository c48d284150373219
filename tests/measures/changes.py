"""Changes of hands in the valley, with a list that claims to hold all of them."""

from datetime import date

from tests.measures.by_hand import Believed, report
from zenobia.measures import Prepared
from zenobia.terms import Frame

# Few draws: what a test tells is certain, so all are alike.
DRAWS = 5

CHANGES_FRAME = Frame(
    source="almanac",
    type="capture",
    area="valley",
    start=date(2031, 1, 1),
    end=date(2031, 7, 1),
    unit="place",
    rule="every place that changed hands for a week",
)


def control(**places):
    """A control estimate: for each place the day from which each holder surely has it."""
    return Prepared(
        control=Believed({p: [(since, {holder: 1.0}) for since, holder in told] for p, told in places.items()}),
        draws=DRAWS,
    )


def capture(id, when, place, holder="crown", **fields):
    return report(id, when, "capture", place=place, holder=holder, status="takes", **fields)

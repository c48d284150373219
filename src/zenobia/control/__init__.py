"""Control: who held each place on each day, and how sure that is.

`estimate` reads a view and answers through `Control`. The model is set out in docs/control.md.
"""

from zenobia.control.content import content_of
from zenobia.control.counted import Between, Comparison, Total, compared, counted_places, totals
from zenobia.control.estimate import Control, estimate
from zenobia.control.paths import Change
from zenobia.control.reasons import Weight
from zenobia.control.revised import Revision, revised
from zenobia.control.worth import Worth

__all__ = [
    "Between", "Change", "Comparison", "Control", "Revision", "Total", "Weight", "Worth",
    "compared", "content_of", "counted_places", "estimate", "revised", "totals",
]  # fmt: skip

"""Control: who held each place on each day, and how sure that is.

`estimate` reads a view and answers through `Control`. The model is set out in docs/control.md.
"""

from zenobia.control.estimate import Control, Worth, estimate
from zenobia.control.paths import Change
from zenobia.control.reasons import Weight
from zenobia.control.revised import Revision, revised

__all__ = ["Change", "Control", "Revision", "Weight", "Worth", "estimate", "revised"]

"""The case: a folder of plain files that an analyst edits and keeps in git."""

from zenobia.case.folder import CaseFolder
from zenobia.case.load import CaseFiles, Reject, load
from zenobia.case.reports import withdraws
from zenobia.case.templates import BUILT_IN, copy_built_in, write_new

__all__ = ["BUILT_IN", "CaseFiles", "CaseFolder", "Reject", "copy_built_in", "load", "withdraws", "write_new"]

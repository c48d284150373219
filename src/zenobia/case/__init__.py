"""The case: a folder of plain files that an analyst edits and keeps in git."""

from zenobia.case.datasets import Dataset, list_datasets, read_datasets
from zenobia.case.folder import CaseFolder
from zenobia.case.load import CaseFiles, Reject, load, load_steady
from zenobia.case.mappings import SavedMapping, save_mapping, saved_mappings
from zenobia.case.reports import withdraws
from zenobia.case.templates import BUILT_IN, copy_built_in, write_new

__all__ = [
    "BUILT_IN",
    "CaseFiles",
    "CaseFolder",
    "Dataset",
    "Reject",
    "SavedMapping",
    "copy_built_in",
    "list_datasets",
    "load",
    "load_steady",
    "read_datasets",
    "save_mapping",
    "saved_mappings",
    "withdraws",
    "write_new",
]

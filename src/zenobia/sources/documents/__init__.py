"""Documents: originals kept untouched, working copies of their text, words found again and searched."""

from zenobia.sources.documents.capture import Added, add, add_all, text_path
from zenobia.sources.documents.draft import PAGE_END, Draft
from zenobia.sources.documents.limits import LIMITS, Limits
from zenobia.sources.documents.passages import find, page_of
from zenobia.sources.documents.reading import KINDS, kind_of, read
from zenobia.sources.documents.search import Found, Hit, Snippet, search

__all__ = [
    "KINDS",
    "LIMITS",
    "PAGE_END",
    "Added",
    "Draft",
    "Found",
    "Hit",
    "Limits",
    "Snippet",
    "add",
    "add_all",
    "find",
    "kind_of",
    "page_of",
    "read",
    "search",
    "text_path",
]

"""HXL tags, the second header row of humanitarian tables, as names of our own columns.

Source: HXL Standard 1.1, hxlstandard.org: a hashtag, then attributes in any order, as in
``#loc+name+i_ar``.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

__all__ = ["fields_of", "is_tag_row"]

_TAG = re.compile(r"#[a-z][a-z0-9_]*(?:\s*\+\s*[a-z][a-z0-9_]*)*", re.I)

# Which tag is which column: hashtag, attributes that it must have, attributes that it may not have.
# The first rule that some column meets gives the field its column.
_RULES: tuple[tuple[str, str, frozenset[str], frozenset[str]], ...] = tuple(
    (field, tag, frozenset(needs.split()), frozenset(excludes.split()))
    for field, tag, needs, excludes in (
        ("id", "#event", "id", ""),
        ("id", "#event", "code", "type"),
        ("id", "#meta", "id", ""),
        ("id", "#id", "", ""),
        ("date", "#date", "start", ""),
        ("date", "#date", "occurred", ""),
        ("date", "#date", "", "end reported published updated approved received modified"),
        ("last_day", "#date", "end", ""),
        ("published", "#date", "published", ""),
        ("published", "#date", "reported", ""),
        ("published", "#date", "updated", ""),
        ("lat", "#geo", "lat", ""),
        ("lon", "#geo", "lon", ""),
        ("place", "#loc", "name i_en", ""),
        ("place", "#loc", "name", "i_ar i_ru i_uk i_ku"),
        ("place", "#loc", "", "code type i_ar i_ru i_uk i_ku"),
        ("place", "#loc", "name", ""),
        ("place", "#loc", "i_ar", "code"),
        ("place", "#adm4", "", "code"),
        ("place", "#adm3", "", "code"),
        ("admin1", "#adm1", "name", "code i_ar"),
        ("admin1", "#adm1", "", "code i_ar"),
        ("admin1", "#adm1", "", "code"),
        ("type", "#event", "type", ""),
        ("actor", "#group", "actor", "target"),
        ("actor", "#actor", "", "target code"),
        ("target", "#group", "target", ""),
        ("target", "#actor", "target", ""),
        ("deaths_best", "#affected", "killed", "f m children min max"),
        ("injured", "#affected", "injured", "f m children"),
        ("displaced", "#affected", "displaced", "f m children"),
        ("displaced", "#affected", "idps", "f m children"),
        ("locator", "#meta", "url", ""),
        ("locator", "#meta", "source url", ""),
        ("origin", "#meta", "source", "url"),
        ("note", "#description", "", ""),
        ("note", "#meta", "comments", ""),
    )
)


def is_tag_row(cells: Sequence[str]) -> bool:
    """Whether every cell of a row that holds something holds a tag."""
    said = [cell.strip() for cell in cells if cell.strip()]
    return bool(said) and all(_TAG.fullmatch(cell) for cell in said)


def fields_of(tags: Sequence[str]) -> dict[str, int]:
    """The column of each of our fields, by the tags of a table; a column is used once.

    >>> fields_of(["#date", "#adm1+name", "#loc+name+i_ar", "#loc+name", "#geo+lat", "#geo+lon"])
    {'date': 0, 'lat': 4, 'lon': 5, 'place': 3, 'admin1': 1}
    """
    columns = [_parts(tag) for tag in tags]
    found: dict[str, int] = {}
    for field, tag, needs, excludes in _RULES:
        if field in found:
            continue
        for index, (head, attributes) in enumerate(columns):
            if head == tag and needs <= attributes and not excludes & attributes and index not in found.values():
                found[field] = index
                break
    return found


def _parts(tag: str) -> tuple[str, frozenset[str]]:
    head, *attributes = re.split(r"\s*\+\s*", tag.strip().lower())
    return head, frozenset(attributes)

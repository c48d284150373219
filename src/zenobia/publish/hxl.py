"""Tables as CSV with a second row of HXL tags, as humanitarian data is passed around.

Source: HXL Standard 1.1, hxlstandard.org
"""

from __future__ import annotations

from collections.abc import Sequence

__all__ = ["tags_of"]

# Ids are told from names by +id, figures of low and high by +min and +max.
_TAGS = {
    "id": "#event+id",
    "reports": "#meta+reports+list",
    "type": "#event+type",
    "date": "#date+start",
    "from": "#date+start",
    "on": "#date+start",
    "date_to": "#date+end",
    "to": "#date+end",
    "date_precision": "#date+precision",
    "published": "#date+published",
    "recorded": "#date+recorded",
    "last_evidence": "#date+evidence",
    "place": "#loc+id",
    "name": "#loc+name",
    "name_ar": "#loc+name+i_ar",
    "aliases": "#loc+name+alt+list",
    "kind": "#loc+type",
    "area": "#loc+area+id",
    "admin1": "#adm1+name",
    "admin2": "#adm2+name",
    "geonameid": "#loc+code+v_geonames",
    "population": "#population",
    "lat": "#geo+lat",
    "lon": "#geo+lon",
    "where_precision": "#geo+precision",
    "actor": "#group+actor+id",
    "target": "#group+target+id",
    "holder": "#group+holder+id",
    "besieged_by": "#group+besieger+id",
    "status": "#status",
    "basis": "#status+basis",
    "chance": "#indicator+chance+num",
    "voices": "#meta+voices+num",
    "count": "#indicator+count+num",
    "count_low": "#indicator+count+min+num",
    "count_high": "#indicator+count+max+num",
    "unit": "#indicator+unit",
    "deaths_best": "#affected+killed",
    "deaths_low": "#affected+killed+min",
    "deaths_high": "#affected+killed+max",
    "deaths_actor": "#affected+killed+actor",
    "deaths_target": "#affected+killed+target",
    "deaths_civilians": "#affected+killed+civilians",
    "deaths_unknown": "#affected+killed+unknown",
    "injured": "#affected+injured",
    "displaced": "#affected+displaced",
    "source": "#meta+source+id",
    "origin": "#meta+origin+id",
    "document": "#meta+document+id",
    "locator": "#meta+locator",
    "quote": "#meta+quote",
    "credibility": "#meta+credibility+num",
    "sensitivity": "#meta+sensitivity",
    "replaces": "#meta+replaces+id",
    "part_of": "#meta+part_of+id",
    "evidence": "#meta+evidence+list",
    "note": "#meta+comments",
    "topic": "#meta+topic+list",
}
# A column of the same name says something else in another table.
_OTHERWISE = {
    "places": {"id": "#loc+id"},
    "reports": {"id": "#meta+id"},
}


def tags_of(what: str, columns: Sequence[str]) -> list[str]:
    """The tag of each column of an export; a column that no tag is known of has an empty one, as HXL has it."""
    known = {**_TAGS, **_OTHERWISE.get(what, {})}
    return [known.get(column, "") for column in columns]

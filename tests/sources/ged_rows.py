"""A GED file of a few invented rows: one line a row, only what a test is about written out."""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping

COLUMNS = (  # noqa: SIM905 - as it stands in the file
    "id,relid,year,active_year,code_status,type_of_violence,conflict_dset_id,conflict_new_id,conflict_name,dyad_dset_id,"
    "dyad_new_id,dyad_name,side_a_dset_id,side_a_new_id,side_a,side_b_dset_id,side_b_new_id,side_b,number_of_sources,"
    "source_article,source_office,source_date,source_headline,source_original,where_prec,where_coordinates,"
    "where_description,adm_1,adm_2,latitude,longitude,geom_wkt,priogrid_gid,country,country_id,region,event_clarity,"
    "date_prec,date_start,date_end,deaths_a,deaths_b,deaths_civilians,deaths_unknown,best,high,low,gwnoa,gwnob"
).split(",")

# The valley's war as GED would have it: one clash at Alder, in the North province, on 5 March 2020.
CLASH = {
    "id": "1", "year": "2020", "code_status": "Clear", "type_of_violence": "1",
    "dyad_name": "Government of Valley - Uplanders",
    "side_a_new_id": "10", "side_a": "Government of Valley", "side_b_new_id": "20", "side_b": "Uplanders",
    "number_of_sources": "1", "source_office": "Valley Wire", "source_date": "2020-03-06",
    "source_headline": "Four die near Alder", "source_article": '"Valley Wire,2020-03-06,Four die near Alder"',
    "where_prec": "1", "where_coordinates": "Alder town", "adm_1": "North province", "adm_2": "Alder district",
    "latitude": "35.1", "longitude": "37.2", "country": "Valley", "event_clarity": "1", "date_prec": "1",
    "date_start": "2020-03-05", "date_end": "2020-03-05", "deaths_a": "1", "deaths_b": "3", "deaths_civilians": "0",
    "deaths_unknown": "0", "best": "4", "high": "5", "low": "4",
}  # fmt: skip


def ged(*rows: Mapping[str, str], columns: list[str] = COLUMNS) -> str:
    """A GED file: each row is `CLASH` but for what it says, with ids 1, 2, 3, ... unless it says one."""
    out = io.StringIO()
    writer = csv.DictWriter(out, columns, restval="", extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    for number, row in enumerate(rows, 1):
        writer.writerow({**CLASH, "id": str(number), **row})
    return out.getvalue()

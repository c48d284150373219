"""The feeds: other people's files, captured whole and read into rows of the record."""

from pathlib import Path

from zenobia.sources import edits, ged_queries, versions, viina
from zenobia.sources.acled import Acled
from zenobia.sources.acled_deleted import AcledDeleted
from zenobia.sources.carter import Carter
from zenobia.sources.collect import Collected, collect
from zenobia.sources.control_polygons import ControlPolygons
from zenobia.sources.control_table import ControlTable
from zenobia.sources.exported import Exported
from zenobia.sources.feed import Captured, Feed, Look, Options, Reading
from zenobia.sources.gdelt import Gdelt
from zenobia.sources.ged import Ged
from zenobia.sources.geonames import GeoNames
from zenobia.sources.intake import Intake, Seen, entries_of, told_of_each
from zenobia.sources.lineage import Appearance, lineage, places_of
from zenobia.sources.mapped import Mapped
from zenobia.sources.meanings import Known
from zenobia.sources.recognise import feed_for, look_at
from zenobia.sources.shelf import Shelf, merged
from zenobia.sources.telling import rejects_of, told_together, warnings_of
from zenobia.sources.versions import Release, Told
from zenobia.sources.viina import Viina

__all__ = [
    "DOCUMENTS",
    "FEEDS",
    "QUERIES",
    "Appearance",
    "Captured",
    "Collected",
    "Feed",
    "Intake",
    "Known",
    "Look",
    "Options",
    "Reading",
    "Release",
    "Seen",
    "Shelf",
    "Told",
    "collect",
    "entries_of",
    "feed_for",
    "is_document",
    "lineage",
    "look_at",
    "merged",
    "places_of",
    "rejects_of",
    "told_of_each",
    "told_together",
    "warnings_of",
]

# Every kind of file that `zenobia add` knows; a new feed is one file here and one line below.
FEEDS: tuple[Feed, ...] = (
    Ged(),
    Exported(),
    Acled(),
    AcledDeleted(),
    Gdelt(),
    Viina(),
    ControlTable(),
    ControlPolygons(),
    Carter(),
    GeoNames(),
    Mapped(),
)

# Kinds of text, which `zenobia.sources.documents` takes in.
DOCUMENTS = ("html", "pdf", "docx", "md", "txt")

# Every SQL query of this room, so that one test can take each to a cluster.
QUERIES: dict[str, str] = {
    **ged_queries.QUERIES,
    "versions compared": versions.COMPARE,
    "edits": edits.EDITED,
    "viina typed": viina.TYPED,
    "viina spells": viina.SPELLS,
    "viina statuses twice": viina.TWICE,
    "viina spells together": viina.TOGETHER,
}


def is_document(what: str, kind: str = "") -> bool:
    """Whether something to be added is a text to read, and not a table of rows.

    A plain text file is a table where a feed knows it; an address is a document.
    """
    if kind:
        return kind in DOCUMENTS
    if what.startswith(("http://", "https://")):
        return True
    suffix = Path(what).suffix.lower().lstrip(".")
    if suffix != "txt" or not Path(what).is_file():
        return suffix in DOCUMENTS or suffix in ("htm", "xhtml", "markdown")
    return all(feed.recognises(look_at(Path(what))) < 0.5 for feed in FEEDS)

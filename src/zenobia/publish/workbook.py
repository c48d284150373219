"""A table as an Excel workbook: one sheet, numbers as numbers, everything else as text, no formula.

Nothing but the standard library writes it: five small XML files in a zip archive (ECMA-376). A text that
begins with ``=`` is a text.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from collections.abc import Iterator
from typing import Any, BinaryIO
from xml.sax.saxutils import escape

import pyarrow as pa

from zenobia.publish.formulas import kept_apart

__all__ = ["write_workbook"]

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_TIES = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_KIND = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'

_PARTS = {
    "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_KIND}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_KIND}.worksheet+xml"/></Types>',
    "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_TIES}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_TIES}">'
    '<sheets><sheet name="table" sheetId="1" r:id="rId1"/></sheets></workbook>',
    "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_TIES}/worksheet" Target="worksheets/sheet1.xml"/></Relationships>',
}

# What XML cannot hold, and what a reader would take for a line end.
_UNWRITABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ufffe\uffff]")
# The same bytes every time: an archive keeps the time of each part.
_NO_TIME = (1980, 1, 1, 0, 0, 0)


def write_workbook(table: pa.Table, out: BinaryIO) -> None:
    """Write a table; what is not stated is an empty cell."""
    table = pa.table({name: kept_apart(table[name]) for name in table.column_names})
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, text in _PARTS.items():
            packed.writestr(_part(name), _HEAD + text)
        with packed.open(_part("xl/worksheets/sheet1.xml"), "w", force_zip64=True) as sheet:
            for piece in _sheet(table):
                sheet.write(piece.encode("utf-8"))


def _part(name: str) -> zipfile.ZipInfo:
    part = zipfile.ZipInfo(name, _NO_TIME)
    part.compress_type = zipfile.ZIP_DEFLATED
    return part


def _sheet(table: pa.Table) -> Iterator[str]:
    yield f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>'
    yield _row(table.column_names)
    for batch in table.to_batches(max_chunksize=1000):
        columns = [column.to_pylist() for column in batch.columns]
        yield "".join(map(_row, zip(*columns, strict=True)))
    yield "</sheetData></worksheet>"


def _row(cells: Any) -> str:
    return f"<row>{''.join(map(_cell, cells))}</row>"


def _cell(value: Any) -> str:
    if value is None:
        return "<c/>"
    if isinstance(value, bool):
        return f'<c t="b"><v>{int(value)}</v></c>'
    if isinstance(value, int | float):
        return f"<c><v>{value!r}</v></c>"
    text = value.isoformat() if isinstance(value, dt.date | dt.datetime) else str(value)
    written = escape(_UNWRITABLE.sub("", text), {"\r": "&#13;"})
    return f'<c t="inlineStr"><is><t xml:space="preserve">{written}</t></is></c>'

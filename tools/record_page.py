"""Writes the tables of the record into docs/record.md, from the nouns that they are derived from.

python tools/record_page.py
"""

from __future__ import annotations

import inspect
from pathlib import Path

from zenobia.record import NOUNS, schema_of

PAGE = Path(__file__).resolve().parent.parent / "docs" / "record.md"
BEGIN, END = "<!-- tables: written by tools/record_page.py -->", "<!-- end of tables -->"


def main() -> None:
    """Rewrite the section in place."""
    PAGE.write_text(page(PAGE.read_text(encoding="utf-8")), encoding="utf-8")


def page(text: str) -> str:
    """The page with its tables as they are now."""
    before, rest = text.split(BEGIN)
    _, after = rest.split(END)
    return f"{before}{BEGIN}\n{tables()}{END}{after}"


def tables() -> str:
    """A paragraph for each table: what a row is, and its columns with their types."""
    paragraphs = []
    for name, noun in NOUNS.items():
        what = (inspect.getdoc(noun) or "").split("\n\n")[0].replace("\n", " ")
        columns = ", ".join(f"`{f.name}` {_type(str(f.type))}" for f in schema_of(noun))
        paragraphs.append(f"**{name}**: {what}\n\n{columns}\n")
    return "\n".join(["", *paragraphs, ""])


def _type(arrow: str) -> str:
    names = {
        "double": "float64",
        "date32[day]": "date32",
        "list<item: string>": "list",
        "list<element: string>": "list",
    }
    return names.get(arrow, arrow)


if __name__ == "__main__":
    main()

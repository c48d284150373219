"""A long page said shorter: nothing on it changes for a reader, by eye, by ear or on paper."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable

__all__ = ["slimmed"]

LONG = 1_000_000  # characters; a shorter page keeps its source as it was written
_APART = re.compile(r"(<(?:script|style)\b.*?</(?:script|style)>)", re.S)
_SIGN = re.compile(r'<svg class="(mark|sign)" viewBox="0 0 20 20"([^>]*)>(.*?)</svg>')
_PATH = re.compile(r"<path [^>]{200,}/>")
_OUTLINE = re.compile(r'(?<= d=")M[-0-9. MLZ]{40,}(?=")')
_STROKE = re.compile(r"([MLZ])(?:(-?\d+)(?:\.(\d))? (-?\d+)(?:\.(\d))?)?")
_OMITTED = re.compile(r"</(?:td|th|tr|li|dd|dt|thead|tbody)>")
_TAG = re.compile(r"<[a-z][^<>]*[^/<>]>")
_QUOTED = re.compile(r'="([A-Za-z0-9_#.-]+)"')
_ROW = re.compile(r'(?<= id=")r-[^"]+(?=")')
_TO_ROW = re.compile(r'(?<=")(#?)(r-[^"]+)(?=")')


def slimmed(page: str) -> str:
    """The page with what it repeats said once; short pages as they are.

    Signs and grounds of maps that stand on it many times are drawn once and pointed to. Rows of the table of
    evidence are numbered, so that thousands of links are short; each row still says the id of its report. Outlines are
    drawn from point to point instead of from the corner of the image. End tags and quotation marks that HTML does not
    need are left out.
    """
    if len(page) < LONG:
        return page
    steps: tuple[Callable[[str], str], ...] = (_numbered, _signs_once, _grounds_once, _outlines_short)
    for step in steps:
        page = step(page)
    return "".join(text if n % 2 else _terse(text) for n, text in enumerate(_APART.split(page)))


def _numbered(page: str) -> str:
    """Rows of evidence called by their number, in the order in which they stand."""
    number = {name: f"r-{n}" for n, name in enumerate(_ROW.findall(page), 1)}
    return _TO_ROW.sub(lambda found: found[1] + number.get(found[2], found[2]), page)


def _signs_once(page: str) -> str:
    """Marks of holders and of verdicts, drawn once at the head of the page."""
    drawn: dict[tuple[str, str], str] = {}

    def pointed(found: re.Match[str]) -> str:
        kind, how, inside = found.groups()
        name = drawn.setdefault((kind, inside), f"i-{len(drawn) + 1}")
        return f'<svg class="{kind}"{how}><use href="#{name}"/></svg>'

    head, _, rest = page.partition("<body>")
    rest = _SIGN.sub(pointed, rest)
    symbols = (
        f'<svg class="{kind} once" aria-hidden="true"><symbol id="{name}" viewBox="0 0 20 20">{inside}</symbol></svg>'
        for (kind, inside), name in drawn.items()
    )
    return head + '<body class="numbered">' + "".join(symbols) + rest


def _grounds_once(page: str) -> str:
    """Long outlines that stand on the page more than once: drawn where they come first, pointed to afterwards."""
    counts = Counter(_PATH.findall(page))
    for n, path in enumerate(sorted(path for path, many in counts.items() if many > 1), 1):
        before, first, after = page.partition(path)
        page = before + first.replace("<path ", f'<path id="g-{n}" ', 1) + after.replace(path, f'<use href="#g-{n}"/>')
    return page


def _outlines_short(page: str) -> str:
    return _OUTLINE.sub(lambda found: _by_steps(found.group()), page)


def _by_steps(outline: str) -> str:
    """The same outline by steps, reckoned in whole tenths so that it ends where it began; others stay as they are."""
    strokes = list(_STROKE.finditer(outline))
    whole = "".join(stroke.group() for stroke in strokes) == outline
    if not whole or any((stroke[1] == "Z") != (stroke[2] is None) for stroke in strokes):
        return outline
    x = y = 0
    start, told = (0, 0), []
    for stroke in strokes:
        if stroke[1] == "Z":
            told.append("z")
            x, y = start
            continue
        to = _tenths(stroke[2], stroke[3]), _tenths(stroke[4], stroke[5])
        again = stroke[1] == "L" and told[-1][0] in "l "
        told.append(f"{' ' if again else stroke[1].lower()}{_shortest(to[0] - x)} {_shortest(to[1] - y)}")
        x, y = to
        start = to if stroke[1] == "M" else start
    return "M" + "".join(told)[1:].replace(" -", "-")


def _tenths(whole: str, tenth: str | None) -> int:
    far = abs(int(whole)) * 10 + int(tenth or 0)
    return -far if whole.startswith("-") else far


def _shortest(tenths: int) -> str:
    return f"{tenths / 10:.1f}".removesuffix(".0").replace("0.", ".", 1) if abs(tenths) < 10 else f"{tenths / 10:g}"


def _terse(text: str) -> str:
    return _TAG.sub(lambda tag: _QUOTED.sub(r"=\1", tag.group()), _OMITTED.sub("", text))

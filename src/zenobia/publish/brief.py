"""A briefing: Markdown with live parts in, one HTML file out that needs nothing but itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markdown_it.token import Token
from markupsafe import Markup

from zenobia.publish.cards import Cards
from zenobia.publish.citations import Citations, by_source, by_year
from zenobia.publish.directives import DIRECTIVES, Directive, day, parse
from zenobia.publish.figures import Figures
from zenobia.publish.grounds import Grounds
from zenobia.publish.markdown import read_text, renderer
from zenobia.publish.numbers import Numbers
from zenobia.publish.pinned import Moved, Pinned, Telling, key_of
from zenobia.publish.programs import hash_of, library, packed, script
from zenobia.publish.slim import slimmed
from zenobia.publish.wording import anchor, calendar, expected, figure, plain, short_hash
from zenobia.terms import Bounds, InputError

__all__ = ["Brief", "set_brief", "write_brief"]

DAYS_IN_MONTH = 30.4375
MOST_OPEN = 60  # reports in a table of evidence that stands open; a longer one is folded by years


def write_brief(markdown: str, numbers: Numbers, *, file: str | Path | None = None) -> str:
    """Turn a briefing into one self-contained page.

    The page opens from disk, loads nothing, runs no script but its own, and every number in it leads to its row in
    the table of evidence at its end. The same text and numbers always give the same bytes.

    Args:
        markdown: the briefing as written.
        numbers: what the live parts show.
        file: the file the text came from, for messages.

    Raises:
        InputError: a live part that is not on the list, or one that names what the record does not hold.
    """
    return set_brief(markdown, numbers, file=file).page


@dataclass(frozen=True, kw_only=True)
class Brief:
    """A page that was set.

    Attributes:
        page: its text.
        moved: live parts that show something else than when the briefing was pinned.
        unpinned: live parts that it did not have then.
        pinned: what they show now.
    """

    page: str
    moved: Sequence[Moved]
    unpinned: Sequence[str]
    pinned: Pinned


def set_brief(
    markdown: str, numbers: Numbers, *, file: str | Path | None = None, pinned: Pinned | None = None
) -> Brief:
    """As `write_brief`, with what moved since the briefing was pinned: each such part is marked in the page."""
    page = Page(numbers, file, pinned)
    text = page.write(markdown)
    told = page.telling
    return Brief(page=text, moved=told.moved, unpinned=told.unpinned(), pinned=told.now(numbers.stamp))


class Page:
    """One page in the making: what was cited so far, and the rooms of templates it is set with."""

    def __init__(self, numbers: Numbers, file: str | Path | None, pinned: Pinned | None = None) -> None:
        self.numbers, self.file, self.telling = numbers, file, Telling(pinned)
        self.citations = Citations(numbers)
        self.templates = environment()
        self.templates.filters.update(shown_at=self.citations.shown_at)
        self.cards = Cards(numbers, self.citations, self.templates)
        self.grounds = Grounds(numbers, self.citations, self.templates)
        self.figures = Figures(numbers, self.citations, self.templates)
        self.headings: list[tuple[str, str]] = []

    def write(self, markdown: str) -> str:
        """The whole page."""
        text = read_text(markdown, file=self.file)
        tokens = list(text.tokens)
        title = text.front.get("title") or taken_title(tokens) or self.numbers.stamp.title
        self.cards.announce(self.to_come(tokens))
        body = self.body(tokens)  # before the template: setting the body fills the citations
        page = self.templates.get_template("brief.html.j2").render(
            title=title,
            author=text.front.get("author"),
            summary=text.front.get("summary"),
            stamp=self.numbers.stamp,
            moved=self.telling.moved,
            pinned=self.telling.pinned,
            body=body,
            headings=self.headings,
            notes=self.citations.notes,
            evidence=self.citations.rows(),
            most_open=MOST_OPEN,
            style=Markup(stylesheet(self.templates)),
            **self.scripts(),
        )
        return slimmed(page)

    def scripts(self) -> dict[str, Any]:
        """Our own scripts, the map library where a map needs it, and the hashes by which alone they may run."""
        ours = [script("keys.js")]
        if not self.grounds.moves:
            return {"scripts": ours, "library": None, "hashes": [hash_of(s) for s in ours]}
        ours.append(script("timemap.js"))
        theirs = [library() or ""]
        return {
            "scripts": ours,
            "library": Markup(packed() or ""),
            "hashes": [hash_of(s) for s in (*ours, *theirs)],
        }

    def body(self, tokens: Sequence[Token]) -> Markup:
        self.name_headings(tokens)
        reader = renderer()
        reader.add_render_rule("directive_block", lambda _, tokens, i, *rest: self.block(tokens[i]))
        reader.add_render_rule("directive_inline", lambda _, tokens, i, *rest: self.inline(tokens[i]))
        reader.add_render_rule("link_open", lambda _, tokens, i, *rest: link_open(tokens[i]))
        return Markup(reader.renderer.render(tokens, reader.options, {}))

    def to_come(self, tokens: Sequence[Token]) -> list[Directive]:
        """The live parts that will set cards, so that a table of contents before them knows where it may lead."""
        blocks = [token for token in tokens if token.type == "directive_block"]
        return [live for live in map(self.parsed, blocks) if live.name in ("claims", "claim", "contents")]

    def name_headings(self, tokens: Sequence[Token]) -> None:
        """Give each heading of the second level a name to jump to, and list it."""
        for i, token in enumerate(tokens):
            if token.type == "heading_open" and token.tag == "h2":
                name = f"section-{len(self.headings) + 1}"
                token.attrSet("id", name)
                self.headings.append((name, tokens[i + 1].content))

    def block(self, token: Token) -> str:
        """A live part that fills the width of the page."""
        live = self.parsed(token)
        ways: dict[str, Callable[[Directive, str | Path | None], Markup]] = {
            "contents": lambda live, file: self.cards.contents(),
            "claims": self.cards.all,
            "claim": self.cards.one,
            "map": self.grounds.map,
            "front": self.grounds.front,
            "control": self.control,
            "changes": self.figures.changes,
            "strip": self.figures.strip,
            "strikes": self.figures.strikes,
        }
        shown = ways[live.name](live, self.file)
        moved = [self.telling.tell(what, words, live.line) for what, words in self.told(live)]
        marks = self.templates.get_template("moved.html.j2").render(moved=[m for m in moved if m])
        return Markup(marks) + shown

    def told(self, live: Directive) -> list[tuple[str, str]]:
        """What a live part that was just set says: the verdict of each claim, or the paragraph of a figure."""
        if live.name in ("claim", "claims"):
            return [(f"claim {claim['id']}", judged(claim)) for claim in self.cards.meant(live)]
        said = self.grounds.said or self.figures.said
        self.grounds.said = self.figures.said = ""
        return [(key_of(live), said)] if said else []

    def control(self, live: Directive, file: str | Path | None) -> Markup:
        """The table of a day, or one place through time."""
        place, on = live.text("place"), day(live, "on", file=file)
        if place is not None and on is None:
            return self.grounds.of(place)
        if on is not None and place is None:
            return self.grounds.on(on)
        raise InputError(
            "a live part with nothing to show",
            file=self.file,
            row=live.line,
            value=live.source,
            expected='either a place or a day: control(place="palmyra") or control(on="2016-03-20")',
            fix="give one of the two",
        )

    def inline(self, token: Token) -> str:
        """A live part within a sentence: a number with its note, or the hash of the record."""
        live = self.parsed(token)
        if live.name == "record":
            record = self.numbers.stamp.record
            return Markup('<code class="hash" title="{}">{}</code>').format(plain(record), short_hash(plain(record)))
        if live.name == "held":
            return self.held(live)
        raise InputError(
            f"{live.name}() inside a sentence",
            file=self.file,
            row=live.line,
            value=live.source,
            expected=f"{live.name}() on a line of its own",
            fix="put it on a line of its own, with an empty line before and after",
        )

    def held(self, live: Directive) -> Markup:
        start, end = (day(live, side, file=self.file) for side in ("start", "end"))
        held = self.numbers.held(str(live.arguments["holder"]), str(live.arguments["place"]), start, end)
        bounds = held.days if live.attribute == "days" else in_months(held.days)
        words = figure(bounds.to_json())
        number = self.citations.note(live.source, words, bounds.meaning, held.evidence)
        moved = self.telling.tell(key_of(live), words, live.line)
        mark = Markup(' <span class="moved" id="{}">(was {})</span>')
        was = mark.format(moved.anchor, plain(moved.was)) if moved else ""
        return Markup('<a class="number" id="use-{0}" href="#{1}">{2}<sup>{0}</sup></a>{3}').format(
            number, anchor("n", str(number)), words, was
        )

    def parsed(self, token: Token) -> Directive:
        live = parse(token.content, file=self.file, line=token.meta.get("line", 1))
        if token.type == "directive_block" and not DIRECTIVES[live.name].block:
            raise AssertionError("the Markdown reader lets only block directives through as blocks")
        return live


def judged(claim: Mapping[str, Any]) -> str:
    """A verdict with its figure, in words."""
    found = claim.get("found")
    return str(claim.get("verdict")) + (f", {figure(found)}" if found else "")


def in_months(days: Bounds) -> Bounds:
    """Days as months of 30.4375 days."""
    low, best, high = (None if side is None else side / DAYS_IN_MONTH for side in (days.low, days.best, days.high))
    return Bounds(low=low, best=best, high=high, unit="month", meaning=days.meaning)


def taken_title(tokens: list[Token]) -> str | None:
    """The text of a first heading that opens the briefing; it is taken out, as the page sets it itself."""
    if tokens and tokens[0].type == "heading_open" and tokens[0].tag == "h1":
        words = tokens[1].content
        del tokens[:3]
        return words
    return None


def link_open(token: Token) -> str:
    """A link that tells its target nothing of where the reader came from."""
    return Markup('<a href="{}" rel="noopener noreferrer">').format(str(token.attrGet("href") or ""))


def environment() -> Environment:
    """The templates: everything that is put into them is escaped, hostile characters made visible."""
    templates = Environment(
        loader=PackageLoader("zenobia.publish"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=shown,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    templates.filters.update(
        calendar=calendar,
        anchor=lambda id, kind: anchor(kind, id),
        figure=figure,
        expected=expected,
        by_source=by_source,
    )
    templates.filters.update(short_hash=short_hash, web=web, iso=isolated, auto=own_way)
    templates.filters.update(by_source=by_source, by_year=by_year)
    return templates


def shown(value: Any) -> Any:
    """What a template puts on the page: markup of our own as it is, every other text made plain."""
    return value if isinstance(value, Markup) else plain(value) if isinstance(value, str) else value


def isolated(words: str) -> Markup:
    """A name in a sentence of ours: where it could run the other way, set apart so that it turns nothing else."""
    return Markup("{}" if words.isascii() else "<bdi>{}</bdi>").format(plain(words))


def own_way(words: str) -> Markup:
    """A text of its own, in the direction in which it begins."""
    return Markup("{}" if words.isascii() else '<span dir="auto">{}</span>').format(plain(words))


def web(url: str | None) -> str | None:
    """An address that may be linked: the web's only; anything else is shown as text."""
    return url if url and url.lower().startswith(("https://", "http://")) else None


def stylesheet(templates: Environment) -> str:
    return "".join(templates.get_template(name).render() for name in ("brief.css", "timemap.css"))

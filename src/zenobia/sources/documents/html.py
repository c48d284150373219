"""Web pages: the main text, without navigation, hidden words, the author's biography and what else to read.

Nothing in a page runs: it is parsed as a tree of text, no link is followed, no script, style or
frame is looked at.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from typing import Any

from zenobia.sources.documents.draft import Draft
from zenobia.sources.documents.metadata import day_in, words_or_none
from zenobia.sources.documents.tail import without_tail
from zenobia.sources.documents.text import decode
from zenobia.terms import InputError

__all__ = ["read_html"]

_MOST_CHARACTERS = 20_000_000

# Characters, and names of characters, that a tree of text cannot hold.
_NO_XML = re.compile(
    "[\x00-\x08\x0b\x0e-\x1f\ud800-\udfff\ufffe\uffff]"
    "|&#0*(?:[0-8]|1[1-24-9]|2[0-9]|3[01]|x0*(?:[0-8bcef]|1[0-9a-f]))(?![0-9a-f]);?",
    re.I,
)

# What a reader of the page does not see, and what stands beside an article.
_UNSEEN = [
    "//*[@hidden]",
    "//template",
    "//*[contains(translate(@style, ' ', ''), 'display:none')]",
    "//*[contains(translate(@style, ' ', ''), 'visibility:hidden')]",
]
_BESIDE = [
    f"//*[self::div or self::section or self::aside or self::ul or self::p][{test}]"
    for test in (
        "contains(@class, 'author-bio') or contains(@class, 'author-box') or contains(@class, 'about-author')",
        "contains(@class, 'related-') or contains(@class, 'read-more') or contains(@class, 'see-more')",
        "contains(@class, 'newsletter') or contains(@class, 'share-') or contains(@class, 'cookie')",
        "@id = 'comments' or @id = 'related' or @id = 'author-bio'",
    )
]

# Where pages say on which day they were published, and on which they were changed.
_PUBLISHED = [
    "article:published_time",
    "og:published_time",
    "datepublished",
    "date",
    "pubdate",
    "publishdate",
    "publish_date",
    "publish-date",
    "parsely-pub-date",
    "sailthru.date",
    "dc.date",
    "dc.date.issued",
    "dcterms.date",
    "dcterms.issued",
    "citation_publication_date",
]
_CHANGED = ["article:modified_time", "og:updated_time", "datemodified", "dcterms.modified", "lastmod"]


def read_html(raw: bytes, charset: str | None = None) -> Draft:
    """Read the main text of a web page and what it says about itself.

    Raises:
        InputError: the readers of the extra ``[read]`` are not installed, or the page cannot be read.
    """
    try:
        from lxml import html as pages
        from trafilatura import bare_extraction
    except ImportError as wrong:
        raise _extra_needed("a web page") from wrong
    markup, notes = decode(raw, charset or _declared(raw))
    markup = _NO_XML.sub(" ", markup)
    if len(markup) > _MOST_CHARACTERS:
        raise InputError(
            "a web page that is too large",
            value=f"{len(markup):,} characters",
            expected=f"at most {_MOST_CHARACTERS:,}",
            fix="save the part that matters as text",
        )
    if not markup.strip():
        return Draft(text="", notes=("the page is empty",))
    # Bytes in one encoding that the tree's own declaration cannot contradict.
    tree = pages.fromstring(
        markup.encode("utf-8", "replace"), parser=pages.HTMLParser(encoding="utf-8", huge_tree=False)
    )
    says = _says_of_itself(tree)
    found = bare_extraction(
        tree, include_comments=False, include_tables=True, with_metadata=False, prune_xpath=[*_UNSEEN, *_BESIDE]
    )
    text = str(getattr(found, "text", None) or "").strip()
    if not text:
        text, notes = _everything(tree), (*notes, "no main text could be told from the rest: the whole page was read")
    text, left_out = without_tail(text, web_page=True, author=says["author"])
    return Draft(
        text=text,
        title=says["title"],
        author=says["author"] or left_out.author,
        published=says["published"],
        language=says["language"],
        notes=(*notes, *_changed_later(says), *left_out.notes),
    )


def _extra_needed(what: str) -> InputError:
    return InputError(
        f"{what} needs readers that are not installed",
        expected="the extra [read]",
        fix="run: pip install 'zenobia[read]'   (or save the document as text)",
    )


def _declared(raw: bytes) -> str | None:
    """The encoding that the page names in its head."""
    found = re.search(rb"""<meta[^>]{0,200}?charset\s*=\s*["']?\s*([A-Za-z0-9_.:-]{2,40})""", raw[:4096], re.I)
    return found[1].decode("ascii") if found else None


def _says_of_itself(tree: Any) -> dict[str, str | None]:
    """Title, author, days and language as the page states them: in its head, or as linked data."""
    meta = dict(reversed(list(_meta(tree))))  # the first of a name counts
    linked = _linked_data(tree)
    heading = [words_or_none(h.text_content()) for h in tree.iter("h1")]
    title = meta.get("og:title") or linked.get("headline") or (heading[0] if len(heading) == 1 else None)
    days = [d for d in (day_in(meta.get(name)) for name in _PUBLISHED) if d]
    changed = [d for d in (day_in(meta.get(name)) for name in _CHANGED) if d]
    return {
        "title": words_or_none(title or tree.findtext(".//title")),
        "author": _person(linked.get("author") or meta.get("author") or meta.get("article:author")),
        "published": day_in(linked.get("datePublished")) or (days[0] if days else None),
        "changed": day_in(linked.get("dateModified")) or (changed[0] if changed else None),
        "language": (tree.get("lang") or "").strip().split("-")[0].lower() or None,
    }


def _meta(tree: Any) -> Iterator[tuple[str, str]]:
    for tag in tree.iter("meta"):
        name = tag.get("property") or tag.get("name") or tag.get("itemprop")
        if name and tag.get("content"):
            yield name.strip().lower(), tag.get("content")
    for tag in tree.iter("time"):
        if (tag.get("itemprop") or "").lower() == "datepublished" or tag.get("pubdate") is not None:
            yield "datepublished", tag.get("datetime") or ""


def _linked_data(tree: Any) -> dict[str, Any]:
    """What the first article of the page's JSON-LD says."""
    for script in tree.xpath("//script[@type='application/ld+json']"):
        try:
            said = json.loads(script.text_content())
        except (ValueError, RecursionError):
            continue
        for thing in _things(said):
            if "datePublished" in thing or "headline" in thing:
                return thing
    return {}


def _things(said: Any) -> Iterator[dict[str, Any]]:
    for thing in said if isinstance(said, list) else [said]:
        if isinstance(thing, dict):
            yield thing
            if isinstance(thing.get("@graph"), list):
                yield from (inner for inner in thing["@graph"] if isinstance(inner, dict))


def _person(said: Any) -> str | None:
    if isinstance(said, list):
        names = [name for name in map(_person, said) if name]
        return "; ".join(names) or None
    if isinstance(said, dict):
        said = said.get("name")
    words = words_or_none(said) if isinstance(said, str) else None
    return None if words and words.startswith(("http:", "https:")) else words


def _changed_later(says: dict[str, str | None]) -> tuple[str, ...]:
    published, changed = says["published"], says["changed"]
    if not changed or not published or changed <= published:
        return ()
    return (f"the page says it was changed on {changed}: what was added then cannot be told from the first wording",)


def _everything(tree: Any) -> str:
    """All words of a page, one line for each piece of text, without what is never shown."""
    for unseen in tree.xpath("//head | //script | //style | //noscript | " + " | ".join(_UNSEEN)):
        if unseen.getparent() is not None:
            unseen.drop_tree()
    return "\n".join(
        words for piece in tree.itertext() if isinstance(piece, str) and (words := " ".join(piece.split()))
    )

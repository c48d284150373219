"""What a document says about itself: its title, its language, its day. Where it says nothing, nothing is said."""

from __future__ import annotations

import re
from collections import Counter

from zenobia.terms import InputError, parse_published

__all__ = ["day_in", "language_of", "opening_title", "words_or_none"]

_LONGEST = 300
_SAMPLE = 40_000

_DAY = re.compile(r"(\d{4}-\d{2}-\d{2})(?![\d])")

# Letters of one script; what share of them tells neighbours apart is said where it is used.
_SCRIPTS = {
    "arabic": re.compile("[\u0620-\u06ff\u0750-\u077f\ufb50-\ufdff\ufe70-\ufefc]"),
    "cyrillic": re.compile("[\u0400-\u04ff]"),
    "hebrew": re.compile("[\u05d0-\u05ea]"),
    "latin": re.compile("[A-Za-z\u00c0-\u024f]"),
}
_FEWEST_LETTERS = 40

# The commonest words of a language that no neighbour shares in such numbers.
_COMMON = {
    "en": "the of and to in was that for on by with from were had which his as is at it are be this",
    "fr": "le la les des du et est dans que qui pour sur au par une aux ont été sont cette avec il",
    "de": "der die das und den von mit dem des im für auf ist nicht sich auch wurde eine einer nach",
    "es": "el los las de la y que en del por con una para su fue como se al lo más entre",
    "it": "il di che della e la per nel dei delle gli con una sono alla dal ha stato più anche",
    "tr": "ve bir bu için ile olarak da de olan daha çok gibi sonra kadar ancak ise göre tarafından",
    "nl": "de het een van en in is dat op te zijn met voor niet werd door aan ook naar bij",
    "pt": "o os as da do dos em que e para com uma foi por ao não mais na no pela",
    "ku": "û di ji bo ku li de ya yên ew bi hate jî wan wekî dike ser nav",
}
_WORDS = {language: frozenset(words.split()) for language, words in _COMMON.items()}


def language_of(text: str) -> str | None:
    """The language that a text is written in (a BCP 47 tag), or ``None`` where that is not plain.

    Told by script first, then by letters or by common words. A text in two languages, a table of
    figures and a few words have no plain language.
    """
    sample = text[:_SAMPLE]
    counts = Counter({script: len(letters.findall(sample)) for script, letters in _SCRIPTS.items()})
    (script, most), total = counts.most_common(1)[0], counts.total()
    if most < _FEWEST_LETTERS or most < 0.7 * total:
        return None
    if script == "hebrew":
        return "he"
    if script == "arabic":
        return _arabic_script(sample, most)
    if script == "cyrillic":
        return _cyrillic(sample)
    return _latin(sample)


def opening_title(text: str) -> str | None:
    """The first line, where it stands apart like a title: short, alone, and not a sentence."""
    lines = text.lstrip("\ufeff \t\n").split("\n", 2)
    if len(lines) < 3 or lines[1].strip():
        return None
    first = lines[0].strip()
    return first if 3 <= len(first) <= 200 and first[-1] not in ".,;:" else None


def words_or_none(said: object) -> str | None:
    """A title or a name as one line, or nothing where it is empty or a program's own filler."""
    words = " ".join(str(said or "").split())
    words = re.sub(r"^Microsoft Word - ", "", words)
    filler = re.fullmatch(
        r"(untitled|document ?\d*|unknown|anonymous|none|user|admin(istrator)?|.*\.(indd|qxd))", words, re.I
    )
    return None if filler or not words else words[:_LONGEST]


def day_in(said: object) -> str | None:
    """The ISO day at the head of what was said ("2016-03-27T08:00:00Z"), or a month or year alone."""
    words = str(said or "").strip()
    found = _DAY.match(words)
    day = found[1] if found else words
    try:
        parse_published(day)
    except InputError:
        return None
    return day


def _arabic_script(sample: str, letters: int) -> str | None:
    # Each list: letters that Arabic lacks and this language cannot do without.
    for language, own, share in (
        ("ckb", "ێۆەڕڵ", 0.04),
        ("ur", "ےںٹڈڑہ", 0.03),
        ("fa", "پچگژیک", 0.04),
    ):
        if sum(map(sample.count, own)) > share * letters:
            return language
    return "ar"


def _cyrillic(sample: str) -> str | None:
    lowered = sample.lower()
    ukrainian, russian = (sum(map(lowered.count, own)) for own in ("іїєґ", "ыэъё"))
    if max(ukrainian, russian) < 3:
        return None
    return "uk" if ukrainian > 2 * russian else "ru" if russian > 2 * ukrainian else None


def _latin(sample: str) -> str | None:
    words = re.findall(r"[^\W\d_]+", sample.lower())
    scores = Counter({language: sum(word in common for word in words) for language, common in _WORDS.items()})
    (best, most), (_, next_most) = scores.most_common(2)
    return best if most >= 0.12 * len(words) and most >= 1.3 * next_most else None

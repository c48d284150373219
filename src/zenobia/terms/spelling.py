"""How a name is spelled, with everything taken away that writers do differently.

Three keys, each looser than the one before:

- `normalise` takes away what carries no meaning: case, accents, Arabic vowel marks, the article.
- `vowelled` also evens out how Arabic sounds are written in Latin letters (``q`` and ``k``, ``ou``
  and ``u``) but keeps where the vowels stand.
- `skeleton` keeps the consonants alone, and is the same for Arabic and Latin script.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby

from rapidfuzz import fuzz, process

__all__ = ["Reading", "normalise", "readings", "skeleton", "vowelled"]

_WORD = re.compile(r"[^\W_]+")
_ARTICLES = frozenset({"al", "el", "ul", "the", "ال"})
# Names in Albu- are al- and Abu: the article written as one word with what follows.
_FUSED = {"albu": "bu", "البو": "بو"}
# The l of the article takes the sound of these consonants: ar-Raqqa, ash-Shaddadi, ez-Zor.
_SUN = frozenset({"d", "dh", "l", "n", "r", "s", "sh", "t", "th", "z"})

# The feminine ending, with and without its silent h: Hama and Hamah, Sukhna and Sukhnah.
_FEMININE = re.compile("(?<=..)ah+$")

_SETTLEMENT_WORD = re.compile(
    r"^(?:the )?(?:city|town|village|hamlet) of | +(?:city|town|village|hamlet|suburb)$"
    r"|^(?:مدينة|بلدة|قرية) +",
    re.IGNORECASE,
)
_GLOSS = re.compile(r"\s*\([^()]*\)$")

# Written apart from a letter these decompose to a space and a mark, which would split the word.
_QUOTES = str.maketrans(dict.fromkeys("´`¨῾᾽΄", ""))
_LETTERS = {
    **dict.fromkeys("'’‘‛′ʹء\u0640", ""),  # apostrophes, primes, the lone hamza, tatweel
    **dict.fromkeys("ٱ", "ا"),
    **dict.fromkeys("ىیېے", "ي"),
    **dict.fromkeys("ةہھەۀ", "ه"),
    **dict.fromkeys("کڪ", "ك"),
    **dict(zip("ıøłđðħ", "iolddh", strict=True)),
    "þ": "th",
    "æ": "ae",
    "œ": "oe",
}


@lru_cache(maxsize=1 << 16)
def normalise(text: str) -> str:
    """The name without what carries no meaning: equal for spellings that differ by habit alone.

    Case, accents, Arabic vowel marks and tatweel, direction marks, apostrophes, ayn and hamza are
    dropped; Arabic letter forms are unified (أإآٱ to ا, ى to ي, ة to ه, ؤ and ئ to their seats) and
    digits made western; hyphens and other punctuation separate words; a final -ah is -a; the article
    goes (al-, el-, ال, and before sun letters ar-, ash-, ez- ...), unless nothing else would be left.

    >>> normalise("Ar-Raqqah"), normalise("القُرَيتَين"), normalise("Tall Rifʿat")
    ('raqqa', 'قريتين', 'tall rifat')

    Returns:
        Words separated by single spaces; `normalise` of the result is the result.
    """
    words = _WORD.findall(_folded(text))
    return " ".join(_without_articles(words) or words)


@lru_cache(maxsize=1 << 16)
def skeleton(text: str) -> str:
    """The consonants of a name, as one key for its transliterations and its Arabic spelling.

    >>> skeleton("Qaryatayn") == skeleton("al-Karyatein") == skeleton("القريتين") == "krtn"
    True

    Sounds that are written in more than one way share a letter: q, k and c; g and gh; t, th; d, dh;
    p and b. Lost with the vowels: y, w, ayn, hamza and a final h.
    """
    return re.sub("[AIU ]", "", _sounds(text))


@lru_cache(maxsize=1 << 16)
def vowelled(text: str) -> str:
    """The skeleton with its vowels, in three classes; empty in Arabic script, which writes few.

    >>> vowelled("Hamah") == vowelled("Hama") != vowelled("Homs")
    True
    """
    if _is_arabic(normalise(text)):
        return ""
    sounds = _sounds(text).replace(" ", "")
    # ay, ei and i are one sound to a transcriber, as are aw, ou and u.
    return "".join(key for key, _ in groupby(sounds.replace("AI", "I").replace("AU", "U")))


@dataclass(frozen=True)
class Reading:
    """One way to read a text: the names in it, and whether it says that they are a settlement's."""

    names: tuple[str, ...]
    settlement: bool = False


def readings(text: str) -> Iterator[Reading]:
    """The text itself; without a gloss in brackets; without "town"; as the names a stroke sets side by side."""
    text = text.strip()
    yield Reading((text,))
    name = _GLOSS.sub("", text)
    if name != text:
        yield Reading((name,))
    bare = _SETTLEMENT_WORD.sub("", name)
    if bare != name:
        yield Reading((bare,), True)
    parts = tuple(part.strip() for part in bare.split("/") if part.strip())
    if len(parts) > 1:
        yield Reading(parts, bare != name)


def did_you_mean(value: str, options: Iterable[str]) -> str:
    """One sentence that offers the nearest of a closed list, or an empty string where none is near.

    >>> did_you_mean("airstrike", ["air-strike", "shelling", "battle"])
    'did you mean "air-strike"?'
    """
    known = list(options)
    hits = process.extract(
        normalise(value), [normalise(option) for option in known], scorer=fuzz.ratio, score_cutoff=60, limit=3
    )
    # Others are worth naming only when they come close to the best.
    near = [known[place] for _, score, place in hits if score >= hits[0][1] - 10]
    quoted = " or ".join(f'"{option}"' for option in near)
    return f"did you mean {quoted}?" if near else ""


class _Folding(dict[int, str]):
    """What each decomposed character is folded to; filled as characters are met."""

    def __missing__(self, code: int) -> str:
        self[code] = _fold(chr(code))
        return self[code]


def _fold(char: str) -> str:
    if char in _LETTERS:
        return _LETTERS[char]
    # Classes below 10 belong to the letter itself (the voicing of kana, Indic nuktas and viramas);
    # from 10 up they are the accents and vowel points that writers leave out.
    if unicodedata.combining(char) >= 10 or 0x2B0 <= ord(char) <= 0x2FF:
        return ""
    kind = unicodedata.category(char)
    if kind == "Cf":  # direction marks and zero-width characters: invisible, and able to deceive
        return ""
    return str(unicodedata.digit(char)) if kind == "Nd" else char


_FOLDING = _Folding()


def _folded(text: str) -> str:
    if "&" in text:
        text = html.unescape(text)  # scraped lists hold names such as Ra&#39;ai
    if text.isascii():
        return text.lower().replace("'", "").replace("`", "")
    text = unicodedata.normalize("NFKD", text.translate(_QUOTES)).casefold()
    return unicodedata.normalize("NFC", unicodedata.normalize("NFKD", text).translate(_FOLDING))


def _without_articles(words: list[str]) -> list[str]:
    kept: list[str] = []
    for word in reversed(words):  # backwards, so that "as al-Sukhnah" loses both
        while word.startswith("ال") and len(word) >= 5:
            word = word[2:]
        word = _FEMININE.sub("a", _FUSED.get(word, word))
        if word not in _ARTICLES and not (kept and _is_sun_article(word, kept[-1])):
            kept.append(word)
    return kept[::-1]


def _is_sun_article(word: str, following: str) -> bool:
    return word[0] in "ae" and word[1:] in _SUN and following.startswith(word[1:])


# --- sounds: consonants as small letters, vowels as A, I, U ------------------------------------

# An article written as one word with its noun: Albukamal, Arraqqa, Deir Ezzor.
_FUSED_ARTICLE = re.compile(r"^al(?=[^aeiouwy].{2})|^[ae](?=(sh|th|dh|[dlnrstz])\1)")
_LATIN = re.compile(r"sch|kh|gh|sh|ch|th|dh|dj|ph|.")
_LATIN_SOUNDS = {
    "sch": "c", "sh": "c", "ch": "c", "kh": "x", "gh": "g", "th": "t", "dh": "d", "dj": "j", "ph": "f",
    "q": "k", "c": "k", "p": "b", "v": "f",
    "a": "A", "e": "I", "i": "I", "y": "I", "o": "U", "u": "U", "w": "U",
}  # fmt: skip
_ARABIC_SOUNDS = dict(zip("ابتثجحخدذرزسشصضطظعغفقكلمنهوي", "AbttjhxddrzscsdtdAgfkklmnhUI", strict=True)) | {
    "پ": "b",
    "چ": "c",
    "ژ": "j",
    "گ": "g",
    "ڤ": "f",
}


def _sounds(text: str) -> str:
    words = normalise(text).split()
    return " ".join(_sounds_of(word, last=place == len(words)) for place, word in enumerate(words, 1))


def _sounds_of(word: str, *, last: bool) -> str:
    if _is_arabic(word):
        # A final h is the feminine ending (ة) or a ح that Latin spellings may leave out.
        return re.sub("(?<=.)h$", "", "".join(_ARABIC_SOUNDS.get(letter, letter) for letter in word))
    word = _FUSED_ARTICLE.sub("", word)
    if not last:
        # The feminine ending is heard as t before another word: Maarrat al-Numan, معرة النعمان.
        word = re.sub("(?<=..[ae])t$", "", word)
    word = re.sub("(?<=.)eh?$", "a", word)  # the same ending: Hasakeh, Haseke, Hasakah
    sounds = "".join(_LATIN_SOUNDS.get(part, part) for part in _LATIN.findall(word))
    doubled = "".join(key if key.islower() else key * len(list(run)) for key, run in groupby(sounds))
    return re.sub("(?<=[AIU])h$", "", doubled)


def _is_arabic(text: str) -> bool:
    return any("\u0600" <= char <= "\u06ff" for char in text)

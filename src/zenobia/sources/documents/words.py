"""The words of a text as a search sees them: one spelling for each, with where it stands.

Words are normalised as names are (`zenobia.terms.normalise`): case, accents, Arabic vowel marks,
letter forms and the article make no difference. An Arabic word with a preposition or conjunction
written onto it (بتدمر, والقريتين) is found under the bare word too.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache

from zenobia.terms import normalise

__all__ = ["Word", "words_of"]

# Letters and digits with their marks; inside a word apostrophes, hyphens and invisible joiners may stand.
_MARKS = "\u0300-\u036f\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed\u200b-\u200f\u202a-\u202e\u2060-\u2069"
_CHUNK = re.compile(rf"[^\W_](?:[^\W_]|[{_MARKS}]|['’‘ʼʹ`´\-‐‑](?=[^\W_]))*")
_POSSESSIVE = re.compile("['’ʼ]s$", re.I)

# Words that carry nothing alone and are no part of a name's key either.
_PASSED_OVER = frozenset({"the", "al", "el", "ال"})

# What Arabic writes onto the word that follows: and/so, then with/as/to, then the article.
_ONTO_ARTICLE = re.compile("[وف]?(?:[بك]?ال|لل)(?=.{3})")
_ONTO_WORD = re.compile("[وف]?[بلك]?(?=.{3})")
_ONTO_AND = re.compile("[وف](?=.{3})")

# What a word is in an index: where it stands in the text, and the keys it is found under, its own first.
Word = tuple[int, int, tuple[str, ...]]


def words_of(text: str) -> Iterator[Word]:
    """Every word of a text: (start, end, keys). A compound such as Deir-ez-Zor is two words at one place."""
    for match in _CHUNK.finditer(text):
        for keys in _keys(match[0]):
            yield match.start(), match.end(), keys


@lru_cache(maxsize=1 << 17)
def _keys(chunk: str) -> tuple[tuple[str, ...], ...]:
    whole = normalise(_POSSESSIVE.sub("", chunk))
    if not whole or whole in _PASSED_OVER:
        return ()
    return tuple((word, *_without_clitics(word)) for word in whole.split(" "))


def _without_clitics(word: str) -> tuple[str, ...]:
    if not "\u0621" <= word[0] <= "\u064a":
        return ()
    found = (pattern.match(word) for pattern in (_ONTO_ARTICLE, _ONTO_WORD, _ONTO_AND))
    return tuple(dict.fromkeys(word[match.end() :] for match in found if match and match.end()))

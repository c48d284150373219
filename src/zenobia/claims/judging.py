"""One question of a claim: asked of a view, answered, judged, and put into a sentence."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, MutableMapping
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

from zenobia.claims.claim import Posed
from zenobia.claims.expectation import Expectation, Finding
from zenobia.claims.verdict import Judged, Word
from zenobia.measures import NOTHING, Answer, Apart, Needs, Prepared, Question, resolved
from zenobia.measures.bearing import bearing
from zenobia.measures.belonging import belongs, parents
from zenobia.measures.wording import chance
from zenobia.terms import NotMeasurable

if TYPE_CHECKING:
    from zenobia.claims.claim import Claim
    from zenobia.record import View

__all__ = ["CERTAIN", "Asking", "Kept", "Prepare", "Rests", "apart_of", "judge"]

Prepare = Callable[["View", Needs], Prepared]

# A day is judged only where the thing that it dates happened with at least this chance, and a thing
# with at most one minus this chance is taken not to have happened.
CERTAIN = 0.9


_TRANSLATIONS: WeakKeyDictionary[View, dict[str, set[str]]] = WeakKeyDictionary()

# Answers that were given before, by (question, what it was answered from): an answer, or why there is none.
Kept = MutableMapping[tuple[str, str], Answer | str]

# What is prepared for a need rests on, as one word, and the view that the need is asked of.
Rests = Callable[["View", Needs], tuple[str, "View"]]


def _on_the_view(view: View, needs: Needs) -> tuple[str, View]:
    """Where nobody knows better, all that is prepared rests on the whole view."""
    return view.key, view


@dataclass(frozen=True)
class Asking:
    """What every question of a claim is asked with.

    Attributes:
        prepare: makes what a question needs from a view.
        rests: tells what that rests on, without making it.
    """

    prepare: Prepare
    kept: Kept = field(default_factory=dict)
    rests: Rests = _on_the_view


def judge(posed: Posed, view: View, asking: Asking, apart: Apart) -> Judged:
    """Ask one question with the claimant's word set apart, and hold the answer against what is expected."""
    asked = resolved(posed.question, view).model_copy(update={"apart": apart})
    answer = _answer(asked, view, asking)
    if isinstance(answer, str):
        return _without_an_answer(posed, asked, view, answer, _claimants(asked, view, asking))
    return _judged(posed, asked, view, answer)


def _answer(asked: Question, view: View, asking: Asking) -> Answer | str:
    """The answer, or in words why there is none.

    It is asked of a view that holds nothing but the reports which can bear on it, and kept under the content of that:
    so it is given again as long as these stay as they are, and cannot hang on any other.
    """
    needs, seen = asked.needs(view), bearing(view, asked.kinds, asked.sources)
    rests, heard = ("", view) if needs == NOTHING else asking.rests(view, needs)
    earlier = None if heard is view else bearing(heard, asked.kinds, asked.sources)
    key = (asked.canonical(), f"{seen.key} {rests} {earlier.key if earlier else ''}")
    if key not in asking.kept:
        prepared = Prepared() if needs == NOTHING else replace(asking.prepare(view, needs), view=earlier)
        try:
            asking.kept[key] = asked.answer(seen, prepared)
        except NotMeasurable as missing:
            asking.kept[key] = str(missing)
    return asking.kept[key]


def answered(asked: Question, view: View, asking: Asking, apart: Apart) -> Answer | str:
    """A question that is only asked: its answer, or in words why there is none."""
    return _answer(resolved(asked, view).model_copy(update={"apart": apart}), view, asking)


def apart_of(claim: Claim, view: View) -> Apart:
    """Whose word never counts for a claim: the claimant's, that of whoever speaks for it or passes it on, the
    claiming document's and its translations'.
    """
    own = {claim.by} if claim.by else set()
    if claim.by and claim.by not in view.sources:
        ties = parents(view)
        stands = {source.id: source.stands_with for source in view.sources.values()}
        own |= {name for name, actor in stands.items() if actor and belongs(actor, (claim.by,), ties, None)}
    passing_on = {source.id: source.copies_from for source in view.sources.values()}
    documents = {claim.document} if claim.document else set()
    return Apart(
        sources=tuple(sorted(_closed(own, passing_on))),
        documents=tuple(sorted(_closed(documents, _translations(view)))),
    )


def _closed(own: set[str], comes_from: Mapping[str, Iterable[str]]) -> set[str]:
    """Some things, with all that come from one of them however many steps away."""
    grown = own | {thing for thing, origins in comes_from.items() if own.intersection(origins)}
    return grown if grown == own else _closed(grown, comes_from)


def _translations(view: View) -> Mapping[str, set[str]]:
    """The documents that say the same as each in another language: its original and its translations."""
    if view not in _TRANSLATIONS:
        _TRANSLATIONS[view] = {}
        for row in view.table("documents").select(["id", "translation_of"]).to_pylist():
            if row["translation_of"]:
                _TRANSLATIONS[view].setdefault(row["id"], set()).add(row["translation_of"])
                _TRANSLATIONS[view].setdefault(row["translation_of"], set()).add(row["id"])
    return _TRANSLATIONS[view]


def _claimants(asked: Question, view: View, asking: Asking) -> tuple[str, ...]:
    """What the claimant alone says, where nobody else says anything."""
    if not asked.apart.sources and not asked.apart.documents:
        return ()
    heard = _answer(asked.model_copy(update={"apart": Apart()}), view, asking)
    return () if isinstance(heard, str) else heard.evidence


def _without_an_answer(posed: Posed, asked: Question, view: View, why: str, claimant: tuple[str, ...]) -> Judged:
    because = f"claimant only: {why}" if claimant else why
    return Judged(
        asked=asked.words(view),
        says=posed.says,
        expect=posed.expect.text,
        verdict="cannot tell",
        because=_sentence(because),
        answer=None,
        claimant_only=claimant,
    )


def _judged(posed: Posed, asked: Question, view: View, answer: Answer) -> Judged:
    word, why = _verdict(posed.expect, answer)
    for_, against = _sides(posed.expect, answer)
    return Judged(
        asked=asked.words(view),
        says=posed.says,
        expect=posed.expect.text,
        verdict=word,
        because=_sentence(why),
        answer=answer,
        for_=for_,
        against=against,
        claimant_only=answer.claimant_only,
    )


def _verdict(expect: Expectation, answer: Answer) -> tuple[Word, str]:
    if answer.claimant_only and not answer.evidence:
        only = "" if "nobody but the claimant" in answer.says else "claimant only: "
        return "cannot tell", f"{only}{answer.says}; a source other than the claimant would settle it"
    if answer.short:
        return "cannot tell", f"{answer.says}, but {answer.short}{_apart_words(answer)}"
    if answer.happened is not None and answer.happened < CERTAIN:
        if answer.happened <= 1 - CERTAIN:
            return "contradicted", f"{answer.says}, so it did not happen in those days by this record"
        return "cannot tell", f"{answer.says}, less than the {chance(CERTAIN)} at which a day can be given"
    word = expect.judge(answer.judged)
    return word, f"{answer.says}; {_against_expectation(word, expect, answer)}"


def _apart_words(answer: Answer) -> str:
    own = len(answer.claimant_only)
    return f" ({'one report' if own == 1 else f'{own} reports'} of the claimant's own set apart)" if own else ""


def _against_expectation(word: Finding, expect: Expectation, answer: Answer) -> str:
    wanted = f"the claim needs {expect.words(answer.judged.unit)}"
    if word == "supported":
        return f"{wanted}, which is met"
    if word == "contradicted":
        return f"{wanted}, which is not met"
    settle = f"; {answer.settle}" if answer.settle else ""
    return f"{wanted}, which this neither meets nor rules out{settle}{_apart_words(answer)}"


def _sides(expect: Expectation, answer: Answer) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Reports for and against the claim.

    A voice whose own figure meets the expectation speaks for it, one whose figure cannot meet it
    against. Where an answer itself says which reports add to a figure and which take from it, that
    counts, turned round for a claim that asks for little. For one that asks for a middle, those
    that go with the answer are for a claim that it meets, if the measure can tell them.
    """
    if answer.for_ or answer.against:
        return _by_leaning(expect.leaning(answer.judged), answer)
    pro: set[str] = set()
    contra: set[str] = set()
    for figure in answer.by_source:
        finding = expect.judge(figure.found)
        if finding == "supported":
            pro |= set(figure.reports)
        elif finding == "contradicted":
            contra |= set(figure.reports)
    return tuple(sorted(pro)), tuple(sorted(contra))


def _by_leaning(leaning: int, answer: Answer) -> tuple[tuple[str, ...], tuple[str, ...]]:
    for_, against = tuple(sorted(answer.for_)), tuple(sorted(answer.against))
    if leaning:
        return (for_, against) if leaning > 0 else (against, for_)
    if answer.agreeing is None:
        return (), ()
    return answer.agreeing, tuple(sorted({*for_, *against} - set(answer.agreeing)))


def _sentence(text: str) -> str:
    told = text.strip().rstrip(".")
    return f"{told[:1].upper()}{told[1:]}."

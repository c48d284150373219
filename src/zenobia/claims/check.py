"""Check: a claim against the record as it is known now, and as it was on the day of the claim."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from zenobia.claims.claim import Claim
from zenobia.claims.judging import Asking, Kept, Prepare, Rests, answered, apart_of, judge
from zenobia.claims.verdict import Beside, Flip, Judged, Then, Verdict, Word, together
from zenobia.measures import Question, SourcesRule, Variation, resolved
from zenobia.measures.selection import check_sources
from zenobia.measures.selection import heard as heard_by
from zenobia.terms import InputError

if TYPE_CHECKING:
    from zenobia.record import View

__all__ = ["ORDER_ALONE", "check"]

ORDER_ALONE = "order is not cause"

_WORD = re.compile(r"[a-z]+")
_MOST_NOTES = 3  # in the sentence; all of them stand with the answer


def check(
    claim: Claim,
    now: View,
    then: View | None,
    prepare: Prepare,
    *,
    kept: Kept | None = None,
    rests: Rests | None = None,
    vary: bool = True,
) -> Verdict:
    """The verdict on a claim, with what would change it.

    Args:
        now: the record as it is known now.
        then: the record as known at the end of the day of the claim; ``None`` where the claim has no day.
        prepare: makes what a question needs from a view; called again for each variation, so it
            should keep what it made.
        kept: answers given before, shared between claims; it is added to.
        rests: what ``prepare`` would rest on, without making it; without it answers are kept for one view alone.
        vary: whether other fair ways to ask are tried, and what stands beside is asked; the verdict is the same.

    Raises:
        InputError: the claim names what the record does not hold.
    """
    if not claim.testable:
        return _untestable(claim, then)
    try:
        asking = Asking(prepare, {} if kept is None else kept)
        return _checked(claim, now, then, asking if rests is None else replace(asking, rests=rests), vary)
    except InputError as wrong:
        raise _in_claim(wrong, claim) from wrong


@dataclass(frozen=True)
class _Heard:
    """All questions of a claim, judged on one view."""

    main: Judged
    parts: tuple[Judged, ...]
    causal: bool

    @property
    def verdict(self) -> Word:
        """The verdict on all that is said; what shows an order shows no cause, and so holds in part at most."""
        return "partly" if self._order_alone else self._together

    @property
    def because(self) -> str:
        """One sentence: how many of the things said hold, the figure of the first, and what that does not show."""
        if not self._order_alone:
            return self._reason
        return f"{self._reason.rstrip('.')}; {ORDER_ALONE}{_what_else(self.main)}."

    @property
    def _order_alone(self) -> bool:
        return self.causal and self._together == "supported"

    @property
    def _together(self) -> Word:
        return together([self.main.verdict, *(part.verdict for part in self.parts)])

    @property
    def _reason(self) -> str:
        if not self.parts:
            return self.main.because
        said = (self.main, *self.parts)
        words = [judged.verdict for judged in said]
        # The one that decides: what cannot be told where that is the verdict, what fails where some fails.
        sought = "contradicted" if self._together == "partly" else self._together
        decisive = next(judged for judged in said if judged.verdict == sought)
        begins = decisive.answer.says if decisive.answer else ""
        small = begins[:1].islower() and decisive.because[1:].startswith(begins[1:])
        why = f"{decisive.because[:1].lower()}{decisive.because[1:]}" if small else _inside(decisive.because)
        return f"{_tally(words)}: {why}"


def _checked(claim: Claim, now: View, then: View | None, asking: Asking, vary: bool) -> Verdict:
    heard = _hear(claim, {}, now, asking)
    before = _hear(claim, {}, then, asking) if then is not None else None
    tried = list(_tried(claim, now, asking)) if vary else []
    if vary and before is not None and then is not None and then.known is not None:
        tried.append((Variation(f"known={then.known.isoformat()}", {}), before))
    draws = next(((a.draws, a.seed) for j in (heard.main, *heard.parts) if (a := j.answer) and a.draws), (None, None))
    return Verdict(
        claim=claim,
        verdict=heard.verdict,
        because=heard.because,
        main=heard.main,
        parts=heard.parts,
        then=_then(before, then),
        tried=len(tried),
        flips=_flips(heard, tried),
        beside=tuple(_beside(claim, now, asking)) if vary else (),
        draws=draws[0],
        seed=draws[1],
    )


def _beside(claim: Claim, view: View, asking: Asking) -> Iterator[Beside]:
    apart = apart_of(claim, view)
    for says, asked in claim.asked_beside():
        told = answered(asked, view, asking, apart)
        answer = None if isinstance(told, str) else told
        why = told if isinstance(told, str) else told.says
        yield Beside(says=says, asked=asked.words(view), answer=answer, why=why)


def _hear(claim: Claim, patch: Mapping[str, Any], view: View, asking: Asking) -> _Heard:
    apart = apart_of(claim, view)
    main, *parts = (judge(posed, view, asking, apart) for posed in claim.posed(patch))
    return _Heard(main, tuple(parts), claim.causal)


def _tried(claim: Claim, view: View, asking: Asking) -> Iterator[tuple[Variation, _Heard]]:
    """Every fair way to ask again: those declared, then those that make sense for the measure."""
    asked = resolved(claim.posed()[0].question, view)
    seen = {_same(asked, view)}
    for variation in (*claim.declared(), *asked.variations(view)):
        key = _same(claim.posed(variation.patch)[0].question, view)
        if key not in seen:
            seen.add(key)
            yield variation, _hear(claim, variation.patch, view, asking)


def _same(asked: Question, view: View) -> tuple[str, bytes]:
    """What tells two ways to ask apart: two rules on sources that hear the same reports are one."""
    known = resolved(asked, view)
    check_sources(view, known.sources)
    return known.model_copy(update={"sources": SourcesRule()}).canonical(), heard_by(view, known.sources).tobytes()


def _flips(heard: _Heard, tried: list[tuple[Variation, _Heard]]) -> tuple[Flip, ...]:
    """The variations that change the verdict, the smallest change first."""
    changed = [(v, other) for v, other in tried if other.verdict != heard.verdict]
    changed.sort(key=lambda pair: (_size(heard, pair[1]), _keys(pair[0].patch), pair[0].name))
    return tuple(
        Flip(change=variation.name, verdict=other.verdict, found=other.main.found, because=other.because)
        for variation, other in changed
    )


def _size(heard: _Heard, other: _Heard) -> float:
    """How much of the evidence a variation exchanges: 0 none of it, 1 all."""
    before, after = _evidence(heard), _evidence(other)
    either = before | after
    return len(before ^ after) / len(either) if either else 0.0


def _evidence(heard: _Heard) -> set[str]:
    return {report for j in (heard.main, *heard.parts) if j.answer for report in j.answer.evidence}


def _keys(patch: Mapping[str, Any]) -> int:
    return sum(len(value) if isinstance(value, Mapping) else 1 for value in patch.values())


def _then(before: _Heard | None, then: View | None) -> Then | None:
    if before is None or then is None or then.known is None:
        return None
    return Then(known=then.known, verdict=before.verdict, found=before.main.found, because=before.because)


def _untestable(claim: Claim, then: View | None) -> Verdict:
    because = f"Nothing in this record can test it. {claim.settles}"
    before = None
    if then is not None and then.known is not None:
        before = Then(known=then.known, verdict="cannot tell", found=None, because=because)
    return Verdict(claim=claim, verdict="cannot tell", because=because, main=None, then=before)


def _tally(words: list[Word]) -> str:
    """How many of the things said in one breath hold: both things said hold; 2 of the 3, 1 cannot be told."""
    holds, fails, open_ = (words.count(word) for word in ("supported", "contradicted", "cannot tell"))
    many = len(words)
    alike = "both" if many == 2 else f"all {many}"
    if holds == many:
        return f"{alike.capitalize()} things said hold"
    if open_ == many:
        return (
            "Neither of the two things said can be told" if many == 2 else f"None of the {many} things said can be told"
        )
    told = [f"{holds or 'none'} of the {many} things said {'holds' if holds == 1 else 'hold'}"]
    if fails and fails < many:
        told.append(f"{fails} {'does' if fails == 1 else 'do'} not")
    if open_:
        told.append(f"{open_} cannot be told")
    sentence = ", ".join(told)
    return f"{sentence[:1].upper()}{sentence[1:]}"


def _what_else(judged: Judged) -> str:
    """What must stand beside an order before anybody takes it for a cause."""
    notes = [note.strip().rstrip(".") for note in judged.answer.notes] if judged.answer else []
    told = [_inside(note) for note in notes if not {"order", "cause"} <= set(_WORD.findall(note))][:_MOST_NOTES]
    return f", and beside it stands: {'; '.join(told)}" if told else ""


def _inside(sentence: str) -> str:
    """A sentence inside another: its first letter small, unless a name begins it."""
    plain = ("The ", "Of ", "No ", "Nobody ", "Only ", "Claimant ", "Between ")
    return f"{sentence[:1].lower()}{sentence[1:]}" if sentence.startswith(plain) else sentence


def _in_claim(wrong: InputError, claim: Claim) -> InputError:
    """The same fault, with the claim that it stands in."""
    return type(wrong)(
        f"claim {claim.id}: {wrong.what}",
        file=wrong.file,
        row=wrong.row,
        column=wrong.column,
        value=wrong.value,
        expected=wrong.expected,
        fix=wrong.fix,
    )

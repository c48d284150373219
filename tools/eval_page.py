"""Lays out docs/control-evidence.md: the tables of `make eval-control`, and a chart of reliability."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from tools.eval_case import Changed, Found, Row, Taken, Told
from tools.eval_case import scores as case_scores
from tools.eval_holdout import Line
from tools.eval_then import Clash
from zenobia.terms import day_of

if TYPE_CHECKING:
    from tools.eval_control import Result

__all__ = ["chart", "page", "table"]

Floats = npt.NDArray[np.float64]

HEAD = """\
# Control: how good it is

Written by `make eval-control`; the words are explained in [Control](control.md).

The ground truth is who held the settlements of one war, day by day: {truth}. What sources say of them is invented
(`tools/press.py`) and seeded: partisans of both sides, who deny losses for weeks and claim towns too early or for
nothing; independents, who mistake and overlook; sources that copy without saying so. The presses differ in how many
reports there are, how careless and how one-sided they are. In the first six, everybody writes more of places where
something happens. In the *even* ones each place draws as much attention as any other, fighting is noticed less, and a
change of hands is told as news less often: the harder and, where a war is far away, the likelier kind. Each line is
the mean of {seeds} seeds. The model's constants were chosen on other seeds of the same trajectories, so a war of
another kind may come out worse; the last part of the page is on real reports.

Every other method is as sure as *hindsight* says that it should have been (mixed with "anybody" until its log loss is
least; the dense model's table of errors, rate and weight are the best of twelve). Ours is as it comes.
"""
METHODS = """\
## Beside other methods

*Last report wins*; the *majority* of 30 days; *Dawid-Skene* (1979), which learns each source's errors from its votes
on place and month; a *dense hidden Markov model* over every day with one table of errors for all.

*Brier*: summed over states. *ECE*: of the leading state, 15 bins. *hard*: log loss at the places that ever change.
*dated*: share of the true changes of state said within 3 days. *spurious*: changes said with no true one within 10
days, per 100 place-years. *contested*: share of contested days on which it leads.
"""
PAIRED = """\
### Paired differences

Seeds differ more than methods do, so methods are compared on the same seeds: the log loss of each method less that of
ours, mean and standard deviation over the seeds, and in how many of them ours was better.
"""
SURE = """\
## Is it as sure as it should be?

*Sets*: the smallest set of states that holds 90 % of the chance; how often the truth is in it, and how many states it
has on average (one state cannot be split, so coverage above 90 % with a size near 1 is what a sharp and honest
estimate looks like). *Windows*: how often the 5-95 % window of a change of hands that is seen at all holds the true
day (looked for within 30 days of it), and its mean width.
"""
RELIABLE = """\
### Reliability

All chances of all states on all place-days: what was said, and how often it came true; with the share of all chances
that lie there. All seeds of a press together.

![What was said and how often it came true, for each press](control-reliability.svg)
"""
HIDDEN = """\
## Places that nobody mentions

A fifth of the places loses all its reports; scored there. Only the ground round them is left to go by. The others are
as sure as hindsight says.
"""
BLOCKS = """\
## Months that nobody reports

A fifth of all blocks of 45 days of a place loses its reports; the rest is kept, before and after. Scored on the first
thing that each source said there (what it says is taken at its word, so no method can come near 0; all, ours too, as
sure as hindsight says), and on the truth.
"""
AHEAD = """\
## Days that have not come yet

Nothing published after a day is known (three such days, at .3, .5 and .7 of the period); scored on the 60 days that
follow.
"""
KNOWN = """\
## As known on the day

On seven days spread through the period, from what had been published by then, scored on that day.
"""
REAL = """\
## Real reports: the built-in case

The changes of hands of the case that at least two documents with independent voices date to the same day or the next.
*before* and *after*: the chance that the taker held the place three days before and after. *days off*: of the nearest
day on which the taker comes to lead. With all reports; with one of the documents that date it taken away, each in
turn (mean); with all of them taken away, when only what others say of the months round it is left.

*right*: of the two questions of each change, did the taker hold it three days before (no) and three days after (yes)?
*seen*: right on both. *dated*: the leading holder changes within three days. *No change*: what the days before look
like without these documents, carried on. *One holder*: the government has all. Both of these are as sure as hindsight
says.
"""
FAILED = """\
### Where it fails

Changes that are not seen even with all reports, or that vanish when one document is taken away, and why they may:
{failed}.
"""
CLASH = """\
### Both sides on the same day

Independent voices say of one day that different sides hold or took the place. What the model believed of the day
after, as known then, later, and now (the leading state and its chance).
"""
FLAPPING = """\
### Places that changed hands again and again

Every capture of the places that were said to be taken by turns, three times at least from one side by another; and
what the model believed of the day after, as known then, later and now.
"""
GIVEN_UP = """\
### Advances that were not, or not for long

Captures named for one side that were believed as known then, or a week or a month on, and are not believed now.
"""
VAIN = """\
### One side is said to have taken it, and no other

Is that believed, by all reports: does the taker lead on some day of the week after? By how many independent voices
say so. Some of what is not believed is boasts; some is true, and told by one voice against the habit of years: the
list of what to check first.
"""


def page(truth: str, results: Sequence[Result], real: tuple[list[Row], Told] | None) -> str:
    """The whole page."""
    presses = list(dict.fromkeys(r.press for r in results))
    seeds = len({r.seed for r in results})
    parts = [HEAD.format(truth=truth, seeds=seeds), METHODS, _methods(presses, results)]
    parts += [PAIRED, _paired(presses, results), SURE, _sure(presses, results), RELIABLE, _reliable(presses, results)]
    for name, words in (("places", HIDDEN), ("blocks", BLOCKS), ("ahead", AHEAD), ("known", KNOWN)):
        parts += [words, _held_out(name, presses, results)]
    if real is not None:
        parts += list(_real(*real))
    return "\n".join(parts)


def table(head: Sequence[str], rows: Iterable[Sequence[str]], texts: int = 2) -> str:
    """A table in Markdown; all columns but the first few are figures."""
    rule = ["---" if k < texts else "---:" for k in range(len(head))]
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, rule, *rows)) + "\n"


def _of(press: str, results: Sequence[Result]) -> list[Result]:
    return [r for r in results if r.press == press]


def _methods(presses: Sequence[str], results: Sequence[Result]) -> str:
    head = ["press", "method", "accuracy %", "Brier", "log loss", "ECE", "hard", "dated %", "spurious", "contested"]
    places = (1, 3, 3, 3, 3, 0, 0, 2)
    rows = []
    for press in presses:
        some = _of(press, results)
        told = f"**{press}**, {np.mean([r.reports for r in some]):,.0f} reports"
        for n, method in enumerate(some[0].scores):
            mean = np.mean([r.scores[method] for r in some], axis=0)
            cells = [f"{value:.{k}f}" for value, k in zip(mean, places, strict=True)]
            rows.append([told if n == 0 else "", method, *cells])
    return table(head, rows)


def _paired(presses: Sequence[str], results: Sequence[Result]) -> str:
    rows = []
    for press in presses:
        some = _of(press, results)
        for n, method in enumerate(m for m in some[0].scores if m != "zenobia"):
            gap = np.array([r.scores[method].log - r.scores["zenobia"].log for r in some])
            spread = f"{gap.std(ddof=1):.3f}" if len(gap) > 1 else ""
            rows.append(
                [
                    f"**{press}**" if n == 0 else "",
                    method,
                    f"{gap.mean():+.3f}",
                    spread,
                    f"{(gap > 0).sum()}/{len(gap)}",
                ]
            )
    return table(["press", "method", "log loss more than ours", "s.d.", "ours better"], rows)


def _sure(presses: Sequence[str], results: Sequence[Result]) -> str:
    rows = []
    for press in presses:
        some = _of(press, results)
        inside, size = np.mean([r.sets for r in some], axis=0)
        windows = np.array([w for r in some for w in r.windows], dtype=float).reshape(-1, 2)
        rows.append(
            [
                press,
                f"{np.mean([r.silent for r in some]):.0f}",
                f"{100 * inside:.1f}",
                f"{size:.2f}",
                *([f"{100 * windows[:, 0].mean():.0f}", f"{windows[:, 1].mean():.1f}"] if len(windows) else ["", ""]),
                f"{len(windows):,}",
            ]
        )
    head = ["press", "places nobody mentions", "sets: inside %", "size", "windows: inside %", "days wide", "changes"]
    return table(head, rows, 1)


def _reliable(presses: Sequence[str], results: Sequence[Result]) -> str:
    rows = []
    for k in range(10):
        row = [f"{k / 10:.1f}-{(k + 1) / 10:.1f}"]
        for press in presses:
            summed = _summed(press, results)
            count, said, came = summed[:, k]
            share = count / summed[0].sum()
            row.append(f"{said / count:.2f} → {came / count:.2f} ({share:.1%})" if count else "")
        rows.append(row)
    return table(["chance", *presses], rows, 1)


def _summed(press: str, results: Sequence[Result]) -> Floats:
    return np.asarray(np.sum([r.reliability for r in _of(press, results)], axis=0))


def _held_out(name: str, presses: Sequence[str], results: Sequence[Result]) -> str:
    rows, head = [], []
    for press in presses:
        runs = [r.held_out[name] for r in _of(press, results) if name in r.held_out]
        for n, lines in enumerate(zip(*runs, strict=True)):
            head = list(lines[0].figures)
            figures = [f"{np.mean([line.figures[f] for line in lines]):.{1 if '%' in f else 3}f}" for f in head]
            rows.append([f"**{press}**" if n == 0 else "", lines[0].method, *figures])
    return table(["press", "method", *head], rows)


def _real(rows: list[Row], told: Told) -> Iterator[str]:
    yield REAL
    yield table(["way", *_names(rows)], [_scored(line) for line in case_scores(rows)], 1)
    head = ["place", "taken by", "day", "documents", "before", "after", "days off", "one out: after", "all out: after"]
    yield table(head, [_documented(*row) for row in rows], 3)
    weak = [(change, full) for change, full, outs, _ in rows if not full.seen or not all(o.seen for o in outs)]
    yield FAILED.format(failed="; ".join(_failing(*pair) for pair in weak) or "none")
    for words, rows_then in ((CLASH, told.clashes), (FLAPPING, told.flapping)):
        yield words
        yield _then(rows_then)
    yield VAIN
    yield table(["voices", "told", "believed", "mean chance"], _by_voices(told.taken), 1)
    doubted = [f"{t.place} by {t.into} on {day_of(t.day)} ({t.chance:.2f})" for t in told.taken if t.chance < 0.5]
    yield f"Not believed, with the most it is believed in that week: {'; '.join(doubted)}.\n"
    yield GIVEN_UP
    yield _then(told.given_up)


def _then(clashes: list[Clash]) -> str:
    if not clashes:
        return "None.\n"
    return table(["place", "day", "said", *(label for label, *_ in clashes[0].believed)], map(_clashing, clashes), 7)


def _by_voices(taken: list[Taken]) -> Iterator[list[str]]:
    for label, least, most in (("one", 1, 1), ("two", 2, 2), ("three or more", 3, 99)):
        some = [t.chance for t in taken if least <= len(t.voices) <= most]
        if some:
            yield [label, str(len(some)), str(sum(c >= 0.5 for c in some)), f"{np.mean(some):.2f}"]


def _names(rows: list[Row]) -> list[str]:
    return list(next(case_scores(rows)).figures)


def _scored(line: Line) -> list[str]:
    kinds = {"right %": ".0f", "log loss": ".3f"}
    return [line.method, *(f"{value:{kinds.get(name, '.0f')}}" for name, value in line.figures.items())]


def _documented(change: Changed, full: Found, outs: list[Found], none: Found) -> list[str]:
    return [
        change.place,
        change.into,
        str(day_of(change.day)),
        str(len(change.documents)),
        f"{full.before:.2f}",
        f"{full.after:.2f}",
        "" if full.off is None else f"{full.off:+d}",
        f"{np.mean([o.after for o in outs]):.2f}",
        f"{none.after:.2f}",
    ]


def _failing(change: Changed, full: Found) -> str:
    if full.before >= 0.5:
        why = "the taker is believed to have had it before"
    elif full.after < 0.5:
        why = "not believed"
    else:
        why = f"hangs on one of {len(change.documents)} documents"
    return f"{change.place} by {change.into} on {day_of(change.day)} ({why})"


def _clashing(clash: Clash) -> list[str]:
    said = "; ".join(f"{side}: {', '.join(voices)}" for side, voices in clash.said)
    believed = [state if math.isnan(chance) else f"{state} {chance:.2f}" for _, state, chance in clash.believed]
    return [clash.place, str(day_of(clash.day)), said, *believed]


_SIZE, _EDGE = 360, 46
_COLOURS = ("#6b4a2f", "#c2803d", "#3d6e8f", "#7f9f4f", "#a23b3b", "#5b5b8f", "#2f8f7f", "#b05fa0", "#888888")


def chart(results: Sequence[Result]) -> str:
    """What was said (across) and how often it came true (up), a line for each press; bins with 100 chances or more."""
    presses = list(dict.fromkeys(r.press for r in results))
    wide, high = _SIZE + _EDGE + 190, _SIZE + 2 * _EDGE
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} {high}" width="{wide}" height="{high}" '
        'font-family="sans-serif" font-size="12" role="img" aria-label="Reliability">',
        f'<rect width="{wide}" height="{high}" fill="#ffffff"/>',
        f'<path d="M{_x(0)} {_y(0)}L{_x(1)} {_y(1)}" stroke="#bbbbbb" stroke-dasharray="4 3"/>',
        f'<path d="M{_x(0)} {_y(1)}V{_y(0)}H{_x(1)}" stroke="#555555" fill="none"/>',
    ]
    for tick in (0, 0.5, 1):
        lines.append(f'<text x="{_x(tick)}" y="{_y(0) + 16}" text-anchor="middle">{tick:g}</text>')
        lines.append(f'<text x="{_x(0) - 8}" y="{_y(tick) + 4}" text-anchor="end">{tick:g}</text>')
    lines.append(f'<text x="{_x(0.5)}" y="{_y(0) + 34}" text-anchor="middle">chance said</text>')
    lines.append(f'<text x="{_x(0)}" y="{_y(1) - 12}">share that came true</text>')
    for n, press in enumerate(presses):
        count, said, came = _summed(press, results)
        enough = count >= 100
        spots = zip(said[enough] / count[enough], came[enough] / count[enough], strict=True)
        trace = " ".join(f"{_x(a):.1f},{_y(b):.1f}" for a, b in spots)
        colour, down = _COLOURS[n % len(_COLOURS)], _y(1) + 10 + 18 * n
        lines.append(f'<polyline points="{trace}" fill="none" stroke="{colour}" stroke-width="1.6"/>')
        lines.append(f'<path d="M{_x(1) + 14} {down}h18" stroke="{colour}" stroke-width="3"/>')
        lines.append(f'<text x="{_x(1) + 38}" y="{down + 4}">{press}</text>')
    return "\n".join([*lines, "</svg>", ""])


def _x(share: float) -> float:
    return _EDGE + share * _SIZE


def _y(share: float) -> float:
    return _EDGE + (1 - share) * _SIZE

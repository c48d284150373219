"""Laws of presence, documented, sequence and rank that hold whatever is in the record."""

from hypothesis import given, settings
from hypothesis import strategies as st

from tests.measures.by_hand import STRIKE_FRAME, strike, view_of
from tests.measures.changes import CHANGES_FRAME, capture, control
from zenobia import measures
from zenobia.measures import Apart, Prepared
from zenobia.terms import NotMeasurable

few = settings(max_examples=15, deadline=None)

VOICES = ("wire", "monitor", "gazette", "league-press", "lexicon", "strikes")
OWN = Apart(sources=("writer",))

rows = st.lists(
    st.tuples(
        st.integers(0, 140),
        st.integers(1, 40),
        st.sampled_from(["alder", "birch", "cedar", None]),
        st.sampled_from(VOICES),
        st.sampled_from(["empire", "crown", "empire|crown"]),
    ),
    min_size=1,
    max_size=15,
)

OF = {"type": "air-strike", "actor": "empire", "from": "2031-02-01", "to": "2031-06-01"}
PRESENCE = {"measure": "presence", "of": OF, "every": "week"}
DOCUMENTED = {"measure": "documented", "of": OF}
SEQUENCE = {
    "measure": "sequence",
    "first": {"type": "air-strike", "actor": "empire"},
    "then": {"change": {"to": "league"}},
    "from": "2031-02-01",
    "to": "2031-06-01",
}
RANK = {"measure": "rank", "change": {"to": "league"}, "from": "2031-02-01", "to": "2031-06-01", "initiative": "alder"}
PEAK = {"measure": "peak", "holder": "league", "from": "2031-02-01", "to": "2031-06-01", "before": "2031-04-01"}
TAKEN = control(
    alder=[("2000-01-01", "crown"), ("2031-03-10", "league")],
    birch=[("2000-01-01", "crown"), ("2031-03-20", "league")],
    cedar=[("2000-01-01", "guard"), ("2031-05-10", "league")],
)
GAINS = (
    capture("gain-a", "2031-03-10", "alder", "league"),
    capture("gain-b", "2031-03-20", "birch", "league", source="gazette"),
    capture("gain-c", "2031-05-10", "cedar", "league", source="almanac"),
)
WEEKS = 18  # 1 February to 31 May are 120 days: seventeen weeks and a day.


def made(drawn, **fields):
    return [_strike(f"r{n:02}", *row, **fields) for n, row in enumerate(drawn)]


def _strike(id, start, length, place, source, actor, **fields):
    first, after = _day(start), _day(start + length)
    return strike(id, first, place, source=fields.get("source", source), actor=actor, until=after)


def _day(nth):
    month, day = divmod(nth, 28)
    return f"2031-{month + 1:02}-{day + 1:02}"


def ask(raw, view, prepared=None, apart=None):
    asked = measures.question(raw).model_copy(update={"apart": apart or Apart()})
    try:
        return measures.answer(asked, view, prepared or Prepared())
    except NotMeasurable:
        return None


def both(raw, before, after, prepared=None, apart=None, frames=()):
    one = ask(raw, view_of(*before, frames=frames), prepared, apart)
    two = ask(raw, view_of(*before, *after, frames=frames), prepared, apart)
    return one, two


@few
@given(rows)
def test_without_a_list_no_period_is_empty(drawn):
    answer = ask(PRESENCE, view_of(*made(drawn)))
    assert answer is None or answer.judged.high == WEEKS


@few
@given(rows)
def test_what_is_surely_there_is_never_more_than_what_may_be(drawn):
    answer = ask(PRESENCE, view_of(*made(drawn), frames=(STRIKE_FRAME,)))
    assert answer is None or 0 <= answer.judged.low <= answer.judged.high <= WEEKS


@few
@given(rows)
def test_every_voices_own_periods_are_within_what_is_shown(drawn):
    answer = ask(PRESENCE, view_of(*made(drawn)))
    for figure in answer.by_source if answer else ():
        assert figure.found.low <= answer.found.high


@few
@given(rows)
def test_one_voice_alone_never_makes_a_period_sure(drawn):
    mine = [r for r in made(drawn) if r.source == "wire" and r.origin is None]
    answer = ask(PRESENCE, view_of(*mine))
    assert answer is None or answer.judged.low == 0


@few
@given(rows, rows)
def test_more_that_agrees_never_weakens(drawn, more):
    added = [r.__class__(**{**_cells(r), "id": f"z{r.id}"}) for r in made(more)]
    for raw in (PRESENCE, DOCUMENTED):
        one, two = both(raw, made(drawn), added)
        if one is not None:
            assert two.judged.low >= one.judged.low
    one, two = both(SEQUENCE, [*GAINS, *made(drawn)], added, TAKEN)
    assert two.judged.low >= one.judged.low


def _cells(report):
    return {name: getattr(report, name) for name in report.__dataclass_fields__}


@few
@given(rows, rows)
def test_the_claimants_word_never_decides(drawn, own):
    said = [r.__class__(**{**_cells(r), "id": f"z{r.id}", "source": "writer"}) for r in made(own)]
    taken = [capture(f"own-{p}", "2031-04-02", p, "league", source="writer") for p in ("alder", "birch", "cedar")]
    for raw in (PRESENCE, DOCUMENTED, SEQUENCE, RANK, PEAK):
        one, two = both(raw, [*GAINS, *made(drawn)], [*said, *taken], TAKEN, OWN, frames=(CHANGES_FRAME,))
        if one is None:
            assert two is None or not two.found.known or two.judged.low in (None, 0.0)
        else:
            assert (one.judged, one.short) == (two.judged, two.short)


@few
@given(rows)
def test_without_lists_there_is_no_rank_no_only_and_no_verdict_on_a_peak(drawn):
    view = view_of(*GAINS, *made(drawn))
    assert ask(SEQUENCE, view, TAKEN).judged.high is None
    assert not ask(RANK, view, TAKEN).found.known
    assert ask(PEAK, view, TAKEN).short is not None


@few
@given(rows, st.permutations(["crown", "league", "guard"]))
def test_relabelling_the_parties_relabels_the_answers(drawn, names):
    new = dict(zip(("crown", "league", "guard"), names, strict=True))
    # Nobody's agency: a source that stands with a side changes sides with the names.
    plain = [(s, n, place, "wire" if voice == "league-press" else voice, "empire") for s, n, place, voice, _ in drawn]
    gains = [r.__class__(**{**_cells(r), "holder": new["league"]}) for r in GAINS]
    other = control(
        alder=[("2000-01-01", new["crown"]), ("2031-03-10", new["league"])],
        birch=[("2000-01-01", new["crown"]), ("2031-03-20", new["league"])],
        cedar=[("2000-01-01", new["guard"]), ("2031-05-10", new["league"])],
    )
    for raw in (SEQUENCE, RANK):
        one = ask(_from(raw, "crown"), view_of(*GAINS, *made(plain), frames=(CHANGES_FRAME,)), TAKEN)
        renamed = _from(raw, new["crown"], new["league"])
        two = ask(renamed, view_of(*gains, *made(plain), frames=(CHANGES_FRAME,), affiliations=()), other)
        assert one.judged == two.judged


def _from(raw, before, after="league"):
    change = {"from": before, "to": after}
    return {**raw, "then": {"change": change}} if "then" in raw else {**raw, "change": change}

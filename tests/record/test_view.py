"""A view is the record as known on a day, narrowed as asked."""

import numpy as np
import pytest

from zenobia.pipeline import open_case
from zenobia.record import NO_DAY
from zenobia.terms import InputError, NotFound


@pytest.fixture
def view(valley):
    return open_case(valley).known()


def test_a_day_that_is_not_stated_is_no_day(view):
    assert view.column("date").dtype == np.int32
    with_no_date = view.reports.filter(view.reports["date"].is_null()).num_rows
    assert int((view.column("date") == NO_DAY).sum()) == with_no_date


def test_a_narrowed_view_leaves_out_single_reports(view):
    first, *others = view.column("id").tolist()
    without = view.narrowed(label="without one", without_reports=frozenset({first}))
    assert without.column("id").tolist() == others
    assert without.key != view.key


def test_a_narrowed_view_leaves_out_a_source_and_what_others_pass_on_from_it(view):
    without = view.narrowed(label="no wire", without_sources=frozenset({"border-wire"}))
    assert not {"border-wire"} & (set(without.column("source")) | set(without.column("origin")))
    assert "b4" not in without.column("id")  # the Gazette prints the wire


def test_only_some_sources_means_only_their_own_words(view):
    only = view.narrowed(label="gazette", sources=frozenset({"gazette"}))
    assert only.reports.num_rows == 0  # all that the Gazette says comes from the wire


def test_narrowing_changes_the_key_and_not_the_view(view):
    rows = view.reports.num_rows
    narrowed = view.narrowed(label="no strikes", without_types=frozenset({"air-strike"}))
    assert narrowed.key != view.key
    assert view.reports.num_rows == rows


def test_an_unknown_table_is_answered_with_those_there_are(view):
    with pytest.raises(NotFound, match="coverage"):
        view.table("covrage")


def test_an_unknown_place_is_answered_with_a_guess(view):
    with pytest.raises(InputError, match="birchen"):
        view.place("birchin")


def test_a_source_is_in_the_camp_of_whom_it_stands_with(view):
    assert (view.camp_of("league-press"), view.camp_of("monitor")) == ("league", None)

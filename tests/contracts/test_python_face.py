"""The Python face as docs/python.md shows it: the verbs as methods, and pictures in a notebook."""

import doctest
from datetime import date
from xml.etree import ElementTree

import pytest

import zenobia
from zenobia.terms import ControlEstimate, ZenobiaError


@pytest.fixture
def case(valley):
    return zenobia.open(valley)


def test_the_face_is_what_is_listed():
    assert zenobia.__all__ == ["ZenobiaError", "__version__", "open"]
    assert all(hasattr(zenobia, name) for name in zenobia.__all__)
    assert zenobia.ZenobiaError is ZenobiaError


def test_the_four_lines_of_the_interface(case):
    view = case.known("2031-05-10")
    held = case.control("cedar", on="2031-05-04", view=view)
    assert isinstance(held, ControlEstimate)
    assert held.leader == "crown"
    assert held.known == date(2031, 5, 10)
    assert case.check(view=view)["known"] == "2031-05-10"


def test_a_day_may_be_a_date(case):
    assert case.control("cedar", on=date(2031, 5, 4)).held_by == case.control("cedar", on="2031-05-04").held_by


def test_a_folder_without_a_case_is_an_error_of_ours(tmp_path):
    with pytest.raises(zenobia.ZenobiaError, match="no case here"):
        zenobia.open(tmp_path)


def test_an_estimate_draws_the_chances_around_its_day(case):
    drawn = case.control("birchen", on="2031-02-14").plot(days=30)
    svg = ElementTree.fromstring(drawn._repr_svg_())
    assert svg.tag == "{http://www.w3.org/2000/svg}svg"
    assert "15 January 2031 to 16 March 2031" in svg.attrib["aria-label"]  # 30 days before and after
    assert "The Crown until" in drawn.summary


def test_an_estimate_is_shown_without_its_drawing(case):
    assert "draw" not in repr(case.control("birchen", on="2031-02-14"))
    assert "draw" not in case.control("birchen", on="2031-02-14").to_json()


def test_a_place_that_nobody_spoke_of_is_drawn_as_such(valley):
    with open(valley / "places.csv", "a") as out:
        out.write("gorse,Gorse <b>,,,village,46.9,11.9,,,,\n")
    drawn = zenobia.open(valley).control("gorse", on="2031-02-14").plot()
    assert "Gorse &lt;b&gt;" in drawn._repr_html_()
    assert "<b>" not in drawn._repr_html_()
    ElementTree.fromstring(drawn.svg)


def test_a_map_of_a_day_is_shown_by_a_notebook(case):
    drawn = case.control_map(on="2031-04-01")
    svg = ElementTree.fromstring(drawn._repr_svg_())
    assert "Birchen" in "".join(svg.itertext())
    page = drawn._repr_html_()
    assert page.startswith("<figure><svg")
    assert "1 April 2031. Of 6 places that reports speak of" in page
    assert "<script" not in page
    assert "http://" not in page.replace("http://www.w3.org/2000/svg", "")


def test_a_map_around_a_place_shows_its_neighbours_alone(case):
    # Fir lies 51 km from Birchen (0.3 degrees of latitude, 0.5 of longitude at 46 degrees), Cedar 24 km.
    shown = case.control_map(on="2031-04-01", around="Birken", km=30).svg
    assert "Cedar" in shown
    assert ">Fir<" not in shown


def test_a_picture_is_saved_as_a_file_of_its_own(case, tmp_path):
    path = case.control_map(on="2031-04-01").save(tmp_path / "map.svg")
    assert ElementTree.parse(path).getroot().tag.endswith("svg")


def test_the_same_map_is_the_same_bytes(case, valley):
    assert case.control_map(on="2031-04-01").svg == zenobia.open(valley).control_map(on="2031-04-01").svg


def test_every_line_of_the_page_on_python_runs(project, valley, monkeypatch):
    monkeypatch.chdir(valley.parent)
    page = project / "docs" / "python.md"
    parsed = doctest.DocTestParser().get_doctest(page.read_text("utf-8"), {}, "python.md", str(page), 0)
    told = []
    runner = doctest.DocTestRunner(optionflags=doctest.ELLIPSIS)
    runner.run(parsed, out=told.append)
    assert parsed.examples
    assert runner.summarize(verbose=False).failed == 0, "".join(told)

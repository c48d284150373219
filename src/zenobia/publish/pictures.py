"""A map or a figure by itself, for a notebook or a file: one SVG, and the paragraph that says the same."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path

from markupsafe import Markup, escape

from zenobia.publish.basemap import Area
from zenobia.publish.brief import environment
from zenobia.publish.citations import Citations
from zenobia.publish.course import draw_course
from zenobia.publish.figures import Figures, course_legend
from zenobia.publish.grounds import Grounds, area_of
from zenobia.publish.numbers import Course, Numbers
from zenobia.publish.svgmap import draw_map
from zenobia.publish.wording import calendar, plain
from zenobia.record import write_whole

__all__ = ["Picture", "course_picture", "map_picture"]


@dataclass(frozen=True, kw_only=True, repr=False)
class Picture:
    """A drawing that a notebook shows by itself; it loads nothing and runs no script.

    Attributes:
        svg: the drawing, which stands alone as a file.
        summary: what it shows, in a paragraph.
    """

    svg: str
    summary: str

    def __repr__(self) -> str:
        return f"<Picture: {self.summary}>"

    def _repr_svg_(self) -> str:
        return self.svg

    def _repr_html_(self) -> str:
        return f"<figure>{self.svg}<figcaption>{escape(plain(self.summary))}</figcaption></figure>"

    def save(self, path: str | Path) -> Path:
        """Write the drawing as an SVG file. Returns where it is."""
        path = Path(path)
        write_whole(path, '<?xml version="1.0" encoding="UTF-8"?>\n' + self.svg + "\n")
        return path


def map_picture(numbers: Numbers, on: date, area: Area | None = None) -> Picture:
    """Who most likely held each place on a day.

    Args:
        numbers: what is known.
        on: the day.
        area: west, south, east, north in degrees; by default the case's own.
    """
    grounds = Grounds(numbers, Citations(numbers), environment())
    rows = [(place, estimate) for place, estimate in numbers.control_on(on) if place.lat is not None]
    frame = area or numbers.stamp.area or area_of([place for place, _ in rows])
    scene = grounds.scene(on, rows, frame, f"map-{on.isoformat()}")
    seen = {place.id for place in scene.shown}
    told = [(p, e) for p, e in rows if p.id in seen and e.held_by and e.basis == "reports"]
    summary = grounds.summary(on, told, len(seen) - len(told))
    return Picture(svg=str(draw_map(scene)), summary=f"{calendar(on)}. {summary}")


def course_picture(numbers: Numbers, place: str, start: date, end: date) -> Picture:
    """The chances of one place through a window of days, closed-open, with each report on the day it speaks of."""
    figures = Figures(numbers, Citations(numbers), environment())
    course = numbers.course(place, start, end)
    if not course.states:
        return Picture(svg=_nothing(course), summary=f"No report in the record says who held {course.place.name}.")
    reports = [saying.report for saying in course.sayings]
    said = {e.id: f"{e.source}, {calendar(e.published)}: {e.says}" for e in numbers.evidence(reports)}
    drawn = draw_course(course, figures.called, figures.look, said, f"course-{course.place.id}")
    drawn = figures.footed(drawn, reports, course_legend(course), dashed=bool(course.voices_changed))
    return Picture(svg=_alone(drawn), summary=f"{course.place.name}. {figures.told(course)}")


def _alone(drawn: Markup) -> str:
    """A figure that is made to stand in a page, as a drawing of its own."""
    font = "system-ui, 'Noto Sans', 'Noto Sans Arabic', sans-serif"
    return str(drawn).replace("<svg ", f'<svg xmlns="http://www.w3.org/2000/svg" font-family="{font}" ', 1)


def _nothing(course: Course) -> str:
    words = escape(plain(f"No report says who held {course.place.name}."))
    return (
        '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 720 40" role="img">'
        f'<text x="8" y="25" font-size="14">{words}</text></svg>'
    )

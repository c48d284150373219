"""The verb `control`: who held a place, who had what through time, and where they faced each other."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from zenobia.calling import asks, console, print_json, print_lines
from zenobia.later import Later

if TYPE_CHECKING:
    from zenobia import pipeline
else:
    pipeline = Later("zenobia.pipeline")

__all__ = ["control"]


@click.command()
@click.argument("place", required=False)
@click.option("--on", metavar="DATE", help="The day; by default the last day of the case.")
@click.option("--compare", nargs=2, metavar="D1 D2", help="What each holder gained, lost and held between two days.")
@click.option("--totals", is_flag=True, help="How many places, people and km2 each holder had through time.")
@click.option("--fronts", is_flag=True, help="Who faced whom along how many km, through time; with --on of one day.")
@click.option("--events", is_flag=True, help="With --fronts: when two came to face each other, or no longer did.")
@click.option("--every", type=click.Choice(["week", "month", "quarter", "year"]), default="month", show_default=True)
@click.option("--in", "area", metavar="AREA", help="With --totals or --fronts: an area of areas.geojson.")
@asks
def control(
    case: pipeline.OpenCase,
    place: str | None,
    on: str | None,
    compare: tuple[str, str] | None,
    totals: bool,
    fronts: bool,
    events: bool,
    every: str,
    area: str | None,
    known: str | None,
    as_json: bool,
) -> None:
    """Who held PLACE, how sure, by whose word, and what to be wary of; without PLACE a table of all."""
    _refuse_mixed(place, on, compare, totals, fronts, events, area)
    view = case.known(known)
    if compare:
        _tell(case, case.control_between(*compare, view), pipeline.compared_table, as_json)
    elif totals:
        _tell(case, case.control_totals(every, view, area), pipeline.totals_shown, as_json)
    elif fronts:
        told = case.control_fronts(on=on, every=every, area=area, events=events, view=view)
        _tell(case, told, pipeline.fronts_shown, as_json)
    else:
        _of_places(case, place, on or case.last_day(view).isoformat(), view, as_json)


def _refuse_mixed(
    place: str | None,
    on: str | None,
    compare: tuple[str, str] | None,
    totals: bool,
    fronts: bool,
    events: bool,
    area: str | None,
) -> None:
    """What does not go together is refused."""
    if bool(compare) + totals + fronts > 1 or ((compare or totals or fronts) and place):
        raise click.UsageError("give --compare, --totals or --fronts alone: each is of all places")
    if on and (compare or totals):
        raise click.UsageError("--on goes with PLACE, with all places, or with --fronts")
    if events and not fronts:
        raise click.UsageError("--events goes with --fronts")
    if area and not (totals or fronts):
        raise click.UsageError("--in goes with --totals or --fronts")


def _tell(case: pipeline.OpenCase, told: dict[str, Any], shown: Any, as_json: bool) -> None:
    if as_json:
        print_json(told)
    else:
        console().print(shown(told, case.names))


def _of_places(case: pipeline.OpenCase, place: str | None, day: str, view: Any, as_json: bool) -> None:
    known = view.known.isoformat() if view.known else None
    if place:
        told = case.control(place, on=day, view=view).to_json()
        rows: list[dict[str, Any]] = [told]
    else:
        rows = [estimate.to_json() for estimate in case.control_all(day, view)]
        told = {"on": day, "known": known, "places": rows}
    if as_json:
        print_json(told)
        return
    click.echo(f"Control on {day}, {'as known on ' + known if known else 'from everything published so far'}")
    console().print(pipeline.control_table(rows, case.names))
    if not place:
        click.echo(pipeline.warned_in_all(rows))
        return
    print_lines(pipeline.warning_lines(rows[0], case.names))
    if rows[0]["evidence"]:
        click.echo(f"evidence: {', '.join(rows[0]['evidence'])}   (zenobia why k:{rows[0]['place']}@{day})")

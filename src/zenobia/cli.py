"""The command line: one verb for each thing a researcher does. It parses, calls and prints; nothing else."""

from __future__ import annotations

import sys
from io import TextIOWrapper
from pathlib import Path
from typing import TYPE_CHECKING

import click

from zenobia import __version__, claim_verb, control_verb
from zenobia.calling import (
    EXIT_FAILED,
    Verbs,
    asks,
    called,
    console,
    on_case,
    pairs,
    print_json,
    print_lines,
    tell_chain,
    watched,
)
from zenobia.later import Later

if TYPE_CHECKING:
    from zenobia import pipeline
else:  # a verb that needs them gets them; `--version` and `--help` do not wait for them
    pipeline = Later("zenobia.pipeline")

__all__ = ["main"]


@click.group(cls=Verbs, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(__version__, prog_name="zenobia")
def main() -> None:
    """A checkable record of a war.

    Zenobia keeps who said what and when, works out who held each place on each day and how sure
    that is, and tests published claims against that record. Begin with `zenobia demo`.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper):  # names are in many scripts; a terminal may know one
            stream.reconfigure(errors="replace")


@main.command()
@click.argument("folder", default="palmyra", metavar="[DIR]")
def demo(folder: str) -> None:
    """Write the built-in Palmyra case to DIR, check every claim, write its briefing."""
    copied, opened = pipeline.demo(Path(folder))
    click.echo(f"{'Wrote' if copied else 'Found'} the Palmyra case in {folder}/")
    with watched(opened) as case:
        _tell_build(case.build())
        result = case.check()
        console().print(pipeline.verdict_table(result, case.names, reasons=False))
        out = case.write_brief(case.root / "briefs" / "palmyra.md")
    click.echo(f"\nBriefing: {out}   (open it in any browser; it needs no network)")
    name = called()
    click.echo(f"Next:     {name} check C12 --case {folder}    why, in a sentence with its numbers")
    click.echo(f"          {name} why c:C01 --case {folder}    from a verdict to the words of its sources")
    click.echo(f"          {name} control palmyra --on 2016-03-20 --case {folder}    who held it, and how sure")


@main.command()
@click.argument("folder", metavar="NAME")
def new(folder: str) -> None:
    """Begin an empty case in a new folder; private by default."""
    pipeline.new(Path(folder))
    click.echo(f"Wrote an empty case to {folder}/. Name its holders in case.toml, then fill the tables.")


@main.command()
@click.argument("files", nargs=-1, required=True, metavar="FILE-or-URL...")
@click.option("--as", "kind", metavar="KIND", default="", help="What it is; recognised by itself if left out.")
@click.option("--map", "maps", multiple=True, metavar="FIELD=COLUMN", help="Our field = the file's column.")
@click.option("--set", "sets", multiple=True, metavar="FIELD=VALUE", help="What is true of all rows.")
@click.option("--dry-run", is_flag=True, help="Say what would happen, row by row, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@on_case
def add(
    case: pipeline.OpenCase,
    files: tuple[str, ...],
    kind: str,
    maps: tuple[str, ...],
    sets: tuple[str, ...],
    dry_run: bool,
    as_json: bool,
) -> None:
    """Take files in as they are: event datasets, tables, documents. The same file again changes nothing."""
    told = case.add(files, kind=kind, maps=pairs("--map", maps), sets=pairs("--set", sets), dry_run=dry_run)
    if as_json:
        print_json(told)
    else:
        print_lines(pipeline.added_lines(told, dry_run=dry_run))


@main.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@on_case
def build(case: pipeline.OpenCase, as_json: bool) -> None:
    """Bring the record up to date with the case's files."""
    built = case.build()
    if as_json:
        print_json(built.to_json())
    else:
        _tell_build(built)


@main.command()
@click.option("--explain", metavar="ID", help="Which reports an event rests on, or which event a report tells of.")
@asks
def link(case: pipeline.OpenCase, known: str | None, as_json: bool, explain: str | None) -> None:
    """Put reports of one thing together as one event."""
    if explain:
        tell_chain(case.explain(explain, case.known(known)), as_json)
        return
    told = case.link_summary(case.known(known))
    if as_json:
        print_json(told)
    else:
        click.echo("{reports} reports tell of {events} events; {repeated} of them repeat another's.".format(**told))


main.add_command(control_verb.control)


@main.command()
@click.argument("name")
@click.argument("words", nargs=-1, metavar="[KEY=VALUE]...")
@asks
def measure(case: pipeline.OpenCase, name: str, words: tuple[str, ...], known: str | None, as_json: bool) -> None:
    """Answer one measure: NAME is held, duration, first, count or share."""
    answer = case.measure(name, words, case.known(known))
    if as_json:
        print_json(answer)
    else:
        print_lines(pipeline.measure_lines(answer))


@main.command()
@click.argument("claims", nargs=-1, metavar="[CLAIM]...")
@click.option(
    "--fail-on",
    multiple=True,
    type=click.Choice(["supported", "contradicted", "partly", "cannot tell"]),
    help="Exit with status 1 if any claim has this verdict.",
)
@click.option("--known", multiple=True, metavar="DATE", help="Only what had been published by DATE; two: side by side.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@on_case
def check(
    case: pipeline.OpenCase, claims: tuple[str, ...], known: tuple[str, ...], as_json: bool, fail_on: tuple[str, ...]
) -> None:
    """Test published claims against the record: a verdict for each, now and as known when it was made.

    With --known A --known B the verdicts of two days stand side by side, with the reports that moved them; B may be
    `now`, and --fail-on looks at B.
    """
    if len(known) > 2:
        raise click.UsageError("--known takes one day, or two to be set side by side")
    two = len(known) == 2
    if two:
        result = case.check_between(known[0], known[1], claims)
    else:
        result = case.check(claims or None, view=case.known(*known))
    if as_json:
        print_json(result)
    else:
        table = pipeline.two_days_table if two else pipeline.verdict_table
        console().print(table(result, case.names))
    if any((claim["verdicts"][1] if two else claim)["verdict"] in fail_on for claim in result["claims"]):
        sys.exit(EXIT_FAILED)


main.add_command(claim_verb.claim)


@main.command()
@click.argument("file", type=click.Path(path_type=Path))
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where to; by default beside FILE, as .html.")
@click.option("--known", metavar="DATE", help="Only what had been published by DATE.")
@click.option("--pin", is_flag=True, help="Write down beside FILE what it shows: you stand by the words around it.")
@click.option("--fail-on-stale", is_flag=True, help="Exit with status 1 if anything moved since FILE was pinned.")
@on_case
def brief(
    case: pipeline.OpenCase, file: Path, output: Path | None, known: str | None, pin: bool, fail_on_stale: bool
) -> None:
    """Write one briefing as a single HTML file that needs no network; say which of its figures have moved."""
    told = case.brief(file, output, case.known(known), pin=pin)
    print_lines(pipeline.stale_lines(told))
    click.echo(f"Wrote {told.path}{f' and {told.pinned}' if told.pinned else ''}")
    if fail_on_stale and told.moved:
        sys.exit(EXIT_FAILED)


@main.command()
@click.argument("out", type=click.Path(path_type=Path), metavar="DIR")
@click.option("--on", metavar="DATE", help="The day of the release; today by default.")
@asks
def publish(case: pipeline.OpenCase, out: Path, on: str | None, known: str | None, as_json: bool) -> None:
    """Write the static site of what may be told, by the policy of the case, into DIR.

    It says what was withheld and why, and writes nothing if any of it stood in a byte.
    """
    told = case.publish(out, on=on, known=known)
    if as_json:
        print_json(told)
        return
    print_lines(pipeline.withheld_lines(told))
    size = f"{told['files']} files, {told['bytes'] / 1e6:.1f} MB"
    click.echo(f"Wrote the site to {out}/: {size}, as known on {told['known']}, record {told['record'][:19]}")
    click.echo(f"Open {out / 'index.html'} in any browser; it needs no network.")


@main.command()
@click.argument("words", nargs=-1, required=True, metavar="WORDS...")
@click.option("--any", "any_word", is_flag=True, help="Documents that hold any of the words, not all of them.")
@click.option("--limit", type=click.IntRange(min=1), default=10, show_default=True, help="How many documents to show.")
@asks
def search(
    case: pipeline.OpenCase, words: tuple[str, ...], known: str | None, as_json: bool, any_word: bool, limit: int
) -> None:
    """Find documents by the words in them, in any script and spelling.

    A phrase is written as one word of the call: "tiger forces". An asterisk stands for any ending: recaptur*
    """
    found = case.search(words, case.known(known), limit=limit, any_word=any_word)
    if as_json:
        print_json(found.to_json())
    else:
        print_lines(found.lines())


@main.command()
@click.argument("id")
@asks
def why(case: pipeline.OpenCase, id: str, known: str | None, as_json: bool) -> None:
    """Walk ID back to the words of its sources.

    ID is r:REPORT, e:EVENT, c:CLAIM, v:CLAIM (its verdict), k:PLACE@DATE, m:MEASURE?KEY=VALUE&..., d:DOCUMENT or
    s:SOURCE; a bare id is tried in that order.
    """
    tell_chain(case.why(id, case.known(known)), as_json)


@main.command()
@click.argument("id")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@on_case
def history(case: pipeline.OpenCase, id: str, as_json: bool) -> None:
    """Every version of a row, with when it was recorded and by which run."""
    versions = case.history(id)
    if as_json:
        print_json({"id": id, "versions": versions})
        return
    for version in versions:
        click.echo(f"{version['recorded']}  {version['run']}  {version['table']}  {version['what']}")
        print_lines(pipeline.version_lines(version))


@main.command()
@click.option("--known", nargs=2, metavar="A B", help="Two days of knowledge; B may be `now`.")
@click.option("--record", nargs=2, metavar="RUN_A RUN_B", help="Two runs of the history; also `start` and `last`.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@on_case
def diff(case: pipeline.OpenCase, known: tuple[str, str] | None, record: tuple[str, str] | None, as_json: bool) -> None:
    """What was learned between two days, or recorded between two runs."""
    if (known is None) == (record is None):
        raise click.UsageError("give two days with --known A B, or two runs with --record RUN_A RUN_B")
    told = case.diff_known(*known) if known else case.diff_record(*(record or ()))
    if as_json:
        print_json(told)
    else:
        print_lines(pipeline.learned_lines(told, case.names) if known else pipeline.recorded_lines(told))


@main.command()
@click.option("--head", metavar="HASH", help="A hash that the history once ended with, noted from an earlier verify.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@on_case
def verify(case: pipeline.OpenCase, head: str | None, as_json: bool) -> None:
    """Check that the history is unbroken, originals untouched and the cache true."""
    findings = case.verify(head)
    broken = any(finding.broken for finding in findings)
    if as_json:
        print_json({"sound": not broken, "findings": [vars(finding) for finding in findings]})
    else:
        print_lines(f"{'BROKEN' if finding.broken else 'note'}: {finding.what}" for finding in findings)
        click.echo("broken" if broken else f"sound; {case.ledger_head()}")
    if broken:
        sys.exit(EXIT_FAILED)


@main.command()
@click.argument("what")
@click.option("--format", "form", metavar="FORMAT", help="One of those that it has; the first of them by default.")
@click.option("-o", "--output", type=click.Path(path_type=Path), help="Where to; standard output by default.")
@click.option("--on", metavar="DATE", help="Control, or the fronts, of one day instead of all days.")
@click.option("--released", is_flag=True, help="Only what the case's policy lets out.")
@click.option("--known", metavar="DATE", help="Only what had been published by DATE.")
@on_case
def export(
    case: pipeline.OpenCase,
    what: str,
    form: str | None,
    output: Path | None,
    on: str | None,
    released: bool,
    known: str | None,
) -> None:
    """Write something for other tools.

    \b
    WHAT            FORMAT
    events          csv, hxl, json, xlsx, geojson, geoparquet, ftm
    control         csv, hxl, json, xlsx, geojson, geoparquet
    control-daily   csv, hxl, json, xlsx, geojson, geoparquet
    control-totals  csv, hxl, json, xlsx
    fronts          csv, hxl, json, xlsx, geojson
    places          csv, hxl, json, xlsx, geojson, geoparquet
    reports         csv, hxl, json, xlsx, geojson, geoparquet
    claims          csv, json, xlsx, claimreview
    everything      ro-crate, ftm
    """
    told = case.released() if released else case
    written = told.export(what, form, output, told.known(known), on=on)
    if output:
        unit = {"ftm": "entities", "ro-crate": "files"}.get(form or pipeline.EXPORTS[what][0], "rows")
        click.echo(f"Wrote {written} {unit} to {output}")


@main.command()
@on_case
def mcp(case: pipeline.OpenCase) -> None:
    """Answer language models from the released record, by named tools, on standard input and output.

    Needs the extra: pip install 'zenobia[mcp]'.
    """
    case.serve_tools()


def _tell_build(built: pipeline.Built) -> None:
    if built.fresh:
        click.echo("Nothing to do: the record is up to date.")
        return
    changes = built.changes
    click.echo(
        f"Built the record: {len(changes.added)} rows added, {len(changes.updated)} updated, "
        f"{len(changes.withdrawn)} withdrawn, {changes.unchanged} unchanged, {len(built.rejected)} rejected."
    )
    print_lines(pipeline.refusals(built.rejected))
    print_lines(f"  doubtful: {warning}" for warning in built.warnings)


if __name__ == "__main__":
    main()

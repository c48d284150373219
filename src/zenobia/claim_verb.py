"""The verb `claim`: helps to write a claim down, from options or in a dialogue; lists what can be asked."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING, Any

import click

from zenobia.later import Later
from zenobia.terms import InputError

if TYPE_CHECKING:
    from zenobia import pipeline
else:
    pipeline = Later("zenobia.pipeline")

__all__ = ["claim"]

# What a claim says of itself, in the order in which a person is asked for it.
_ABOUT = {
    "id": "Its id, unique in the case",
    "says": "What is claimed, in your own words",
    "by": "Who claims it: a source of the case, or a party",
    "on": "When they claimed it",
    "document": "The document that makes the claim",
    "at": "Where in the document",
}
_ASKED_FOR = ("id", "says", "by", "on")


@click.group()
def claim() -> None:
    """Write a claim down; list what can be asked."""


@claim.command()
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@click.argument("names", nargs=-1, metavar="[MEASURE]...")
def measures(names: tuple[str, ...], as_json: bool) -> None:
    """What can be asked: every measure, or those named, with the keys that each needs."""
    told = [m for m in pipeline.askable() if not names or m["measure"] in names]
    if unknown := sorted(set(names) - {m["measure"] for m in told}):
        raise InputError("no such measure", value=unknown[0], fix="`zenobia claim measures` lists them all")
    if as_json:
        click.echo(json.dumps(told, ensure_ascii=False, indent=1))
        return
    for measure in told:
        _lines(_measure(measure))


def _about(fn: Callable[..., Any]) -> Callable[..., Any]:
    for key, means in reversed(_ABOUT.items()):
        fn = click.option(f"--{key}", metavar="DATE" if key == "on" else "TEXT", help=f"{means}.")(fn)
    return fn


@claim.command()
@_about
@click.option("--measure", metavar="NAME", help="What is asked; `zenobia claim measures` lists what can be.")
@click.option("--expect", metavar="RANGE", help='What the answer must be: "> 0.5", "9.5..10.5", "<= 2015-12-21".')
@click.option("--settles", metavar="TEXT", help="What would settle it, where nothing can be asked.")
@click.option("--note", metavar="TEXT", help="A remark for those who read the file.")
@click.option("--causal", is_flag=True, help="It says that one thing came about through another.")
@click.option("--beside", multiple=True, metavar="CLAIM", help="A claim by others about the same thing.")
@click.option("--dry-run", is_flag=True, help="Show it, and write nothing.")
@click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")
@click.option("--case", "folder", default=".", metavar="DIR", help="The case folder; the current one by default.")
@click.argument("words", nargs=-1, metavar="[KEY=VALUE]...")
def new(
    folder: str, measure: str | None, words: tuple[str, ...], dry_run: bool, as_json: bool, causal: bool, **said: Any
) -> None:
    """Write a claim: what is said, by whom, and the question it asks, as KEY=VALUE (of.actor=russia).

    On a terminal what is missing is asked for; elsewhere it is refused. The question in words and the verdict that
    the claim would get now are shown before anything is written.
    """
    case = pipeline.open_case(folder)
    beside = list(said.pop("beside"))
    about = {**said, "causal": causal or None, "beside_claims": beside or None}
    person = _is_a_person() and not as_json
    drafted = _asked_for(case, about, measure, words) if person else case.draft_claim(about, measure, words)
    if not as_json:
        _lines(_shown(drafted))
    wanted = not dry_run and (not person or click.confirm(f"Write it to {drafted['file']}?", default=True))
    if wanted:
        case.put_down_claim(drafted["claim"])
    if as_json:
        click.echo(json.dumps({**drafted, "written": wanted}, ensure_ascii=False, indent=1))
    else:
        click.echo(f"Wrote it to {drafted['file']}." if wanted else "Nothing was written.")


# --- the dialogue ------------------------------------------------------------------------------


def _asked_for(
    case: pipeline.OpenCase, about: dict[str, Any], measure: str | None, words: tuple[str, ...]
) -> dict[str, Any]:
    """Ask a person for whatever is missing, and again for whatever is refused."""
    for key in _ASKED_FOR:
        about[key] = about[key] or click.prompt(_ABOUT[key], default="" if key in ("by", "on") else None) or None
    if measure is None and not about["settles"]:
        measure = _choice()
    if measure is None:
        about["settles"] = about["settles"] or click.prompt("What evidence would settle it")
        return case.draft_claim(about, None, ())
    asked = list(words) or _keys(measure)
    while True:
        about["expect"] = about["expect"] or click.prompt(
            'What the answer must be, as "> 0.5" or "2016-03-26..2016-03-28"'
        )
        try:
            return case.draft_claim(about, measure, asked)
        except InputError as refusal:
            click.echo(f"{refusal}\n")
            again = click.prompt("Change what (id, says, by, on, expect, keys)", default="keys")
            if again in about:
                about[again] = click.prompt(again) or None
            else:
                asked = _keys(measure)


def _choice() -> str | None:
    """The measure that a person names, or none where nothing can be asked."""
    told = {m["measure"]: m for m in pipeline.askable()}
    for name, measure in told.items():
        _lines([f"  {name}: {measure['answers']}"])
    named = click.prompt("What is asked (none: no record can test it)", type=click.Choice([*told, "none"]))
    return None if named == "none" else str(named)


def _keys(measure: str) -> list[str]:
    """The keys of a question, one KEY=VALUE a line, ended by an empty one."""
    (told,) = (m for m in pipeline.askable() if m["measure"] == measure)
    _lines(_measure(told))
    click.echo("One KEY=VALUE a line; an empty line ends.")
    words: list[str] = []
    while word := click.prompt("", default="", show_default=False, prompt_suffix="> ").strip():
        words.append(word)
    return words


# --- in words ----------------------------------------------------------------------------------


def _measure(told: Mapping[str, Any]) -> Iterable[str]:
    yield f"{told['measure']}: {told['answers']}"
    yield f"  needs: {', '.join(told['needs']) or 'see above'}"
    yield f"  may have: {', '.join(told['may_have'])}"
    for key, inner in told["keys_of"].items():
        yield f"  {key}: {', '.join(f'{key}.{below}' for below in inner)}"


def _shown(drafted: Mapping[str, Any]) -> Iterable[str]:
    told = drafted["verdict"]
    yield from drafted["text"].splitlines()
    yield ""
    yield f"It asks: {told['asked']}."
    yield f"It would get now: {told['verdict']}. {told['because']}"
    if told["then"]:
        yield f"As known on {told['then']['known']}: {told['then']['verdict']}. {told['then']['because']}"
    yield from (f"Note: {doubt}" for doubt in drafted["doubts"])


def _lines(lines: Iterable[str]) -> None:
    for line in lines:
        click.echo(pipeline.plain(line))


def _is_a_person() -> bool:
    return sys.stdin.isatty()

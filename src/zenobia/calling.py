"""What all verbs of the command line share: the case they are asked of, their refusals, and how they print."""

from __future__ import annotations

import errno
import json
import os
import shutil
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import wraps
from typing import TYPE_CHECKING, Any, TypeVar

import click

from zenobia.later import Later
from zenobia.terms import ZenobiaError

if TYPE_CHECKING:
    from rich.console import Console

    from zenobia import pipeline
else:  # a verb that needs them gets them; `--version` and `--help` do not wait for them
    pipeline = Later("zenobia.pipeline")

__all__ = [
    "EXIT_FAILED",
    "Verbs",
    "asks",
    "called",
    "console",
    "on_case",
    "pairs",
    "print_json",
    "print_lines",
    "tell_chain",
    "watched",
]

Command = TypeVar("Command", bound=Callable[..., Any])

EXIT_FAILED, _EXIT_WRONG = 1, 2


class Verbs(click.Group):
    """The verbs in the order of a day's work; every refusal is one plain message and exit status 2."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def invoke(self, ctx: click.Context) -> Any:
        try:
            return super().invoke(ctx)
        except ZenobiaError as refusal:
            click.echo(f"zenobia: {refusal}", err=True)
            ctx.exit(_EXIT_WRONG)
        except BrokenPipeError:
            sys.stderr.close()
            ctx.exit(0)
        except OSError as refusal:
            click.echo(f"zenobia: {_plain_words(refusal)}", err=True)
            ctx.exit(_EXIT_WRONG)


def asks(fn: Command) -> Command:
    """The options that every verb on a case takes."""
    fn = click.option("--json", "as_json", is_flag=True, help="Print JSON instead of text.")(fn)
    fn = click.option("--known", metavar="DATE", help="Only what had been published by DATE.")(fn)
    return on_case(fn)


def on_case(fn: Command) -> Command:
    """The option of every verb that works on a case; it is opened, and shows how far its work has come."""

    @click.option("--case", "folder", default=".", metavar="DIR", help="The case folder; the current one by default.")
    @wraps(fn)
    def opened(folder: str, **more: Any) -> Any:
        with watched(pipeline.open_case(folder), quiet=bool(more.get("as_json"))) as case:
            return fn(case=case, **more)

    return opened  # type: ignore[return-value]


@contextmanager
def watched(case: pipeline.OpenCase, *, quiet: bool = False) -> Iterator[pipeline.OpenCase]:
    """A case that shows on a terminal how far its work has come."""
    import pyarrow

    # Large tables come and go in one run; the default allocator gives each back to the system and asks anew.
    pyarrow.set_memory_pool(pyarrow.system_memory_pool())
    with pipeline.shown_progress(quiet=quiet) as tell:
        case.watching.tell = tell or case.watching.tell
        yield case


def called() -> str:
    """How this program was called: a checkout's own is not on the path."""
    return "zenobia" if shutil.which("zenobia") else os.path.relpath(sys.argv[0])


def pairs(option: str, said: tuple[str, ...]) -> dict[str, str]:
    """Options of the shape FIELD=VALUE, by their field."""
    pairs = dict(part.partition("=")[::2] for part in said)
    if any("=" not in part or part.startswith("=") for part in said):
        raise click.UsageError(f"{option} takes FIELD=..., as in {option} published=2025-06-30")
    return pairs


def tell_chain(chain: Any, as_json: bool) -> None:
    """An evidence chain, as lines or as JSON."""
    if as_json:
        print_json(chain.to_json())
    else:
        print_lines(chain.lines())


def console() -> Console:
    """Where tables are printed."""
    from rich.console import Console

    return Console(highlight=False, soft_wrap=False)


def print_json(value: Any) -> None:
    """One JSON value, in any script."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=1))


def print_lines(lines: Iterable[str]) -> None:
    """Lines, without what a terminal would obey."""
    for line in lines:
        click.echo(pipeline.plain(line))


_CURES = {
    errno.EFBIG: "make room for larger files (`ulimit -f`), then call again; what was there before is as it was",
    errno.ENOSPC: "make room on the disk, then call again; what was there before is as it was",
    errno.EDQUOT: "make room within your quota, then call again; what was there before is as it was",
    errno.EROFS: "copy the case to where you may write",
    errno.EACCES: "close the program that has it open, or see to it that you may read and write it",
    errno.EPERM: "close the program that has it open, or see to it that you may read and write it",
}


def _plain_words(refusal: OSError) -> str:
    where = f"{refusal.filename}: " if refusal.filename else ""
    cure = _CURES.get(refusal.errno or 0, "check that the disk has room and that you may write there")
    said = os.strerror(refusal.errno) if refusal.errno in _CURES else refusal.strerror or refusal
    return f"{where}{said}\n  do: {cure}"

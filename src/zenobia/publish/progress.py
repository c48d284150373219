"""How far long work has come, on a terminal: one line for each step, gone when it is over.

It goes to standard error, and only where that is a terminal: what is piped or written to a file holds
results and nothing else.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, ProgressColumn, Task, TaskID, TextColumn
from rich.text import Text

__all__ = ["shown_progress"]

Tell = Callable[[str, int, int], None]

# Work that is done sooner than this (in seconds) is not worth a line.
_AFTER = 0.5


@contextmanager
def shown_progress(*, quiet: bool) -> Iterator[Tell | None]:
    """What to tell steps to, while the block runs; nobody where standard error is no terminal, or ``quiet``."""
    console = Console(stderr=True)
    if quiet or not sys.stderr.isatty() or console.is_dumb_terminal:
        yield None
        return
    lines = _Lines(console)
    try:
        yield lines.tell
    finally:
        lines.close()


class _Lines:
    """The steps that are under way, a line each; nothing is shown while there is none."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._shown: Progress | None = None
        self._steps: dict[str, TaskID] = {}

    def tell(self, what: str, done: int, of: int) -> None:
        """Show how far a step has come; one that is over is taken away."""
        if done >= of:
            self._over(what)
            return
        shown = self._shown or self._begin()
        if what not in self._steps:
            self._steps[what] = shown.add_task(what, total=of if of > 1 else None)
        shown.update(self._steps[what], completed=done)

    def close(self) -> None:
        """Take everything away."""
        if self._shown:
            self._shown.stop()
        self._shown = None
        self._steps.clear()

    def _begin(self) -> Progress:
        columns = (_Late(TextColumn("{task.description}")), _Late(BarColumn()), _Late(_Count()))
        self._shown = Progress(
            *columns, console=self._console, transient=True, redirect_stdout=False, redirect_stderr=False
        )
        self._shown.start()
        return self._shown

    def _over(self, what: str) -> None:
        if self._shown and what in self._steps:
            self._shown.remove_task(self._steps.pop(what))
        if not self._steps:  # whoever prints results has the terminal to itself
            self.close()


class _Late(ProgressColumn):
    """A column that stays empty until the step has taken a while."""

    def __init__(self, column: ProgressColumn) -> None:
        super().__init__()
        self._column = column

    def render(self, task: Task) -> Text:
        """The column of a step."""
        return self._column(task) if (task.elapsed or 0) >= _AFTER else Text()  # type: ignore[return-value]


class _Count(MofNCompleteColumn):
    """How many of how many, where there is more than one."""

    def render(self, task: Task) -> Text:
        """The count of a step."""
        return Text() if task.total is None else super().render(task)

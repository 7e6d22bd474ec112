"""What is being done, on stderr, for a person who watches a terminal."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextlib.contextmanager
def progress(*, quiet: bool) -> Iterator[Callable[..., None]]:
    """A function that says the step which has begun, and how much of it is done where that can be counted.

    It is called with a text, and with how many parts of how many are done where there are parts. It says nothing in a
    pipe or where quiet is asked for.
    """
    if quiet or not sys.stderr.isatty():
        yield lambda *_: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    from slaaudit.report.safe import shown

    # never markup: a file's name may look like it; 80 columns have room for all of a line
    words, counts = (TextColumn(text, markup=False) for text in ("{task.description}", "{task.fields[counts]}"))
    columns = (SpinnerColumn(), words, BarColumn(10), counts, TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("Starting", total=None, counts="")
        yield lambda text, done=0, parts=0: bars.update(
            task,
            description=shown(text, 36 if parts else 56),
            completed=done,
            total=parts or None,
            counts=f"{done:,} of {parts:,}" if parts else "",
        )


@contextlib.contextmanager
def printing(*, quiet: bool) -> Iterator[None]:
    """Says that the report is written where it does not appear on a terminal itself."""
    with progress(quiet=quiet or sys.stdout.isatty()) as step:
        step("Writing the report")
        yield

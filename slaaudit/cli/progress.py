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

    # never markup: a file's name may look like it
    columns = (SpinnerColumn(), TextColumn("{task.description}", markup=False), BarColumn(20), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bars:
        task = bars.add_task("Starting", total=None)
        yield lambda text, done=0, parts=0: bars.update(
            task, description=shown(text, 60), completed=done, total=parts or None
        )

"""What is being done, on stderr, for a person who watches a terminal."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator


@contextlib.contextmanager
def progress(*, quiet: bool) -> Iterator[Callable[[str], None]]:
    """A function that says the step which has begun; it says nothing in a pipe or where quiet is asked for."""
    if quiet or not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.text import Text

    with Console(stderr=True).status("Starting") as status:
        yield lambda step: status.update(Text(step))  # never markup: a file's name may look like it

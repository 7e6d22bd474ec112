"""Faults of a policy or mapping beside the lines that they are in, where a run is shown by GitHub."""

from __future__ import annotations

import contextlib
import sys
from typing import TYPE_CHECKING

from slaaudit.errors import FaultsError
from slaaudit.report.github import annotation

if TYPE_CHECKING:
    from collections.abc import Iterator


@contextlib.contextmanager
def annotated(form: str) -> Iterator[None]:
    """Print an annotation for each fault that ends the block, where ``form`` is ``github``."""
    try:
        yield
    except FaultsError as error:
        if form == "github":
            sys.stdout.writelines(annotation(fault) + "\n" for fault in error.faults)
        raise

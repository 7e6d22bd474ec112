"""What a long run prepares for itself before the export is opened."""

from __future__ import annotations

import ctypes
import importlib
import os
from concurrent.futures import Future
from pathlib import Path
from threading import Thread
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

_ARENA_MAX = -8  # glibc's M_ARENA_MAX, from its malloc.h


def imported_ahead(*modules: str) -> None:
    """Import modules in the background: Python has little to do while an export is read and parsed.

    A module that cannot be imported is left to whoever needs it.
    """
    Thread(target=_imported, args=modules, daemon=True).start()


def _imported(*modules: str) -> None:
    for module in modules:
        try:
            importlib.import_module(module)
        except ImportError:
            return


class BytesAhead:
    """The bytes of files, read in the background while the policy is; what goes wrong is raised to whoever asks."""

    def __init__(self, paths: Iterable[str]) -> None:
        self._found: dict[str, Future[bytes]] = {path: Future() for path in paths if path != "-"}
        Thread(target=self._read, args=(list(self._found.items()),), daemon=True).start()

    def __call__(self, path: str) -> bytes:
        """The bytes of the file at ``path``; they are let go once they are asked for."""
        begun = self._found.pop(path, None)
        return begun.result() if begun else Path(path).read_bytes()

    @staticmethod
    def _read(begun: list[tuple[str, Future[bytes]]]) -> None:
        while begun:
            path, found = begun.pop(0)
            try:
                found.set_result(Path(path).read_bytes())
            except Exception as error:  # noqa: BLE001  (whatever it is, it is the asker's)
                found.set_exception(error)
            del found


def no_idle_threads() -> None:
    """Keep numpy's linear algebra, of which nothing is used here, from starting a thread for each processor."""
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")


def one_heap() -> None:
    """Let all threads share one heap, where the C library can: memory that one thread gives back serves the next.

    The audit of a million tickets then takes 0.8 GB instead of 1.05 and half the kernel's time for fresh pages.
    """
    try:
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 1)
    except (AttributeError, OSError, TypeError):  # not glibc
        return

"""Files that appear whole or not at all."""

from __future__ import annotations

import contextlib
import os
import stat
import tempfile
from pathlib import Path
from typing import IO, TYPE_CHECKING, Any

from slaaudit.errors import UsageError
from slaaudit.report.safe import shown

if TYPE_CHECKING:
    from collections.abc import Iterator


def check_writable(path: str) -> None:
    """Nothing where a file could be written to ``path`` now; UsageError where it could not."""
    target = Path(path)
    with _explained(path):
        if target.is_dir():
            raise UsageError(f"cannot write {shown(path)}: it is a directory; name a file in it")
        if not _folder(target).is_dir():
            folder = shown(str(target.parent))
            raise UsageError(f"cannot write {shown(path)}: there is no folder {folder}; make it first")
        if target.exists() and not os.access(target, os.W_OK):
            raise UsageError(f"cannot write {shown(path)}: the file may not be written")
        if not _is_special(target):
            with tempfile.TemporaryFile(dir=_folder(target)):
                pass


@contextlib.contextmanager
def whole_file(path: str, *, binary: bool = False) -> Iterator[IO[Any]]:
    """A file of text, or of bytes, that takes its name only once the block has ended without an error.

    Devices and pipes are written to directly. UsageError where the file system refuses.
    """
    target = Path(path)
    how: dict[str, Any] = {"mode": "wb"} if binary else {"mode": "w", "encoding": "utf-8", "newline": ""}
    with _explained(path):
        if _is_special(target):
            with target.open(**how) as stream:
                yield stream
            return
        handle, name = tempfile.mkstemp(prefix=f".{target.name[:80]}.", suffix=".part", dir=_folder(target))
        try:
            with os.fdopen(handle, **how) as stream:
                yield stream
            Path(name).chmod(_mode(target))
            Path(name).replace(os.path.realpath(target))
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise


@contextlib.contextmanager
def _explained(path: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise UsageError(f"cannot write {shown(path)}: {error.strerror or error}") from error


def _folder(target: Path) -> Path:
    return Path(os.path.realpath(target)).parent


def _is_special(target: Path) -> bool:
    return target.exists() and not target.is_file()


def _mode(target: Path) -> int:
    """The mode of the file that is replaced, else what the user's umask gives a new one."""
    if target.exists():
        return stat.S_IMODE(target.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask

"""A pack on disk: a folder or a zip file, written whole or not at all, the same bytes for the same contents."""

from __future__ import annotations

import shutil
import tempfile
import zipfile
import zlib
from pathlib import Path
from typing import TYPE_CHECKING

from slaaudit.errors import EvidenceError, UsageError
from slaaudit.report.pack.contents import MANIFEST
from slaaudit.report.safe import shown
from slaaudit.report.writing import check_writable, whole_file

if TYPE_CHECKING:
    from collections.abc import Mapping

_LARGEST = 2 << 30  # bytes of a pack that is read
_ANY_DAY = (1980, 1, 1, 0, 0, 0)  # the first that a zip file can tell
_PLAIN_FILE = 0o100644 << 16


def is_zip(path: str) -> bool:
    """Whether a pack of this name is a zip file."""
    return path.lower().endswith(".zip")


def check_place(path: str) -> None:
    """Nothing where a pack can be written to ``path``; UsageError where not. A folder must be new, empty or a pack."""
    if is_zip(path):
        check_writable(path)
        return
    target = Path(path)
    if target.exists() and not target.is_dir():
        raise UsageError(f"--pack {shown(path)}: it is a file; name a folder, or a file that ends in .zip")
    if target.is_dir() and any(target.iterdir()) and not _is_pack(target):
        raise UsageError(f"--pack {shown(path)}: the folder holds other files; name a new one")
    if not target.absolute().parent.is_dir():
        raise UsageError(f"--pack {shown(path)}: there is no folder {shown(str(target.parent))}; make it first")


def _is_pack(folder: Path) -> bool:
    """Whether the folder is one that we wrote, and may write again."""
    try:
        return b'"schema": "slaaudit.pack/' in (folder / MANIFEST).read_bytes()[:200]
    except OSError:
        return False


def write_pack(files: Mapping[str, bytes], path: str) -> None:
    """Write the files; a pack that is there already is replaced."""
    if is_zip(path):
        with whole_file(path, binary=True) as stream, zipfile.ZipFile(stream, "w") as archive:
            for name, data in files.items():
                entry = zipfile.ZipInfo(name, _ANY_DAY)
                entry.external_attr = _PLAIN_FILE
                entry.create_system = 3
                entry.compress_type = zipfile.ZIP_DEFLATED
                archive.writestr(entry, data, compresslevel=6)
        return
    target = Path(path).absolute()
    try:
        made = Path(tempfile.mkdtemp(prefix=f".{target.name[:80]}.", suffix=".part", dir=target.parent))
        try:
            _write_folder(files, made)
            made.chmod(0o755)
            if target.exists():
                shutil.rmtree(target)
            made.rename(target)
        except BaseException:
            shutil.rmtree(made, ignore_errors=True)
            raise
    except OSError as error:
        raise UsageError(f"cannot write {shown(path)}: {error.strerror or error}") from error


def _write_folder(files: Mapping[str, bytes], folder: Path) -> None:
    for name, data in files.items():
        file = folder / name
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_bytes(data)


def read_pack(path: str) -> dict[str, bytes]:
    """The files of a pack by name. EvidenceError where there is none, or it cannot be read."""
    target = Path(path)
    try:
        if target.is_dir():
            found = {file.relative_to(target).as_posix(): file for file in sorted(target.rglob("*")) if file.is_file()}
            if sum(file.stat().st_size for file in found.values()) > _LARGEST:
                raise EvidenceError(f"{shown(path)}: larger than 2 GB, so it is no pack")
            files = {name: file.read_bytes() for name, file in found.items()}
        else:
            with zipfile.ZipFile(target) as archive:
                entries = [entry for entry in archive.infolist() if not entry.is_dir()]
                if sum(entry.file_size for entry in entries) > _LARGEST:
                    raise EvidenceError(f"{shown(path)}: unpacked it is larger than 2 GB, so it is no pack")
                files = {entry.filename: archive.read(entry) for entry in entries}
    except FileNotFoundError:
        raise EvidenceError(f"{shown(path)}: there is no such pack") from None
    except (OSError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise EvidenceError(f"{shown(path)}: the pack cannot be read ({shown(str(error), 200)})") from None
    if MANIFEST not in files:
        raise EvidenceError(f"{shown(path)}: this is no pack: it has no {MANIFEST}")
    return files

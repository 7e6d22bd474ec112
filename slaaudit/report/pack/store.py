"""A pack on disk: a folder or a zip file, written whole or not at all, the same bytes for the same contents."""

from __future__ import annotations

import json
import os
import shutil
import stat
import tempfile
import zipfile
import zlib
from collections import Counter
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
    if target.is_dir() and any(target.iterdir()) and (other := _no_part_of_a_pack(target)) is not None:
        named = f" ({shown(other, 80)})" if other else ""
        raise UsageError(f"--pack {shown(path)}: the folder holds other files{named}; name a new one")
    if not target.absolute().parent.is_dir():
        raise UsageError(f"--pack {shown(path)}: there is no folder {shown(str(target.parent))}; make it first")
    try:
        with tempfile.TemporaryFile(dir=Path(os.path.realpath(path)).parent):
            pass
    except OSError as error:
        raise UsageError(f"cannot write {shown(path)}: {error.strerror or error}") from None


def _no_part_of_a_pack(folder: Path) -> str | None:
    """The first file of a folder that we did not write, so that it may not go; "" where the folder is no pack."""
    try:
        manifest = json.loads((folder / MANIFEST).read_bytes())
        if not str(manifest["schema"]).startswith("slaaudit.pack/"):
            return ""
        ours = {MANIFEST, *(row["path"] for row in manifest["files"])}
        every = (file.relative_to(folder).as_posix() for file in sorted(folder.rglob("*")) if _is_no_folder(file))
        return next((name for name in every if name not in ours), None)
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        return ""


def _is_no_folder(file: Path) -> bool:
    return file.is_symlink() or not file.is_dir()


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
    target = Path(os.path.realpath(path))
    try:
        made = Path(tempfile.mkdtemp(prefix=f".{target.name[:80]}.", suffix=".part", dir=target.parent))
        try:
            _write_folder(files, made)
            made.chmod(0o755)
            _put(made, target)
        except BaseException:
            shutil.rmtree(made, ignore_errors=True)
            raise
    except OSError as error:
        raise UsageError(f"cannot write {shown(path)}: {error.strerror or error}") from error


def _put(made: Path, target: Path) -> None:
    """Give a folder its name. What had it before goes only then, and comes back if anything stops us."""
    if not target.exists():
        made.rename(target)
        return
    before = Path(tempfile.mkdtemp(prefix=f".{target.name[:80]}.", suffix=".old", dir=target.parent))
    try:
        target.rename(before / target.name)
        made.rename(target)
    except BaseException:
        if not target.exists():
            (before / target.name).rename(target)
        before.rmdir()
        raise
    shutil.rmtree(before, ignore_errors=True)


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
            found = {
                file.relative_to(target).as_posix(): file for file in sorted(target.rglob("*")) if _is_no_folder(file)
            }
            _refuse_odd(path, [name for name, file in found.items() if file.is_symlink() or not file.is_file()])
            if sum(file.stat().st_size for file in found.values()) > _LARGEST:
                raise EvidenceError(f"{shown(path)}: larger than 2 GB, so it is no pack")
            files = {name: file.read_bytes() for name, file in found.items()}
        else:
            with zipfile.ZipFile(target) as archive:
                entries = [entry for entry in archive.infolist() if not entry.is_dir()]
                _refuse_odd(path, [entry.filename for entry in entries if stat.S_ISLNK(entry.external_attr >> 16)])
                _refuse_twins(path, [entry.filename for entry in entries])
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


def _refuse_odd(path: str, names: list[str]) -> None:
    """An EvidenceError for what is no plain file: it may lead anywhere."""
    if names:
        raise EvidenceError(f"{shown(path)}: {shown(names[0], 80)} is a link or a device, and a pack holds plain files")


def _refuse_twins(path: str, names: list[str]) -> None:
    """An EvidenceError for a name that two files have: another program may show the other one."""
    twin = next((name for name, number in Counter(names).items() if number > 1), None)
    if twin is not None:
        raise EvidenceError(f"{shown(path)}: it holds {shown(twin, 80)} more than once, so it is not as it was packed")

"""A path to bytes: standard input, plain files, gzip and zip, and what is no text at all."""

from __future__ import annotations

import hashlib
import io
import sys
import threading
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from slaaudit.errors import EvidenceError

if TYPE_CHECKING:
    from collections.abc import Callable

LARGEST = 8 << 30  # bytes after decompression: more is a bomb, or an export to be cut in pieces
_CHUNK = 16 << 20

_SIGNATURES = (
    (b"\x89PNG", "a PNG image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"GIF8", "a GIF image"),
    (b"%PDF", "a PDF document"),
    (b"\xd0\xcf\x11\xe0", "an old Excel workbook (.xls)"),
    (b"SQLite format 3", "a SQLite database"),
    (b"7z\xbc\xaf", "a 7-Zip archive"),
    (b"\x28\xb5\x2f\xfd", "a Zstandard archive"),
    (b"\x7fELF", "a program"),
    (b"<", "HTML or XML (a web page, perhaps a login page)"),
)

_DOCUMENTS = {".md", ".markdown", ".yml", ".yaml"}


@dataclass(frozen=True)
class Content:
    """A file's bytes, unpacked, and the digest of the bytes as they lie on the disk."""

    path: str
    data: bytes
    digest: Digest

    @property
    def is_workbook(self) -> bool:
        """Whether the bytes are an Excel workbook's."""
        return self.data[:4] == b"PK\x03\x04"

    @property
    def is_json(self) -> bool:
        """Whether the bytes begin as JSON does: with an object, or a list of objects."""
        beginning = self.data[:4096].removeprefix(b"\xef\xbb\xbf").lstrip()
        return beginning[:1] == b"{" or (beginning[:1] == b"[" and beginning[1:].lstrip()[:1] in {b"{", b"]", b""})

    @property
    def is_parquet(self) -> bool:
        """Whether the bytes are a Parquet file's."""
        return self.data[:4] == b"PAR1"


def content(path: str, bytes_of: Callable[[str], bytes] | None = None) -> Content:
    """The bytes of ``path``; ``-`` is standard input. EvidenceError where they cannot be had or are no table."""
    packed = _stdin() if path == "-" else _file(path, bytes_of or _bytes)
    digest = Digest(packed)
    data = _unpacked(path, packed)
    _refuse_foreign(path, data)
    return Content(path, data, digest)


class Digest:
    """The SHA-256 of some bytes, worked out beside whatever else is done until somebody asks."""

    def __init__(self, data: bytes) -> None:
        self._hash = hashlib.sha256()
        self._thread = threading.Thread(target=self._hash.update, args=(data,), daemon=True)
        self._thread.start()

    def __str__(self) -> str:
        self._thread.join()
        return self._hash.hexdigest()


def _stdin() -> bytes:
    if sys.stdin is None or sys.stdin.isatty():
        raise EvidenceError(
            "-: nothing is piped in. Give a file, or pipe an export: cat tickets.csv | slaaudit check -"
        )
    return sys.stdin.buffer.read()


def _bytes(path: str) -> bytes:
    return Path(path).read_bytes()


def _file(path: str, bytes_of: Callable[[str], bytes]) -> bytes:
    try:
        return bytes_of(path)
    except FileNotFoundError:
        raise EvidenceError(f"{path}: there is no such file.{_neighbours(path)}") from None
    except IsADirectoryError:
        raise EvidenceError(
            f"{path}: this is a directory. Name the export files in it: {path.rstrip('/')}/*.csv"
        ) from None
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or str(error)
        raise EvidenceError(f"{path}: the file cannot be read: {reason}.") from None


def _neighbours(path: str) -> str:
    from difflib import get_close_matches  # noqa: PLC0415 - only a mistyped path needs it

    folder = Path(path).parent
    try:
        names = [entry.name for entry in folder.iterdir()]
    except OSError:
        return ""
    near = get_close_matches(Path(path).name, names, 1, 0.6)
    return f" Did you mean {folder / near[0]}?" if near else ""


def _unpacked(path: str, packed: bytes) -> bytes:
    if packed[:2] == b"\x1f\x8b":
        return _gunzipped(path, packed)
    if packed[:4] in {b"PK\x03\x04", b"PK\x05\x06"}:
        return _unzipped(path, packed)
    return packed


def _gunzipped(path: str, packed: bytes) -> bytes:
    import gzip  # noqa: PLC0415 - only packed exports need it

    try:
        with gzip.open(io.BytesIO(packed)) as stream:
            return _limited(path, stream)
    except (OSError, EOFError, zlib.error) as error:
        raise EvidenceError(
            f"{path}: the gzip data is damaged or cut short ({error}). Export or download it again."
        ) from None


def _unzipped(path: str, packed: bytes) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(packed)) as archive:
            names = [info.filename for info in archive.infolist() if not info.is_dir()]
            if any(name.startswith("xl/") for name in names):
                if sum(info.file_size for info in archive.infolist()) > LARGEST:
                    raise EvidenceError(f"{path}: unpacked it is larger than 8 GB. Cut the export into pieces.")
                return packed
            names = [name for name in names if not name.startswith("__MACOSX/")]
            if len(names) != 1:
                listed = ", ".join(names[:4]) or "none"
                raise EvidenceError(
                    f"{path}: a zip archive is read when it holds one file; this one holds {len(names)} ({listed}). "
                    "Unpack it and name the exports."
                )
            with archive.open(names[0]) as stream:
                return _limited(path, stream)
    except (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError) as error:
        raise EvidenceError(
            f"{path}: the zip archive cannot be unpacked ({error}). Unpack it and name the export."
        ) from None


def _limited(path: str, stream: object) -> bytes:
    parts: list[bytes] = []
    size = 0
    while part := stream.read(_CHUNK):  # type: ignore[attr-defined]
        size += len(part)
        if size > LARGEST:
            raise EvidenceError(f"{path}: unpacked it is larger than 8 GB. Cut the export into pieces.")
        parts.append(part)
    return b"".join(parts)


def _refuse_foreign(path: str, data: bytes) -> None:
    if Path(path).suffix.lower() in _DOCUMENTS:
        raise EvidenceError(
            f"{path}: this is YAML or Markdown, not a table of text. Export it as CSV. Of upptime, give its issues (gh "
            "issue list --state all --json number,title,state,createdAt,closedAt); its files in history/ tell the last "
            "state of a site and no outages."
        )
    if not data.strip(b"\xef\xbb\xbf \t\r\n") if len(data) < _CHUNK else False:
        raise EvidenceError(f"{path}: the file is empty.")
    beginning = data[:256].removeprefix(b"\xef\xbb\xbf").lstrip()
    for signature, what in _SIGNATURES:
        if beginning.startswith(signature):
            raise EvidenceError(f"{path}: this is {what}, not a table of text. Export it as CSV.")

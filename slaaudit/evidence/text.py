"""Bytes to UTF-8 text: the encodings that exports come in, told by the whole file, never by its beginning."""

from __future__ import annotations

import codecs

import numpy as np
import pyarrow as pa

from slaaudit.errors import EvidenceError

_UTF16 = {codecs.BOM_UTF16_LE: "utf-16-le", codecs.BOM_UTF16_BE: "utf-16-be"}


def utf8(path: str, data: bytes) -> tuple[bytes, tuple[str, ...]]:
    """The text of ``data`` as UTF-8 without a byte order mark, and notes on what was decoded.

    EvidenceError where the bytes are no text in UTF-8, UTF-16 with a mark, or Windows-1252.
    """
    for mark, name in _UTF16.items():
        if data.startswith(mark):
            return _from_utf16(path, data[len(mark) :], name), ("read as UTF-16",)
    data = data.removeprefix(codecs.BOM_UTF8)
    at = data.find(b"\0")
    if at >= 0:
        raise EvidenceError(
            f"{path}: line {_line(data, at)}: the file holds NUL bytes, so it is no plain text (or it is UTF-16 "
            "without a byte order mark). Save it as CSV in UTF-8."
        )
    if is_utf8(data):
        return data, ()
    return _from_windows(path, data), ("not UTF-8: read as Windows-1252",)


def is_utf8(data: bytes) -> bool:
    """Whether all of ``data`` is valid UTF-8 (a few ms for 100 MB)."""
    ends = pa.py_buffer(np.array([0, len(data)], dtype=np.int64))
    text = pa.Array.from_buffers(pa.large_string(), 1, [None, ends, pa.py_buffer(data)])
    try:
        text.validate(full=True)
    except pa.ArrowInvalid:
        return False
    return True


def _from_utf16(path: str, data: bytes, name: str) -> bytes:
    try:
        return data.decode(name).encode()
    except UnicodeDecodeError as error:
        raise EvidenceError(
            f"{path}: the file begins as UTF-16, but byte {error.start + 2} breaks it ({error.reason}). "
            "Export it again."
        ) from None


def _from_windows(path: str, data: bytes) -> bytes:
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError as error:
        at = error.start
        raise EvidenceError(
            f"{path}: line {_line(data, at)}: byte 0x{data[at]:02x} is neither UTF-8 nor Windows-1252. Save the "
            "export as CSV in UTF-8."
        ) from None
    controls = sum(data.count(bytes([code])) for code in range(1, 32) if code not in {9, 10, 12, 13})
    if controls > len(data) // 1000:
        raise EvidenceError(f"{path}: this is binary data, not a table of text. Export it as CSV.")
    return text.encode()


def _line(data: bytes, at: int) -> int:
    return data.count(b"\n", 0, at) + 1

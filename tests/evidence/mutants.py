"""Fixtures of profiles as records, to be changed and written again."""

from __future__ import annotations

import csv
import io
from pathlib import Path

FIXTURES = Path(__file__).parent / "profiles"


def table(path: Path) -> tuple[list[list[str]], str, str]:
    """A fixture as records, its delimiter and its encoding."""
    text = path.read_bytes().replace(b"\r\r\n", b"\n")
    encoding = "utf-8-sig"
    try:
        decoded = text.decode(encoding)
    except UnicodeDecodeError:
        encoding = "cp1252"
        decoded = text.decode(encoding)
    longest = max(decoded.splitlines()[:4], key=len)
    delimiter = max(",;\t", key=longest.count)
    is_spaced = f"{delimiter} " in longest and longest.count(f"{delimiter} ") == longest.count(delimiter)
    reader = csv.reader(io.StringIO(decoded, newline=""), delimiter=delimiter, skipinitialspace=is_spaced)
    return list(reader), delimiter, encoding


def written(folder: Path, records: list[list[str]], delimiter: str = ",", mark: bytes = b"") -> Path:
    """The records as a file of UTF-8 text."""
    out = io.StringIO(newline="")
    csv.writer(out, delimiter=delimiter, quoting=csv.QUOTE_ALL).writerows(records)
    path = folder / "mutant.csv"
    path.write_bytes(mark + out.getvalue().encode())
    return path


def header_row(records: list[list[str]]) -> int:
    return max(range(min(len(records), 5)), key=lambda row: len(records[row]))

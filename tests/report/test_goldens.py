"""The console's report of every vendor's samples, as a person sees it: 80 and 120 columns, with and without colour.

``GOLDENS=write`` writes what is printed now; look at the difference before it is kept.
"""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest
from rich.cells import cell_len

ROOT = Path(__file__).resolve().parents[2]
GOLDENS = Path(__file__).parent / "goldens"
VENDORS = ("sequr", "capsure", "secpod", "securenvoy", "sequence")
CODES = re.compile(r"\x1b\[[0-9;]*m")


def words_of(vendor: str) -> list[str]:
    """The command that checks a vendor's samples, from the root of the repository."""
    folder = Path("sample_data") / vendor
    words = [str(path.relative_to(ROOT)) for name in ("tickets*.csv", "events*.csv")
             for path in sorted((ROOT / folder).glob(name))]  # fmt: skip
    if (ROOT / folder / "mapping.yaml").is_file():
        words += ["--mapping", str(folder / "mapping.yaml")]
    for kind in ("incidents", "maintenance", "usage"):
        for path in sorted((ROOT / folder).glob(f"{kind}*.csv")):
            words += [f"--{kind}", str(path.relative_to(ROOT))]
    return ["check", *words, "--policy", {"sequence": "sequence-example"}.get(vendor, vendor)]


def printed(vendor: str, width: int, *, coloured: bool) -> str:
    """What the command prints: on a terminal that knows colours, or in a pipe."""
    plain = {
        name: value for name, value in os.environ.items() if not name.startswith(("SLAAUDIT_", "COLOR", "NO_COLOR"))
    }
    surroundings = plain | {"COLUMNS": str(width), "TERM": "xterm-256color", "PYTHONIOENCODING": "utf-8"}
    command = [sys.executable, "-m", "slaaudit", *words_of(vendor)]
    if not coloured:
        done = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, check=False)
        assert done.returncode == 1, done.stderr
        return done.stdout.decode()
    ours, theirs = pty.openpty()
    with subprocess.Popen(command, cwd=ROOT, env=surroundings, stdout=theirs, stderr=subprocess.DEVNULL):
        os.close(theirs)
        parts = []
        try:
            while part := os.read(ours, 65_536):
                parts.append(part)
        except OSError:  # what Linux says at a terminal's end
            pass
    os.close(ours)
    return b"".join(parts).decode().replace("\r\n", "\n")


@pytest.mark.parametrize("coloured", [False, True], ids=["plain", "colour"])
@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("vendor", VENDORS)
def test_the_report_reads_as_it_did(vendor, width, coloured):
    found = printed(vendor, width, coloured=coloured)
    golden = GOLDENS / f"{vendor}-{width}{'-colour' * coloured}.txt"
    if os.environ.get("GOLDENS") == "write":
        GOLDENS.mkdir(exist_ok=True)
        golden.write_text(found, encoding="utf-8")
    assert found == golden.read_text(encoding="utf-8")


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("vendor", VENDORS)
def test_colour_tells_nothing_that_the_text_does_not(vendor, width):
    plain, coloured = ((GOLDENS / f"{vendor}-{width}{end}.txt").read_text(encoding="utf-8") for end in ("", "-colour"))
    assert CODES.search(coloured)
    assert CODES.sub("", coloured) == plain


@pytest.mark.parametrize("width", [80, 120])
@pytest.mark.parametrize("vendor", VENDORS)
def test_no_line_is_wider_than_the_terminal_but_the_command_to_run_next(vendor, width):
    *lines, last = (GOLDENS / f"{vendor}-{width}.txt").read_text(encoding="utf-8").splitlines()
    assert [line for line in lines if cell_len(line) > width] == []
    assert " Next: slaaudit " in last

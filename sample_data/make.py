"""Makes the sample data again, byte for byte: ``python sample_data/make.py [--into FOLDER] [--stories]``."""

from __future__ import annotations

import argparse
from pathlib import Path

import capsure_set
import secpod_set
import securenvoy_set
import sequence_set
import sequr_set

SETS = {
    "sequr": sequr_set,
    "capsure": capsure_set,
    "secpod": secpod_set,
    "securenvoy": securenvoy_set,
    "sequence": sequence_set,
}


def write(into: Path) -> list[Path]:
    """Write every set into a folder of its own."""
    written = []
    for vendor, made in SETS.items():
        (into / vendor).mkdir(parents=True, exist_ok=True)
        for name, content in made.files().items():
            written.append(into / vendor / name)
            written[-1].write_bytes(content)
    return written


def stories() -> list[tuple[str, str, str]]:
    """Vendor, ticket and name of each told story."""
    return [
        (vendor, ticket.id, ticket.story) for vendor, made in SETS.items() for ticket in made.tickets() if ticket.story
    ]


def main() -> None:
    """Write the sets, or name the stories in them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--into", type=Path, default=Path(__file__).parent, help="the folder to write to")
    parser.add_argument(
        "--stories", action="store_true", help="print which ticket tells which story, and write nothing"
    )
    asked = parser.parse_args()
    if asked.stories:
        for vendor, ticket, story in stories():
            print(f"{vendor:12}{ticket:12}{story}")
        return
    for path in write(asked.into):
        print(f"{path} ({path.stat().st_size} bytes)")


if __name__ == "__main__":
    main()

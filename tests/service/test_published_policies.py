"""The policies of SecurEnvoy and Sequence run to the end on their samples under every reading."""

from __future__ import annotations

from pathlib import Path

import pytest

from slaaudit.assessment import Asked, assess
from slaaudit.evidence import ReadOptions, read_operations
from slaaudit.policy import load

SAMPLES = Path(__file__).parents[2] / "sample_data"
READINGS = [
    (vendor, name, choice)
    for vendor in ("securenvoy", "sequence")
    for name, reading in load(vendor).policy.readings.items()
    for choice in reading.choices
]
#: The verdicts of the sample and its credits in days. In May O-107 took nine hours and O-110 30% of sixty: 27 of 740.
DEFAULTS = {"securenvoy": ("BREACHED BREACHED BREACHED", 9), "sequence": ("MET MET BREACHED", 0)}
CHANGED = {
    ("securenvoy", "unknown-cause", "does-not"): ("BREACHED MET BREACHED", 6),  # April keeps six hours of 714
    ("securenvoy", "service-period", "year"): ("RUNNING", 9),  # the credits stay monthly
    # O-110 is administration's alone: 18 hours, and another three days
    ("securenvoy", "portals", "each"): ("BREACHED BREACHED BREACHED MET MET BREACHED", 12),
    ("sequence", "downtime-means", "impaired"): ("BREACHED MET BREACHED", 0),
}


@pytest.mark.parametrize(("vendor", "name", "choice"), READINGS)
def test_each_reading_runs_to_the_end(vendor, name, choice) -> None:
    folder = SAMPLES / vendor
    known = read_operations([str(folder / "incidents.csv")], [str(folder / "maintenance.csv")], [], ReadOptions())
    as_of = 1_793_491_200_000_000 if vendor == "sequence" else 1_780_268_400_000_000  # the ends of October and of May
    found = assess(known, [load(vendor, {name: choice})], Asked(as_of))
    verdicts = " ".join(row.verdict.name for row in found.uptimes)
    days = sum(each.amount for each in found.credits)
    assert (verdicts, days) == CHANGED.get((vendor, name, choice), DEFAULTS[vendor])

"""The record tells when a service was down, by how much, and by which incidents. Cases counted by hand, in UTC."""

from __future__ import annotations

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st
from tables import assessed, at, operations

from slaaudit.report.outage_rows import outages

PLAIN = "promised: 99%"
EXCLUDES = PLAIN + "\nexcludes: {planned: {planned: true}}"


def told(found):
    return [(row["from"], row["to"], row["share"], row["incidents"]) for row in outages(found)]


def test_the_worst_of_overlapping_outages_weighs_and_each_stretch_names_its_incidents() -> None:
    known = operations(
        [("2026-04-10T10:00", "2026-04-10T14:00", {"share": "1/4"}), ("2026-04-10T12:00", "2026-04-10T13:00")]
    )
    assert told(assessed(PLAIN, known, as_of="2026-05-01")) == [
        ("2026-04-10T10:00:00Z", "2026-04-10T12:00:00Z", "25", ["I-1"]),
        ("2026-04-10T12:00:00Z", "2026-04-10T13:00:00Z", "100", ["I-1", "I-2"]),
        ("2026-04-10T13:00:00Z", "2026-04-10T14:00:00Z", "25", ["I-1"]),
    ]


def test_touching_outages_are_one_stretch_and_an_open_one_runs_to_as_of() -> None:
    known = operations([("2026-04-10T10:00", "2026-04-10T11:00"), ("2026-04-10T11:00", None)])
    assert told(assessed(PLAIN, known, as_of="2026-04-11")) == [
        ("2026-04-10T10:00:00Z", "2026-04-11T00:00:00Z", "100", ["I-1", "I-2"])
    ]


def test_excluded_time_is_no_stretch_and_cuts_one_in_two() -> None:
    known = operations(
        [("2026-04-10T10:00", "2026-04-10T14:00"), ("2026-04-10T11:00", "2026-04-10T12:00", {"planned": "true"})]
    )
    assert told(assessed(EXCLUDES, known, as_of="2026-05-01")) == [
        ("2026-04-10T10:00:00Z", "2026-04-10T11:00:00Z", "100", ["I-1"]),
        ("2026-04-10T12:00:00Z", "2026-04-10T14:00:00Z", "100", ["I-1"]),
    ]


def test_stretches_are_cut_at_the_period_that_is_reported() -> None:
    known = operations([("2026-03-31T22:00", "2026-04-01T03:00")])
    assert told(assessed(PLAIN, known, as_of="2026-05-01", period="2026-04")) == [
        ("2026-04-01T00:00:00Z", "2026-04-01T03:00:00Z", "100", ["I-1"])
    ]


def test_each_component_has_its_own() -> None:
    known = operations([("2026-04-10T10:00", "2026-04-10T11:00", {"component": "api"}),
                        ("2026-04-10T10:30", "2026-04-10T12:00", {"component": "web"})])  # fmt: skip
    found = assessed(PLAIN + "\nper: component", known, as_of="2026-05-01")
    assert [(row["component"], row["incidents"]) for row in outages(found)] == [("api", ["I-1"]), ("web", ["I-2"])]


def test_slices_of_failed_requests_name_no_incident() -> None:
    clause = PLAIN + "\nmethod: error-rate\nerror-rate: {slice: 1h, above: 5%}"
    known = operations(counts=[("2026-04-10T10:00", "2026-04-10T11:00", 100, 50)], roles=["usage"])
    assert told(assessed(clause, known, as_of="2026-05-01")) == [
        ("2026-04-10T10:00:00Z", "2026-04-10T11:00:00Z", "100", [])
    ]


@given(st.lists(st.tuples(st.integers(0, 600), st.integers(1, 200), st.integers(1, 4)), min_size=1, max_size=8))
def test_the_weighed_stretches_add_up_to_the_downtime_and_name_what_lies_over_them(rows) -> None:
    """Every incident that overlaps a stretch is named there, and no other."""
    begin = at("2026-04-01")
    hour = 3_600_000_000
    laid = [
        (begin + since * hour, begin + (since + lasts) * hour, {"share": f"{quarters}/4"})
        for since, lasts, quarters in rows
    ]
    found = assessed(PLAIN, operations(laid), as_of="2026-06-01")
    down = sum(
        (Fraction(row["share"]) / 100 * (at(row["to"]) - at(row["from"])) for row in outages(found)), Fraction(0)
    )
    assert down == sum(row.downtime for row in found.uptimes)
    for row in outages(found):
        over = [
            f"I-{nth}"
            for nth, (since, until, _) in enumerate(laid, 1)
            if since < at(row["to"]) and until > at(row["from"])
        ]
        assert row["incidents"] == over

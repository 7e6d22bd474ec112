"""The explanation of a ticket: every stretch of time, counted or why not."""

from __future__ import annotations

import io
import json
from pathlib import Path

import pytest

from slaaudit.evidence.tables import Actor, Kind
from slaaudit.report.explain import print_explanation, verdict_words
from slaaudit.report.explain_json import write_explanation
from slaaudit.report.layout import console_on
from slaaudit.report.lines import lines
from slaaudit.report.worksheet import folded, sheet_of

PAGES = Path(__file__).parent / "pages"


def explained(audit, tickets, *, verbose=False):
    stream = io.StringIO()
    chosen = [line for line in lines(audit) if line.ticket in tickets]
    print_explanation(audit, chosen, console_on(stream), verbose=verbose)
    return stream.getvalue()


def as_data(audit):
    stream = io.StringIO()
    write_explanation(audit, lines(audit), stream)
    return json.loads(stream.getvalue())


def line_of(audit, ticket, clause):
    return next(line for line in lines(audit) if (line.ticket, line.clause) == (ticket, clause))


def test_a_breach_a_pause_an_unknown_and_a_running_clock_are_explained(small_audit, monkeypatch):
    monkeypatch.delenv("COLUMNS", raising=False)

    assert explained(small_audit, {"T-2", "T-3", "T-5"}) == (PAGES / "explain.txt").read_text()


def test_what_the_rows_took_adds_up_to_the_elapsed_time(small_audit):
    for item in as_data(small_audit)["measurements"]:
        rows = item["worksheet"]

        assert round(sum(row["took_s"] for row in rows), 6) == (item["elapsed_s"] or 0)
        assert not rows or rows[-1]["total_s"] == item["elapsed_s"]


def test_the_explanation_as_data_names_the_policys_line_and_each_rows_origin(small_audit):
    breach = as_data(small_audit)["measurements"][3]

    assert breach["promise"] == "acme.yaml:27"
    assert [row["why"] for row in breach["worksheet"] if row["row"] == 9] == ["paused"]
    assert [row["name"] for row in breach["worksheet"] if row["why"] == "closed-day"] == [None]


def test_a_reply_in_closed_hours_after_a_due_at_closing_is_in_time_and_says_why(audited, export):
    export.opened("T-1", "2026-05-04 17:30", "S2")  # Monday 13:30; four hours end at closing, 17:30
    export.add("T-1", "2026-05-05 02:00", Kind.REPLY, Actor.VENDOR)
    found = audited(export)

    assert verdict_words(sheet_of(found, line_of(found, "T-1", "response"))) == "met, to the last instant"
    assert "it ended after that, but in hours that do not count" in explained(found, {"T-1"}).replace(
        "\n            ", " "
    )
    assert "-- the target of 4h was used up at 2026-05-04 17:30 EDT" in explained(found, {"T-1"})


@pytest.mark.parametrize(
    ("reply", "words"),
    [
        ("2026-05-04 13:59:59", "met, with 1s to spare"),
        ("2026-05-04 14:00:00", "met, to the last instant"),
        ("2026-05-04 14:00:01", "breached by 1s"),
        ("2026-05-04 14:00:00.000001", "breached by 0.000001s"),
    ],
)
def test_the_boundary_is_told_to_the_microsecond(audited, export, reply, words):
    export.opened("T-1", "2026-05-04 13:00", "S1").add("T-1", reply, Kind.REPLY, Actor.VENDOR)
    found = audited(export)

    assert verdict_words(sheet_of(found, line_of(found, "T-1", "response"))) == words


def long_wait(export):
    export.opened("T-1", "2026-04-01 13:00", "S2")
    export.add("T-1", "2026-04-20 15:00", Kind.STATUS, Actor.VENDOR, "waiting")
    return export.add("T-1", "2026-06-01 15:00", Kind.STATUS, Actor.VENDOR, "resolved")


def test_a_long_worksheet_is_folded_and_verbose_shows_every_row(audited, export):
    found = audited(long_wait(export))
    short, whole = explained(found, {"T-1"}), explained(found, {"T-1"}, verbose=True)

    assert "openings)" in short
    assert "openings)" not in whole
    assert len(short.splitlines()) < len(whole.splitlines())


def test_folding_loses_no_row_and_never_hides_where_the_target_was_reached(audited, export):
    found = audited(long_wait(export))
    line = line_of(found, "T-1", "resolution")
    rows = sheet_of(found, line).rows
    runs = list(folded(rows, line.target))
    reached = next(at for at, row in enumerate(rows) if row.total >= line.target)

    assert [at for run in runs for at in run] == list(range(len(rows)))
    assert [reached] in runs
    assert any(len(run) > 1 for run in runs)


def test_a_ticket_with_hostile_text_prints_no_control_character(audited, export):
    export.opened("T\x1b]0;x\x07\n\u202e", "2026-05-04 13:00", "S1\x1b[2J")
    text = explained(audited(export), {"T\x1b]0;x\x07\n\u202e"})

    assert text.startswith("Ticket T\\e]0;x\\x07\\n\\u202e\n")
    assert not {"\x1b", "\x07", "\u202e"} & set(text)

"""The report for people, as it stands on 80 columns without colour."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from slaaudit.evidence.tables import Actor, Kind
from slaaudit.report.console import print_report, print_verdict
from slaaudit.report.layout import console_on
from slaaudit.report.outcome import outcome
from slaaudit.report.page import Page

PAGES = Path(__file__).parent / "pages"
FOLLOWING = "slaaudit explain T-2 --in events.csv --policy acme.yaml"


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


def printed(audit, stream, *, quiet=False, verbose=False):
    console = console_on(stream)
    page = Page(audit, outcome(audit), FOLLOWING, console.width, verbose)
    (print_verdict if quiet else print_report)(page, console)
    return stream.getvalue()


@pytest.fixture(autouse=True)
def _plain_surroundings(monkeypatch):
    for name in ("NO_COLOR", "COLUMNS", "FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "xterm-256color")


def test_the_report_says_what_was_read_judged_kept_and_left_open(small_audit):
    assert printed(small_audit, io.StringIO()) == (PAGES / "console.txt").read_text()


def test_no_line_but_the_last_is_wider_than_the_terminal(small_audit):
    *lines, last = printed(small_audit, io.StringIO()).splitlines()

    assert max(map(len, lines)) <= 80
    assert last.endswith(FOLLOWING)


def test_a_quiet_report_is_the_last_line_alone(small_audit):
    text = printed(small_audit, io.StringIO(), quiet=True)

    assert text == printed(small_audit, io.StringIO()).splitlines(keepends=True)[-1]


def test_the_columns_variable_sets_the_width(small_audit, monkeypatch):
    monkeypatch.setenv("COLUMNS", "72")
    *narrow, _ = printed(small_audit, io.StringIO()).splitlines()
    monkeypatch.setenv("COLUMNS", "120")
    *wide, _ = printed(small_audit, io.StringIO()).splitlines()

    assert max(map(len, narrow)) <= 72
    assert 80 < max(map(len, wide)) <= 120


def test_a_terminal_gets_colour_and_the_same_words(small_audit):
    coloured = printed(small_audit, Terminal())
    plain = (PAGES / "console.txt").read_text()

    assert "\x1b[1mWhat was read\x1b[0m\n" in coloured
    assert "\n  5 tickets, 18 events\n" in coloured
    assert [word for word in plain.split() if word not in coloured] == []


def test_no_color_leaves_no_escape_code_on_a_terminal(small_audit, monkeypatch):
    monkeypatch.setenv("NO_COLOR", "1")
    monkeypatch.setenv("COLUMNS", "80")

    assert printed(small_audit, Terminal()) == (PAGES / "console.txt").read_text()


def test_hostile_text_is_shown_and_takes_no_effect(audited, export):
    hostile = "T\x1b[31m\u202e[bold]x[/bold]\r\nNot kept"
    export.opened(hostile, "2026-05-04 13:00", "S1")
    export.add(hostile, "2026-05-04 23:00", Kind.REPLY, Actor.VENDOR)
    text = printed(audited(export), io.StringIO())

    assert "T\\e[31m" in text
    assert "\x1b" not in text
    assert "\u202e" not in text
    assert text.count("\nNot kept") == 1


def test_a_breach_by_less_than_a_second_is_not_printed_as_none(small_audit):
    assert "0.4s of office time" in printed(small_audit, io.StringIO())


def test_a_long_list_of_breaches_is_cut_and_verbose_shows_all(audited, export):
    for number in range(15):
        export.opened(f"T-{number:02}", "2026-05-04 13:00", "S1")
        export.add(f"T-{number:02}", f"2026-05-04 {14 + number % 3}:30", Kind.REPLY, Actor.VENDOR)
    found = audited(export)

    assert printed(found, io.StringIO()).count("\n  T-") == 20  # ten breaches, ten clocks that run out soon
    assert printed(found, io.StringIO(), verbose=True).count("\n  T-") == 30

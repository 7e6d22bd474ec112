"""Tables at widths that are too small for them."""

from __future__ import annotations

from slaaudit.report.layout import Column, table

WORDS = [Column("Clause", gives_way=True), Column("Why", gives_way=True, wraps=True), Column("Number", right=True)]
ROWS = [["availability", "does not apply to this environment", "12"], ["availability", "third-party", "3"]]


def drawn(columns, rows, width):
    return "\n".join(line.plain for line in table(columns, rows, width)).split("\n")


def test_columns_stand_closer_before_any_gives_way() -> None:
    assert drawn(WORDS, ROWS, 56) == [
        "  Clause       Why                                Number",
        "  availability does not apply to this environment     12",
        "  availability third-party                             3",
    ]


def test_a_column_that_wraps_goes_on_below_before_one_that_gives_way_is_cut() -> None:
    assert drawn(WORDS, ROWS, 44) == [
        "  Clause        Why                   Number",
        "  availability  does not apply to         12",
        "                this environment",
        "  availability  third-party                3",
    ]


def test_where_a_word_alone_is_too_long_the_columns_are_cut() -> None:
    lines = drawn(WORDS, [["availability", "a" * 100_000, "12"]], 40)
    assert lines == ["  Clause    Why                   Number", "  availab…  aaaaaaaaaaaaaaaaaaa…      12"]


def test_a_row_of_several_lines_is_one_text() -> None:
    assert len(table(WORDS, ROWS, 44)) == 1 + len(ROWS)

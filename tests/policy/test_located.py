"""YAML is read as version 1.2 reads it, and every value knows where it stands."""

from __future__ import annotations

import time

import pytest

from slaaudit.located import Place, harmless, plain, read_bytes, read_file, read_text, walk, word


def root(text: str):
    document = read_text(text, "f.yaml")
    assert document.faults == ()
    return document.root


def faults(text: str) -> list[str]:
    return [f"{fault.line}:{fault.column} {fault.message}" for fault in read_text(text, "f.yaml").faults]


@pytest.mark.parametrize("text", ["on", "off", "yes", "no", "y", "n", "17:00", "2026-01-01", "1_000", "0b1", "1:30"])
def test_what_yaml_1_1_would_make_of_a_word_stays_a_word(text: str) -> None:
    assert root(f"a: {text}").get("a").value == text


@pytest.mark.parametrize(
    ("text", "value"),
    [("1", 1), ("-3", -3), ("0o17", 15), ("0x1F", 31), ("1.5", 1.5), ("1e3", 1000.0), ("true", True), ("False", False)],
)
def test_numbers_and_truths_are_typed(text: str, value: object) -> None:
    found = root(f"a: {text}").get("a").value
    assert found == value
    assert isinstance(found, type(value))


@pytest.mark.parametrize("text", ["", "~", "null", "Null"])
def test_nothing_is_null(text: str) -> None:
    assert root(f"a: {text}").get("a").value is None


@pytest.mark.parametrize("text", ["001", "1.10", "+5", "1e3", "0x1F", ".inf"])
def test_a_number_still_knows_how_it_was_written(text: str) -> None:
    assert word(root(f"a: {text}").get("a").value) == text


def test_quotes_and_a_tag_make_a_text() -> None:
    assert plain(root("{a: \"5\", b: !!str 7, c: 'true'}")) == {"a": "5", "b": "7", "c": "true"}


def test_keys_are_words_as_they_are_written() -> None:
    assert list(plain(root("{1: a, 01: b, on: c, 2026-12-24: d, null: e, true: f}"))) == [
        "1", "01", "on", "2026-12-24", "null", "true",
    ]  # fmt: skip


def test_places_count_from_one() -> None:
    tree = root("a:\n  - b\n  - c: d\n")
    assert {path: (node.place.line, node.place.column) for path, node in walk(tree)} == {
        (): (1, 1),
        ("a",): (2, 3),
        ("a", 0): (2, 5),
        ("a", 1): (3, 5),
        ("a", 1, "c"): (3, 8),
    }
    assert tree.get("a", 1, "c").key == Place("f.yaml", 3, 5)


def test_a_byte_order_mark_and_other_line_ends_move_no_place() -> None:
    document = read_bytes("\ufeffa: 1\r\nb: 2\r".encode(), "f.yaml")
    assert document.root.get("b").place == Place("f.yaml", 2, 4)


def test_an_alias_stands_where_its_anchor_does_and_its_key_where_it_is_used() -> None:
    node = root("a: &x [1]\nb: *x\n").get("b")
    assert (plain(node), node.place.line, node.key.line) == ([1], 1, 2)


def test_an_alias_bomb_is_one_fault_and_quick() -> None:
    lines = ["a: &a [x, x, x, x, x, x, x, x, x]"]
    lines += [
        f"{b}: &{b} [{', '.join([f'*{a}'] * 9)}]" for a, b in zip("abcdefghijklmno", "bcdefghijklmnop", strict=True)
    ]
    started = time.process_time()
    assert len(faults("\n".join(lines))) == 1
    assert time.process_time() - started < 1


def test_aliases_in_moderation_are_read() -> None:
    text = "x: &x [" + ", ".join("abcdefghij") + "]\n" + "".join(f"k{number}: *x\n" for number in range(500))
    assert len(plain(root(text))) == 501


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a: 1\nb: {c: 1, c: 2}\na: 3", ["2:11 key 'c' is given twice", "3:1 key 'a' is given twice"]),
        ("a: *b", ["1:4 alias *b names no anchor before it"]),
        ("a: &b {c: *b}", ["1:11 alias *b stands inside what it names"]),
        ("a:\n\tb: 1", ["2:1 a tab stands where YAML expects spaces"]),
        ("? [a]\n: 1", ["1:3 a key must be a word"]),
        ("a: !!binary aGk=", ["1:4 tag 'tag:yaml.org,2002:binary' is not read here"]),
        ("a: 1\n---\nb: 1", ["2:1 a second document begins here"]),
        ("[" * 70, ["1:61 values are nested more than 60 deep"]),
        ("a: [1, 2", ["1:9 this is not YAML: expected ',' or ']', but got '<stream end>'"]),
        ("a: \x00", ["1:4 control character U+0000 is not allowed"]),
        ("", ["0:0 is empty"]),
        ("---\n...\n", []),
    ],
)
def test_faults_of_the_yaml_itself(text: str, expected: list[str]) -> None:
    assert faults(text) == expected


def test_a_deep_or_large_file_neither_crashes_nor_hangs(tmp_path) -> None:
    assert len(faults("[" * 200_000)) == 1
    large = tmp_path / "large.yaml"
    large.write_bytes(b"a: 1\n" * 300_000)
    assert read_file(large).faults[0].message == "is larger than 1 MB; expected a YAML file of a page or two"


def test_a_document_with_a_duplicate_key_is_still_read() -> None:
    document = read_text("{a: 1, a: 2, b: 3}", "f.yaml")
    assert plain(document.root) == {"a": 1, "b": 3}


def test_undecodable_bytes_are_told_by_line_and_column() -> None:
    fault = read_bytes(b"a: 1\nb: Caf" + b"\xe9", "f.yaml").faults[0]
    assert (fault.line, fault.column) == (2, 7)


def test_what_a_fault_shows_has_no_control_character_in_it() -> None:
    document = read_text("a: 1\nb: \x9b31m\u202e, c: {\n", "f.yaml")
    assert all(str(fault).replace("\n", "").isprintable() for fault in document.faults)
    assert harmless("\u202eevil\x1b[2J") == "�evil�[2J"


def test_a_line_of_a_thousand_signs_is_cut() -> None:
    fault = read_text(f"a: [{'x, ' * 1000}\n", "f.yaml").faults[0]
    assert max(len(line) for line in str(fault).splitlines()) < 200

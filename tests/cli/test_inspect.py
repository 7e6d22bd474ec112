"""``inspect`` and ``policy new``: what an export holds, told where check would refuse as well."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

import slaaudit
from slaaudit.evidence import ReadOptions, profile, read, recognition

PAGES = Path(__file__).parent / "pages"

PLAIN = """\
ticket_id,created_at,severity,status,first_response_at,resolved_at,closed_at,subject,region
T-1,2026-05-04T13:00:00Z,P1,resolved,2026-05-04T13:20:00Z,2026-05-04T15:00:00Z,,Printer,North
T-2,2026-05-05T13:00:00Z,P2,Parked,,,,Test - please ignore,South
T-2,2026-05-05T13:00:00Z,P2,Parked,,,,Test - please ignore,South
T-3,2026-05-06T13:00:00Z,Blocker,merged,,2026-05-07T13:00:00Z,2026-05-06T15:00:00Z,Login,
T-4,soon,P2,open,,,,Mail,North
"""

SNAPSHOTS = """\
number,incident_state,sys_mod_count,opened_at,opened_by,sys_updated_at,sys_updated_by,priority,assigned_to,\
contact_type,resolved_at,closed_at
INC01,New,0,29/2/2016 01:16,one,29/2/2016 01:23,two,3 - Moderate,?,Phone,29/2/2016 11:29,5/3/2016 12:00
INC01,Resolved,1,29/2/2016 01:16,one,29/2/2016 11:29,three,3 - Moderate,group-1,Phone,29/2/2016 11:29,5/3/2016 12:00
INC01,Closed,2,29/2/2016 01:16,one,5/3/2016 12:00,three,3 - Moderate,group-1,Phone,29/2/2016 11:29,5/3/2016 12:00
INC02,-100,0,1/3/2016 02:00,one,1/3/2016 02:05,two,2 - High,?,Email,?,?
"""

SEMICOLON = """\
Vorgang;Angelegt;Prioritaet;Status;Geloest
A-1;31.05.2026 09:15;Hoch;Gelöst;31.05.2026 10:00
A-2;01.06.2026 09:15;Mittel;Wartet auf Kunde;
"""

AMBIGUOUS = """\
ticket_id,created_at,status
T-1,05/06/2026 09:00,open
T-2,07/08/2026 09:00,open
"""

UNKNOWN = """\
Asset,Bought,Price
Chair,2020,40
"""

HOSTILE = (
    "ticket_id,created_at,severity,status,\x1b[31mred\n"
    "T-1,2026-05-04T13:00:00Z,P1: {a},\u202eopen\x1b[2J,\x07bell\n"
    'T-2,2026-05-04T13:00:00Z,"=HYPERLINK(""x"")","\n# x: resolved","[link](http://vendor.example) **b**"\n'
)

COLUMNS = ("--column", "ticket_id=Vorgang", "--column", "created_at=Angelegt", "--column", "severity=Prioritaet",
           "--column", "resolved_at=Geloest")  # fmt: skip
SHOWN = {
    "plain": (PLAIN.encode(), ("-p", "capsure")),
    "snapshots": (SNAPSHOTS.encode(), ()),
    "semicolon": (SEMICOLON.encode("cp1252"), COLUMNS),
    "ambiguous": (AMBIGUOUS.encode(), ()),
    "unknown": (UNKNOWN.encode(), ()),
    "hostile": (HOSTILE.encode(), ()),
}


@pytest.fixture(autouse=True)
def _one_profile(monkeypatch):
    """Pages do not change with every profile that is added."""
    kept = tuple(each for each in profile.published() if each.id == "servicenow-event-log")
    monkeypatch.setattr(recognition, "published", lambda: kept)


@pytest.mark.parametrize("name", SHOWN)
def test_a_file_is_told_as_on_its_page(run, folder, name):
    content, flags = SHOWN[name]
    (folder / f"{name}.csv").write_bytes(content)
    ended = run("inspect", f"{name}.csv", *flags)

    assert (ended.code, ended.err) == (0, "")
    assert ended.out.replace(slaaudit.__version__, "VERSION", 1) == (PAGES / f"inspect-{name}.txt").read_text("utf-8")
    assert max(map(len, ended.out.splitlines()[:-1])) <= 80
    assert "\x1b" not in ended.out


def filled(text, **answers):
    """The mapping with its open lines taken in, each with the answer to its key, else to its comment's first word."""
    lines = []
    for line in text.splitlines():
        if not line.startswith("# "):
            lines.append(line)
            continue
        key = line[2:].split(":")[0].strip().strip('"')
        assert "FILL-IN" not in line or key in answers, f"nothing answers {line}"
        lines.append(line[2:].replace("FILL-IN", answers.get(key, "")))
    return "\n".join(lines) + "\n"


def evidence_of(path, **options):
    found = read([str(path)], ReadOptions(**options))
    events = found.events
    names = ("ticket", "at", "kind", "actor", "value", "row", "flags")
    severity = [found.tickets.severity[index] for index in range(len(found.tickets))]
    return [getattr(events, name).tolist() for name in names], severity, [*found.tickets.ids.words]


PEOPLE = ("one", "two", "three")
GERMAN = {"Gelöst": "resolved", "Wartet auf Kunde": "waiting"}
ROUND_TRIPS = {
    "plain": ((), {"Parked": "hold"}, {"values": (("status", "Parked", "hold"),)}),
    "snapshots": (
        (),
        {"-100": "cancelled", **dict.fromkeys(PEOPLE, "vendor")},
        {"values": (("status", "-100", "cancelled"), *(("actor", name, "vendor") for name in PEOPLE))},
    ),
    "semicolon": (
        COLUMNS,
        {"timezone": "Europe/Berlin", **GERMAN},
        {
            "timezone": "Europe/Berlin",
            "columns": tuple(tuple(word.split("=")) for word in COLUMNS[1::2]),
            "values": tuple(("status", *pair) for pair in GERMAN.items()),
        },
    ),
    "ambiguous": (
        (),
        {"timezone": "UTC", "day-first": "true"},
        {"timezone": "UTC", "date_format": "%d/%m/%Y %H:%M"},
    ),
}


@pytest.mark.parametrize("name", ROUND_TRIPS)
def test_a_written_mapping_filled_in_reads_the_file_as_the_flags_would(run, folder, name):
    flags, answers, options = ROUND_TRIPS[name]
    path = folder / f"{name}.csv"
    path.write_bytes(SHOWN[name][0])
    ended = run("inspect", path.name, *flags, "--write", "mapping.yaml")
    text = (folder / "mapping.yaml").read_text("utf-8")
    profile.mapping_file(str(folder / "mapping.yaml"))  # it is valid before anybody fills it in
    (folder / "mapping.yaml").write_text(filled(text, **answers), "utf-8")

    assert ended.code == 0
    assert evidence_of(path, mapping=str(folder / "mapping.yaml")) == evidence_of(path, **options)


def test_a_mapping_of_hostile_text_is_valid_and_says_nothing_that_the_text_says(run, folder):
    (folder / "hostile.csv").write_bytes(HOSTILE.encode())
    run("inspect", "hostile.csv", "--write", "mapping.yaml")
    found = profile.mapping_file(str(folder / "mapping.yaml")).profile

    assert "\x1b" not in (folder / "mapping.yaml").read_text("utf-8")
    assert not found.values
    assert found.columns["ticket_id"].column == "ticket_id"


def test_a_mapping_of_an_unknown_shape_leaves_its_columns_to_fill_in(run, folder):
    (folder / "unknown.csv").write_text(UNKNOWN)
    run("inspect", "unknown.csv", "--write", "mapping.yaml")

    lines = (folder / "mapping.yaml").read_text().splitlines()
    assert [line.partition("  #")[0].rstrip() for line in lines[-4:]] == [
        "# shape: tickets",
        "# columns:",
        "#   ticket_id: FILL-IN",
        "#   created_at: FILL-IN",
    ]


def test_nothing_is_replaced_without_force(run, folder):
    (folder / "mapping.yaml").write_text("mine")
    ended = run("inspect", "tickets.csv", "--write", "mapping.yaml")

    assert (ended.code, ended.out) == (2, "")
    assert ended.err == "slaaudit: mapping.yaml is there already; --force replaces it\n"
    assert (folder / "mapping.yaml").read_text() == "mine"
    assert run("inspect", "tickets.csv", "--write", "mapping.yaml", "--force").code == 0
    assert (folder / "mapping.yaml").read_text() != "mine"


def test_of_several_files_the_one_with_something_to_settle_is_mapped(run, folder):
    (folder / "plain.csv").write_text("ticket_id,created_at\nA,2026-03-02T10:00:00Z\n")
    (folder / "local.csv").write_text("ticket_id,created_at\nB,2026-03-02 10:00:00\n")
    ended = run("inspect", "plain.csv", "local.csv")
    assert "slaaudit inspect plain.csv local.csv --write mapping.yaml" in ended.out

    ended = run("inspect", "plain.csv", "local.csv", "--write", "m.yaml")

    assert (ended.code, ended.err) == (0, "")
    assert "check plain.csv local.csv --policy NAME --mapping m.yaml" in ended.out
    assert "How local.csv is read" in (folder / "m.yaml").read_text()


@pytest.mark.parametrize(
    ("words", "code", "message"),
    [
        (("tickets.csv", "--write", "tickets.csv", "--force"), 2, "is a file to be read"),
        (("plain.csv", "twin.csv", "--write", "m.yaml"), 2, "nothing is left to settle in any of these files"),
        (("other.csv", "more.csv", "--write", "m.yaml"), 2, "one file, and other.csv and more.csv have each something"),
        (("nowhere.csv",), 3, "no such file"),
        (("tickets.csv", "--column", "severity=Nothing"), 2, "no file has a header 'Nothing'"),
        (("tickets.csv", "--policy", "nobody"), 2, "no policy 'nobody'"),
        (("tickets.csv", "--format", "csv"), 2, "expected console or json"),
    ],
)
def test_what_cannot_be_done_is_said(run, folder, words, code, message):
    (folder / "plain.csv").write_text("ticket_id,created_at\nA,2026-03-02T10:00:00Z\n")
    (folder / "twin.csv").write_text("ticket_id,created_at\nB,2026-03-02T10:00:00Z\n")
    (folder / "other.csv").write_text("ticket_id,created_at\nC,2026-03-02 10:00:00\n")
    (folder / "more.csv").write_text("ticket_id,created_at\nD,2026-03-02 10:00:00\n")
    ended = run("inspect", *words)

    assert (ended.code, ended.out) == (code, "")
    assert message in ended.err
    assert not (folder / "m.yaml").exists()


def test_the_facts_are_data_too(run, folder):
    (folder / "plain.csv").write_text(PLAIN)
    report = json.loads(run("inspect", "plain.csv", "-p", "acme.yaml", "--format", "json").out)
    (file,) = report["files"]

    assert (report["schema"], report["policy"]) == ("slaaudit.inspection/1", "acme")
    assert (file["encoding"], file["delimiter"], file["records"], file["shape"]) == ("UTF-8", "comma", 5, "tickets")
    assert file["severities"][0] == {"word": "P2", "count": 3, "severity": None}
    assert file["times"][0]["first"] == "2026-05-04T13:00:00Z"
    assert {odd["kind"] for odd in file["oddities"]} == {
        "repeated-ticket", "test-ticket", "merged-or-spam", "resolved-after-closed",
    }  # fmt: skip


@pytest.mark.parametrize("name", SHOWN)
def test_a_policy_begun_from_any_export_is_valid(run, folder, name):
    (folder / f"{name}.csv").write_bytes(SHOWN[name][0])
    ended = run("policy", "new", "--from", f"{name}.csv", "--id", "new-desk", "-o", "new.yaml")

    assert (ended.code, ended.out, ended.err) == (0, "", "")
    assert run("policy", "validate", "new.yaml").code == 0


def test_a_new_policy_lists_severities_by_weight_and_statuses_with_their_meaning(run, folder):
    (folder / "plain.csv").write_text(PLAIN)
    lines = run("policy", "new", "--from", "plain.csv").out.splitlines()

    assert [line.split(":")[0] for line in lines if line.endswith((" row", " rows"))] == ["  Blocker", "  P1", "  P2"]
    assert "#   Parked: not known (2)" in lines
    assert "#   merged: cancelled (1)" in lines


def test_severities_that_are_named_like_ids_stay_apart(run, folder):
    words = ("S1", "S2: bad", "s3", "1 - Critical", "yes", "x" * 90)
    rows = [f'T-{number},2026-05-04T13:00:00Z,"{word}"\n' for number, word in enumerate(words)]
    (folder / "tickets.csv").write_text("ticket_id,created_at,severity\n" + "".join(rows))
    run("policy", "new", "--from", "tickets.csv", "-o", "new.yaml")
    ended = run("policy", "validate", "new.yaml")

    assert (ended.code, ended.err) == (0, "")
    assert "5 severities" in ended.out


def test_a_policys_id_is_a_slug(run):
    ended = run("policy", "new", "--from", "tickets.csv", "--id", "My Desk")

    assert (ended.code, ended.out) == (2, "")
    assert "'My Desk' is not an id" in ended.err


def test_a_list_and_a_log_are_told_side_by_side(run, folder):
    (folder / "events.csv").write_text(
        "ticket_id,at,event,actor,value\n"
        "T-1,2026-05-04T13:00:00Z,created,customer,\n"
        "T-1,2026-05-04T13:30:00Z,status,agent-1,Parked\n"
        "T-1,2026-05-04T13:20:00Z,sighed,agent-1,\n"
    )
    ended = run("inspect", "tickets.csv", "events.csv")

    assert ended.code == 0
    assert "\ntickets.csv\n  Shape     a list of tickets" in ended.out
    assert "\nevents.csv\n  Shape     a log of events" in ended.out
    assert "\nEvents (event); 1 word of 3 not known\n" in ended.out
    assert "Statuses (value); 1 word of 1 not known\n" in ended.out
    assert "earlier than the row before of the same ticket, by at (row 4" in ended.out
    assert ended.out.endswith("\nNext: slaaudit inspect tickets.csv events.csv --write mapping.yaml\n")


def test_a_file_without_a_usable_row_is_told_and_not_called_ready(run, folder):
    (folder / "tickets.csv").write_text("ticket_id,created_at\nT-1,soon\nT-2,later\n")
    ended = run("inspect", "tickets.csv")

    assert ended.code == 0
    assert "  None of the rows can be used; the reasons stand below.\n" in ended.out
    assert "2 rows cannot be used: no date and time that can be read in created_at" in ended.out


def test_a_round_count_and_a_time_in_the_future_are_told(run, folder):
    rows = [f"T-{number},2026-05-04T13:00:00Z\n" for number in range(999)]
    (folder / "tickets.csv").write_text("ticket_id,created_at\n" + "".join(rows) + "T-x,2150-01-01T00:00:00Z\n")
    out = run("inspect", "tickets.csv").out

    assert "exactly 1,000 rows: perhaps a limit of the export has cut the file" in out
    assert "1 time in the future in created_at (row 1001, as in '2150-01-01T00:00:00Z')" in " ".join(out.split())


def test_standard_input_is_told_without_escape_codes(run_apart):
    ended = run_apart("inspect", "-", stdin=PLAIN.encode(), COLUMNS="40", TERM="xterm-256color")

    assert (ended.code, ended.err) == (0, "")
    assert "\x1b" not in ended.out
    assert "\n-\n  Shape     a list of tickets" in ended.out

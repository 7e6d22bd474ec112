"""What ``--redact`` names is nowhere in a pack: not in fields, notes, other columns, other case, cut or encoded."""

from __future__ import annotations

import html
import json
import re
from urllib.parse import unquote

import pytest

LONG = "Maximiliane Example-Somebody of the Northern Department and in charge of all that prints on paper"
LIST = """\
ticket_id,created_at,severity,status,Company,remark
T-1,2026-05-04T13:00:00Z,S1,open,Example Works,mail of ada%40works.example and ADA EXAMPLE
T-2,2026-05-04T13:00:00Z,S1,open,"O'Example & Søn ""A"" Co",about Example%20Works and Example&nbsp;Works
T-3,2026-05-04T13:00:00Z,odd,open,示例商店,请示例商店处理
"""
LOG = f"""\
ticket_id,at,event,actor,value
T-1,2026-05-04T13:00:00Z,created,ada@works.example,
T-1,2026-05-06T15:00:00Z,reply,vendor,
T-1,2026-05-06T15:10:00Z,status,vendor,resolved
T-1,2026-05-06T15:20:00Z,status,customer,open
T-2,2026-05-04T13:00:00Z,created,Ada Example,
T-2,2026-05-06T15:00:00Z,reply,{LONG},
T-3,2026-05-04T13:00:00Z,created,Bo,
T-3,2026-05-06T15:00:00Z,reply,Cy,
"""
VALUES = (
    "Example Works",
    "O'Example",
    "Søn",
    "示例商店",
    "Maximiliane",
    "Northern",
    "Ada Example",
    "ada@works.example",
)
CHECK = (
    "check", "list.csv", "log.csv", "--policy", "acme.yaml", "--reading", "urgency=hour", "--column",
    "organization=Company", "--fail-on", "never", "--quiet", "--pack", "pack",
)  # fmt: skip


@pytest.fixture
def exports(folder):
    (folder / "list.csv").write_text(LIST)
    (folder / "log.csv").write_text(LOG)
    return folder


def forms(data: bytes) -> str:
    """A file's text as it is and as whoever decodes it reads it, without case."""
    text = data.decode()
    escaped = re.sub(r"\\u([0-9a-f]{4})", lambda found: chr(int(found[1], 16)), text)
    plain = html.unescape(text)
    return "\n".join([text, escaped, plain, unquote(plain), re.sub(r"\s+", " ", plain)]).casefold()


def leaks(pack):
    files = [file for file in pack.rglob("*") if file.is_file()]
    assert len(files) > 5
    return [(file.name, value) for file in files for value in VALUES if value.casefold() in forms(file.read_bytes())]


def test_names_are_nowhere_in_any_form(run, exports):
    assert run(*CHECK).code == 0
    assert {value for _, value in leaks(exports / "pack")} == set(VALUES)
    assert run(*CHECK, "--redact", "organization", "--redact", "actor").code == 0
    assert leaks(exports / "pack") == []
    assert run("verify", "pack").code == 0


@pytest.mark.parametrize("field", ["Company", "company", "organization", "Organization"])
def test_a_field_is_found_by_its_header_too_whatever_its_case(run, exports, field):
    ended = run(*CHECK, "--redact", field)
    if field == "Organization":
        assert (ended.code, "did you mean organization?" in ended.err) == (2, True)
        return
    assert ended.code == 0
    assert {value for _, value in leaks(exports / "pack")} <= {"Maximiliane", "Northern", "Ada Example", VALUES[-1]}


def test_sides_are_no_names_so_sentences_about_them_stay(run, exports):
    run(*CHECK, "--redact", "actor")
    report = json.loads((exports / "pack" / "report.json").read_text())
    assert [each["detail"] for each in report["findings"]] == ["reopened by the customer 10m after it was resolved"]


def test_a_short_name_that_a_sentence_quotes_is_replaced(run, exports):
    run(*CHECK, "--redact", "actor")
    report = (exports / "pack" / "report.txt").read_text()
    assert "actor not known:" in report
    assert "'Cy'" not in report
    assert "'Bo'" not in report


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--value", "actor:Ada Example=vendor"), "--value actor:Ada Example=vendor tells a value that is to be"),
        (("--set", "environment=Ada Example"), "--set environment=Ada Example tells a value that is to be replaced"),
        (("--redact", "severity"), "--redact severity: the report tells by it how each verdict came about"),
        (("--redact", "status"), "--redact status: the report tells by it how each verdict came about"),
    ],
)
def test_what_would_be_told_all_the_same_is_refused(run, exports, words, said):
    ended = run(*CHECK, "--redact", "actor", *words)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
    assert not (exports / "pack").exists()


def test_a_file_named_after_a_value_is_refused(run, exports):
    (exports / "list.csv").rename(exports / "example works.csv")
    words = ["example works.csv" if word == "list.csv" else word for word in CHECK]
    ended = run(*words, "--redact", "organization")
    assert (ended.code, ended.out) == (2, "")
    assert "the name of the file example works.csv tells a value that is to be replaced" in ended.err
    assert not (exports / "pack").exists()


def test_what_ids_and_the_policy_tell_is_said(run, exports):
    (exports / "list.csv").write_text(LIST.replace("T-2", "Example Works-2"))
    (exports / "log.csv").write_text(LOG.replace("T-2", "Example Works-2"))
    policy = exports / "acme.yaml"
    policy.write_text(policy.read_text().replace("Acme support policy", "Agreement with Example Works"))
    ended = run(*CHECK, "--redact", "organization")
    assert ended.code == 0
    assert "--redact: ids are not replaced, and Example Works-2 tells a value that is replaced elsewhere" in ended.err
    assert "--redact: a policy is not replaced, and acme.yaml:4 tells a value that is replaced elsewhere" in ended.err
    assert "<td>Example Works-2</td>" in (exports / "pack/breaches/Example-Works-2-response.html").read_text()


def test_a_value_that_looks_like_a_pseudonym_is_never_taken_for_one(run, exports):
    text = LIST.replace("Example Works,", "organization-2,").replace("示例商店,", "organization-1,")
    (exports / "list.csv").write_text(text)
    run(*CHECK, "--redact", "organization", "--pseudonyms", "table.json")
    table = json.loads((exports / "table.json").read_text())["organization"]
    assert table == ["", "", "organization-2", 'O\'Example & Søn "A" Co', "organization-1"]
    report = json.loads((exports / "pack" / "report.json").read_text())
    found = [each["fields"]["organization"] for each in report["tickets"]]
    assert found == ["organization-3", "organization-4", "organization-5"]
    assert run("verify", "pack", "--pseudonyms", "table.json").code == 0
    assert run("verify", "pack").code == 0


def test_a_column_of_a_log_is_replaced_where_only_another_file_repeats_it(run, exports):
    """No page shows the row that has the value; a field of another ticket tells it."""
    (exports / "log.csv").write_text(
        "\n".join(f"{line},{'Owner' if not at else 'Dee Example' if at == 8 else ''}" for at, line in
                  enumerate(LOG.splitlines())) + "\n"
    )  # fmt: skip
    (exports / "list.csv").write_text(LIST.replace("about", "Dee Example's"))
    run(*CHECK, "--redact", "owner")
    text = (exports / "pack" / "report.json").read_text()
    assert "owner-1's Example%20Works" in text
    assert "Dee Example" not in text


def test_a_record_without_columns_is_not_shown(run, exports):
    (exports / "log.csv").write_text(LOG + "T-1,2026-05-06T16:00:00Z,reply,Never Met,,,,\n")
    run(*CHECK)
    assert "Never Met" in (exports / "pack" / "report.json").read_text()
    run(*CHECK, "--redact", "actor")
    assert [file.name for file in (exports / "pack").rglob("*.*") if "Never Met" in file.read_text()] == []

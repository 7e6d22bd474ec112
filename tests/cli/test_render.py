"""``slaaudit render``: every format from the JSON, the same as check writes it."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys

import pyarrow.parquet as pq
import pytest

from slaaudit.report.formats import FORMS

CHECK = ("check", "tickets.csv", "--policy", "acme.yaml", "--worksheets", "--quiet")  # a page shows all worksheets
SUFFIXES = [form.suffix for form in FORMS.values() if form.suffix]


@pytest.fixture
def report(run):
    """A report that ``check`` wrote."""
    run(*CHECK, "--output", "report.json")
    return "report.json"


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_a_file_is_the_same_whether_check_or_render_writes_it(run, folder, report, suffix):
    assert run(*CHECK, "--output", f"check{suffix}").code == 1
    assert run("render", report, "--output", f"render{suffix}").code == 0
    if suffix == ".parquet":  # words may be coded in another order
        later, straight = pq.read_table("render.parquet"), pq.read_table("check.parquet")
        assert later.schema.equals(straight.schema, check_metadata=True)
        assert later.to_pylist() == straight.to_pylist()
    else:
        assert (folder / f"render{suffix}").read_bytes() == (folder / f"check{suffix}").read_bytes()


@pytest.mark.parametrize("form", [name for name, form in FORMS.items() if not form.binary])
def test_standard_output_is_the_same_too(run, report, form):
    assert run("render", report, "--format", form).out == run(*CHECK, "--format", form).out


def test_several_files_are_written_and_nothing_is_printed(run, folder, report):
    ended = run("render", report, "-o", "a.md", "-o", "b.xml", "-o", "c.txt")
    assert (ended.code, ended.out, ended.err) == (0, "", "")
    assert all((folder / name).stat().st_size for name in ("a.md", "b.xml", "c.txt"))


def test_without_a_flag_the_short_report_is_printed(run, report):
    ended = run("render", report)
    assert ended.code == 0
    assert "response  S1          1         1       0" in ended.out
    assert ended.out.endswith("Not kept: 2 met, 1 breach.\n")
    assert all(len(line) <= 80 for line in ended.out.splitlines())


def test_standard_input_and_gzip_are_read(run_apart, folder, report):
    data = (folder / report).read_bytes()
    assert (
        run_apart("render", "-", "-f", "markdown", stdin=data).out
        == run_apart("render", "-", "-f", "markdown", stdin=gzip.compress(data)).out
    )
    (folder / "packed.json.gz").write_bytes(gzip.compress(data))
    assert run_apart("render", "packed.json.gz").code == 0


def test_the_exports_are_not_needed(run, folder, report):
    for name in ("tickets.csv", "acme.yaml"):
        (folder / name).unlink()
    assert run("render", report, "-o", "report.md").code == 0


def test_nothing_is_written_of_a_report_that_cannot_be_read(run, folder):
    (folder / "bad.json").write_text('{"schema": "slaaudit.report/1"')
    ended = run("render", "bad.json", "-o", "report.md")
    assert (ended.code, ended.out) == (3, "")
    assert ended.err == "slaaudit: bad.json: the file ends in the middle of the report (line 1); write it again\n"
    assert not (folder / "report.md").exists()


def test_the_report_itself_is_not_written_over(run, report):
    ended = run("render", report, "-o", report)
    assert (ended.code, "is a file to be read" in ended.err) == (2, True)


def test_credits_are_rendered_too(run, folder):
    (folder / "up.yaml").write_text(
        "slaaudit: 1\nid: up\nvendor: Acme\ntitle: Up\ntimezone: UTC\nclauses:\n  uptime:\n"
        "    measure: availability\n    promised: 99.9%\n    credits: {tiers: [{below: 99.9%, credit: 10%}]}\n"
    )
    (folder / "incidents.csv").write_text("incident_id,started_at,ended_at\nI,2026-04-10T10:00Z,2026-04-11T10:00Z\n")
    flags = ("--incidents", "incidents.csv", "--policy", "up.yaml", "--as-of", "2026-05-02", "--quiet")
    names = [suffix for suffix in SUFFIXES if suffix not in {".csv", ".parquet"}]
    ended = run("credits", *flags, *(word for suffix in names for word in ("-o", f"credits{suffix}")))
    assert ended.code == 1, ended.err
    for suffix in names:
        assert run("render", "credits.json", "-o", f"again{suffix}").code == 0
        assert (folder / f"again{suffix}").read_bytes() == (folder / f"credits{suffix}").read_bytes()
    assert "10% of the period's fee" in (folder / "credits.md").read_text()


def test_a_dispute_is_refused_with_what_to_give(run, folder):
    (folder / "dispute.json").write_text(run("dispute", "tickets.csv", "-p", "acme.yaml", "-f", "json").out)
    ended = run("render", "dispute.json")
    assert (ended.code, ended.err) == (
        3,
        "slaaudit: dispute.json: a dispute, of which no other format is made; expected a report of slaaudit check\n",
    )


@pytest.mark.parametrize("command", [CHECK, ("credits", "--incidents", "tickets.csv", "--policy", "acme.yaml")])
def test_faults_of_a_policy_are_annotations_on_github(run, folder, command):
    policy = folder / "acme.yaml"
    policy.write_text(policy.read_text().replace("vendor: Acme", "vendor: Acme\n::error::x: 1"))
    ended = run(*command, "--format", "github")
    assert ended.code == 2
    assert ended.out.splitlines()[0].startswith("::error file=acme.yaml,line=4,col=1::unknown key '::error::x'")
    assert run(*command).out == ""


def test_halves_of_characters_in_an_export_do_no_harm(run, folder, monkeypatch):
    monkeypatch.setenv("GITHUB_STEP_SUMMARY", str(folder / "summary"))
    monkeypatch.setenv("GITHUB_OUTPUT", str(folder / "output"))
    rows = [
        {"ticket_id": f"T-{nth} \ud800", "created_at": "2026-05-04T13:00:00Z", "severity": "S1",
         "first_response_at": "2026-05-04T15:00:00Z", "channel": "\udfff"}
        for nth in range(3)
    ]  # fmt: skip
    (folder / "tickets.json").write_text(json.dumps(rows))
    outputs = [word for suffix in SUFFIXES for word in ("-o", f"r{suffix}")]
    ended = run("check", "tickets.json", "--policy", "acme.yaml", "--format", "github", *outputs)
    assert (ended.code, ended.err) == (1, "")
    assert run("render", "r.json", "-o", "again.csv", "-o", "again.parquet").code == 0


def test_help_imports_no_model():
    code = (
        "import sys\nfrom slaaudit.cli import app\n"
        "try:\n    app(['render', '--help'], standalone_mode=False)\nexcept SystemExit:\n    pass\n"
        "print({'slaaudit.report.schema', 'numpy', 'PIL', 'pyarrow', 'pandas', 'rich'} & set(sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=os.environ | {"COLUMNS": "80"}
    )
    assert done.stdout.strip().endswith("set()")


def test_a_measurement_of_a_ticket_that_is_not_listed_is_told(run, folder, report):
    made = json.loads((folder / report).read_text())
    made["tickets"] = made["tickets"][1:]
    (folder / "other.json").write_text(json.dumps(made))

    ended = run("render", "other.json", "-o", "report.html")

    assert (ended.code, ended.err) == (
        3, "slaaudit: other.json: measurements[0].ticket: T-1 is none of the report's tickets\n",
    )  # fmt: skip

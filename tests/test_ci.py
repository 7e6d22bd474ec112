"""What runs slaaudit elsewhere: the action, the hooks, and the jobs of docs/ci.md, run here as far as they can be."""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import stat
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

ROOT = Path(__file__).resolve().parents[1]
PAGE = (ROOT / "docs" / "ci.md").read_text(encoding="utf-8")
ACTION = yaml.safe_load((ROOT / "action.yml").read_text(encoding="utf-8"))
HOOKS = yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text(encoding="utf-8"))
STEPS = {step.get("name"): step for step in ACTION["runs"]["steps"]}
BLOCKS = {
    text.partition("\n")[0].removeprefix("# "): text
    for text in re.findall(r"^```(?:yaml|toml)\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)
}
JOBS = {name: yaml.safe_load(text) for name, text in BLOCKS.items() if name != "slaaudit.toml"}
GIVEN = {"files": "", "policy": "", "mapping": "", "args": "", "fail-on": "", "python-version": "3.13"}
HOSTILE = 'x"; touch owned; $(touch owned) `touch owned` \'; import os; os.mkdir("owned")'


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A repository as the docs have it: a contract, exports, a project file, a script that exports."""
    monkeypatch.chdir(tmp_path)
    for name in (*(name for name in os.environ if name.startswith(("SLAAUDIT_", "GITHUB_"))), "CI_PROJECT_DIR"):
        monkeypatch.delenv(name, raising=False)
    (tmp_path / "exports").mkdir()
    (tmp_path / "contracts").mkdir()
    (tmp_path / ".git").mkdir()
    shutil.copy(ROOT / "policies" / "sequr.yaml", tmp_path / "contracts" / "acme.yaml")
    for name in ("tickets.csv", "events.csv"):
        shutil.copy(ROOT / "sample_data" / "sequr" / name, tmp_path / "exports")
    # The sample holds rows that cannot be used, on purpose.
    (tmp_path / "slaaudit.toml").write_text(BLOCKS["slaaudit.toml"].replace("strict = true", ""), "utf-8")
    program(tmp_path / "export-tickets.sh", "#!/bin/sh\n")
    return tmp_path


def program(path, text):
    path.write_text(text, "utf-8")
    path.chmod(path.stat().st_mode | stat.S_IXUSR)


@pytest.fixture
def recorded(folder, monkeypatch):
    """A ``slaaudit`` that only writes down how it was called; gives its words, call by call."""
    place = folder / "recording"
    place.mkdir()
    program(
        place / "slaaudit",
        f"#!{sys.executable}\nimport json, os, sys\n"
        'print(json.dumps(sys.argv[1:]), file=open(os.environ["CALLS"], "a"))\n'
        'sys.exit(int(os.environ.get("ENDS", "0")))\n',
    )
    monkeypatch.setenv("PATH", os.pathsep.join([str(place), str(Path(sys.executable).parent), os.environ["PATH"]]))
    monkeypatch.setenv("CALLS", str(folder / "calls"))
    return lambda: [json.loads(line) for line in (folder / "calls").read_text().splitlines()]


def filled(text, inputs):
    """A value of the action with what GitHub puts in the place of its expressions."""
    known = {f"inputs.{name}": value for name, value in inputs.items()}
    known |= {"github.action_path": str(ROOT), "runner.temp": str(Path("temp").absolute())}
    return re.sub(r"\$\{\{ (.*?) \}\}", lambda found: known[found[1]], text)


def run_step(step, **inputs):
    """Run a step's script as GitHub's runner does: written to a file, and given to its shell."""
    surroundings = {name: filled(text, GIVEN | inputs) for name, text in step["env"].items()}
    script = Path("script")
    script.write_text(step["run"], "utf-8")
    shell = {"bash": ["bash", "--noprofile", "--norc", "-eo", "pipefail"], "python": ["python"]}[step["shell"]]
    return subprocess.run(
        [*shell, str(script)], env=os.environ | surroundings, capture_output=True, text=True, check=False
    )


def test_no_script_of_the_action_holds_what_a_workflow_gives():
    scripts = [step["run"] for step in ACTION["runs"]["steps"] if "run" in step]

    assert len(scripts) == 2
    assert not [text for text in scripts if "${{" in text]


def test_every_input_of_the_action_is_used_and_every_output_is_one_of_its_step():
    text = (ROOT / "action.yml").read_text(encoding="utf-8")

    assert set(ACTION["inputs"]) == set(GIVEN)
    assert set(re.findall(r"\$\{\{ inputs\.([\w-]+) \}\}", text)) == set(GIVEN)
    values = {name: each["value"] for name, each in ACTION["outputs"].items()}
    assert values == {
        name: f"${{{{ steps.check.outputs.{name.replace('-', '_')} }}}}"
        for name in ("verdict", "breaches", "credit", "claim-by")
    }
    assert STEPS["Check"]["id"] == "check"


def test_without_inputs_the_action_leaves_all_to_the_project_file(recorded):
    assert run_step(STEPS["Check"]).returncode == 0
    assert recorded() == [["check", "--format", "github"]]


def test_the_inputs_of_the_action_become_words(recorded):
    ended = run_step(
        STEPS["Check"],
        files="exports/*.csv\nno such file.csv\n",
        policy="contracts/acme.yaml\r\n\ncontracts/old one.yaml",
        mapping="a b.yaml",
        args="--period last-month --set 'organization=Harbor Lofts'",
        **{"fail-on": "warranted"},
    )

    assert ended.returncode == 0, ended.stderr
    assert recorded() == [
        ["check", "--format", "github", "--policy", "contracts/acme.yaml", "--policy", "contracts/old one.yaml",
         "--mapping", "a b.yaml", "--fail-on", "warranted", "--period", "last-month", "--set",
         "organization=Harbor Lofts", "--", "exports/events.csv", "exports/tickets.csv", "no such file.csv"]
    ]  # fmt: skip


@pytest.mark.parametrize("name", ["files", "policy", "mapping", "fail-on"])
def test_an_input_is_never_run(recorded, folder, name):
    assert run_step(STEPS["Check"], **{name: HOSTILE}).returncode == 0
    assert HOSTILE in recorded()[0]
    assert not (folder / "owned").exists()


def test_args_are_words_and_are_never_run(recorded, folder):
    assert run_step(STEPS["Check"], args="--set 'a=$(touch owned)' ; touch owned `touch owned`").returncode == 0
    assert recorded()[0][3:] == ["--set", "a=$(touch owned)", ";", "touch", "owned", "`touch", "owned`"]
    assert not (folder / "owned").exists()
    assert run_step(STEPS["Check"], args="'open").stderr == "args: No closing quotation\n"


@pytest.mark.parametrize("code", [0, 1, 2, 3])
def test_the_action_ends_as_the_check_does(recorded, monkeypatch, code):
    monkeypatch.setenv("ENDS", str(code))
    assert run_step(STEPS["Check"]).returncode == code
    assert len(recorded()) == 1


def test_the_action_installs_its_own_checkout_into_a_place_of_its_own(folder, monkeypatch):
    """The Python that is called makes a folder with a Python that only writes down what it is to install."""
    place = folder / "python"
    place.mkdir()
    program(
        place / "python3",
        '#!/bin/sh\ncase "$*" in\n"-m venv "*) mkdir -p "$3/bin"; cp "$0" "$3/bin/python";;\n'
        f'*) echo "$*" >>"{folder}/installed";;\nesac\n',
    )
    monkeypatch.setenv("PATH", f"{place}{os.pathsep}{os.environ['PATH']}")
    monkeypatch.setenv("GITHUB_PATH", str(folder / "path"))
    ended = run_step(STEPS["Install slaaudit"])

    assert ended.returncode == 0, ended.stderr
    assert (folder / "installed").read_text().endswith(f" {ROOT}\n")
    assert (folder / "path").read_text() == f"{folder}/temp/slaaudit/bin\n"


def slaaudit(words, folder):
    """Run slaaudit in the folder, as of a date at which the sample's tickets lie in the month before."""
    words = [{"now": "2026-04-04"}.get(word, word) for word in words]
    command = [sys.executable, "-m", "slaaudit", *words]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)


def known_here(words):
    """The words without formats that the help does not name."""
    flags = slaaudit(["check", "--help"], ROOT).stdout
    for pair in (["--output", "report.xml"], ["--format", "github"]):
        at = next((at for at in range(len(words)) if words[at : at + 2] == pair and words[0] == "check"), None)
        if at is not None and pair[1].replace("report", "") not in flags:
            words = words[:at] + words[at + 2 :]
    return words


def scripts(job):
    """The lines that a job of GitHub or GitLab runs."""
    if "steps" in job:
        return [line for step in job["steps"] for line in step.get("run", "").splitlines()]
    return job["script"]


def jobs():
    """Every job of the page, with the file that it is in."""
    for name, text in JOBS.items():
        found = text.get("jobs") or {key: each for key, each in text.items() if "script" in each}
        yield from ((name, job) for job in found.values())


def commands():
    """Every slaaudit command of the page's jobs, those that the action makes too."""
    for name, job in jobs():
        for step in job.get("steps", ()):
            if "/slaaudit@" in step.get("uses", ""):
                yield name, f"slaaudit check --format github {step['with']['args']} --fail-on {step['with']['fail-on']}"
        for line in scripts(job):
            if line.startswith("slaaudit "):
                yield name, line.partition(" > ")[0]


COMMANDS = [*commands()]


def test_the_page_has_the_commands_that_it_is_about():
    assert [(name, command.split()[1]) for name, command in COMMANDS] == [
        (".github/workflows/monthly-audit.yml", "check"),
        (".github/workflows/policies.yml", "policy"),
        (".gitlab-ci.yml", "policy"),
        (".gitlab-ci.yml", "check"),
    ]


@pytest.mark.parametrize("command", [command for _, command in COMMANDS])
def test_the_commands_of_the_page_run(folder, command):
    words = []
    for word in shlex.split(command)[1:]:
        words += [str(path.relative_to(folder)) for path in folder.glob(word)] if "*" in word else [word]
    ended = slaaudit(known_here(words), folder)

    assert ended.returncode in ({0} if "policy" in words or "never" in words else {0, 1}), ended.stderr
    if "report.json" in words:
        report = json.loads((folder / "report.json").read_text(encoding="utf-8"))
        assert report["period"]["text"] == "2026-03"
        assert report["config"]["path"] == "slaaudit.toml"
        assert sum(row["measured"] for row in report["summary"]) > 0
    if "gitlab" in words:
        assert json.loads(ended.stdout) == []


def test_files_that_jobs_keep_are_those_that_their_commands_write():
    gitlab = JOBS[".gitlab-ci.yml"]
    for job, kept in (("policies", "codequality"), ("monthly-audit", "junit")):
        assert gitlab[job]["artifacts"]["reports"][kept] in " ".join(gitlab[job]["script"])
        assert gitlab[job]["artifacts"]["when"] == "always"
    steps = JOBS[".github/workflows/monthly-audit.yml"]["jobs"]["audit"]["steps"]
    audit, upload = (next(step for step in steps if part in step.get("uses", "")) for part in ("/slaaudit@", "upload"))
    assert set(audit["with"]) <= set(ACTION["inputs"])
    assert "report.*" in upload["with"]["path"]


def test_no_script_of_the_page_holds_an_expression():
    assert not [line for _, job in jobs() for line in scripts(job) if "${{" in line]


def test_outputs_that_the_page_uses_are_outputs_of_the_action():
    used = set(re.findall(r"steps\.audit\.outputs\.([\w-]+)", BLOCKS[".github/workflows/monthly-audit.yml"]))
    assert used <= set(ACTION["outputs"])


@pytest.mark.parametrize(("ends", "code"), [(0, 0), (1, 0), (2, 2), (3, 3)])
def test_the_script_for_cron_fails_only_where_there_is_no_verdict(recorded, folder, monkeypatch, ends, code):
    monkeypatch.setenv("ENDS", str(ends))
    text = re.search(r"^```sh\n(.*?)^```", PAGE, re.DOTALL | re.MULTILINE)[1]
    program(folder / "monthly-audit.sh", text)
    ended = subprocess.run([str(folder / "monthly-audit.sh")], cwd="/", check=False)

    assert ended.returncode == code
    words = recorded()[0]
    assert words[:-1] == ["check", "--period", "last-month", "--as-of", "now", "--quiet", "--output"]
    assert re.fullmatch(r"reports/\d{4}-\d\d-\d\d\.json", words[-1])
    assert slaaudit(words, folder).returncode in (0, 1)


def test_the_hooks_pass_the_published_policies_and_refuse_a_broken_one(folder):
    hook = next(each for each in HOOKS if each["id"] == "slaaudit-policy")
    tracked = sorted(str(path.relative_to(ROOT)) for path in ROOT.glob("policies/*"))
    taken = [path for path in tracked if re.search(hook["files"], path)]
    assert taken == [path for path in tracked if path.endswith((".yaml", ".yml"))]

    command = [sys.executable, "-m", *hook["entry"].split()]
    assert subprocess.run([*command, *taken], cwd=ROOT, capture_output=True, check=False).returncode == 0
    (folder / "acme-policy.yaml").write_text("slaaudit: 1\n", "utf-8")
    ended = subprocess.run([*command, "acme-policy.yaml"], capture_output=True, text=True, check=False)
    assert ended.returncode == 2
    assert ended.stderr.startswith("acme-policy.yaml:1:1: error: ")


@pytest.mark.parametrize(
    ("hook", "taken", "left"),
    [
        (
            "slaaudit-policy",
            ["policies/acme.yaml", "a/policies/b.yml", "acme-policy.yaml", "policy.yml"],
            ["acme.yaml", "policies/a/b.yaml", "policies/README.md", "policy.json", "mapping.yaml"],
        ),
        ("slaaudit-mapping", ["mapping.yaml", "acme/jira-mapping.yml"], ["mapping.json", "mappings/a.yaml"]),
    ],
)
def test_a_hook_takes_files_by_their_names(hook, taken, left):
    pattern = next(each for each in HOOKS if each["id"] == hook)["files"]

    assert [path for path in [*taken, *left] if re.search(pattern, path)] == taken


def test_the_hooks_of_the_page_are_there():
    used = [hook["id"] for hook in JOBS[".pre-commit-config.yaml"]["repos"][0]["hooks"]]
    assert used == [hook["id"] for hook in HOOKS]

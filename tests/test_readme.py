"""What the README shows is true: its commands run here, and print what stands below them."""

from __future__ import annotations

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

from slaaudit.policy import published

ROOT = Path(__file__).resolve().parents[1]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / name for name in ("README.md", "CONTRIBUTING.md", "CHANGELOG.md", "sample_data/README.md")]
PAGES += sorted((ROOT / "docs").glob("*.md"))
ELIDED = "..."


def _shown() -> list[tuple[str, list[str]]]:
    """Each command of the README's console blocks with the lines shown below it."""
    found: list[tuple[str, list[str]]] = []
    for block in re.findall(r"^```console\n(.*?)^```", README, re.DOTALL | re.MULTILINE):
        for line in block.splitlines():
            if line.startswith("$ "):
                found.append((line[2:], []))
            else:
                found[-1][1].append(line)
    return found


COMMANDS = [(command, output) for command, output in _shown() if command.startswith("slaaudit ")]


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A folder with the samples, the policies and the README's own policy."""
    place = tmp_path_factory.mktemp("readme")
    (place / "sample_data").symlink_to(ROOT / "sample_data")
    (place / "acme.yaml").write_text(re.search(r"^```yaml\n(.*?)^```", README, re.DOTALL | re.MULTILINE)[1], "utf-8")
    return place


def _run(words, folder):
    command = [sys.executable, "-m", "slaaudit", *words]
    plain = {**os.environ, "COLUMNS": "80", "NO_COLOR": "1", "PYTHONIOENCODING": "utf-8"}
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8", check=False, env=plain)


def _chunks(lines):
    """The runs of lines between ``...``."""
    text = "\n".join(lines)
    return [chunk.strip("\n") for chunk in re.split(rf"^{re.escape(ELIDED)}$", text, flags=re.MULTILINE)]


@pytest.mark.parametrize(("command", "lines"), COMMANDS, ids=[command for command, _ in COMMANDS])
def test_a_command_prints_what_the_readme_shows(command, lines, folder):
    run = _run(shlex.split(command)[1:], folder)
    assert run.returncode in {0, 1}, run.stderr
    rest = run.stdout
    for chunk in filter(None, _chunks(lines)):
        assert chunk in rest
        rest = rest[rest.index(chunk) + len(chunk) :]


def test_the_picture_is_what_the_command_draws(folder):
    files = [f"sample_data/sequr/{name}.csv" for name in ("tickets", "events")]
    assert _run(["check", *files, "--policy", "sequr", "--quiet", "-o", "sequr.svg"], folder).returncode == 1
    assert (folder / "sequr.svg").read_bytes() == (ROOT / "docs" / "sequr.svg").read_bytes()


def test_the_readme_shows_commands_with_output():
    assert len([lines for _, lines in COMMANDS if any(line not in {"", ELIDED} for line in lines)]) >= 5


def test_the_two_commands_of_a_newcomer_are_targets_of_make():
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    asked = [command.split()[1] for command, _ in _shown() if command.startswith("make ")]
    assert asked == ["demo", "test"]
    for target in asked:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE)


def test_the_python_named_is_the_python_required():
    required = re.search(r'requires-python = ">=(.*?)"', (ROOT / "pyproject.toml").read_text(encoding="utf-8"))[1]
    assert f"Python {required} or newer" in README


def test_the_table_names_the_published_policies():
    named = re.findall(r"^\| `([\w-]+)` \|", README.split("## The policies")[1].split("##")[0], re.MULTILINE)
    assert sorted(named) == sorted(policy.id for policy in published())


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_to_files(page):
    for link in re.findall(r"\]\(([^)#]+)[^)]*\)", page.read_text(encoding="utf-8")):
        if not link.startswith("http"):
            assert (page.parent / link).exists(), link


NAMED = (
    "check", "explain", "dispute", "report", "verify", "credits", "claim", "compare", "diff", "render",
    "inspect", "demo", "config",
    "policy list", "policy show", "policy validate", "policy test", "policy new", "policy schema",
)  # fmt: skip
FOREIGN = {"--into", "--stories"}  # flags of sample_data/make.py


@pytest.fixture(scope="module")
def flags():
    """Every flag that the help of some command names."""
    pages = [_run([*command.split(), "--help"], ROOT).stdout for command in (*NAMED, "")]
    return {flag for page in pages for flag in re.findall(r"--[a-z][\w-]*", page)}


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_flags_and_commands_named_exist(page, flags):
    for code in re.findall(r"`([^`\n]+)`", page.read_text(encoding="utf-8")):
        for flag in re.findall(r"(?<![\w-])--[a-z][\w-]*", code):
            assert flag in flags | FOREIGN, f"{code}: {flag}"
        if code.startswith("slaaudit ") and not code.startswith("slaaudit ."):
            named = " ".join(re.match(r"slaaudit (policy )?([a-z]+)", code).group(0).split()[1:])
            assert named in {*NAMED, "policy"}, code

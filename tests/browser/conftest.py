"""Chromium, the reports of every sample, and a reader that notices what a page should not do."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

ROOT = Path(__file__).resolve().parents[2]
SCREENSHOTS = ROOT / "build" / "screenshots"
SAMPLES = ROOT / "sample_data"


def _sample(name: str, *files: str, policy: str = "", mapping: bool = False) -> list[str]:
    words = ["check", *(f"sample_data/{name}/{file}.csv" for file in files), "--policy", policy or name]
    return [*words, *(["--mapping", f"sample_data/{name}/mapping.yaml"] if mapping else [])]


def _service(name: str, *kinds: str) -> list[str]:
    return [word for kind in kinds for word in (f"--{kind}", f"sample_data/{name}/{kind}.csv")]


#: Every vendor's sample as its README checks it, with what there is of its service; and a service alone.
COMMANDS = {
    "sequr": _sample("sequr", "tickets", "events"),
    "capsure": _sample("capsure", "tickets", "events", mapping=True),
    "secpod": _sample("secpod", "tickets", mapping=True),
    "securenvoy": [*_sample("securenvoy", "tickets", "events", mapping=True),
                   *_service("securenvoy", "incidents", "maintenance", "usage"), "--as-of", "2026-05-10"],
    "sequence": [*_sample("sequence", "tickets", "events", policy="sequence-example"),
                 *_service("sequence", "incidents", "maintenance")],
    "credits": ["credits", *_service("securenvoy", "incidents", "maintenance"),
                "--policy", "securenvoy", "--as-of", "2026-05-10"],
}  # fmt: skip
VENDORS = [name for name in COMMANDS if name != "credits"]


@pytest.fixture(scope="session")
def reports(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Each sample's report as HTML, and as JSON beside it."""
    folder = tmp_path_factory.mktemp("reports")
    for name, words in COMMANDS.items():
        outputs = ["-o", str(folder / f"{name}.html"), "-o", str(folder / f"{name}.json")]
        worksheets = ["--worksheets"] if words[0] == "check" else []
        subprocess.run(
            [sys.executable, "-m", "slaaudit", *words, *outputs, *worksheets, "--fail-on", "never", "--quiet"],
            check=True, cwd=ROOT, capture_output=True,
        )  # fmt: skip
    return {name: folder / f"{name}.html" for name in COMMANDS}


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium; nothing is downloaded."""
    path = os.environ.get("CHROMIUM") or shutil.which("chromium")
    if not path:
        pytest.fail("there is no chromium; apt-get install chromium, or name one in CHROMIUM", pytrace=False)
    with sync_playwright() as playwright:
        # Chromium's own sandbox refuses to run as root, as which CI does; the pages are our own.
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()


@dataclass
class Noticed:
    """What a page did that it should not: said on the console, thrown, opened or asked for."""

    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def watch(self, page: Page) -> None:
        """Notice from now on."""
        page.on("console", lambda message: self.said.append(f"{message.type}: {message.text}"))
        page.on("pageerror", lambda error: self.said.append(str(error)))
        page.on("dialog", lambda dialog: (self.said.append(dialog.message), dialog.dismiss()))
        page.context.on("request", lambda request: self.asked.append(request.url))


@pytest.fixture
def opened(chromium):
    """Opens a report; once the block ends, it must have been silent and asked for nothing but itself."""

    @contextlib.contextmanager
    def reading(path: Path, *, width: int = 1280, **how) -> Iterator[Page]:
        context = chromium.new_context(viewport={"width": width, "height": 900}, **how)
        page = context.new_page()
        noticed = Noticed()
        noticed.watch(page)
        try:
            page.goto(path.as_uri())
            yield page
        finally:
            context.close()
        assert noticed.said == []
        assert noticed.asked == [path.as_uri()]

    return reading


@pytest.fixture(scope="session")
def screenshots() -> Path:
    """The folder of pictures to look at."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    return SCREENSHOTS


@pytest.fixture
def many_tickets(tmp_path: Path) -> Callable[[int], Path]:
    """Makes the report on so many tickets of the benchmarks."""

    def page_of(tickets: int) -> Path:
        sys.path.insert(0, str(ROOT / "benchmarks"))
        from bench import POLICY, write_tickets  # noqa: PLC0415

        (tmp_path / "bench.yaml").write_text(POLICY, encoding="utf-8")
        write_tickets(tmp_path / "tickets.csv", tickets)
        words = ["check", "tickets.csv", "--policy", "bench.yaml", "--quiet", "--fail-on", "never", "-o", "report.html"]
        subprocess.run([sys.executable, "-m", "slaaudit", *words], check=True, cwd=tmp_path, capture_output=True)
        return tmp_path / "report.html"

    return page_of

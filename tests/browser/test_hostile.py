"""Hostile text in every cell of an export does nothing in the page but stand there."""

from __future__ import annotations

import csv
import importlib.util
import io
import json
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.browser

_SPEC = importlib.util.spec_from_file_location(
    "html_pages", Path(__file__).resolve().parents[1] / "report" / "html" / "pages.py"
)
pages = importlib.util.module_from_spec(_SPEC)
sys.modules["html_pages"] = pages
_SPEC.loader.exec_module(pages)

COLUMNS = (
    "severity",
    "status",
    "channel",
    "type",
    "component",
    "organization",
    "environment",
    "requester_role",
    "created_by",
)


def use(page):
    """The page as a reader uses it: every list opened, sorted, searched, and the worksheets of the first rows."""
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    for head in page.locator("#table thead button").all():
        head.click()
    page.fill("#search", "<script>")
    page.wait_for_timeout(200)
    page.fill("#search", "")
    page.wait_for_timeout(200)
    for button in page.locator("#table .opener").all()[:15]:
        button.click()
    for line in page.locator(".breaches tbody tr[data-row]").all()[:5]:
        line.scroll_into_view_if_needed()
        line.locator(".opener").click()


def unharmed(page, width):
    assert page.evaluate("window.pwned") is None
    assert page.locator("script").count() == 3
    assert page.locator("img, iframe, b, i, base").count() == 0
    assert page.evaluate("document.documentElement.scrollWidth") == width


@pytest.mark.parametrize("width", [1280, 360])
def test_hostile_text_in_every_word_of_a_record_does_no_harm(opened, reports, tmp_path, screenshots, width):
    record = pages.poisoned(json.loads(reports["sequr"].with_suffix(".json").read_text(encoding="utf-8")))
    path = tmp_path / "hostile.html"
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(pages.written(record))
    with opened(path, width=width) as page:
        use(page)
        page.screenshot(
            path=screenshots / f"hostile-{width}.png",
            clip={"x": 0, "y": 0, "width": width, "height": 4000},
            full_page=True,
        )
        unharmed(page, width)


def test_hostile_text_in_every_cell_of_an_export_does_no_harm(opened, tmp_path):
    texts = [text for text in pages.HOSTILE if text.isprintable() and len(text) < 1000] + [
        "x" * 100_000,
        "\u202eevil",
        "a\x1bb",
    ]
    stream = io.StringIO()
    writer = csv.writer(stream)
    writer.writerow(["ticket_id", "created_at", "first_response_at", *COLUMNS, "<script>head</script>"])
    for number, text in enumerate(texts):
        answer = f"2026-05-{number % 20 + 5:02d}T09:00:00Z"
        writer.writerow(
            [f"{text}{number}", "2026-05-04T09:00:00Z", answer, "S1" if number % 2 else text, *[text] * len(COLUMNS)]
        )
    (tmp_path / "tickets.csv").write_text(stream.getvalue(), encoding="utf-8")
    (tmp_path / "acme.yaml").write_text("""\
slaaudit: 1
id: acme
vendor: "<b>Acme</b>"
title: "</title><script>window.pwned=1</script>"
severities: {S1: {}}
clauses:
  response: {title: "</table><img src=x onerror=window.pwned=1>", measure: first-response, targets: {S1: 1h on always}}
""", encoding="utf-8")  # fmt: skip
    words = [
        "check",
        "tickets.csv",
        "--policy",
        "acme.yaml",
        "--column",
        "colour=<script>head</script>",
        "-o",
        "report.html",
    ]
    subprocess.run(
        [sys.executable, "-m", "slaaudit", *words, "--quiet", "--fail-on", "never"],
        check=True,
        cwd=tmp_path,
        capture_output=True,
    )
    with opened(tmp_path / "report.html") as page:
        assert page.locator("#table .opener").count() == len(texts)
        use(page)
        unharmed(page, 1280)

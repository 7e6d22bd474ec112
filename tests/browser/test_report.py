"""The HTML report of every sample as a reader uses it, in Chromium."""

from __future__ import annotations

import datetime as dt
import json
import re
import subprocess
from collections import Counter

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import expect

pytestmark = pytest.mark.browser

VENDORS = ["sequr", "capsure", "secpod", "securenvoy", "sequence"]
ALL = [*VENDORS, "credits"]
ROWS = "#table tbody tr:not(.sheet-row)"


def record_of(path):
    return json.loads(path.with_suffix(".json").read_text(encoding="utf-8"))


def found_of(page):
    """The number of rows that match."""
    return int(re.search(r"of ([\d,]+) rows", page.locator("#found").inner_text()).group(1).replace(",", ""))


def unfold(page):
    """Everything that opens, opened: details, and the first worksheets of both tables."""
    page.evaluate("document.querySelectorAll('details').forEach((each) => { each.open = true; })")
    for table in (".breaches", "#table"):
        if page.locator(f"{table} .opener").count():
            page.locator(f"{table} .opener").first.click()


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("name", ALL)
def test_a_report_opens_in_silence_and_has_no_barrier(opened, reports, screenshots, name, scheme):
    with opened(reports[name], color_scheme=scheme) as page:
        page.screenshot(path=screenshots / f"{name}-{scheme}.png", full_page=True)
        unfold(page)
        found = Axe().run(page)
        assert len(found.response["passes"]) > 20
        assert [(each["id"], [node["target"] for node in each["nodes"]]) for each in found.response["violations"]] == []


@pytest.mark.parametrize("name", ALL)
def test_a_phone_shows_it_without_sideways_scrolling(opened, reports, screenshots, name):
    with opened(reports[name], width=360) as page:
        unfold(page)
        page.screenshot(path=screenshots / f"{name}-360.png", full_page=True)
        assert page.evaluate("document.documentElement.scrollWidth") == 360
        assert [(each["id"], each["nodes"][0]["target"]) for each in Axe().run(page).response["violations"]] == []


@pytest.mark.parametrize("name", VENDORS)
def test_filters_find_as_many_rows_as_the_record_has(opened, reports, name):
    record = record_of(reports[name])
    rows = record["measurements"]
    with opened(reports[name]) as page:
        assert found_of(page) == len(rows)
        for verdict, number in Counter(row["verdict"] for row in rows).items():
            page.select_option("#verdict", verdict)
            assert found_of(page) == number
        page.select_option("#verdict", "")
        severity = next(row["severity"] for row in rows if row["severity"])
        page.select_option("#severity", label=severity)
        assert found_of(page) == sum(row["severity"] == severity for row in rows)
        page.select_option("#severity", "")
        clause = next(each for each in record["clauses"] if each["clause"] == rows[0]["clause"])
        page.select_option("#clause", label=clause["title"])
        assert found_of(page) == sum(row["clause"] == clause["clause"] for row in rows)
        page.select_option("#clause", "")
        page.fill("#search", rows[-1]["ticket"].upper())
        expect(page.locator("#found")).to_contain_text("out of")
        assert page.locator(ROWS).count() == sum(row["ticket"] == rows[-1]["ticket"] for row in rows)
        page.fill("#search", "no such thing anywhere")
        expect(page.locator("#found")).to_contain_text("No row")


@pytest.mark.parametrize("name", VENDORS)
def test_a_head_sorts_up_and_then_down_and_says_so(opened, reports, name):
    rows = record_of(reports[name])["measurements"]
    took = sorted(row["elapsed_s"] for row in rows if row["elapsed_s"] is not None)
    with opened(reports[name]) as page:
        head = page.locator("#table thead th", has_text="Took")
        place = "[...document.querySelectorAll('#table tbody .opener')].length"
        head.locator("button").press("Enter")
        assert head.get_attribute("aria-sort") == "ascending"
        assert page.locator("#table thead [aria-sort]").count() == 1
        first = page.locator(f"{ROWS} td:nth-child(8)").first.inner_text()
        head.locator("button").press("Enter")
        assert head.get_attribute("aria-sort") == "descending"
        last = page.locator(f"{ROWS} td:nth-child(8)").first.inner_text()
        assert (seconds(first), seconds(last, day_of(rows, took[-1], reports[name]))) == (
            pytest.approx(took[0], abs=60), pytest.approx(took[-1], abs=3600))  # fmt: skip
        assert page.evaluate(place) == min(100, len(rows))


def day_of(rows, elapsed, path):
    """What a day is worth on the calendar of the row that took so long."""
    row = next(row for row in rows if row["elapsed_s"] == elapsed)
    return next(
        each["day_s"] for each in record_of(path)["calendars"]
        if (each["policy"], each["calendar"]) == (row["policy"], row["calendar"])
    )  # fmt: skip


def seconds(text, day=86_400):
    """A printed length, to its two largest units."""
    worth = {"d": day, "h": 3600, "m": 60, "s": 1}
    return sum(float(number.replace(",", "")) * worth[unit] for number, unit in re.findall(r"([\d.,]+)([dhms])", text))


@pytest.mark.parametrize("name", VENDORS)
def test_a_worksheet_opens_with_every_row_and_its_place_in_the_export(opened, reports, name):
    record = record_of(reports[name])
    late = [row for row in record["measurements"] if row["verdict"] == "breached"]
    row = max(late, key=lambda each: each["over_s"])
    with opened(reports[name]) as page:
        button = page.locator(".breaches .opener").first
        assert button.inner_text() == row["ticket"]
        button.press("Enter")
        assert button.get_attribute("aria-expanded") == "true"
        lines = page.locator(".breaches .sheet tbody tr")
        assert lines.count() == len(row["worksheet"])
        for place, each in enumerate(row["worksheet"]):
            cells = lines.nth(place).locator("td").all_inner_texts()
            assert cells[2] == each["state"]
            assert cells[4] == ("counted" if each["counted"] else each["why"].replace("-", " "))
            assert cells[7].startswith(f"{each['file']}, {each['row']}")
        button.press("Enter")
        assert page.locator(".breaches .sheet").count() == 0


@pytest.mark.parametrize("name", VENDORS)
def test_the_script_writes_times_and_lengths_as_the_report_does(opened, reports, name):
    """What stands in the page was written by Python; the same rows in the table of tickets by the script."""
    with opened(reports[name]) as page:
        written = [
            (
                line.locator(".opener").inner_text(),
                *(cell.split("\n")[0] for cell in line.locator("td").all_inner_texts()[:5]),
            )
            for line in page.locator(".breaches tbody tr[data-row]").all()
        ]
        page.select_option("#verdict", "breached")
        page.locator("#table thead button", has_text="Over by").click(click_count=2, delay=20)
        built = [
            (line.locator(".opener").inner_text(), *line.locator("td").all_inner_texts())
            for line in page.locator(ROWS).all()
        ]
        assert {(row[0], row[1], row[3], row[4]) for row in written} == {
            (row[0], row[8], row[2], row[5]) for row in built
        }


@pytest.mark.parametrize("name", VENDORS)
def test_what_a_lane_shows_as_counted_is_as_long_as_what_the_clock_took(opened, reports, name):
    """The widths of the counted pieces, in the scale of the lane, add up to the elapsed time."""
    rows = record_of(reports[name])["measurements"]
    with opened(reports[name]) as page:
        for place in range(min(8, page.locator(".breaches tbody tr[data-row]").count())):
            line = page.locator(".breaches tbody tr[data-row]").nth(place)
            line.scroll_into_view_if_needed()
            line.locator(".track").wait_for(state="attached")
            row = rows[int(line.get_attribute("data-row"))]
            if any(each["why"] == "pause-total" for each in row["worksheet"]):
                continue
            wide = line.evaluate("""(line) => [...line.querySelectorAll(".lane-counted, .lane-over")]
                .reduce((sum, each) => sum + parseFloat(each.getAttribute("width")), 0)""")
            begin, end = (moment(row["worksheet"][at][key]) for at, key in ((0, "from"), (-1, "to")))
            span = (max(end, moment(row["due_at"])) - begin).total_seconds()
            assert wide / 100 * span == pytest.approx(row["elapsed_s"], rel=0.005, abs=2)


def moment(stamp):
    return dt.datetime.fromisoformat(stamp)


def test_arrow_keys_move_along_a_lane_and_tell_exact_times(opened, reports):
    with opened(reports["sequr"]) as page:
        page.locator(".breaches tbody tr").first.scroll_into_view_if_needed()
        lane = page.locator(".breaches td.lane").first
        lane.locator("g").first.wait_for(state="attached")
        assert lane.locator("g[tabindex='0']").count() == 1
        lane.locator("g[tabindex='0']").focus()
        told = [lane.locator(".readout").inner_text()]
        for _ in range(2):
            page.keyboard.press("ArrowRight")
            assert (
                page.evaluate("document.activeElement.getAttribute('aria-label')")
                == lane.locator(".readout").inner_text()
            )
            told.append(lane.locator(".readout").inner_text())
        assert told == [
            "Fri 2026-03-13 15:53:49 to Fri 2026-03-13 17:00: counted, new, 1h 6m 11s",
            "Fri 2026-03-13 17:00 to Mon 2026-03-16 09:00: closed hours, new, 64h",
            "Mon 2026-03-16 09:00 to Mon 2026-03-16 17:00: counted, new, 8h",
        ]


def test_the_first_tab_offers_to_skip_to_the_report(opened, reports):
    with opened(reports["sequr"]) as page:
        page.keyboard.press("Tab")
        assert page.evaluate("document.activeElement.textContent") == "Skip to the report"
        page.keyboard.press("Enter")
        assert page.evaluate("document.activeElement.id") == "main"


def test_the_theme_can_be_switched_and_is_kept(opened, reports):
    ground = "getComputedStyle(document.documentElement).backgroundColor"
    with opened(reports["sequr"], color_scheme="light") as page:
        light = page.evaluate(ground)
        page.locator("#theme").click()
        assert page.locator("#theme").get_attribute("aria-pressed") == "true"
        assert page.evaluate(ground) != light
        page.locator("#theme").click()
        assert page.evaluate(ground) == light


def test_who_wants_less_motion_gets_none(opened, reports):
    asked = "getComputedStyle(document.documentElement).scrollBehavior"
    with opened(reports["sequr"], reduced_motion="reduce") as page:
        assert page.evaluate(asked) == "auto"
    with opened(reports["sequr"], reduced_motion="no-preference") as page:
        assert page.evaluate(asked) == "smooth"


@pytest.mark.parametrize("name", ALL)
def test_without_a_script_the_verdict_the_promises_and_the_breaches_are_there(opened, reports, screenshots, name):
    record = record_of(reports[name])
    with opened(reports[name], java_script_enabled=False) as page:
        page.screenshot(path=screenshots / f"{name}-without-script.png", full_page=True)
        text = " ".join(page.locator("body").inner_text().split())
        head, _, rest = record["outcome"]["sentence"].partition(": ")
        assert f"{head} {rest[0].upper()}{rest[1:]}" in text
        for row in record.get("summary", []):
            assert row["title"] in text
        late = [row["ticket"] for row in record.get("measurements", []) if row["verdict"] == "breached"]
        assert sorted(page.locator(".breaches tbody th").all_inner_texts()) == sorted(late)
        assert ("switched off here" in text) == (name != "credits")
        assert page.locator("#search, #theme").filter(visible=True).count() == 0


@pytest.mark.parametrize("name", ALL)
def test_it_prints_on_pages_with_its_table_heads_repeated(opened, reports, screenshots, name):
    path = screenshots / f"{name}.pdf"
    with opened(reports[name], color_scheme="dark") as page:
        page.pdf(path=path, format="A4")
    pages = subprocess.run(
        ["pdftotext", "-layout", path, "-"], check=True, capture_output=True, text=True
    ).stdout.split("\f")
    assert "kept" in pages[0]
    listed = [page for page in pages if re.search(r"^ *(SQ-|SE7|S-)\d+ .* \d{4}-\d\d-\d\d", page, re.MULTILINE)]
    assert all("Over by" in page for page in listed)
    assert (len(listed) > 1) == (name in ("sequr", "securenvoy", "sequence"))
    assert "Page 1 of" not in "".join(pages)


def test_no_script_but_its_own_runs(opened, reports):
    """The page's own policy stops a script that somebody got into it."""
    with pytest.raises(AssertionError, match="Content Security Policy"), opened(reports["sequr"]) as page:  # noqa: PT012
        page.evaluate("""() => {
            const script = document.createElement("script");
            script.textContent = "window.pwned = true";
            document.body.append(script);
        }""")
        assert page.evaluate("window.pwned") is None


def test_a_page_of_five_thousand_tickets_opens_within_a_second(chromium, many_tickets):
    path = many_tickets(5_000)
    took = []
    for _ in range(5):
        page = chromium.new_page(viewport={"width": 1280, "height": 900})
        page.goto(path.as_uri())
        took.append(page.evaluate("performance.getEntriesByType('navigation')[0].loadEventEnd"))
        assert page.locator(ROWS).count() == 100
        page.close()
    assert min(took) < 1_000

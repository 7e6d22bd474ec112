"""The hand-worked stories: what a contract manager computes from the contract, the engine computes too.

README.md beside this file says how a story is written. Every text in a story is read as text, so that nothing
is turned into another thing on the way.
"""

from __future__ import annotations

import csv
import datetime as dt
import re
from decimal import Decimal
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
import yaml

from slaaudit import evidence, policy
from slaaudit.assessment import Asked, assess
from slaaudit.audit import AuditOptions, audit
from slaaudit.disputed import Disputed, disputed
from slaaudit.evidence.tables import MISSING, State
from slaaudit.policy.waivers import read_waivers
from slaaudit.report.outcome import outcome
from slaaudit.results import Caveat, Reason, Verdict, Why
from slaaudit.standing import Standing
from slaaudit.waiving import laid_over

if TYPE_CHECKING:
    from collections.abc import Iterator

    from slaaudit.audit import Audit

HERE = Path(__file__).parent
EPOCH = dt.datetime(1970, 1, 1, tzinfo=dt.UTC)
MICROSECOND = dt.timedelta(microseconds=1)
UNITS = {"h": 3_600_000_000, "m": 60_000_000, "s": 1_000_000, "us": 1}
HEAD = "slaaudit: 1\nid: story\nvendor: Story\ntitle: An excerpt\n"
SEVERITIES = "severities: {S1: {}, S2: {}, S3: {}, S4: {}}\n"
INSTANTS = {"started_at", "stopped_at", "due_at"}
LENGTHS = {"target", "elapsed", "paused", "paused_most"}
FIELDS = {
    "ticket",
    "clause",
    "cycle",
    "severity",
    "verdict",
    "reason",
    "about",
    "caveats",
    "has-caveats",
    "not-caveats",
    "waived",
}
CASE = {
    "readings",
    "set",
    "as_of",
    "period",
    "period-by",
    "expect",
    "absent",
    "worksheet",
    "summary",
    "attainment",
    "standings",
    "failing",
}
KEYS = CASE | {
    "title", "why", "policy", "versions", "tickets", "events", "incidents", "maintenance", "usage", "cases", "waivers",
}  # fmt: skip

Story = dict[str, Any]


def _stories() -> Iterator[Any]:
    for path in sorted(HERE.glob("*.yaml")):
        excerpts: dict[str, str] = {}
        for document in yaml.load_all(path.read_text(encoding="utf-8"), Loader=yaml.BaseLoader):
            if not document:  # the comment at the head of a file
                continue
            if "policies" in document:
                excerpts = document["policies"]
                continue
            named = document.get("versions") or [excerpts.get(document["policy"], document["policy"])]
            story = {**document, "versions": named}
            for number, case in enumerate(document.get("cases", [{}]), start=1):
                name = f"{path.stem}: {document['title']}" + (f" ({number})" if "cases" in document else "")
                yield pytest.param(story, case, id=name)


def _instant(text: str) -> int:
    return (dt.datetime.fromisoformat(text) - EPOCH) // MICROSECOND


def _length(text: str) -> int:
    assert re.fullmatch(r"\d+(h|m|s|us)( \d+(h|m|s|us))*", text), text
    return sum(int(count) * UNITS[unit] for count, unit in re.findall(r"(\d+)(h|m|us|s)", text))


def _policy_path(text: str, path: Path) -> str:
    """The published policy's name, or the file that an excerpt makes."""
    if "\n" not in text:
        return text
    path.write_text(HEAD + ("" if "severities:" in text else SEVERITIES) + text, encoding="utf-8")
    return str(path)


def _written(folder: Path, name: str, rows: list[dict[str, str]]) -> str:
    columns = list(dict.fromkeys(column for row in rows for column in row))
    path = folder / name
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, columns, restval="")
        writer.writeheader()
        writer.writerows(rows)
    return str(path)


def _event_rows(text: str) -> Iterator[dict[str, str]]:
    """One row a line; a line of creation that names a severity is two rows of one instant."""
    for line in text.splitlines():
        words = line.split()
        ticket = "T1" if words[0][:4].isdigit() else words.pop(0)
        at, event, actor, *values = words
        old = [value.removeprefix("old=") for value in values if value.startswith("old=")]
        value = " ".join(value for value in values if not value.startswith("old="))
        row = {"ticket_id": ticket, "at": at, "event": event, "actor": actor, "value": value, "old": "".join(old)}
        if event == "created" and value:
            yield {**row, "value": ""}
            row["event"] = "severity"
        yield row


def _evidence(story: Story, folder: Path) -> evidence.Evidence:
    paths = []
    if "tickets" in story:
        paths.append(_written(folder, "tickets.csv", story["tickets"]))
    if "events" in story:
        paths.append(_written(folder, "events.csv", list(_event_rows(story["events"]))))
    return evidence.read(paths, evidence.ReadOptions(set_fields=tuple(story.get("set", {}).items())))


def _policies(story: Story, folder: Path) -> list[policy.LoadedPolicy]:
    texts = [_policy_path(text, folder / f"story-{number}.yaml") for number, text in enumerate(story["versions"])]
    return [policy.load(text, story.get("readings", {})) for text in texts]


def _disputed(story: Story, found: Audit | None, folder: Path) -> Disputed:
    """Tickets under all readings, or the service where the story tells of one."""
    kinds = ("incidents", "maintenance", "usage")
    if not any(kind in story for kind in kinds):
        return disputed(found, None)
    paths = [[_written(folder, f"{kind}.csv", story[kind])] if kind in story else [] for kind in kinds]
    known = evidence.read_operations(*paths, evidence.ReadOptions())
    asked = Asked(_instant(story["as_of"]) if "as_of" in story else None)
    return disputed(found, assess(known, _policies(story, folder), asked))


def _audited(story: Story, folder: Path) -> Audit:
    loaded = _policies(story, folder)
    options = AuditOptions(
        as_of=_instant(story["as_of"]) if "as_of" in story else None,
        period=story.get("period"),
        period_by=story.get("period-by", "start"),
        worksheets="all",
    )
    found = audit(_evidence(story, folder), loaded, options)
    return _under_waivers(found, story["waivers"], folder) if "waivers" in story else found


def _under_waivers(found: Audit, entries: list[dict[str, str]], folder: Path) -> Audit:
    """The audit under waivers as a file has them, on the civil day of as-of in UTC."""
    path = folder / "waivers.yaml"
    path.write_text(yaml.safe_dump(entries), encoding="utf-8")
    day = (EPOCH + found.as_of * MICROSECOND).date()
    laid = laid_over(read_waivers([str(path)], found.policies, day), found, None, day)
    assert laid.audit
    return laid.audit


def _named(code: int, words: tuple[str, ...]) -> str:
    return "none" if code < 0 else words[code]


def _measured(found: Audit) -> list[dict[str, Any]]:
    """Every measurement by the names that stories use."""
    rows = found.measurements
    chosen = found.policies[0].policy
    severities = tuple(chosen.severities)
    return [
        {
            "row": row,
            "ticket": found.evidence.tickets.ids[int(rows.ticket[row])],
            "clause": list(chosen.clauses)[rows.clause[row]],
            "cycle": str(rows.cycle[row]),
            "severity": _named(rows.severity[row], severities),
            "verdict": Verdict(rows.verdict[row]).name.lower().replace("_", "-"),
            "reason": Reason(rows.reason[row]).name.lower().replace("_", "-"),
            "about": _named(rows.about[row], found.words),
            "caveats": set(_caveats(found, row)),
            "waived": waiver.reason if found.waived and (waiver := found.waived.of(row)) else "none",
            **{name: int(getattr(rows, name)[row]) for name in [*INSTANTS, *LENGTHS]},
        }
        for row in range(len(rows))
    ]


def _caveats(found: Audit, row: int) -> Iterator[str]:
    for caveat in Caveat:
        if caveat & Caveat(int(found.measurements.caveats[row])):
            name = caveat.name.lower().replace("_", "-")
            unseen = int(found.measurements.unseen[row])
            fields = [field for bit, field in enumerate(found.fields) if unseen >> bit & 1]
            yield from [f"{name}: {field}" for field in fields] if caveat is Caveat.FIELD_UNSEEN else [name]


def _shown(found: dict[str, Any], expected: dict[str, Any]) -> dict[str, Any]:
    """What was found, in the words of what was expected: the two are equal, or a reader sees where they part."""
    shown: dict[str, Any] = {}
    for name, text in expected.items():
        if name in INSTANTS:
            shown[name] = _same(text, found[name], _instant, lambda at: (EPOCH + at * MICROSECOND).isoformat())
        elif name in LENGTHS:
            shown[name] = _same(text, found[name], _length, lambda micros: str(dt.timedelta(microseconds=micros)))
        elif name == "caveats":
            shown[name] = text if set(text) == found["caveats"] else sorted(found["caveats"])
        elif name == "has-caveats":
            shown[name] = text if set(text) <= found["caveats"] else sorted(found["caveats"])
        elif name == "not-caveats":
            shown[name] = sorted(set(text) - found["caveats"])
        else:
            shown[name] = found[name]
    return shown


def _same(text: str, value: int, read: Any, show: Any) -> str:
    wanted = MISSING if text == "none" else read(text)
    return text if wanted == value else "none" if value == MISSING else show(value)


def _worksheet(found: Audit, row: int) -> list[str]:
    sheet = found.worksheet
    severities = tuple(found.policies[0].policy.severities)
    return [
        " ".join(
            [
                (EPOCH + int(sheet.from_at[at]) * MICROSECOND).isoformat(),
                (EPOCH + int(sheet.to_at[at]) * MICROSECOND).isoformat(),
                State(sheet.state[at]).name.lower(),
                _named(sheet.severity[at], severities),
                Why(sheet.why[at]).name.lower().replace("_", "-"),
                str(dt.timedelta(microseconds=int(sheet.took[at]))),
                str(dt.timedelta(microseconds=int(sheet.total[at]))),
            ]
        )
        for at in range(len(sheet))
        if sheet.measurement[at] == row
    ]


def _signed_length(text: str) -> int:
    micros = _length(text.removeprefix("-").replace("h", "h ").strip())
    return -micros if text.startswith("-") else micros


def _worksheet_line(line: str) -> str:
    """An expected line of a worksheet, in the words of ``_worksheet``."""
    start, end, *words = line.split()
    state, severity, why, took, total = words
    instants = [(EPOCH + _instant(text) * MICROSECOND).isoformat() for text in (start, end)]
    lengths = [str(dt.timedelta(microseconds=_signed_length(text))) for text in (took, total)]
    return " ".join([*instants, state, severity, why, *lengths])


def _check_measurements(expected: list[dict[str, Any]], rows: list[dict[str, Any]]) -> None:
    keys = list(dict.fromkeys((line.get("ticket", "T1"), line["clause"]) for line in expected))
    for ticket, clause in keys:
        wanted = [line for line in expected if (line.get("ticket", "T1"), line["clause"]) == (ticket, clause)]
        found = [row for row in rows if (row["ticket"], row["clause"]) == (ticket, clause)]
        assert [_shown(row, line) for row, line in zip(found, wanted, strict=False)] == wanted
        assert len(found) == len(wanted), f"{ticket} {clause}: {found}"


def _check_absent(expected: list[dict[str, str]], rows: list[dict[str, Any]]) -> None:
    found = {(row["ticket"], row["clause"]) for row in rows}
    assert not found & {(line.get("ticket", "T1"), line["clause"]) for line in expected}


def _check_worksheets(expected: list[dict[str, str]], rows: list[dict[str, Any]], found: Audit) -> None:
    for sheet in expected:
        named = (sheet.get("ticket", "T1"), sheet["clause"], sheet.get("cycle", "1"))
        (row,) = [row["row"] for row in rows if (row["ticket"], row["clause"], row["cycle"]) == named]
        assert _worksheet(found, row) == [_worksheet_line(line) for line in sheet["rows"].splitlines()]


def _check_summary(expected: list[dict[str, str]], found: Audit) -> None:
    by_name = {(row.clause, row.severity): row for row in found.summary}
    for line in expected:
        row = by_name[line["clause"], line["severity"]]
        for name in set(line) - {"clause", "severity"}:
            read = _length if name in {"p50", "p90", "worst"} else Decimal
            assert getattr(row, name) == (None if line[name] == "none" else read(line[name])), name


def _check_standings(expected: list[dict[str, Any]], found: Disputed) -> None:
    shown = {}
    for one in found.clauses:
        changes = [*map(dict, one.readings.combinations), "none"]
        for row in range(len(one.table)):
            shown[found.name(one, row), one.clause] = {
                "standing": Standing(one.standing[row]).name.lower(),
                "breached_in": f"{one.table.breached_in[row]} of {one.table.evaluated[row]}",
                "makes": changes[one.table.makes[row]],
                "saves": changes[one.table.saves[row]],
            }
    for line in expected:
        subject = {name: line[name] for name in ("component", "period", "ticket") if name in line}
        assert {**subject, "clause": line["clause"], **shown[" ".join(subject.values()), line["clause"]]} == line


def _check_attainment(expected: list[dict[str, str]], found: Audit) -> None:
    by_name = {(row.clause, row.severity, row.period): row for row in found.attainments}
    for line in expected:
        row = by_name[line["clause"], line["severity"], line["period"]]
        share = Decimal(line["share"])
        assert (row.met, row.breached) == (int(line["met"]), int(line["breached"]))
        assert (round(row.share, -share.as_tuple().exponent), row.promised) == (share, Decimal(line["promised"]))
        assert row.verdict.name.lower() == line["verdict"]
        assert row.waived == int(line.get("waived", 0))
        assert row.fails == (line.get("fails", "yes" if line["verdict"] == "breached" else "no") == "yes")


@pytest.mark.parametrize(("story", "case"), list(_stories()))
def test_story(story: Story, case: Story, tmp_path: Path) -> None:
    """The engine's verdicts, times and worksheets are those worked out by hand."""
    assert set(story) <= KEYS
    assert set(case) <= CASE
    told = {**story, **case}
    expected = told.get("expect", [])
    assert expected or told["standings"]
    assert all(set(line) <= FIELDS | INSTANTS | LENGTHS for line in expected)
    if "tickets" not in told and "events" not in told:
        _check_standings(told["standings"], _disputed(told, None, tmp_path))
        return
    found = _audited(told, tmp_path)
    rows = _measured(found)
    _check_measurements(expected, rows)
    _check_absent(told.get("absent", []), rows)
    _check_worksheets(told.get("worksheet", []), rows, found)
    _check_summary(told.get("summary", []), found)
    _check_attainment(told.get("attainment", []), found)
    if "failing" in told:
        assert outcome(found).failing == int(told["failing"])
    if "standings" in told:
        _check_standings(told["standings"], _disputed(told, found, tmp_path))


def test_stories_cover_every_published_policy() -> None:
    """Each of the five contracts has its stories, and there are at least sixty in all."""
    stories = [param.values[0] for param in _stories()]
    titles = {story["title"] for story in stories}
    assert len(titles) >= 60
    assert {"sequr", "capsure", "secpod", "securenvoy", "sequence"} <= {story["versions"][0] for story in stories}
    assert all(story["why"] for story in stories)

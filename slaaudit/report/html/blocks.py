"""What the page's script builds its tables from: columns of numbers, and one list of the words that they stand for.

Two blocks: the measurements with their tickets, and their worksheets, which the script opens only once one is asked
for. ``-1`` stands for no word, ``null`` for no number. The script's ``open`` functions are the reader of both.
"""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from markupsafe import Markup

from slaaudit.report.counting import VERDICTS
from slaaudit.report.html.text import LONG, seconds
from slaaudit.report.safe import shown
from slaaudit.report.sentences import caveat_sentence, reason_sentence

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from slaaudit.report.html.content import Content

    Row = dict[str, Any]

NONE = -1
_ESCAPES = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})


class Vocabulary:
    """Words by number, each held once and fit to show."""

    def __init__(self) -> None:
        self.words: list[str] = []
        self._codes: dict[str, int] = {}

    def code(self, word: str | None) -> int:
        """The number of a word; ``NONE`` for none."""
        if word is None:
            return NONE
        code = self._codes.get(word)
        if code is None:
            code = self._codes[word] = len(self.words)
            self.words.append(shown(word, LONG))
        return code


def blocks(found: Content) -> tuple[Markup, Markup]:
    """The measurements and the worksheets, each as the text of a script element."""
    words = Vocabulary()
    names = {(clause["policy"], clause["clause"]): at for at, clause in enumerate(found.part("clauses"))}
    calendars = {(one["policy"], one["calendar"]): at for at, one in enumerate(found.part("calendars"))}
    sheets = _sheets(found.rows, words)
    measured = {
        "verdicts": VERDICTS,
        "clauses": [_clause(found, clause) for clause in found.part("clauses")],
        "calendars": [_calendar(one) for one in found.part("calendars")],
        "tickets": _tickets(found, words),
        "rows": _rows(found, words, names, calendars),
        "words": words.words,
    }
    return _embedded(measured), _embedded(sheets)


def _embedded(value: Any) -> Markup:
    """JSON that no browser takes for markup."""
    return Markup(json.dumps(value, ensure_ascii=False, separators=(",", ":")).translate(_ESCAPES))  # noqa: S704


def _clause(found: Content, clause: Row) -> Row:
    policy = found.part("policies")[clause["policy"]]
    title, name = shown(clause["title"], LONG), shown(clause["clause"], LONG)
    return {"name": name, "title": title, "binding": clause["binding"], "zone": policy["timezone"]}


def _calendar(one: Row) -> Row:
    opened = [seconds(stamp) for pair in one["open"] for stamp in pair]
    return {"name": shown(one["calendar"], LONG), "day": one["day_s"], "always": one["always"], "open": opened}


def _tickets(found: Content, words: Vocabulary) -> Row:
    tickets = found.tickets.values()
    names = dict.fromkeys(name for ticket in tickets for name in ticket["fields"])
    return {
        "id": [shown(name, LONG) for name in found.tickets],
        "created": [seconds(ticket["created_at"]) for ticket in tickets],
        "fields": {shown(name, LONG): [words.code(ticket["fields"].get(name)) for ticket in tickets] for name in names},
    }


def _rows(found: Content, words: Vocabulary, names: Mapping[Any, int], calendars: Mapping[Any, int]) -> Row:
    rows = found.rows
    tickets = {name: at for at, name in enumerate(found.tickets)}
    verdicts = {name: code for code, name in enumerate(VERDICTS)}
    same = {name: [row[f"{name}_s"] for row in rows] for name in ("target", "elapsed", "over", "paused", "paused_most")}
    return {
        "ticket": [tickets[row["ticket"]] for row in rows],
        "clause": [names[row["policy"], row["clause"]] for row in rows],
        "calendar": [calendars.get((row["policy"], row["calendar"]), NONE) for row in rows],
        "cycle": [row["cycle"] for row in rows],
        "verdict": [verdicts[row["verdict"]] for row in rows],
        "severity": [words.code(row["severity"]) for row in rows],
        "reason": [words.code(row["reason"] and reason_sentence(row["reason"])) for row in rows],
        "caveats": [[words.code(_caveat(each)) for each in row["caveats"]] for row in rows],
        "waived": [words.code(row["waived"]) for row in rows],
        "started": [seconds(row["started_at"]) for row in rows],
        "stopped": [seconds(row["stopped_at"]) for row in rows],
        "due": [seconds(row["due_at"]) for row in rows],
        **same,
    }


def _caveat(caveat: str) -> str:
    return f"{caveat}: {said}" if (said := caveat_sentence(caveat)) else caveat


def _sheets(rows: Sequence[Row], words: Vocabulary) -> Row:
    """The evidence of each start and stop, and each worksheet as one flat list, ten numbers a row."""
    return {
        "start": [_origin(row["evidence"]["start"], words) for row in rows],
        "stop": [_origin(row["evidence"]["stop"], words) for row in rows],
        "stretches": [_stretches(row.get("worksheet"), words) for row in rows],
    }


def _origin(found: Row | None, words: Vocabulary) -> list[int] | None:
    if found is None:
        return None
    named = [words.code(found[name]) for name in ("file", "column", "actor", "word")]
    return [named[0], found["row"], *named[1:]]


def _stretches(sheet: list[Row] | None, words: Vocabulary) -> list[Any] | None:
    if sheet is None:
        return None
    return [
        value
        for row in sheet
        for value in (
            seconds(row["from"]), seconds(row["to"]), words.code(row["state"]), words.code(row["severity"]),
            words.code(row["why"]), row["took_s"], row["total_s"],
            words.code(row["file"]), row["row"], words.code(row["word"]),
        )
    ]  # fmt: skip

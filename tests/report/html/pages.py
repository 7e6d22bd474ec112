"""A page as a parser sees it, without a browser."""

from __future__ import annotations

import io
import json
from html.parser import HTMLParser

from slaaudit.report.html.writer import write_html

HOSTILE = (
    "<script>window.pwned=1</script>", "</script><img src=x onerror='window.pwned=1'>", '"><b onclick=alert(1)>',
    "'\"`", "javascript:alert(1)", "{{ 7*7 }}{% raw %}", "&lt;i&gt;&#60;", "\u202eevil\u2066",
    "\x00\x1b[31m\x07\u2028", "\ud800 \udfff", "<!--<script>", "]]>", "x" * 100_000,
)  # fmt: skip


def written(record) -> str:
    stream = io.StringIO()
    write_html(record, stream)
    return stream.getvalue()


class Page(HTMLParser):
    """``tags`` are the tags with their attributes, ``tables`` the rows of cells by the label of their region."""

    def __init__(self, text: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[tuple[dict[str, str | None], str]] = []
        self.styles: list[str] = []
        self.tables: dict[str, list[list[str]]] = {}
        self.words: list[str] = []
        self._label, self._open, self._cell = "", "", False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs) -> None:
        found = dict(attrs)
        self.tags.append((tag, found))
        self._open = tag
        if tag == "script":
            self.scripts.append((found, ""))
        if found.get("role") == "region":
            self._label = found["aria-label"]
            self.tables[self._label] = []
        if tag == "tr" and self._label:
            self.tables[self._label].append([])
        if tag in ("td", "th") and self._label:
            self.tables[self._label][-1].append("")
            self._cell = True

    def handle_endtag(self, tag) -> None:
        if tag in ("td", "th"):
            self._cell = False
        if tag == "table":
            self._label = ""
        self._open = ""

    def handle_data(self, data) -> None:
        if self._open == "script":
            self.scripts[-1] = (self.scripts[-1][0], data)
        elif self._open == "style":
            self.styles.append(data)
        else:
            self.words.append(data)
            if self._cell and self._label:
                self.tables[self._label][-1][-1] += data

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def block(self, name: str) -> dict:
        return next(json.loads(text) for found, text in self.scripts if found.get("id") == name)


def poisoned(record):
    """The record with hostile text wherever an export's words stand."""
    numbers = iter(range(10**9))
    names: dict[str, str] = {}

    def word(text):
        """One hostile word for each word, so that what belonged together still does."""
        if text is None:
            return None
        if text not in names:
            number = next(numbers)
            names[text] = f"{HOSTILE[number % len(HOSTILE)]}{number}"
        return names[text]

    for ticket in record["tickets"]:
        ticket["ticket"] = word(ticket["ticket"])
        ticket["fields"] = {word(name): word(value) for name, value in ticket["fields"].items()}
    for row in record["measurements"]:
        row["ticket"] = word(row["ticket"])
        row["reason"] = row["reason"] and f"severity-unknown: {word(row['reason'])}"
        row["waived"] = word("waiver")
        for each in filter(None, (row["evidence"]["start"], row["evidence"]["stop"], *row.get("worksheet", ()))):
            each["file"], each["word"] = word(each["file"]), word(each["word"] or "word")
    for bad in record["rejected"]:
        bad.update(file=word(bad["file"]), column=word(bad["column"]), value=word(bad["value"]))
    for read in record["inputs"]:
        read.update(path=word(read["path"]), notes=[word(note) for note in read["notes"]])
    record["notes"] = [word(note) for note in record["notes"]] + list(HOSTILE)
    record["findings"] = [
        {"kind": word("kind"), "ticket": word("found"), "clause": None, "at": record["as_of"], "detail": word("detail"),
         "evidence": [{"file": word("file"), "row": 2}]}
    ]  # fmt: skip
    return record

"""Known values found in text: as they stand, in other case, cut off, or as HTML, URLs and commands write them."""

from __future__ import annotations

import html
import json
import re
from bisect import bisect_left
from typing import TYPE_CHECKING
from urllib.parse import quote, quote_plus

from slaaudit.report.safe import ELLIPSIS, shown

if TYPE_CHECKING:
    from collections.abc import Iterator

#: Scripts that put no spaces between words: Thai to Khmer, kana, Han, Hangul. Each of their characters is a word.
_UNSPACED = "\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff\uac00-\ud7a3\uf900-\ufaff\U00020000-\U0003ffff"
_WORD = re.compile(rf"[{_UNSPACED}]|[^\W{_UNSPACED}]+")
_ALONE = re.compile(rf"[{_UNSPACED}]")
_SHORTEST = 4  # letters of a value that is sought inside other text; one of a script without spaces counts for two
_LONGEST_NAME = 200  # a longer value is a text: nobody writes it into a URL
_LONGEST_CUT = 400  # letters that a sentence shows of a value, at most


class Sought:
    """Values, each with what stands for it. A value is found between word boundaries, whatever its case.

    >>> known = Sought()
    >>> known.add("Ada Example", "requester-1")
    >>> known.replaced("ADA EXAMPLE wrote to ada%20example, not to Ada Examples")
    'requester-1 wrote to requester-1, not to Ada Examples'
    """

    def __init__(self) -> None:
        self._whole: dict[str, str] = {}
        self._exact: dict[str, str] = {}
        self._folded: dict[str, str] = {}
        self._beginning: dict[str, list[tuple[int, int]]] = {}
        self._sorted: list[str] | None = None

    def __bool__(self) -> bool:
        """Whether there is any value to be found."""
        return bool(self._whole)

    def of(self, value: str) -> str | None:
        """What stands for a value, None for one that is not known."""
        return self._whole.get(value)

    def add(self, value: str, instead: str) -> None:
        """Know a value, which has no space at either end."""
        self._whole[value] = instead
        if _weight(value) < _SHORTEST:
            for mark in "'\"":  # our own sentences quote what they repeat
                self._enter(f"{mark}{value}{mark}", f"{mark}{instead}{mark}", self._exact)
            return
        for form in _forms(value):
            self._enter(_fold(form), instead, self._folded)
        self._enter(value, instead, self._exact)
        self._sorted = None

    def replaced(self, text: str) -> str:
        """A text with every known value in it replaced, as a whole or between other words."""
        if not self._whole or not text:
            return text
        if (instead := self._whole.get(text.strip())) is not None:
            return instead
        folded = _fold(text)
        parts: list[str] = []
        done = 0
        for since, until, instead in self._places(text, folded):
            if since >= done:
                parts += [text[done:since], instead]
                done = until
        return "".join([*parts, text[done:]])

    def _enter(self, form: str, instead: str, forms: dict[str, str]) -> None:
        first = _WORD.search(form)
        if first is None:  # no word: it is only ever a whole cell
            return
        forms.setdefault(form, instead)
        known = self._beginning.setdefault(_fold(first[0]), [])
        if (first.start(), len(form)) not in known:
            known.append((first.start(), len(form)))
            known.sort(key=lambda place: -place[1])

    def _places(self, text: str, folded: str) -> Iterator[tuple[int, int, str]]:
        """Where a known value stands, in order: of several that begin at one word the longest."""
        cut = self._cut_ones(text, folded) if ELLIPSIS in text else []
        for word in _WORD.finditer(folded):
            while cut and cut[0][0] <= word.start():
                yield cut.pop(0)
            for offset, length in self._beginning.get(word[0], ()):
                since, until = word.start() - offset, word.start() - offset + length
                if since < 0 or until > len(text) or not _is_end(text, until):
                    continue
                instead = self._exact.get(text[since:until]) or self._folded.get(folded[since:until])
                if instead is not None:
                    yield since, until, instead
                    break
        yield from cut

    def _cut_ones(self, text: str, folded: str) -> list[tuple[int, int, str]]:
        """Where an ellipsis has cut a known value off."""
        if self._sorted is None:
            self._sorted = sorted(self._folded)
        found = []
        for mark in re.finditer(re.escape(ELLIPSIS), text):
            for since in range(max(0, mark.start() - _LONGEST_CUT), mark.start()):
                begun = folded[since : mark.start()]
                if _weight(begun.strip()) < _SHORTEST:
                    break
                at = bisect_left(self._sorted, begun)
                if _is_end(text, since) and at < len(self._sorted) and self._sorted[at].startswith(begun):
                    found.append((since, mark.end(), self._folded[self._sorted[at]]))
                    break
        return found


def _forms(value: str) -> Iterator[str]:
    """A value as it may stand in a text: as it is, and as what repeats it may have written it."""
    yield value
    if len(value) > _LONGEST_NAME:
        return
    yield from (shown(value), " ".join(value.split()), repr(value)[1:-1], json.dumps(value)[1:-1])
    written = html.escape(value)
    yield from (written, written.replace("&#x27;", "&#39;").replace("&quot;", "&#34;"), html.escape(value, quote=False))
    yield "&nbsp;".join(value.split())
    yield from (quote(value), quote(value, safe=""), quote(value, safe="@"), quote_plus(value))
    if "'" in value:
        yield from (value.replace("'", "'\"'\"'"), value.replace("'", "''"))


def _fold(text: str) -> str:
    """The text without case, each character in its place."""
    small = text.lower()
    if len(small) == len(text):
        return small
    return "".join(low if len(low := each.lower()) == 1 else each for each in text)


def _is_end(text: str, at: int) -> bool:
    """Whether no word goes on over a place of the text."""
    if not 0 < at < len(text) or not (text[at - 1].isalnum() and text[at].isalnum()):
        return True
    return bool(_ALONE.match(text[at - 1]) or _ALONE.match(text[at]))


def _weight(value: str) -> int:
    return len(value) + len(_ALONE.findall(value))

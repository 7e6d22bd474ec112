"""YAML read into values with their places: the only module that knows YAML.

It is read as version 1.2 (core schema) reads it: ``on``, ``no`` and ``yes`` are words, ``17:00`` and
``2026-01-01`` are text; numbers, ``true``, ``false`` and ``null`` are typed, and a number still knows how it
was written. A document with faults is read as far as it can be, so that all of them are told at once.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any, NoReturn

import yaml

from slaaudit.errors import Fault
from slaaudit.located.tree import Located, Place, Sources, WrittenFloat, WrittenInt, harmless

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

#: A policy is a page or two; what is larger than this is some other file.
LARGEST_FILE = 1_000_000
#: Values that aliases may add to a document before it is taken for an alias bomb.
MOST_ALIASED = 10_000
DEEPEST = 60

_QUICKLY_PARSED = 100_000

_LINE_BREAK = re.compile("\r\n|[\n\r\x85\u2028\u2029]")
_FORBIDDEN = re.compile("[^\x09\x0a\x0d\x20-\x7e\x85\xa0-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
_INTEGER = re.compile(r"[-+]?[0-9]{1,400}|0o[0-7]{1,400}|0x[0-9a-fA-F]{1,400}")
_FLOAT = re.compile(r"[-+]?(\.[0-9]+|[0-9]+(\.[0-9]*)?)([eE][-+]?[0-9]+)?|[-+]?\.(inf|Inf|INF)|\.(nan|NaN|NAN)")
_WORDS: dict[str, bool | None] = {
    **dict.fromkeys(("", "~", "null", "Null", "NULL")),
    **dict.fromkeys(("true", "True", "TRUE"), True),
    **dict.fromkeys(("false", "False", "FALSE"), False),
}


@dataclass(frozen=True)
class Document:
    """One YAML file as read: ``root`` is missing where nothing could be made of it; ``faults`` tell why."""

    file: str
    root: Located | None
    faults: tuple[Fault, ...]
    sources: Sources
    content: bytes = b""


def read_file(path: Path, shown: str | None = None) -> Document:
    """The document at ``path``, named ``shown`` in its faults. Whatever is wrong with the file is a fault."""
    name = shown or str(path)
    problem, content = "", b""
    try:
        if path.is_dir():
            problem = "is a directory; expected a YAML file"
        elif not path.exists():
            problem = "no such file"
        else:
            with path.open("rb") as stream:
                content = stream.read(LARGEST_FILE + 1)
            if len(content) > LARGEST_FILE:
                problem = f"is larger than {LARGEST_FILE // 1_000_000} MB; expected a YAML file of a page or two"
    except OSError as error:
        problem = f"cannot be read: {error.strerror or error}"
    if problem:
        return Document(name, None, (Fault(harmless(name), 0, 0, problem),), Sources())
    return read_bytes(content, name)


def read_bytes(content: bytes, name: str) -> Document:
    """The document in ``content``: UTF-8, with or without a byte order mark."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        return Document(name, None, (_undecodable(content, name, error),), Sources(), content)
    return replace(read_text(text, name), content=content)


def _undecodable(content: bytes, name: str, error: UnicodeDecodeError) -> Fault:
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return Fault(name, 0, 0, "is UTF-16; save it as UTF-8")
    before = content[: error.start].decode("utf-8-sig", "replace")
    lines = _LINE_BREAK.split(before)
    message = f"byte 0x{content[error.start]:02x} is not UTF-8; save the file as UTF-8"
    return Fault(name, len(lines), len(lines[-1]) + 1, message)


def read_text(text: str, name: str) -> Document:
    """The document in ``text``."""
    sources = Sources({name: tuple(_LINE_BREAK.split(text))})
    composer = _Composer(text, name, sources)
    root = composer.document()
    return Document(name, root, tuple(composer.faults), sources)


class _StopReadingError(Exception):
    """Nothing after this fault can be made sense of."""


@dataclass
class _Composer:
    """Builds the tree from YAML's events: depth, aliases and keys are watched as it grows."""

    text: str
    name: str
    sources: Sources
    faults: list[Fault] = field(default_factory=list)
    anchors: dict[str, tuple[Located | None, int]] = field(default_factory=dict)
    aliased: int = 0
    count: int = 0
    depth: int = 0

    def document(self) -> Located | None:
        control = _FORBIDDEN.search(self.text)
        if control:
            self._fault(self._place_of(control.start()), f"control character U+{ord(control[0]):04X} is not allowed")
            return None
        try:
            self.events = self._parsed(getattr(yaml, "CSafeLoader", yaml.SafeLoader))
            return self._root()
        except _StopReadingError:
            return None
        except yaml.YAMLError as error:
            self.faults.append(self._syntax_fault(error))
            return None

    def _parsed(self, loader: Any) -> Iterator[Any]:
        return iter(yaml.parse(self.text, Loader=loader))

    def _root(self) -> Located | None:
        root: Located | None = None
        for event in self.events:
            if isinstance(event, yaml.DocumentStartEvent) and root is not None:
                self._stop(self._place(event), "a second document begins here", "expected one document a file")
            if isinstance(event, yaml.NodeEvent):
                root = self._node(event, None)
        if root is None or (root.value is None and not self.text.strip()):
            self.faults.append(Fault(self.name, 0, 0, "is empty", "expected YAML, keys and values"))
            return None
        return root

    def _node(self, event: Any, key: Place | None) -> Located:
        if isinstance(event, yaml.AliasEvent):
            return self._aliased(event, key)
        place, before = self._place(event), self.count
        self.count += 1
        if event.anchor:
            self.anchors[event.anchor] = (None, 0)
        node = Located(self._value(event), place, key or place)
        if event.anchor:
            self.anchors[event.anchor] = (node, self.count - before)
        return node

    def _aliased(self, event: Any, key: Place | None) -> Located:
        place = self._place(event)
        if event.anchor not in self.anchors:
            self._fault(place, f"alias *{event.anchor} names no anchor before it")
            return Located(None, place, key or place)
        node, size = self.anchors[event.anchor]
        if node is None:
            self._stop(place, f"alias *{event.anchor} stands inside what it names")
        self.aliased += size
        self.count += size
        if self.aliased > MOST_ALIASED:
            self._stop(place, f"aliases repeat more than {MOST_ALIASED:,} values", "write fewer aliases")
        return replace(node, key=key or node.place)

    def _value(self, event: Any) -> Any:
        if isinstance(event, yaml.ScalarEvent):
            return self._scalar(event)
        self.depth += 1
        if self.depth > DEEPEST:
            self._stop(self._place(event), f"values are nested more than {DEEPEST} deep")
        if event.tag not in (None, "!", "tag:yaml.org,2002:map", "tag:yaml.org,2002:seq"):
            self._fault(self._place(event), f"tag {event.tag!r} is not read here", "remove the tag")
        value = self._mapping() if isinstance(event, yaml.MappingStartEvent) else self._list()
        self.depth -= 1
        return value

    def _list(self) -> list[Located]:
        found = []
        for event in self.events:
            if isinstance(event, yaml.SequenceEndEvent):
                break
            found.append(self._node(event, None))
        return found

    def _mapping(self) -> dict[str, Located]:
        found: dict[str, Located] = {}
        for event in self.events:
            if isinstance(event, yaml.MappingEndEvent):
                break
            place = self._place(event)
            key = self._key(event, place)
            value = self._node(next(self.events), place)
            if key is None:
                continue
            if key in found:
                first = found[key].key.line
                self._fault(place, f"key {key!r} is given twice", f"it is first given at line {first}; keep one")
            found.setdefault(key, value)
        return found

    def _key(self, event: Any, place: Place) -> str | None:
        node = self._node(event, None)
        plain_scalar = isinstance(event, yaml.ScalarEvent) and event.implicit[0]
        if isinstance(event, yaml.ScalarEvent) and event.value == "<<" and plain_scalar:
            self._fault(place, "merge keys (<<) are not YAML 1.2", "write the keys out, or use extends")
            return None
        text = event.value if plain_scalar and event.value else node.text
        if text is None:
            self._fault(place, "a key must be a word")
        return text

    def _scalar(self, event: Any) -> Any:
        text: str = event.value
        kind = (event.tag or "").removeprefix("tag:yaml.org,2002:")
        if kind not in ("", "!", "str", "int", "float", "bool", "null"):
            self._fault(self._place(event), f"tag {event.tag!r} is not read here", "remove the tag")
        if kind in ("!", "str") or not (event.implicit[0] or kind):
            return text
        return typed(text)

    def _place(self, event: Any) -> Place:
        mark = event.start_mark
        return Place(self.name, mark.line + 1, mark.column + 1)

    def _place_of(self, index: int) -> Place:
        lines = _LINE_BREAK.split(self.text[:index])
        return Place(self.name, len(lines), len(lines[-1]) + 1)

    def _fault(self, place: Place, message: str, hint: str = "") -> None:
        self.faults.append(self.sources.fault(place, message, hint))

    def _stop(self, place: Place, message: str, hint: str = "") -> NoReturn:
        self._fault(place, message, hint)
        raise _StopReadingError

    def _syntax_fault(self, error: yaml.YAMLError) -> Fault:
        """The pure Python parser's word on a syntax error: it is the same on every machine, and slow."""
        try:
            for _ in self._parsed(yaml.SafeLoader) if len(self.text) < _QUICKLY_PARSED else ():
                pass
        except yaml.YAMLError as pure:
            error = pure
        except RecursionError:
            pass
        mark = getattr(error, "problem_mark", None)
        place = Place(self.name, mark.line + 1, mark.column + 1) if mark else Place(self.name, 0, 0)
        problem = getattr(error, "problem", None) or "it cannot be read"
        if "'\\t'" in problem:
            return self.sources.fault(place, "a tab stands where YAML expects spaces", "indent with spaces")
        return self.sources.fault(place, f"this is not YAML: {problem}", _syntax_hint(error, problem))


def _syntax_hint(error: yaml.YAMLError, problem: str) -> str:
    if "mapping values are not allowed" in problem:
        return "a text that holds a colon and a space needs quotes"
    mark, context = getattr(error, "context_mark", None), getattr(error, "context", None)
    return f"{context} that begins at line {mark.line + 1}" if mark and context else ""


def typed(text: str) -> Any:
    """A plain scalar as YAML 1.2's core schema types it.

    >>> typed("1.10"), typed("on"), typed("null"), typed("0x10")
    (1.1, 'on', None, 16)
    """
    if text in _WORDS:
        return _WORDS[text]
    number: WrittenInt | WrittenFloat
    if _INTEGER.fullmatch(text):
        base = {"0o": 8, "0x": 16}.get(text[:2], 10)
        number = WrittenInt(text, base)
    elif _FLOAT.fullmatch(text):
        number = WrittenFloat(re.sub(r"\.(?=[iInN])", "", text))
    else:
        return text
    number.written = text
    return number

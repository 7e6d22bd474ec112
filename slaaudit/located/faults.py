"""What pydantic found wrong, said as faults: where it stands, what was expected, the nearest known word."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any, get_args, get_origin

from pydantic import BaseModel, Tag

from slaaudit.located.tree import Located, Place, did_you_mean, nearest, word

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic import ValidationError
    from pydantic_core import ErrorDetails

    from slaaudit.errors import Fault
    from slaaudit.located.tree import Path, Sources

_EXPECTED = (
    ("string", "a text"),
    ("model", "a mapping"),
    ("dict", "a mapping"),
    ("tuple", "a list"),
    ("list", "a list"),
    ("int", "a whole number"),
    ("bool", "true or false"),
    ("decimal", "a number"),
    ("float", "a number"),
    ("date", "a date like 2026-01-31"),
)
_LONGEST_WORD = 60


class UnknownWordError(ValueError):
    """A word that is none of those known; told with the nearest of them."""

    def __init__(self, message: str, found: str, known: Sequence[str]) -> None:
        super().__init__(message)
        self.hint = did_you_mean(found, known)


class ElsewhereError(ValueError):
    """A model's own refusal of what the reader of the document tells with its place; never told twice."""


def faults_of(error: ValidationError, model: type[BaseModel], root: Located, sources: Sources) -> list[Fault]:
    """The faults that ``error`` tells of ``root``, as ``model`` read it."""
    faults = []
    errors = error.errors(include_url=False)
    unknown = [each["loc"] for each in errors if each["type"] == "extra_forbidden"]
    for each in errors:
        if isinstance(each.get("ctx", {}).get("error"), ElsewhereError) or _only_follows(each, unknown):
            continue
        place, message, hint = _told(each, model, root)
        faults.append(sources.fault(place, message, hint))
    return faults


def _only_follows(each: ErrorDetails, unknown: Sequence[Path]) -> bool:
    """Whether a fault is told by another one: a list is too short only as its entries are refused."""
    return (each["type"] == "too_short" and bool(each["input"])) or _is_misspelt(each, unknown)


def _is_misspelt(each: ErrorDetails, unknown: Sequence[Path]) -> bool:
    """Whether a missing key only follows from an unknown one that was meant to be it."""
    parent, name = each["loc"][:-1], str(each["loc"][-1]) if each["loc"] else ""
    return each["type"] == "missing" and any(loc[:-1] == parent and nearest(str(loc[-1]), [name]) for loc in unknown)


def _told(each: ErrorDetails, model: type[BaseModel], root: Located) -> tuple[Place, str, str]:
    """Place, message and hint of one pydantic error."""
    kind, loc = each["type"], each["loc"]
    node, at_key = _node_at(root, loc)
    if kind == "missing":
        return node.key, f"{loc[-1]!r} is missing", ""
    if kind == "extra_forbidden":
        known = known_keys(model, loc[:-1])
        return node.key, f"unknown key {str(loc[-1])!r}", did_you_mean(str(loc[-1]), known, "known keys")
    message, hint = _message(each, node)
    return (node.key if at_key else node.place), message, hint


def _message(each: ErrorDetails, node: Located) -> tuple[str, str]:
    cause = each.get("ctx", {}).get("error")
    if isinstance(cause, ValueError):
        message, _, expected = str(cause).partition("; expected ")
        return message, getattr(cause, "hint", "") or (f"expected {expected}" if expected else "")
    if each["type"] == "too_short":
        return "expected at least one entry, found none", ""
    found = described(each["input"] if word(each["input"]) is not None else node.value)
    if each["type"] == "literal_error":
        known = re.findall(r"'([^']*)'", each["ctx"]["expected"])
        if not known:
            return f"expected {each['ctx']['expected']}, found {found}", ""
        return f"{found} is not known here", did_you_mean(word(each["input"]) or "", known)
    expected = next((name for start, name in _EXPECTED if each["type"].startswith(start)), "")
    return (f"expected {expected}, found {found}", "") if expected else (each["msg"], "")


def described(value: Any) -> str:
    """A value in few words, for a message.

    >>> described("on"), described(None), described({})
    ("'on'", 'nothing', 'a mapping')
    """
    value = value.value if isinstance(value, Located) else value
    text = word(value)
    if text is not None:
        return repr(text if len(text) <= _LONGEST_WORD else text[:_LONGEST_WORD] + "…")
    if value is None:
        return "nothing"
    return "a mapping" if isinstance(value, Mapping) else "a list"


def _node_at(root: Located, loc: Path) -> tuple[Located, bool]:
    """The deepest value of the document on the way to ``loc``, and whether its key is meant.

    Parts of ``loc`` that the document does not have (names of alternatives, a list's index where one value
    was written) are passed over.
    """
    node = root
    for part in loc:
        node = node.child(part) or node
    return node, bool(loc) and loc[-1] == "[key]"


def known_keys(model: type[BaseModel], loc: Path) -> list[str]:
    """The keys that may stand in the mapping at ``loc`` below a ``model``."""
    keys: dict[str, None] = {}
    for found in _models_at(model, loc):
        keys.update(dict.fromkeys(_keys(found)))
    return list(keys)


def _keys(model: type[BaseModel]) -> list[str]:
    return [info.alias or name for name, info in model.model_fields.items() if not info.exclude]


def _models_at(kind: Any, loc: Path) -> Iterator[type[BaseModel]]:
    """The models that may stand at ``loc`` below a value of type ``kind``."""
    if isinstance(kind, type) and issubclass(kind, BaseModel):
        if not loc:
            yield kind
        elif loc[0] in _keys(kind):
            info = next(info for name, info in kind.model_fields.items() if (info.alias or name) == loc[0])
            yield from _models_at(info.annotation, loc[1:])
        else:
            yield from _models_at(kind, loc[1:])
        return
    for inner, rest in _inside(kind, loc):
        yield from _models_at(inner, rest)


def _inside(kind: Any, loc: Path) -> list[tuple[Any, Path]]:
    """The types that ``kind`` is made of, each with what is left of ``loc`` inside it."""
    arguments = get_args(kind)
    if hasattr(kind, "__metadata__"):
        tags = [each.tag for each in kind.__metadata__ if isinstance(each, Tag)]
        if not tags:
            return [(arguments[0], loc)]
        return [(arguments[0], loc[1:])] if loc and loc[0] in tags else []
    if get_origin(kind) in (dict, tuple, list):
        return [(arguments[1 if get_origin(kind) is dict else 0], loc[1:])] if loc else []
    return [(argument, loc) for argument in arguments]

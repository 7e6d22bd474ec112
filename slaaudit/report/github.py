"""What GitHub's runner takes for a command: made so that foreign text is data, and kept out of all other lines.

The runner reads ``::name key=value::message`` at a line's beginning, and the old ``##[name]`` anywhere, as commands.
"""

from __future__ import annotations

import secrets
from typing import TYPE_CHECKING

from slaaudit.report.safe import shown

if TYPE_CHECKING:
    from slaaudit.errors import Fault

_DATA: dict[str, str | int | None] = {"%": "%25", "\r": "%0D", "\n": "%0A"}
_PROPERTY: dict[str, str | int | None] = {**_DATA, ":": "%3A", ",": "%2C"}


def escaped_data(text: str) -> str:
    r"""The text as a command's message.

    >>> escaped_data("100%\n::warning::no")
    '100%25%0A::warning::no'
    """
    return text.translate(str.maketrans(_DATA))


def escaped_property(text: str) -> str:
    """The text as a command's property.

    >>> escaped_property("a,b:c")
    'a%2Cb%3Ac'
    """
    return text.translate(str.maketrans(_PROPERTY))


def annotation(fault: Fault) -> str:
    """A command that shows a fault beside its line.

    >>> from slaaudit.errors import Fault
    >>> annotation(Fault("acme.yaml", 3, 1, "unknown key", "did you mean id?"))
    '::error file=acme.yaml,line=3,col=1::unknown key: did you mean id?'
    """
    place = {"file": fault.file, "line": str(fault.line), "col": str(fault.column)}
    told = {key: value for key, value in place.items() if value not in ("", "0")}
    properties = ",".join(f"{key}={escaped_property(shown(value))}" for key, value in told.items())
    kind = "warning" if fault.severity == "warning" else "error"
    message = ": ".join(filter(None, [fault.message, fault.hint]))
    return f"::{kind} {properties}::{escaped_data(shown(message))}"


def inert(line: str) -> str:
    """A line that the runner only prints: what it would take for a command is taken apart.

    >>> inert("  ::error::no"), inert("a ##[error] b")
    ('  : :error::no', 'a # #[error] b')
    """
    for mark in ("##[", "##vso["):
        line = line.replace(mark, f"# {mark[1:]}")
    begun = line.lstrip()
    return line[: len(line) - len(begun)] + ": " + begun[1:] if begun.startswith("::") else line


def output(name: str, value: str) -> str:
    """A line or more for ``$GITHUB_OUTPUT``: the value ends at a word that nobody can know beforehand."""
    end = f"slaaudit_{secrets.token_hex(16)}"
    return f"{name}<<{end}\n{value}\n{end}\n"

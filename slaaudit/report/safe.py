"""Foreign text made fit to print: exports and policies are written by others.

A control character, an escape sequence, a line break or a mark that turns the writing direction is shown as what it is
instead of taking effect. Reports print the result as plain text, never as markup.
"""

from __future__ import annotations

import unicodedata

ELLIPSIS = "…"

_TWO_DIGITS = 0x100
_NAMED = {"\n": "\\n", "\r": "\\r", "\t": "\\t", "\x1b": "\\e"}

#: Control characters, format marks (bidi overrides, zero-width joiners), surrogates, line and paragraph separators.
_UNSEEN = frozenset({"Cc", "Cf", "Cs", "Zl", "Zp"})

#: A spreadsheet reads a cell that begins with one of these as a formula.
#: The last four are the full-width forms, which some programs take for the first four.
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "\uff1d", "\uff0b", "\uff0d", "\uff20")


def shown(text: str, limit: int = 0) -> str:
    r"""The text with nothing unseen left in it, cut to ``limit`` characters where that is not 0.

    >>> shown("T-1\x1b[31m\u202e")
    'T-1\\e[31m\\u202e'
    >>> shown("a very long subject", 8)
    'a very …'
    """
    if text.isprintable() and not limit:
        return text
    plain = text if text.isprintable() else "".join(map(_visible, text))
    return plain if not limit or len(plain) <= limit else plain[: limit - 1] + ELLIPSIS


def _visible(character: str) -> str:
    if unicodedata.category(character) not in _UNSEEN:
        return character
    if character in _NAMED:
        return _NAMED[character]
    code = ord(character)
    return f"\\x{code:02x}" if code < _TWO_DIGITS else f"\\u{code:04x}"


def cell(value: str) -> str:
    """The text as a cell that no spreadsheet computes: an apostrophe goes before a formula's first character.

    >>> cell("=1+1"), cell("T-1")
    ("'=1+1", 'T-1')
    """
    return "'" + value if value.lstrip(" ").startswith(_FORMULA) else value

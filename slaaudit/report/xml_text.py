"""Foreign text in XML: escaped, and without the characters that XML forbids."""

from __future__ import annotations

import re
from xml.sax.saxutils import escape, quoteattr

from slaaudit.report.safe import shown

_FORBIDDEN = re.compile("[\ufffe\uffff]")  # all else that XML forbids is shown escaped already


def quoted(text: str, limit: int = 0) -> str:
    r"""The text as an attribute's value with its quotes.

    >>> quoted('a"<b>\x00')
    '\'a"&lt;b&gt;\\x00\''
    """
    return quoteattr(_allowed(text, limit))


def content(text: str, limit: int = 0) -> str:
    """The text as an element's content.

    >>> content("<b>")
    '&lt;b&gt;'
    """
    return escape(_allowed(text, limit))


def _allowed(text: str, limit: int) -> str:
    return _FORBIDDEN.sub(lambda found: f"\\u{ord(found[0]):04x}", shown(text, limit))

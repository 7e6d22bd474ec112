"""The share of a service that an incident affected: a fraction, else affected users of all users."""

from __future__ import annotations

import re
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from slaaudit.evidence.counts import counts
from slaaudit.evidence.tables import NONE
from slaaudit.evidence.words import mapped

if TYPE_CHECKING:
    from slaaudit.evidence.cells import Cells
    from slaaudit.evidence.counts import Counts
    from slaaudit.evidence.tables import Codes, Mask, Rows

NO_SHARE = "no share from 0 to 1, such as 0.25 or 25%"
ABOVE_ONE = "a share above 1; if percent is meant, write 25% or 0.25"
BELOW_ZERO = "a share below 0"
MORE_THAN_ALL = "more users affected than there are"
NO_USERS = "a share of no users at all"
_LARGEST = int(np.iinfo(np.int64).max)
_SHARE = re.compile(r"([+-]?)(\d+(?:[.,]\d*)?|[.,]\d+)(?:[eE]([+-]?\d{1,3}))?(\s*%)?")


class Shares(NamedTuple):
    """A code into ``shares`` by record, -1 where nothing tells it; ``none`` marks a share of 0: nobody was affected."""

    codes: Codes
    shares: list[Fraction]
    none: Mask


def shares(cells: Cells) -> Shares:
    """The shares of incidents; records whose share is none are put aside."""
    stated, found = _stated(cells)
    users, everybody = counts(cells, "affected_users"), counts(cells, "total_users")
    open_ = stated == NONE
    both = open_ & users.known & everybody.known
    cells.put_aside(np.flatnonzero(both & (everybody.values == 0)), NO_USERS, "total_users")
    cells.put_aside(np.flatnonzero(both & (users.values > everybody.values)), MORE_THAN_ALL, "affected_users")
    both &= cells.usable
    half = open_ & cells.usable & (users.known != everybody.known)
    if half.any():
        cells.remarks.append(
            f"rows with only one of affected_users and total_users, which count for the whole: {int(half.sum())}"
        )
    codes = stated.copy()
    _of_users(codes, np.flatnonzero(both), users, everybody, found)
    zero = np.array([*(share == 0 for share in found), False])[codes] if found else np.zeros(len(codes), np.bool_)
    return Shares(codes, found, zero)


def _stated(cells: Cells) -> tuple[Codes, list[Fraction]]:
    """The shares that the field tells, by record."""
    column = cells.words("affected_fraction")
    told = [_share(word) for word in column.words]
    for reason in dict.fromkeys(each for each in told if isinstance(each, str)):
        bad = np.array([*(each == reason for each in told), False])[column.codes]
        cells.put_aside(np.flatnonzero(bad), reason, "affected_fraction", column)
    merged = mapped(column, ["" if isinstance(each, str) else str(each) for each in told])
    return merged.codes, [Fraction(word) for word in merged.words]


def _of_users(codes: Codes, rows: Rows, users: Counts, everybody: Counts, found: list[Fraction]) -> None:
    """Write the codes of affected users over all users into ``codes``; new shares are added to ``found``."""
    if not len(rows):
        return
    part, whole = users.values[rows], everybody.values[rows]
    divisor = np.gcd(part, whole)
    distinct, which = _distinct(part // divisor, whole // divisor)
    known = {(share.numerator, share.denominator): code for code, share in enumerate(found)}
    table = np.array([known.setdefault((over, under), len(known)) for over, under in distinct], np.int32)
    found.extend(Fraction(over, under) for over, under in [*known][len(found) :])
    codes[rows] = table[which]


def _distinct(parts: Rows, wholes: Rows) -> tuple[list[tuple[int, int]], Rows]:
    """The distinct pairs, and which of them each row is."""
    base = int(wholes.max()) + 1
    if int(parts.max()) < _LARGEST // base:
        keys, which = np.unique(parts * base + wholes, return_inverse=True)
        return list(zip((keys // base).tolist(), (keys % base).tolist(), strict=True)), which
    pairs, which = np.unique(np.stack([parts, wholes], axis=1), axis=0, return_inverse=True)
    return [(over, under) for over, under in pairs.tolist()], which.ravel()


def _share(word: str) -> Fraction | str:
    """The share that a word is, or the reason why it is none.

    >>> _share("25%"), _share("0,5"), _share("25")
    (Fraction(1, 4), Fraction(1, 2), 'a share above 1; if percent is meant, write 25% or 0.25')
    """
    found = _SHARE.fullmatch(word.strip())
    if not found:
        return NO_SHARE
    sign, digits, exponent, percent = found.groups()
    if len(digits) > 40 or abs(int(exponent or 0)) > 40:  # noqa: PLR2004 - no share needs more digits
        return NO_SHARE
    share = Fraction(digits.replace(",", ".").rstrip(".")) * Fraction(10) ** int(exponent or 0)
    if percent:
        share /= 100
    if sign == "-" and share:
        return BELOW_ZERO
    return ABOVE_ONE if share > 1 else share

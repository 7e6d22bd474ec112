"""Fees: what a month costs, so that a credit in percent becomes a sum.

Either an amount (``1200 EUR``), or a small file: CSV with the columns ``fee`` and any of ``component``, ``month`` and
``currency``; or YAML with ``currency`` and a list ``fees`` of the same keys.
"""

from __future__ import annotations

import csv
import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING

from dateutil.relativedelta import relativedelta

from slaaudit.errors import Fault, PolicyError, UsageError
from slaaudit.located import did_you_mean, in_order, read_bytes

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from slaaudit.located import Document, Located

_AMOUNT = re.compile(r"(\d{1,12}(?:\.\d{1,6})?)(?:\s*([A-Z]{3}))?", re.ASCII)
_MONTH = re.compile(r"\d{4}-(?:0[1-9]|1[0-2])", re.ASCII)
_CURRENCY = re.compile(r"[A-Z]{3}", re.ASCII)
_KEYS = ("component", "month", "fee", "currency")
_SUFFIXES = (".csv", ".yaml", ".yml")


@dataclass(frozen=True)
class Fee:
    """The fee of a month: of one component or of the whole, of one month (``2026-05``) or of every month."""

    amount: Decimal
    component: str | None = None
    month: str | None = None


@dataclass(frozen=True)
class Fees:
    """Fees in one currency ("" where none is named)."""

    fees: tuple[Fee, ...]
    currency: str = ""
    source: str = "--fee"

    def of(self, component: str | None, first: dt.date, months: int) -> Fraction | None:
        """The fee of ``months`` months from that of ``first``; None where one of them has none."""
        total = Fraction(0)
        for step in range(months):
            found = self._month(component, f"{first + relativedelta(day=1, months=step):%Y-%m}")
            if found is None:
                return None
            total += found
        return total

    def _month(self, component: str | None, month: str) -> Fraction | None:
        """The fee of one month: the component's own, else the whole's; of the whole, else of all components."""
        for wanted in dict.fromkeys([component, None]):
            for at in (month, None):
                for fee in self.fees:
                    if (fee.component, fee.month) == (wanted, at):
                        return Fraction(fee.amount)
        if component is not None:
            return None
        named = dict.fromkeys(fee.component for fee in self.fees if fee.component is not None)
        parts = [self._month(name, month) for name in named]
        known = [part for part in parts if part is not None]
        return sum(known, Fraction(0)) if parts and len(known) == len(parts) else None


def fees(text: str) -> Fees:
    """The fees that ``--fee`` gives. UsageError or PolicyError (with every fault) where it makes no sense."""
    found = _AMOUNT.fullmatch(text.strip())
    if found:
        return Fees((Fee(Decimal(found[1])),), found[2] or "")
    path = Path(text)
    if path.suffix.lower() not in _SUFFIXES:
        raise UsageError(
            f"--fee {text!r}: expected a month's fee such as 1200 or '1200 EUR', or a .csv or .yaml file of fees"
        )
    try:
        content = path.read_bytes()
    except OSError as error:
        raise UsageError(f"{text}: the file of fees cannot be read: {error.strerror}") from error
    return _of_csv(content, text) if path.suffix.lower() == ".csv" else _of_yaml(read_bytes(content, text), text)


def _of_csv(content: bytes, name: str) -> Fees:
    try:
        lines = content.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise UsageError(f"{name}: the file of fees is not UTF-8; save it as UTF-8") from error
    rows = list(csv.reader(lines))
    header = [cell.strip().lower() for cell in rows[0]] if rows else []
    faults = [
        Fault(name, 1, 1, f"unknown column {each!r}", did_you_mean(each, _KEYS)) for each in header if each not in _KEYS
    ]
    if "fee" not in header:
        faults.append(Fault(name, 1, 1, "there is no column 'fee'", f"expected {', '.join(_KEYS)}"))
    if faults:
        raise PolicyError(in_order(faults, [name]))
    entries = []
    for line, row in enumerate(rows[1:], 2):
        if any(cell.strip() for cell in row):
            cells = dict(zip(header, (cell.strip() for cell in row), strict=False))
            entries.append((line, 1, cells))
    return _made(entries, "", name, faults)


def _of_yaml(document: Document, name: str) -> Fees:
    faults = list(document.faults)
    root = document.root
    listed = root.get("fees") if root is not None else None
    if root is None or listed is None or not isinstance(listed.value, list):
        if not faults:
            faults.append(Fault(name, 1, 1, "there is no list 'fees'", "expected fees: [{component: api, fee: 1200}]"))
        raise PolicyError(in_order(faults, [name]))
    faults += _strangers(root, ("currency", "fees"), name)
    entries = []
    for node in listed.elements():
        faults += _strangers(node, _KEYS, name)
        cells = {key: value.text or "" for key, value in node.items()}
        entries.append((node.place.line, node.place.column, cells))
    currency = root.get("currency")
    return _made(entries, (currency.text or "") if currency else "", name, faults)


def _strangers(node: Located, known: tuple[str, ...], name: str) -> Iterator[Fault]:
    for key, value in node.items():
        if key not in known:
            yield Fault(name, value.key.line, value.key.column, f"unknown key {key!r}", did_you_mean(key, known))


def _made(entries: list[tuple[int, int, dict[str, str]]], currency: str, name: str, faults: list[Fault]) -> Fees:
    found: dict[tuple[str | None, str | None], Fee] = {}
    for line, column, cells in entries:
        amount = _AMOUNT.fullmatch(cells.get("fee", ""))
        month, component = cells.get("month") or None, cells.get("component") or None
        own = cells.get("currency") or (amount[2] if amount else None) or currency
        if not amount:
            faults.append(
                Fault(name, line, column, f"{cells.get('fee', '')!r} is no fee", "expected an amount like 1200.50")
            )
            continue
        if month and not _MONTH.fullmatch(month):
            faults.append(Fault(name, line, column, f"{month!r} is no month", "expected one like 2026-05, or nothing"))
        if own and not _CURRENCY.fullmatch(own):
            faults.append(Fault(name, line, column, f"{own!r} is no currency", "expected a code like EUR"))
        if currency and own != currency:
            faults.append(Fault(name, line, column, f"{own!r} beside {currency!r}", "expected fees in one currency"))
        if (component, month) in found:
            faults.append(Fault(name, line, column, "this component and month has a fee already", "remove one of them"))
        currency = currency or own or ""
        found[component, month] = Fee(Decimal(amount[1]), component, month)
    if not found and not faults:
        faults.append(Fault(name, 0, 0, "the file has no fees", "expected at least one"))
    if faults:
        raise PolicyError(in_order(faults, [name]))
    return Fees(tuple(found.values()), currency, name)

"""The measurements as Parquet: typed instants and lengths, coded words, and what they were made by as metadata."""

from __future__ import annotations

import json
from typing import IO, TYPE_CHECKING

import pyarrow as pa
import pyarrow.parquet as pq

from slaaudit.report.columns import COLUMNS, columns

if TYPE_CHECKING:
    from slaaudit.report.record import Record

#: The key of the file's metadata under which the report's head stands, as JSON.
METADATA = b"slaaudit"
_HEAD = ("schema", "tool", "policies", "inputs", "as_of", "as_of_given", "period", "outcome")


def write_parquet(record: Record, stream: IO[bytes]) -> None:
    """Write every measurement to ``stream``, in the report's order."""
    table = columns(record)
    head = json.dumps({key: record[key] for key in _HEAD})
    ticket = COLUMNS.get_field_index("ticket")
    plain = table.set_column(ticket, "ticket", table["ticket"].cast(pa.string()))
    pq.write_table(plain.replace_schema_metadata({METADATA: head}), stream, compression="zstd")

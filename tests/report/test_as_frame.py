"""The DataFrame says what the other reports say."""

import pandas as pd

from slaaudit.report.as_frame import measurements
from slaaudit.report.lines import lines


def test_every_row_of_the_frame_is_a_measurement(small_audit):
    frame = measurements(small_audit)
    told = lines(small_audit)

    assert list(frame["ticket"]) == [line.ticket for line in told]
    assert list(frame["clause"]) == [line.clause for line in told]
    assert list(frame["verdict"]) == [line.verdict for line in told]
    assert [None if pd.isna(word) else word for word in frame["severity"]] == [line.severity or None for line in told]
    for name in ("target", "elapsed", "over"):
        lengths = [None if pd.isna(value) else value // pd.Timedelta(microseconds=1) for value in frame[name]]
        assert lengths == [getattr(line, name) for line in told]


def test_instants_are_utc_and_missing_where_there_is_none(small_audit):
    frame = measurements(small_audit)
    told = [line.due_at for line in lines(small_audit)]

    assert str(frame["due_at"].dtype) == "datetime64[us, UTC]"
    found = [None if pd.isna(value) else value.value // 1000 for value in frame["due_at"].dt.as_unit("ns")]
    assert found == told
    assert None in told

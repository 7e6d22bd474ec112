"""Written times: every shape means one instant, or the column is refused."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone
from zoneinfo import ZoneInfo

import pyarrow as pa
import pytest
from exports import instant
from hypothesis import given, settings
from hypothesis import strategies as st

from slaaudit.errors import UsageError
from slaaudit.evidence.shapes import Format
from slaaudit.evidence.tables import MISSING
from slaaudit.evidence.timestamps import BothOrdersError, Column, NoOrderError, NoYearError, NoZoneError, Rules, column

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
FIRST = EPOCH.replace(tzinfo=None) + timedelta(days=400)  # hypothesis asks for bounds without a zone
LAST = FIRST.replace(year=2199)
MINUTE, SECOND, DAY = 60_000_000, 1_000_000, 86_400_000_000


def read(*cells: str | None, zone: str = "", formats: tuple[str, ...] = (), day_first: bool | None = None) -> Column:
    text = pa.chunked_array([pa.array(cells, pa.string())])
    return column(text, Rules(ZoneInfo(zone) if zone else None, tuple(map(Format, formats)), day_first))


def instants(found: Column) -> list[str]:
    return [instant(at) for at in found.at]


def micros(moment: datetime) -> int:
    return (moment - EPOCH) // timedelta(microseconds=1)


@pytest.mark.parametrize(
    ("cell", "meant"),
    [
        ("2026-05-31T16:05:11Z", "2026-05-31 16:05:11"),
        ("2026-05-31 16:05:11Z", "2026-05-31 16:05:11"),
        ("2026-05-31t16:05:11z", "2026-05-31 16:05:11"),
        ("2026-05-31T16:05Z", "2026-05-31 16:05:00"),
        ("2026-05-31T16:05:11+02:00", "2026-05-31 14:05:11"),
        ("2026-05-31T16:05:11+0200", "2026-05-31 14:05:11"),
        ("2026-05-31T16:05:11-04", "2026-05-31 20:05:11"),
        ("2026-05-31 16:05:11 +0530", "2026-05-31 10:35:11"),
        ("2026-05-31 16:05:11 UTC", "2026-05-31 16:05:11"),
        ("2026-05-31T16:05:11.1Z", "2026-05-31 16:05:11.100000"),
        ("2026-05-31T16:05:11,123Z", "2026-05-31 16:05:11.123000"),
        ("2026-05-31T16:05:11.123456Z", "2026-05-31 16:05:11.123456"),
        ("2026-05-31T16:05:11.123456789Z", "2026-05-31 16:05:11.123456"),
        ("20260531T160511Z", "2026-05-31 16:05:11"),
        ("2026/05/31 16:05 UTC", "2026-05-31 16:05:00"),
        ("31/05/2026 16:05:11 UTC", "2026-05-31 16:05:11"),
        ("31.5.2026 16:05 UTC", "2026-05-31 16:05:00"),
        ("5/31/2026 4:05 PM UTC", "2026-05-31 16:05:00"),
        ("5/31/2026 12:05 AM UTC", "2026-05-31 00:05:00"),
        ("5/31/2026 12:05:09 pm UTC", "2026-05-31 12:05:09"),
        ("5/31/2026 4:05\u202fPM UTC", "2026-05-31 16:05:00"),
        ("31/05/2026, 16:05 UTC", "2026-05-31 16:05:00"),
        ("31 May 2026 04:05 PM UTC", "2026-05-31 16:05:00"),
        ("31-May-2026 16:05:11 UTC", "2026-05-31 16:05:11"),
        ("May 31, 2026 16:05 UTC", "2026-05-31 16:05:00"),
        ("1780243511", "2026-05-31 16:05:11"),
        ("1780243511123", "2026-05-31 16:05:11.123000"),
        ("  2026-05-31T16:05:11Z ", "2026-05-31 16:05:11"),
    ],
)
def test_a_time_is_read_as_it_is_written(cell: str, meant: str) -> None:
    assert instant(read(cell).at[0]) == meant


@pytest.mark.parametrize(
    ("cell", "reason"),
    [
        ("yesterday", "no date and time that can be read"),
        (
            "2026-05-31T16:05:11 PDT",
            "the zone PDT may mean several; say which in a mapping file, as in read: {zones: {PDT: -07:00}}",
        ),
        ("2026-5-31T1:5Z", "no date and time that can be read"),
        ("12345", "no date and time that can be read"),
        ("x" * 3000, "no date and time that can be read"),
        (
            "31/05/26 16:05",
            "a year of two digits that may stand first or last; say how it is meant with --date-format",
        ),
        ("2026-02-30T10:00:00Z", "there is no such day or time"),
        ("2026-02-29T10:00:00Z", "there is no such day or time"),
        ("2026-05-31T24:00:00Z", "there is no such day or time"),
        ("2026-05-31T16:60:00Z", "there is no such day or time"),
        ("2026-05-31T16:05:60Z", "there is no such day or time"),
        ("5/31/2026 13:05 PM UTC", "there is no such day or time"),
        ("5/31/2026 0:05 AM UTC", "there is no such day or time"),
        ("2200-01-01T00:00:00Z", "the year is past 2199"),
    ],
)
def test_what_is_no_time_is_put_aside_with_its_reason(cell: str, reason: str) -> None:
    found = read("2026-01-01T00:00:00Z", cell, None)
    assert found.at[1] == MISSING
    assert found.at[2] == MISSING
    assert {why: rows.tolist() for why, rows in found.unreadable.items()} == {reason: [1]}


def test_the_last_microsecond_of_2199_is_a_time() -> None:
    assert instant(read("2199-12-31T23:59:59.999999Z").at[0]) == "2199-12-31 23:59:59.999999"


class TestDayAndMonth:
    def test_one_row_with_a_day_past_12_settles_the_column(self) -> None:
        found = read("03/04/2026 10:00", "31/05/2026 10:00", zone="UTC")
        assert [instant(at) for at in found.at] == ["2026-04-03 10:00:00", "2026-05-31 10:00:00"]
        assert found.order == "day first"

    def test_so_does_one_row_with_a_second_number_past_12(self) -> None:
        found = read("03/04/2026 10:00", "5/31/2026 10:00", zone="UTC")
        assert [instant(at) for at in found.at] == ["2026-03-04 10:00:00", "2026-05-31 10:00:00"]
        assert found.order == "month first"

    def test_without_such_a_row_the_column_is_refused_at_its_first_ambiguous_row(self) -> None:
        with pytest.raises(NoOrderError) as refused:
            read(None, "05/05/2026 10:00", "03/04/2026 10:00", "04/05/2026 10:00", zone="UTC")
        assert (refused.value.rows, refused.value.values) == ((2,), ("03/04/2026 10:00",))

    def test_equal_day_and_month_are_no_question(self) -> None:
        found = read("05/05/2026 10:00", zone="UTC")
        assert instant(found.at[0]) == "2026-05-05 10:00:00"
        assert found.order == ""

    def test_rows_that_settle_it_either_way_are_refused_together(self) -> None:
        with pytest.raises(BothOrdersError) as refused:
            read("03/04/2026 10:00", "31/05/2026 10:00", "5/31/2026 10:00", zone="UTC")
        assert refused.value.rows == (1, 2)

    def test_an_impossible_date_settles_nothing(self) -> None:
        with pytest.raises(NoOrderError):
            read("03/04/2026 10:00", "13/13/2026 10:00", "32/01/2026 10:00", "0/31/2026 10:00", zone="UTC")

    def test_what_the_caller_says_settles_it(self) -> None:
        assert instant(read("03/04/2026 10:00", zone="UTC", day_first=True).at[0]) == "2026-04-03 10:00:00"
        assert instant(read("03/04/2026 10:00", zone="UTC", day_first=False).at[0]) == "2026-03-04 10:00:00"

    def test_rows_against_what_the_caller_says_are_put_aside(self) -> None:
        found = read("03/04/2026 10:00", "31/05/2026 10:00", zone="UTC", day_first=False)
        assert found.at[1] == MISSING
        assert found.unreadable["there is no such day or time"].tolist() == [1]

    def test_a_year_in_front_is_never_a_question(self) -> None:
        found = read("2026-05-06 10:00", "31/05/2026 10:00", zone="UTC")
        assert instant(found.at[0]) == "2026-05-06 10:00:00"


class TestFormats:
    def test_a_stated_format_is_used(self) -> None:
        found = read("05|06|26 3.04 pm", zone="UTC", formats=("%d|%m|%y %I.%M %p",))
        assert instant(found.at[0]) == "2026-06-05 15:04:00"

    def test_rows_written_otherwise_are_put_aside(self) -> None:
        found = read("05/06/2026", "2026-06-05", zone="UTC", formats=("%d/%m/%Y",))
        assert found.unreadable["not written in the stated date format"].tolist() == [1]

    def test_a_column_with_no_row_of_that_format_is_read_by_its_own_shapes(self) -> None:
        assert instant(read("2026-06-05T10:00:00Z", formats=("%d/%m/%Y",)).at[0]) == "2026-06-05 10:00:00"

    def test_the_first_fitting_format_of_several_is_used(self) -> None:
        found = read("05/06/2026 10:00", "06/2026/05 10:00", zone="UTC", formats=("%d/%m/%Y %H:%M", "%m/%Y/%d %H:%M"))
        assert [instant(at) for at in found.at] == ["2026-06-05 10:00:00"] * 2

    @pytest.mark.parametrize(("short", "year"), [("69", 1969), ("70", 1970), ("99", 1999), ("00", 2000), ("68", 2068)])
    def test_two_digits_of_a_year_are_read_as_posix_reads_them(self, short: str, year: int) -> None:
        found = read(f"01/02/{short} 00:00", zone="UTC", formats=("%d/%m/%y %H:%M",))
        assert instant(found.at[0])[:4] == (str(year) if year > 1970 else "-")

    @pytest.mark.parametrize("text", ["%Q", "%H:%M", "%d/%m %H:%M", "%Y-%m-%d %Y"])
    def test_a_format_that_tells_no_day_is_refused(self, text: str) -> None:
        with pytest.raises(UsageError, match="--date-format"):
            Format(text)


MARCH_5 = "2026-03-05 16:05:00"


class TestMonths:
    @pytest.mark.parametrize(
        "cell",
        [
            "05 Mar 2026 04:05 PM",
            "5 de marzo de 2026, 16:05",
            "5 mars 2026 16:05",
            "5. März 2026 16:05",
            "5. Mär. 2026, 16:05",
            "05-mrt-2026 16:05",
            "5 de março de 2026 16:05",
            "gio 5 marzo 2026 16:05",
            "Donnerstag, 5. März 2026 16:05",
            "jeudi 5 mars 2026 à 16:05",
            "Mar 5, 2026 - 16:05",
            "March 5th, 2026 at 4:05 p.m.",
        ],
    )
    def test_localised_month_names(self, cell: str) -> None:
        assert instants(read(cell, zone="UTC")) == [MARCH_5]

    @pytest.mark.parametrize(
        "names",
        [
            "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec",
            "ene feb mar abr may jun jul ago sept oct nov dic",
            "janv. févr. mars avr. mai juin juil. août sept. oct. nov. déc.",
            "Jan. Feb. März Apr. Mai Juni Juli Aug. Sept. Okt. Nov. Dez.",
            "jan fev mar abr mai jun jul ago set out nov dez",
            "gen feb mar apr mag giu lug ago set ott nov dic",
            "jan. feb. mrt. apr. mei jun. jul. aug. sep. okt. nov. dec.",
            "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
            "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
            "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
            "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
            "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
            "januari februari maart april mei juni juli augustus september oktober november december",
        ],
    )
    def test_every_month_of_seven_languages(self, names: str) -> None:
        found = read(*(f"19/{name}/26 12:47 PM" for name in names.split()), zone="UTC")
        assert instants(found) == [f"2026-{month:02}-19 12:47:00" for month in range(1, 13)]

    def test_a_month_of_no_language_is_no_month(self) -> None:
        assert list(read("19/xyz/2026 10:00", zone="UTC").unreadable) == ["no date and time that can be read"]


class TestYearsOfTwoDigits:
    def test_jira_writes_day_month_and_short_year(self) -> None:
        found = read("28/Nov/25 5:03 PM", "30/Jan/26 12:00 AM", zone="UTC")
        assert instants(found) == ["2025-11-28 17:03:00", "2026-01-30 00:00:00"]
        assert found.remarks == ("years of two digits are read as 1969 to 2068",)

    def test_a_number_without_padding_is_no_year(self) -> None:
        assert instants(read("12/2/24 8:16", "3/17/25 6:04", zone="UTC")) == [
            "2024-12-02 08:16:00",
            "2025-03-17 06:04:00",
        ]

    def test_one_padded_date_may_begin_or_end_with_its_year(self) -> None:
        with pytest.raises(NoYearError):
            read("31/05/26 16:05", zone="UTC")

    def test_a_column_of_many_days_and_few_years_shows_where_the_year_stands(self) -> None:
        ends = [f"{day:02}/05/26 16:05" for day in range(1, 32)]
        assert instant(read(*ends, zone="UTC").at[-1]) == "2026-05-31 16:05:00"
        begins = [f"26-05-{day:02} 16:05" for day in range(1, 32)]
        assert instant(read(*begins, zone="UTC").at[-1]) == "2026-05-31 16:05:00"

    def test_a_number_past_31_is_the_year(self) -> None:
        assert instants(read("99/05/26 16:05", "98/01/02 00:00", zone="UTC"))[1] == "1998-01-02 00:00:00"
        assert instants(read("05/31/99 16:05", "01/02/99 00:00", zone="UTC"))[1] == "1999-01-02 00:00:00"

    def test_what_the_caller_says_of_the_day_settles_the_year_too(self) -> None:
        assert instants(read("01/05/26 16:05", zone="UTC", day_first=True)) == ["2026-05-01 16:05:00"]


class TestNever:
    @pytest.mark.parametrize(
        "cell",
        [
            "1900-01-01 00:00:00",
            "1970-01-01 10:00:00",
            "1969-12-31 19:00:00",
            "01/01/1900 00:00",
            "0000-00-00 00:00:00",
            "1970-01-01T00:00:00Z",
        ],
    )
    def test_a_time_before_1971_is_no_time(self, cell: str) -> None:
        found = read("2026-05-31 16:05:11", cell, None, zone="Australia/Brisbane")
        assert (found.at[1], found.unreadable, found.never) == (MISSING, {}, 1)

    def test_so_it_is_in_a_long_column(self) -> None:
        found = read(*["2026-05-31 16:05:11"] * 30, "1900-01-01 00:00:00", None, zone="UTC")
        assert (found.at[30], found.at[31], found.never) == (MISSING, MISSING, 1)
        assert instant(found.at[29]) == "2026-05-31 16:05:11"

    def test_a_column_of_nothing_else_needs_no_zone(self) -> None:
        assert read(*["1900-01-01 00:00:00"] * 30).never == 30


class TestSerials:
    def test_days_since_1900_are_rounded_to_the_second(self) -> None:
        assert instants(read("44754.327465277776", "44754.5", "44755", zone="UTC")) == [
            "2022-07-12 07:51:33",
            "2022-07-12 12:00:00",
            "2022-07-13 00:00:00",
        ]

    def test_whole_numbers_alone_are_no_dates_unless_the_profile_says_so(self) -> None:
        assert list(read("44754", zone="UTC").unreadable) == ["no date and time that can be read"]
        assert instants(read("44754", zone="UTC", formats=("excel",))) == ["2022-07-12 00:00:00"]

    @settings(deadline=None, max_examples=60)
    @given(st.lists(st.datetimes(FIRST, LAST.replace(year=2173)), min_size=1, max_size=40))
    def test_serials_round_trip_to_the_second(self, moments: list[datetime]) -> None:
        seconds = [moment.replace(microsecond=0) for moment in moments]
        cells = [f"{(moment - datetime(1899, 12, 30)) / timedelta(days=1):.12f}" for moment in seconds]  # noqa: DTZ001 - a wall clock
        assert read(*cells, zone="UTC").at.tolist() == [micros(moment.replace(tzinfo=UTC)) for moment in seconds]


class TestAbbreviations:
    def test_a_zone_abbreviation_means_what_the_mapping_says(self) -> None:
        zones = (("PDT", timedelta(hours=-7)), ("IST", timedelta(hours=5, minutes=30)))
        text = pa.chunked_array([pa.array(["Aug 28, 2024 - 13:36 PDT", "2024-08-28 13:36 IST"])])
        found = column(text, Rules(zones=zones))
        assert instants(found) == ["2024-08-28 20:36:00", "2024-08-28 08:06:00"]
        assert found.zoned

    def test_utc_and_gmt_need_no_definition(self) -> None:
        assert instants(read("28 Aug 2024 13:36 GMT")) == ["2024-08-28 13:36:00"]


def test_the_ways_of_writing_are_told() -> None:
    found = read("28/Nov/25 5:03 PM", "2025-12-05 08:47:50.15", "30/Dec/25 5:03 PM", "5/13/2026", zone="UTC")
    assert [tuple(each) for each in found.formats] == [
        ("%d/%b/%y %I:%M %p", 2, 0),
        ("%Y-%m-%d %H:%M:%S.%f", 1, 1),
    ]
    assert [each.format for each in read("5/13/2026 16:05 +02:00").formats] == ["%m/%d/%Y %H:%M %z"]


class TestZones:
    def test_a_local_time_without_a_zone_is_refused(self) -> None:
        with pytest.raises(NoZoneError) as refused:
            read("2026-05-31T16:05:11Z", "2026-05-31 16:05:11")
        assert refused.value.rows == (1,)

    def test_many_local_times_without_a_zone_are_refused_at_the_first(self) -> None:
        with pytest.raises(NoZoneError) as refused:
            read(None, *["2026-05-31 16:05:11"] * 100)
        assert refused.value.rows == (1,)

    def test_a_time_that_names_its_zone_keeps_it(self) -> None:
        found = read("2026-05-31T16:05:11Z", "2026-05-31 16:05:11", zone="America/New_York")
        assert [instant(at) for at in found.at] == ["2026-05-31 16:05:11", "2026-05-31 20:05:11"]
        assert not found.zoned

    def test_a_skipped_time_is_the_first_instant_after_the_gap_and_doubtful(self) -> None:
        found = read("2026-03-08 01:59:59", "2026-03-08 02:30:00", "2026-03-08 03:00:00", zone="America/New_York")
        assert [instant(at)[11:] for at in found.at] == ["06:59:59", "07:00:00", "07:00:00"]
        assert found.doubtful is not None
        assert found.doubtful.tolist() == [False, True, False]

    def test_a_repeated_time_is_the_first_of_the_two_and_doubtful(self) -> None:
        found = read("2026-11-01 00:59:59", "2026-11-01 01:00:00", "2026-11-01 02:00:00", zone="America/New_York")
        assert [instant(at)[11:] for at in found.at] == ["04:59:59", "05:00:00", "07:00:00"]
        assert found.doubtful is not None
        assert found.doubtful.tolist() == [False, True, False]

    @settings(deadline=None, max_examples=60)
    @given(
        st.lists(st.datetimes(FIRST, FIRST.replace(year=2060)), min_size=1, max_size=60),
        st.sampled_from(["America/New_York", "Europe/Berlin", "Australia/Lord_Howe", "Asia/Kolkata", "Pacific/Apia"]),
    )
    def test_local_times_agree_with_zoneinfo(self, moments: list[datetime], name: str) -> None:
        zone = ZoneInfo(name)
        found = read(*(moment.isoformat(sep=" ", timespec="microseconds") for moment in moments), zone=name)
        for moment, at in zip(moments, found.at.tolist(), strict=True):
            early, late = (moment.replace(tzinfo=zone, fold=fold) for fold in (0, 1))
            if micros(early) <= micros(late):  # once, or twice: then the first
                assert at == micros(early)
            else:  # a skipped time: the gap ends between the two readings
                assert micros(late) <= at <= micros(early)


class TestUnits:
    def test_a_time_without_seconds_is_known_to_the_minute(self) -> None:
        assert read("2026-05-31T16:05Z").unit == MINUTE

    def test_seconds_of_00_in_twenty_rows_are_no_seconds(self) -> None:
        assert read(*["2026-05-31T16:05:00Z"] * 20).unit == MINUTE
        assert read(*["2026-05-31T16:05:00Z"] * 19).unit == SECOND
        assert read(*["2026-05-31T16:05:00Z"] * 19, "2026-05-31T16:05:01Z").unit == SECOND

    def test_fractions_are_finer(self) -> None:
        assert read("2026-05-31T16:05:11.5Z").unit == 1000
        assert read("2026-05-31T16:05:11.000001Z").unit == 1
        assert read(*["2026-05-31T16:05:11.500Z"] * 30).unit == 1000

    def test_dates_alone_are_known_to_the_day(self) -> None:
        found = read("2026-05-31", "2026-06-01", zone="Europe/Berlin")
        assert found.unit == DAY
        assert instant(found.at[0]) == "2026-05-30 22:00:00"

    def test_a_date_alone_among_times_is_put_aside(self) -> None:
        found = read("2026-05-31", "2026-06-01T10:00:00Z")
        assert found.unreadable["a date without a time, among dates with times"].tolist() == [0]

    def test_a_date_alone_among_many_times_is_not_taken_for_midnight(self) -> None:
        found = read(*["2026-06-01T10:00:00Z"] * 30, "2026-05-31")
        assert found.unreadable["a date without a time, among dates with times"].tolist() == [30]


OFFSETS = st.integers(-12 * 60, 14 * 60).map(lambda minutes: timezone(timedelta(minutes=minutes)))
MOMENTS = st.datetimes(FIRST, LAST, timezones=OFFSETS)


@settings(deadline=None, max_examples=60)
@given(st.lists(MOMENTS, min_size=1, max_size=50), st.sampled_from(["T", " "]))
def test_iso_with_offset_round_trips(moments: list[datetime], gap: str) -> None:
    found = read(*(moment.isoformat(sep=gap) for moment in moments))
    assert found.at.tolist() == [micros(moment) for moment in moments]
    assert found.zoned


WRITTEN = ("%Y-%m-%dT%H:%M:%S.%f%z", "%Y/%m/%d %H:%M:%S %z", "%d %b %Y %I:%M:%S %p %z", "%B %d, %Y %H:%M:%S%z")


@settings(deadline=None, max_examples=60)
@given(st.lists(st.tuples(MOMENTS, st.sampled_from(WRITTEN)), min_size=1, max_size=30))
def test_mixed_shapes_of_one_column_are_each_read_alike(rows: list[tuple[datetime, str]]) -> None:
    found = read(*(moment.strftime(form) for moment, form in rows))
    meant = [micros(moment if "%f" in form else moment.replace(microsecond=0)) for moment, form in rows]
    assert found.at.tolist() == meant


@settings(deadline=None, max_examples=60)
@given(
    moments=st.lists(st.datetimes(FIRST, LAST), min_size=1, max_size=40),
    mark=st.sampled_from("/-."),
    day_first=st.booleans(),
)
def test_days_and_months_round_trip_or_are_refused(moments: list[datetime], mark: str, *, day_first: bool) -> None:
    form = f"%d{mark}%m{mark}%Y %H:%M" if day_first else f"%m{mark}%d{mark}%Y %H:%M"
    try:
        found = read(*(moment.strftime(form) for moment in moments), zone="UTC")
    except NoOrderError:
        assert all(moment.day <= 12 for moment in moments)
        return
    minutes = [micros(moment.replace(second=0, microsecond=0, tzinfo=UTC)) for moment in moments]
    assert found.at.tolist() == minutes


@settings(deadline=None, max_examples=60)
@given(st.lists(st.text(max_size=45), min_size=1, max_size=40))
def test_no_text_at_all_breaks_the_reading(cells: list[str]) -> None:
    found = read(*cells, zone="UTC", day_first=True)
    assert len(found.at) == len(cells)


def test_the_fast_way_and_the_slow_way_agree() -> None:
    cells = [f"2026-{month:02}-{day:02} {day - 1:02}:05:{month:02}" for month in range(1, 13) for day in range(1, 24)]
    fast = read(*cells, zone="America/New_York")
    slow = read(*cells, zone="America/New_York", formats=("%Y-%m-%d %H:%M:%S",))
    assert fast.at.tolist() == slow.at.tolist()
    assert fast.unit == slow.unit == SECOND

"""What a report says of a service: availability by period, what is excluded, credits and their claims."""

from __future__ import annotations

from typing import Annotated, Self

from pydantic import Field, model_validator

from slaaudit.report.schema.kinds import Count, Date, Decimal, Instant, Length, Part, Row, Verdict, Zone


class Availability(Part):
    """A period of a service."""

    policy: Count
    clause: str
    component: str | None
    """Null for all components together."""
    period: str
    from_: Annotated[Instant, Field(alias="from")]
    to: Instant
    timezone: Zone
    """The zone in which the period is cut."""
    to_date: bool
    """Whether it is counted only up to as-of."""
    method: str | None
    total_s: Length
    excluded_s: Length
    downtime_s: Length | None
    requests: Count | None
    """Null, as ``failed`` is, where time was counted."""
    failed: Count | None
    outages: Count
    availability: Decimal | None
    promised: Decimal
    verdict: Verdict
    waived: str | None
    """Why a breach is waived."""

    @model_validator(mode="after")
    def _counts_together(self) -> Self:
        if (self.requests is None) != (self.failed is None):
            raise ValueError("requests and failed are both numbers or both null")
        return self


class Outage(Part):
    """A stretch in which a service was down."""

    policy: Count
    clause: str
    component: str | None
    from_: Annotated[Instant, Field(alias="from")]
    to: Instant
    share: Decimal
    """How much of the service was down, in percent."""
    incidents: list[str]


class Excluded(Part):
    """An incident, or a stretch of maintenance, that is no outage."""

    policy: Count
    clause: str
    component: str | None
    incident: str | None
    """Null for maintenance."""
    from_: Annotated[Instant, Field(alias="from")]
    to: Instant
    exclusion: str
    file: str | None
    row: Row | None


class Amount(Part):
    """So many days, percent, rights, or so much money."""

    amount: Decimal
    unit: str


class Claim(Part):
    """A step of a claim, and its last day."""

    step: str | None
    from_: Annotated[str, Field(alias="from")]
    day_zero: Date
    last_day: Date
    closes_at: Instant
    status: str | None
    """open, closing or lapsed; null unless as-of was given."""
    guessed: bool
    """Whether day 0 is not in the data."""
    before_final: bool
    """Whether it lapses before the period is over."""


class Credit(Part):
    """What a missed promise earns."""

    policy: Count
    clause: str
    component: str | None
    severity: str | None
    period: str
    to_date: bool
    tier: str
    credit: Amount
    """As it was earned."""
    right: str | None
    fee: Decimal | None
    sum: Decimal | None
    """In money; null where no fee makes it so."""
    currency: str | None
    granted: Amount
    """What is left after floors, minimum amounts, alternatives and caps."""
    arithmetic: str
    claim_by: Date | None
    claim_status: str | None
    claims: list[Claim]

"""What a report says of tickets: counts, shares, measurements with their evidence, findings, the helpdesk's results."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from slaaudit.report.schema.kinds import (
    Binding,
    Count,
    Date,
    Decimal,
    Difference,
    Instant,
    Length,
    Part,
    Place,
    Row,
    Verdict,
)

Outcomes = Literal["kept", "not-kept", "no-verdict"]


class Periods(Part):
    """The periods of a service by verdict; ``waived`` says how many of the breached are."""

    met: Count
    breached: Count
    waived: Count
    running: Count
    unknown: Count


class Outcome(Part):
    """The verdict as one, and the counts it rests on."""

    verdict: Outcomes
    fail_on: Literal["breach", "warranted", "unknown", "finding", "never"]
    exit_code: Count
    sentence: str
    complaint: str | None
    """Why there is no verdict."""
    measured: Count
    met: Count
    warranted: Count
    """Breaches of clauses that warrant."""
    missed: Count
    """Breaches of clauses that only name a target."""
    waived: Count
    running: Count
    unknown: Count
    no_target: Count
    excluded: Count
    shares_failed: Count
    failing: Count
    """What the promise fails by: breaches, missed shares and periods."""
    rejected: Count
    periods: Periods
    close: dict[str, Count]
    """Breaches by less than so much."""
    kindest: Outcomes
    """The verdict if every doubt went the vendor's way."""
    merged: Count
    unseen_after_as_of: Count


class Summary(Part):
    """The counts of a clause and severity."""

    policy: Count
    clause: str
    title: str
    severity: str | None
    binding: Binding
    target: str | None
    measured: Count
    met: Count
    breached: Count
    waived: Count
    running: Count
    no_target: Count
    excluded: Count
    unknown: Count
    superseded: Count
    caveats: dict[str, Count]
    attainment: Decimal | None
    """met / (met + breached) in percent."""
    promised: Decimal | None
    p50_s: Length | None
    p90_s: Length | None
    worst_s: Length | None


class Attainment(Part):
    """A promised share in a period."""

    policy: Count
    clause: str
    severity: str | None
    period: str
    met: Count
    breached: Count
    waived: Count
    """How many of the breached are."""
    share: Decimal
    promised: Decimal
    verdict: Verdict
    fails: bool
    """Whether it is not reached, and would not be if the waived breaches were kept."""


class Extreme(Part):
    """The breaches under one combination of readings."""

    breached: Count
    readings: dict[str, str]


class Extremes(Part):
    """The combinations of readings that are kindest to each side."""

    customer: Extreme
    vendor: Extreme


class Ticket(Part):
    """A ticket with the words that the export has of it."""

    ticket: str
    created_at: Instant | None
    fields: dict[str, str]


class Origin(Part):
    """The export's row that an event comes from."""

    file: str
    row: Row
    column: str
    actor: str
    word: str | None


class Evidence(Part):
    """What started a clock and what stopped it."""

    start: Origin | None
    stop: Origin | None


class Stretch(Part):
    """A row of a worksheet."""

    from_: Annotated[Instant, Field(alias="from")]
    to: Instant
    state: str
    severity: str | None
    counted: bool
    took_s: Difference
    """Below zero where it takes off pauses of which only the total is known."""
    total_s: Difference
    why: str
    file: str | None
    row: Row | None
    word: str | None


class Measurement(Part):
    """A clock with its result."""

    ticket: str
    policy: Count
    clause: str
    cycle: Row
    severity: str | None
    verdict: Verdict
    reason: str | None
    calendar: str | None
    started_at: Instant | None
    stopped_at: Instant | None
    due_at: Instant | None
    target_s: Length | None
    elapsed_s: Length | None
    over_s: Length | None
    paused_s: Length
    paused_most_s: Length | None
    caveats: list[str]
    waived: str | None
    """Why a breach is waived."""
    evidence: Evidence
    worksheet: list[Stretch] = Field(default_factory=list)


class Waiver(Part):
    """A breach that somebody lets pass, and what that comes to."""

    ticket: str | None
    incident: str | None
    clause: str
    reason: str
    by: str
    expires: Date
    file: str
    line: Row
    waives: Count
    """How many breaches or periods it lets pass."""
    idle: str | None
    """Why it lets none pass."""


class Finding(Part):
    """A sign that the record was shaped: an observation, not an accusation."""

    kind: str
    ticket: str
    policy: Count | None = None
    clause: str | None
    at: Instant | None
    detail: str
    used: Decimal | None = None
    """The share of its target that a clock had used, in percent."""
    other: str | None = None
    """Another ticket that it speaks of."""
    evidence: list[Place]


class AtRisk(Part):
    """A running clock that has used most of its target."""

    ticket: str
    policy: Count
    clause: str
    cycle: Row
    severity: str | None
    verdict: Verdict
    used: Decimal
    due_at: Instant | None


class Theirs(Part):
    """A result of the helpdesk's own."""

    result: str | None
    elapsed_s: Difference | None
    due_at: Instant | None
    target_s: Difference | None
    file: str
    row: Row


class Compared(Part):
    """A result of the helpdesk's own that does not agree with ours."""

    ticket: str | None
    clause: str | None
    about: str
    name: str | None
    stand: str
    ours: Verdict | None
    theirs: Theirs
    elapsed_difference_s: Difference | None
    due_difference_s: Difference | None
    target_difference_s: Difference | None
    cause: str | None
    detail: str | None


class Cause(Part):
    """Differences of one clause and likely cause."""

    clause: str
    cause: str
    detail: str | None
    differ: Count
    turned: Count
    least_s: Difference | None
    most_s: Difference | None
    examples: list[str]


class Reconciliation(Part):
    """The helpdesk's own results beside ours."""

    agree: Count
    differ: Count
    only_theirs: Count
    only_ours: Count
    causes: list[Cause]
    rows: list[Compared]


class Turning(Part):
    """How many tickets a reading turns alone."""

    policy: Count
    clause: str
    reading: str
    choices: list[str]
    turns: Count


class Dispute(Part):
    """How firm a breach is: what choices make it one, and what choices save the vendor."""

    ticket: str | None = None
    period: str | None = None
    component: str | None = None
    policy: Count
    clause: str
    standing: Literal["solid", "arguable", "clear", "unsettled"]
    caveats: list[str]
    combinations: Count
    breached_in: Count
    makes: dict[str, str] | None
    saves: dict[str, str] | None
    waived: str | None
    """Why a breach is let pass, by whichever reading it is one."""

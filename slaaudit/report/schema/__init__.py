"""The report as models: every field of ``slaaudit.report/1``, its JSON Schema, and a check of data against it."""

from typing import Annotated, Any, Literal

from pydantic import Field
from pydantic.json_schema import GenerateJsonSchema

from slaaudit.report.schema.kinds import Instant, Part
from slaaudit.report.schema.promises import Calendar, Clause, Config, Input, Period, Policy, Rejected, Tool, Unaudited
from slaaudit.report.schema.service import Availability, Credit, Excluded, Outage
from slaaudit.report.schema.tickets import (
    AtRisk,
    Attainment,
    Dispute,
    Extremes,
    Finding,
    Measurement,
    Outcome,
    Reconciliation,
    Summary,
    Ticket,
    Turning,
    Waiver,
)


class Report(Part):
    """A report of `slaaudit check`, `credits` or `dispute`; each has the keys that it has something to say of."""

    schema_: Annotated[Literal["slaaudit.report/1"], Field(alias="schema")]
    tool: Tool
    policies: Annotated[list[Policy], Field(min_length=1)]
    inputs: list[Input]
    as_of: Instant
    """When the record was judged."""
    as_of_given: bool
    """Whether that was asked for."""
    period: Period | None
    config: Config | None = None
    outcome: Outcome | None = None
    clauses: list[Clause] = Field(default_factory=list)
    calendars: list[Calendar] = Field(default_factory=list)
    summary: list[Summary] = Field(default_factory=list)
    attainments: list[Attainment] = Field(default_factory=list)
    extremes: Extremes | None = None
    tickets: list[Ticket] = Field(default_factory=list)
    measurements: list[Measurement] = Field(default_factory=list)
    availability: list[Availability] = Field(default_factory=list)
    outages: list[Outage] = Field(default_factory=list)
    excluded: list[Excluded] = Field(default_factory=list)
    credits: list[Credit] = Field(default_factory=list)
    waivers: list[Waiver] = Field(default_factory=list)
    findings: list[Finding] = Field(default_factory=list)
    reconciliation: Reconciliation | None = None
    at_risk: list[AtRisk] | None = None
    notes: list[str] = Field(default_factory=list)
    """What the evidence as a whole cannot show."""
    not_audited: list[Unaudited] = Field(default_factory=list)
    rejected: list[Rejected] = Field(default_factory=list)
    readings: list[Turning] = Field(default_factory=list)
    """Of a dispute: how many tickets each reading turns alone."""
    disputes: list[Dispute] = Field(default_factory=list)
    """Of a dispute: how firm each breach is."""


class _Plain(GenerateJsonSchema):
    """Schemas without titles, which only say the names again."""

    def field_title_should_be_set(self, schema: Any) -> bool:  # noqa: ARG002  (pydantic's own signature)
        return False


def report_schema() -> dict[str, Any]:
    """The JSON Schema (draft 2020-12) of ``slaaudit.report/1``."""
    made = Report.model_json_schema(by_alias=True, schema_generator=_Plain)
    for part in (made, *made["$defs"].values()):
        part.pop("title", None)
    return {"$schema": GenerateJsonSchema.schema_dialect, "title": "slaaudit report", **made}

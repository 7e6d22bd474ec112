"""Promises about uptime: over which periods, what an outage is, and what is taken out."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import Field

from slaaudit.policy.credits import Credits, Period
from slaaudit.policy.kinds import Length, Part, Percent, Word, one_or_many
from slaaudit.policy.promise import Clause

Method = Literal["downtime", "failure-rate", "error-rate", "average-error-rate"]


class Outage(Part):
    """What counts as an outage at all."""

    at_least: Length = 0
    """How long an outage must last, joined with those it touches."""
    counts_from: Literal["start", "threshold"] = "start"
    """Whether a long enough outage counts from its start, or only from when it was long enough."""
    affecting: Percent | None = None
    """The share of the service that must at least be affected."""


class Maintenance(Part):
    """When scheduled maintenance is excluded. What is not, although it was scheduled, is ``otherwise``."""

    notice: Length = 0
    """How long before its start it must have been announced."""
    budget: Length | None = None
    """How much of it is excluded in a period, the earliest first."""
    per: Period | None = None
    """The period of the budget; the clause's own where it is missing."""
    otherwise: Literal["downtime", "nothing"] = "downtime"
    """What maintenance beyond the budget or announced too late is: an outage, or nothing by itself."""


class ErrorRate(Part):
    """Slices of time, each with its share of failed requests.

    By method error-rate a slice is down where that share is above a threshold; by method average-error-rate it is down
    by that share.
    """

    slice: Length
    above: Percent | None = None


class AvailabilityClause(Clause):
    """A promise about uptime: a share of each period, less what ``excludes`` takes out."""

    measure: Literal["availability"]
    period: Period = Period()
    timezone: Word | None = None
    promised: Percent
    method: Annotated[tuple[Method, ...], one_or_many(Method)] = ("downtime",)
    """How it is measured: the first for which there is an input."""
    per: Literal["all", "component"] = "all"
    excluded_from: Literal["both", "downtime"] = "both"
    """Whether scheduled maintenance leaves the period too, or only the downtime."""
    length: Length | None = None
    """The length that every period is taken to have, like 30d, whatever its days."""
    outage: Outage = Outage()
    weights: dict[str, dict[str, Percent]] = Field(default_factory=dict)
    """How much an outage counts, by the words of a field: {severity: {major: 100%, partial: 30%}}."""
    maintenance: Maintenance = Maintenance()
    error_rate: ErrorRate | None = None
    """What the methods error-rate and average-error-rate go by."""
    assumes: dict[str, Word] = Field(default_factory=dict)
    """What a field of an incident is taken for where the export leaves it empty."""
    credits: Credits | None = None

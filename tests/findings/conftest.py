"""Findings of a log written by hand: events as short lines, one policy with every clause that a finding looks at."""

from __future__ import annotations

import numpy as np
import pytest

from slaaudit.audit import AuditOptions, audit
from slaaudit.evidence import ReadOptions, read
from slaaudit.findings import Thresholds, findings
from slaaudit.policy import load
from slaaudit.report.findings import seen

POLICY = """\
slaaudit: 1
id: acme
vendor: Acme
title: Acme support policy
timezone: UTC
severity-set-by: {set_by}
severities: {{S1: {{aliases: [critical]}}, S2: {{}}, S3: {{}}}}
clauses:
  response: {{measure: first-response, targets: {{S1: 100m on always, S2: 200m on always}}}}
  resolution:
    measure: resolution
    clock: {{pauses: [waiting]}}
    targets: {{S1: 1000m on always, S2: 2000m on always}}
  queue: {{measure: order, title: First in first out{excludes}}}
"""
HEAD = "ticket_id,at,event,actor,value,old\n"


def found_in(tmp_path, paths, as_of, kinds="", thresholds=None, options=None, **asked):
    instant = int(np.datetime64(as_of.rstrip("Z"), "us").astype(np.int64))
    made = audit(read(paths, options or ReadOptions()), [load(str(tmp_path / "acme.yaml"))],
                 AuditOptions(as_of=instant, **asked))  # fmt: skip
    chosen = thresholds or Thresholds()
    found = seen(made, findings(made, chosen), chosen)
    return [each for each in found if not kinds or each.kind in kinds.split()]


@pytest.fixture
def audited(tmp_path):
    """The findings of files that lie in the folder, under the same policy, or another one."""

    def made(*names: str, policy: str = POLICY.format(set_by="customer", excludes=""),
             as_of: str = "2026-03-20T00:00:00Z", **asked):  # fmt: skip
        (tmp_path / "acme.yaml").write_text(policy)
        return found_in(tmp_path, [str(tmp_path / name) for name in names], as_of, **asked)

    return made


@pytest.fixture
def told(tmp_path):
    """The findings of some events, in words. An event is ``TICKET DAY-TIME EVENT ACTOR VALUE OLD``."""

    def made(*events: str, kinds: str = "", as_of: str = "2026-03-20T00:00:00Z", set_by: str = "customer",
             excludes: str = "", thresholds: Thresholds | None = None, tickets: str = "", period: str | None = None,
             only: list[str] | None = None, policy: str = ""):  # fmt: skip
        (tmp_path / "acme.yaml").write_text(policy or POLICY.format(set_by=set_by, excludes=excludes))
        rows = []
        for event in events:
            ticket, at, what, actor, value, old = [*event.split(), "", "", "", "", ""][:6]
            day, _, time = at.partition("-")
            time = time if time.count(":") == 2 else f"{time}:00"
            rows.append(f"{ticket},2026-03-{day}T{time}Z,{what},{actor},{value},{old}\n")
        (tmp_path / "log.csv").write_text(HEAD + "".join(rows))
        paths = [str(tmp_path / "log.csv")]
        if tickets:
            (tmp_path / "tickets.csv").write_text(tickets)
            paths.insert(0, str(tmp_path / "tickets.csv"))
        return found_in(tmp_path, paths, as_of, kinds, thresholds, period=period, tickets=only)

    return made

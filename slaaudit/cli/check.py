"""``slaaudit check``: hold exports against a policy and say what was kept."""

from __future__ import annotations

import typer

from slaaudit.cli import options  # noqa: TC001  (typer reads the annotations)
from slaaudit.cli.annotating import annotated
from slaaudit.cli.checking import Wanted, exit_code_of_check
from slaaudit.cli.given import given_by
from slaaudit.cli.options import FAIL_ON, FORMATS, one_of, share_of_target
from slaaudit.cli.pack import pack_asked


def check(  # noqa: PLR0913  (typer reads one parameter a flag)
    context: typer.Context,
    files: options.Files,
    *,
    incidents: options.Incidents = None,
    maintenance: options.Maintenance = None,
    usage: options.Usage = None,
    fee: options.Fee = "",
    policy: options.Policies = None,
    reading: options.Readings = None,
    waivers: options.Waivers = None,
    mapping: options.Mapping = "",
    column: options.Columns = None,
    value: options.Values = None,
    timezone: options.Timezone = "",
    date_format: options.DateFormat = "",
    set_field: options.Sets = None,
    as_of: options.AsOf = "",
    period: options.PeriodText = "",
    period_by: options.PeriodBy = "start",
    report_format: options.Format = "console",
    output: options.Outputs = None,
    rejects: options.Rejects = "",
    worksheets: options.Worksheets = False,
    reconcile: options.Reconcile = False,
    extremes: options.Extremes = False,
    at_risk: options.AtRisk = "",
    findings: options.FindingsAsked = False,
    threshold: options.ThresholdFlags = None,
    pack: options.PackPath = "",
    redact: options.Redact = None,
    pseudonyms: options.Pseudonyms = "",
    fail_on: options.FailOnFinding = "breach",
    strict: options.Strict = False,
    quiet: options.Quiet = False,
    verbose: options.Verbose = False,
) -> None:
    """Hold exports against a policy.

    The report says what was kept, what was not, by how much, and what the evidence leaves open.

    Exit code 0: nothing that --fail-on names. 1: something it names. 2: the command, the policy, the mapping
    or the waivers cannot be used. 3: the evidence cannot be used, or nothing could be measured.
    """
    given = given_by(locals())
    wanted = Wanted(
        report_format=one_of("--format", report_format, FORMATS),
        outputs=tuple(output or ()),
        rejects=rejects,
        worksheets=worksheets,
        fail_on=one_of("--fail-on", fail_on, (*FAIL_ON, "finding")),
        strict=strict,
        quiet=quiet,
        verbose=verbose,
        reconcile=reconcile,
        at_risk=share_of_target("--at-risk", at_risk) if at_risk else None,
        pack=pack_asked(pack, redact, pseudonyms),
        findings=findings,
        extremes=extremes,
    )
    with annotated(wanted.report_format):
        raise typer.Exit(exit_code_of_check(given, wanted))

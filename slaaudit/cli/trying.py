"""The examples of policies, run and told; what comes of them as an exit code."""

from __future__ import annotations

import sys
from typing import TYPE_CHECKING

import typer

from slaaudit.errors import EvidenceError, SlaauditError, UsageError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import Console

    from slaaudit.policy.example_reader import PolicyExamples

HOLDS, FAILS = 0, 1


def tried(files: Sequence[str], *, verbose: bool) -> int:
    """Run the examples of every policy, once however often it is named, and say how it went; the exit code.

    A file that cannot be used stands before a failure, and that before a policy without examples: to test nothing is no
    pass, as an audit that measures nothing is none.
    """
    from slaaudit.policy.example_reader import named_once, policy_examples
    from slaaudit.report.layout import console_on
    from slaaudit.report.policy_text import said

    console = console_on(sys.stdout)
    ends: set[int] = set()
    for name in named_once(files):
        try:
            found = policy_examples(name)
            ends.add(_tried(found, console, verbose=verbose))
        except SlaauditError as error:
            typer.echo(said(str(error)), err=True)
            ends.add(UsageError.exit_code)
    return next(code for code in (UsageError.exit_code, FAILS, EvidenceError.exit_code, HOLDS) if code in ends)


def _tried(found: PolicyExamples, console: Console, *, verbose: bool) -> int:
    from slaaudit.rehearsal import rehearsed
    from slaaudit.report.example_facts import misses
    from slaaudit.report.example_text import print_failure, print_holding, print_sum

    failed = 0
    for trial in found.trials:
        rehearsal = rehearsed(trial, found.loaded)
        differences = misses(rehearsal)
        if differences:
            failed += 1
            print_failure(rehearsal, differences, console, verbose=verbose)
        elif verbose:
            print_holding(rehearsal, console)
    print_sum(found, failed, console)
    if not found.trials:
        return EvidenceError.exit_code
    return FAILS if failed else HOLDS

"""``slaaudit claim --waivers``: a waiver changes no credit, and the letter about a waived miss says that it is waived.

T-2 is answered after 2 hours, where one is promised. The service is down for 10 hours of April and of May.
"""

from __future__ import annotations

import pytest

CREDITS = """\
  uptime:
    measure: availability
    timezone: UTC
    promised: 99%
    credits:
      period: quarter
      tiers: [{below: 99.9%, credit: 10%}]
      claim: {within: 90 days, from: period-end}
readings:
"""
OF_TICKETS = """\
    attainment: 90%
    credits:
      severities: S1
      tiers: [{below: 90%, credit: 5%}]
      claim: {within: 60 days, from: period-end}
"""
INCIDENTS = """\
incident_id,started_at,ended_at
I-1,2026-04-12T00:00:00Z,2026-04-12T10:00:00Z
I-2,2026-05-10T00:00:00Z,2026-05-10T10:00:00Z
"""
TARGETS = "    targets: {S1: 1h on always, S2: 4h on office}\n"
SERVICE = ("claim", "--incidents", "incidents.csv", "-p", "acme.yaml", "--as-of", "2026-07-05")
TICKETS = ("claim", "tickets.csv", "-p", "acme.yaml", "--as-of", "2026-06-05")


@pytest.fixture(autouse=True)
def _files(folder):
    policy = (folder / "acme.yaml").read_text()
    (folder / "acme.yaml").write_text(policy.replace(TARGETS, TARGETS + OF_TICKETS).replace("readings:\n", CREDITS))
    (folder / "incidents.csv").write_text(INCIDENTS)


@pytest.fixture
def waived(folder):
    """A way to write a file of one waiver."""

    def write(subject, name, clause, reason="Agreed"):
        entry = f"- {{{subject}: {name}, clause: {clause}, reason: {reason}, by: board, expires: 2026-12-31}}\n"
        (folder / "waivers.yaml").write_text(entry)
        return "--waivers", "waivers.yaml"

    return write


SECTION = "## Waived\n\nA waiver changes no count and no credit. These misses are waived:\n\n- {}\n\n"


@pytest.mark.parametrize(
    ("words", "entry", "said"),
    [
        (TICKETS, ("ticket", "T-2", "response"), "T-2: by board until 2026-12-31: Agreed"),
        (SERVICE, ("incident", "I-2", "uptime"), "2026-05, incident I-2: by board until 2026-12-31: Agreed"),
    ],
)
def test_the_letter_is_the_same_but_for_the_section_that_tells_of_it(run, waived, words, entry, said):
    plain = run(*words)
    ended = run(*words, *waived(*entry))

    assert plain.code == ended.code == 0
    assert plain.out.startswith("# Claim under")
    assert "aive" not in plain.out
    assert ended.out.replace(SECTION.format(said), "") == plain.out
    assert SECTION.format(said) in ended.out


def test_a_credit_of_a_quarter_tells_of_its_months_whatever_the_period_asked_for(run, waived):
    """The quarter's credit is asked for by one of its months; the waived month is another."""
    ended = run(*SERVICE, *waived("incident", "I-1", "uptime"), "--period", "2026-05")

    assert "- 2026-04, incident I-1: by board until 2026-12-31: Agreed" in ended.out


def test_a_miss_that_no_waiver_lets_pass_is_told_of_as_ever(run, folder, waived):
    """May loses 10 + 11 hours: without either it is below its promise, so nothing is waived."""
    (folder / "incidents.csv").write_text(INCIDENTS + "I-3,2026-05-20T00:00:00Z,2026-05-20T11:00:00Z\n")

    assert run(*SERVICE, *waived("incident", "I-2", "uptime")).out == run(*SERVICE).out


def test_as_text_it_fits_a_page(run, waived):
    words = waived("ticket", "T-2", "response", reason="a power cut " * 12)
    told = run(*TICKETS, *words, "--format", "txt").out
    section = told.split("\n\nWAIVED\n")[1].split("\n\nEVIDENCE")[0].splitlines()

    assert section[0] == "A waiver changes no count and no credit. These misses are waived:"
    assert section[2].startswith("  T-2: by board until 2026-12-31: a power cut")
    assert max(map(len, section)) <= 80


def test_a_hostile_reason_is_shown_and_takes_no_effect(run, waived):
    told = run(*TICKETS, *waived("ticket", "T-2", "response", reason='"\\e[31m[x](http://evil) *b*"')).out

    assert "\x1b" not in told
    assert "\\[x\\](http://evil) \\*b\\*" in told


@pytest.mark.parametrize(
    ("words", "entry", "said"),
    [
        (SERVICE, ("ticket", "T-2", "response"), "no tickets are read here"),
        (SERVICE, ("incident", "I-9", "uptime"), "the input has no incident 'I-9'"),
        (TICKETS, ("incident", "I-1", "uptime"), "the input has no incident 'I-1'"),
        (TICKETS, ("ticket", "T-9", "response"), "the input has no ticket 'T-9'"),
        (TICKETS, ("ticket", "T-2", "respond"), "the policy has no clause 'respond'"),
    ],
)
def test_what_matches_nothing_is_refused_as_by_credits_and_check(run, waived, words, entry, said):
    ended = run(*words, *waived(*entry))

    assert ended.code == 2
    assert said in ended.err
    assert not ended.out


def test_credits_names_the_waivers_to_the_claim_that_it_proposes(run, waived):
    words = waived("incident", "I-2", "uptime")
    ended = run("credits", *SERVICE[1:], *words, "--quiet")
    _, _, following = ended.out.strip().partition("Next: slaaudit ")

    assert following.endswith("--waivers waivers.yaml")
    assert "## Waived" in run(*following.split()).out


def test_the_project_file_names_waivers_for_it(run, folder, waived):
    waived("ticket", "T-2", "response")
    (folder / "slaaudit.toml").write_text('waivers = "waivers.yaml"\n')

    assert "## Waived" in run(*TICKETS).out

"""What is read ahead is what is there, and what goes wrong is told where it is asked for."""

import pytest

from slaaudit.cli.ahead import BytesAhead


def test_the_bytes_of_each_file_are_given_once_and_again(folder):
    ahead = BytesAhead(["tickets.csv", "acme.yaml", "tickets.csv"])
    expected = (folder / "tickets.csv").read_bytes()
    assert [ahead("tickets.csv"), ahead("tickets.csv")] == [expected, expected]
    assert ahead("acme.yaml") == (folder / "acme.yaml").read_bytes()


def test_a_file_that_nobody_named_beforehand_is_read_when_asked_for(folder):
    assert BytesAhead([])("acme.yaml") == (folder / "acme.yaml").read_bytes()


def test_what_goes_wrong_is_raised_to_whoever_asks(folder):
    ahead = BytesAhead(["nothing.csv", str(folder)])
    with pytest.raises(FileNotFoundError):
        ahead("nothing.csv")
    with pytest.raises(IsADirectoryError):
        ahead(str(folder))


def test_a_faulty_policy_is_told_before_a_missing_export(run, folder):
    (folder / "acme.yaml").write_text("slaaudit: 2\n")
    ended = run("check", "nothing.csv", "--policy", "acme.yaml")
    assert (ended.code, "acme.yaml:1" in ended.err, "nothing.csv" in ended.err) == (2, True, False)

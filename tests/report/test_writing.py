"""Files appear whole or not at all."""

from __future__ import annotations

import os
import stat

import pytest

from slaaudit.errors import UsageError
from slaaudit.report.writing import check_writable, whole_file


def test_a_file_that_was_written_to_its_end_takes_its_name(tmp_path):
    with whole_file(str(tmp_path / "report.json")) as stream:
        stream.write("all")
        assert not (tmp_path / "report.json").exists()

    assert (tmp_path / "report.json").read_text() == "all"
    assert os.listdir(tmp_path) == ["report.json"]  # noqa: PTH208  (what a person would list)


def write_half(path):
    with whole_file(path) as stream:
        stream.write("half")
        raise RuntimeError


def test_a_failure_half_way_leaves_the_old_file_and_nothing_else(tmp_path):
    (tmp_path / "report.json").write_text("old")
    with pytest.raises(RuntimeError):
        write_half(str(tmp_path / "report.json"))

    assert [(path.name, path.read_text()) for path in tmp_path.iterdir()] == [("report.json", "old")]


def test_the_mode_of_the_file_that_is_replaced_stays(tmp_path):
    path = tmp_path / "report.json"
    path.write_text("old")
    path.chmod(0o640)
    with whole_file(str(path)) as stream:
        stream.write("new")

    assert stat.S_IMODE(path.stat().st_mode) == 0o640


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real.json").write_text("old")
    (tmp_path / "link.json").symlink_to(tmp_path / "real.json")
    with whole_file(str(tmp_path / "link.json")) as stream:
        stream.write("new")

    assert (tmp_path / "link.json").is_symlink()
    assert (tmp_path / "real.json").read_text() == "new"


def test_a_folder_that_is_not_there_and_a_folder_as_file_are_found_before_the_work(tmp_path):
    for path in (tmp_path / "none" / "report.json", tmp_path):
        with pytest.raises(UsageError, match="cannot write"):
            check_writable(str(path))


def test_checking_writes_nothing(tmp_path):
    check_writable(str(tmp_path / "report.json"))

    assert list(tmp_path.iterdir()) == []

"""``slaaudit verify`` finds the originals wherever they may lie, and trusts nothing that a pack says of itself."""

from __future__ import annotations

import json
import shutil
import stat
import warnings
import zipfile

import pytest

from slaaudit.report.pack import store

LIST = "ticket_id,created_at,severity,status,first_response_at\n"
ROW = ",2026-05-04T13:00:00Z,S1,open,2026-05-06T15:00:00Z\n"


@pytest.fixture
def packed(run, folder):
    """A pack, as a folder and as a zip file, of two lists of one name, away from them."""
    for month, ticket in (("jan", "J-1"), ("feb", "F-1")):
        (folder / "data" / month).mkdir(parents=True)
        (folder / "data" / month / "t.csv").write_text(LIST + ticket + ROW)
    (folder / "away").mkdir()
    words = ("data/jan/t.csv", "data/feb/t.csv", "--policy", "acme.yaml", "--reading", "urgency=hour", "--quiet")
    for name in ("away/pack", "away/pack.zip"):
        assert run("check", *words, "--pack", name).code == 1
    return folder / "away"


@pytest.fixture
def away(packed, monkeypatch):
    monkeypatch.chdir(packed)
    return packed


def test_what_is_not_found_is_told_with_what_to_give(run, away):
    ended = run("verify", "pack.zip")
    assert ended.code == 3
    said = " ".join(ended.out.split())
    assert "jan/t.csv, feb/t.csv, acme.yaml were not found. Name the files, or their folder, after the pack." in said
    assert away.is_dir()


@pytest.mark.parametrize(
    "files",
    [
        ("../data/feb/t.csv", "../acme.yaml", "../data/jan/t.csv"),
        ("../data", "../acme.yaml"),
        ("..", "../data"),
    ],
)
@pytest.mark.usefixtures("away")
def test_originals_are_named_or_lie_in_folders_that_are(run, files):
    assert run("verify", "pack.zip", *files).code == 0
    assert run("verify", "pack", *files).code == 0


def test_originals_of_other_names_are_known_by_their_contents(run, away):
    shutil.copy("../data/jan/t.csv", "january.csv")
    shutil.copy("../data/feb/t.csv", "t.csv")
    shutil.copy("../acme.yaml", "contract.yaml")
    assert run("verify", "pack.zip").code == 0
    (away / "elsewhere").mkdir()
    for name in ("january.csv", "t.csv", "contract.yaml"):
        (away / name).rename(away / "elsewhere" / name)
    named = [f"elsewhere/{name}" for name in ("contract.yaml", "t.csv", "january.csv")]
    assert run("verify", "pack.zip", *named).code == 0
    (away / "elsewhere" / "t.csv").write_text(LIST + "F-2" + ROW)
    ended = run("verify", "pack.zip", *named)
    assert (ended.code, "elsewhere/t.csv: no original of this pack" in ended.err) == (3, True)


def test_the_file_with_the_right_contents_is_taken_before_one_with_the_name_alone(run, away):
    """What lies in the current folder is another month's; what lies beside the pack is the original."""
    shutil.copytree("../data", "data")
    (away / "here").mkdir()
    shutil.copytree("../data/jan", "here/feb")
    shutil.copytree("../data/jan", "here/jan")
    shutil.copy("../acme.yaml", "here/acme.yaml")
    assert run("verify", "pack.zip", "here", "data").code == 0
    ended = run("verify", "pack.zip", "here")
    assert ended.code == 1
    assert "feb/t.csv: is not the export file that was read" in ended.out


def changed(pack, change) -> None:
    """Change the manifest of a folder, by ``change``."""
    file = pack / "manifest.json"
    manifest = json.loads(file.read_text())
    change(manifest)
    file.write_text(json.dumps(manifest))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("files", ["/etc/hostname"]), ("policies", ["/etc/hostname"]), ("mapping", "../secret.yaml"),
        ("fee", "secret.yaml"), ("files", "jan/t.csv"), ("files", [1]), ("as_of", 5), ("thresholds", 7),
        ("period_by", None), ("reconcile", "yes"), ("files", []), ("policies", []),
    ],
)  # fmt: skip
def test_a_manifest_that_asks_for_other_files_or_for_nonsense_is_damaged(run, packed, key, value):
    (packed.parent / "secret.yaml").write_text("secret: words\n")
    changed(packed / "pack", lambda manifest: manifest["options"].update({key: value}))
    ended = run("verify", "away/pack", "data", "acme.yaml")
    assert (ended.code, ended.out) == (3, "")
    assert "manifest.json is damaged: " in ended.err
    assert "secret: words" not in ended.err


@pytest.mark.parametrize("name", ["/etc/hostname", "../../acme.yaml"])
def test_a_name_that_leads_out_of_the_folder_is_not_followed(run, packed, name):
    changed(packed / "pack", lambda manifest: manifest["originals"][0].update(name=name))
    changed(packed / "pack", lambda manifest: manifest["options"]["files"].__setitem__(0, name))
    ended = run("verify", "away/pack", "data/feb/t.csv", "acme.yaml")
    assert ended.code == 3
    assert f"Not worked out again: {name} was not found." in " ".join(ended.out.split())


@pytest.mark.parametrize(
    "change",
    [
        lambda manifest: manifest["originals"].append({"name": None, "role": 3, "size": 1, "sha256": ""}),
        lambda manifest: manifest["originals"][0].update(size="1"),
        lambda manifest: manifest["files"].append({"path": ["x"], "size": 1, "sha256": ""}),
        lambda manifest: manifest.update(redacted=[{}]),
        lambda manifest: manifest["originals"].clear(),
    ],
)
def test_rows_of_a_manifest_that_are_none_are_told(run, packed, change):
    changed(packed / "pack", change)
    ended = run("verify", "away/pack", "data")
    assert (ended.code, ended.out) == (3, "")
    assert "manifest.json is damaged: " in ended.err


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (lambda manifest: manifest["policies"][0].update(sha256="0"), "manifest.json policies[acme].sha256: differs"),
        (lambda manifest: manifest["originals"][0].update(role="policy"), "manifest.json originals[jan/t.csv].role"),
        (lambda manifest: manifest["originals"][0].update(size=1), "jan/t.csv: is not the export file that was read"),
        (lambda manifest: manifest.update(approved="by everybody"), "manifest.json approved: differs"),
        (lambda manifest: manifest["files"].insert(0, {**manifest["files"][0], "sha256": "0"}), "README.txt: is not"),
    ],
)
def test_a_manifest_that_tells_otherwise_is_found_and_named(run, packed, change, said):
    changed(packed / "pack", change)
    ended = run("verify", "away/pack", "data", "acme.yaml")
    assert ended.code == 1
    assert said in ended.out


def test_links_in_a_pack_are_refused(run, packed):
    (packed / "pack" / "more").symlink_to(packed)
    ended = run("verify", "away/pack", "data", "acme.yaml")
    assert (ended.code, ended.out) == (3, "")
    assert "more is a link or a device, and a pack holds plain files" in ended.err
    with zipfile.ZipFile(packed / "pack.zip", "a") as archive:
        link = zipfile.ZipInfo("more")
        link.external_attr = (stat.S_IFLNK | 0o777) << 16
        archive.writestr(link, "/etc/hostname")
    assert "more is a link or a device" in run("verify", "away/pack.zip", "data", "acme.yaml").err


def test_a_zip_file_with_two_files_of_one_name_is_refused(run, packed):
    """Some programs show the first of them, some the last."""
    pack = packed / "pack.zip"
    with zipfile.ZipFile(pack) as archive:
        files = {name: archive.read(name) for name in archive.namelist()}
    with warnings.catch_warnings(), zipfile.ZipFile(pack, "w") as archive:
        warnings.simplefilter("ignore")
        for name, data in [("report.html", b"Kept"), *files.items()]:
            archive.writestr(name, data)
    ended = run("verify", "away/pack.zip", "data", "acme.yaml")
    assert (ended.code, ended.out) == (3, "")
    assert "it holds report.html more than once" in ended.err


def test_names_that_lead_out_of_a_pack_are_never_written(run, packed):
    with zipfile.ZipFile(packed / "pack.zip", "a") as archive:
        archive.writestr("../../evil.txt", "x")
    ended = run("verify", "away/pack.zip", "data", "acme.yaml")
    assert ended.code == 1
    assert "../../evil.txt: is in the pack, and its manifest does not know it" in ended.out
    assert list(packed.parent.parent.rglob("evil*")) == []


def test_a_pack_with_files_of_others_in_it_is_not_replaced(run, packed):
    words = ("check", "data/jan/t.csv", "data/feb/t.csv", "--policy", "acme.yaml", "--quiet", "--fail-on", "never")
    assert run(*words, "--pack", "away/pack").code == 0
    (packed / "pack" / "breaches" / "my notes.txt").write_text("by hand")
    ended = run(*words, "--pack", "away/pack")
    assert (ended.code, ended.out) == (2, "")
    assert "the folder holds other files (breaches/my notes.txt); name a new one" in ended.err
    assert (packed / "pack" / "breaches" / "my notes.txt").read_text() == "by hand"
    ended = run(*words, "--pack", "away/p.zip", "--redact", "severity", "--pseudonyms", "away/p.zip")
    assert "the table that undoes the pseudonyms must not lie in the pack" in ended.err


def test_what_is_read_from_a_pack_is_not_replaced_by_one(run, packed):
    policy = "away/pack/policy/acme.yaml"
    ended = run("check", "data/jan/t.csv", "--policy", policy, "--quiet", "--pack", "away/pack")
    assert (ended.code, ended.out) == (2, "")
    assert f"--pack away/pack: {policy} is to be read and lies there" in ended.err
    assert (packed / "pack" / "report.txt").exists()


@pytest.mark.parametrize("stopped_at", [1, 2, 3])
def test_a_pack_that_is_replaced_is_whole_before_or_after(tmp_path, monkeypatch, stopped_at):
    """Whatever stops it between its steps: the old pack is there, or the new one, and nothing beside it."""
    target = tmp_path / "packs" / "pack"
    target.parent.mkdir()
    store.write_pack({"manifest.json": b"old"}, str(target))
    rename = type(target).rename
    done = []

    def stopping(self, other):
        done.append(other)
        if len(done) == stopped_at:
            raise KeyboardInterrupt
        return rename(self, other)

    monkeypatch.setattr(type(target), "rename", stopping)
    if stopped_at < 3:
        with pytest.raises(KeyboardInterrupt):
            store.write_pack({"manifest.json": b"new"}, str(target))
    else:
        store.write_pack({"manifest.json": b"new"}, str(target))
    assert (target / "manifest.json").read_bytes() == (b"old" if stopped_at < 3 else b"new")
    assert [file.name for file in target.parent.iterdir()] == ["pack"]


def test_a_link_to_a_folder_is_followed(tmp_path):
    (tmp_path / "real").mkdir()
    (tmp_path / "pack").symlink_to(tmp_path / "real")
    store.check_place(str(tmp_path / "pack"))
    store.write_pack({"manifest.json": b"{}"}, str(tmp_path / "pack"))
    assert (tmp_path / "pack").is_symlink()
    assert (tmp_path / "real" / "manifest.json").read_bytes() == b"{}"

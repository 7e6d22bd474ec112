"""``--pack`` and ``slaaudit verify``: T-2 is breached by an hour under every reading once urgency is settled."""

from __future__ import annotations

import json
import shutil
import zipfile

import pytest

from slaaudit.report.pack.contents import stamp

CHECK = ("check", "tickets.csv", "--policy", "acme.yaml", "--reading", "urgency=hour", "--quiet")
VALUES = ("Ada Example", "Bo <b>Example</b>", "=cmd|x", "Login fails for Ada Example")


@pytest.fixture
def packed(run, folder):
    """A pack of an export with people and hostile text in it."""
    (folder / "tickets.csv").write_text(
        "ticket_id,created_at,severity,status,first_response_at,requester,Subject\n"
        "T-1,2026-05-04T13:00:00Z,S1,open,2026-05-04T13:40:00Z,Bo <b>Example</b>,Printer\n"
        "T-2,2026-05-04T13:00:00Z,S1,open,2026-05-06T15:00:00Z,Ada Example,Login fails for Ada Example\n"
        "<T>/../3,2026-05-04T13:00:00Z,S1,open,2026-05-06T15:00:00Z,=cmd|x,Mail\n"
    )
    assert run(*CHECK, "--pack", "pack").code == 1
    return folder / "pack"


def texts(pack) -> dict[str, str]:
    return {file.relative_to(pack).as_posix(): file.read_text() for file in pack.rglob("*") if file.is_file()}


def test_a_pack_has_the_report_a_page_a_solid_breach_the_policy_and_a_manifest(packed):
    names = set(texts(packed))
    assert {"README.txt", "report.txt", "report.json", "disputes.json", "manifest.json", "policy/acme.yaml"} <= names
    assert {name for name in names if name.startswith("breaches/")} == {
        "breaches/T-2-response.html", "breaches/T-3-response.html",
    }  # fmt: skip
    manifest = json.loads(texts(packed)["manifest.json"])
    assert [(row["name"], row["role"]) for row in manifest["originals"]] == [
        ("tickets.csv", "export"), ("acme.yaml", "policy"),
    ]  # fmt: skip
    assert {row["path"] for row in manifest["files"]} == names - {"manifest.json"}


def test_a_page_shows_the_worksheet_and_the_rows_as_they_stood_and_no_foreign_markup(packed):
    page = texts(packed)["breaches/T-2-response.html"]
    assert "breached by 2d 1h" in page
    assert "<td>Login fails for Ada Example</td>" in page
    hostile = texts(packed)["breaches/T-3-response.html"]
    assert "&lt;T&gt;/../3" in hostile
    assert "<T>" not in hostile


def test_it_verifies_where_the_originals_are(run, packed):
    ended = run("verify", "pack")
    assert ended.code == 0
    assert ended.out.startswith("Verified: ")
    (packed.parent / "elsewhere").mkdir()
    shutil.move(packed.parent / "tickets.csv", packed.parent / "elsewhere" / "tickets.csv")
    assert run("verify", "pack", "elsewhere/tickets.csv").code == 0


def test_without_the_originals_the_pack_alone_is_looked_at(run, packed):
    (packed.parent / "tickets.csv").unlink()
    ended = run("verify", "pack")
    assert ended.code == 3
    assert "Not worked out again: tickets.csv was not found." in ended.out


def test_the_same_inputs_give_the_same_bytes_in_any_place_and_surroundings(run, run_apart, packed):
    for name in ("one.zip", "two.zip"):
        run(*CHECK, "--pack", name)
    assert (packed.parent / "one.zip").read_bytes() == (packed.parent / "two.zip").read_bytes()
    other = packed.parent / "other"
    other.mkdir()
    for name in ("tickets.csv", "acme.yaml"):
        shutil.copy(packed.parent / name, other / name)
    words = [f"other/{word}" if word in ("tickets.csv", "acme.yaml") else word for word in CHECK]
    run_apart(*words, "--pack", "three.zip", TZ="Pacific/Auckland", PYTHONHASHSEED="7", COLUMNS="200")
    assert (packed.parent / "three.zip").read_bytes() == (packed.parent / "one.zip").read_bytes()


def test_a_changed_byte_in_any_file_of_the_pack_is_found_and_named(run, packed):
    for name in texts(packed):
        if name == "manifest.json":
            continue
        file = packed / name
        whole = file.read_bytes()
        middle = len(whole) // 2
        file.write_bytes(whole[:middle] + bytes([whole[middle] ^ 1]) + whole[middle + 1 :])
        ended = run("verify", "pack")
        assert ended.code == 1, name
        assert f"  {name}: is not the file that was packed" in ended.out
        file.write_bytes(whole)
    assert run("verify", "pack").code == 0


def test_a_page_that_was_changed_with_its_manifest_does_not_come_out_again(run, packed):
    file = packed / "breaches" / "T-2-response.html"
    file.write_text(file.read_text().replace("2d 1h", "5d 1h"))
    manifest = json.loads((packed / "manifest.json").read_text())
    (row,) = [row for row in manifest["files"] if row["path"] == "breaches/T-2-response.html"]
    row.update(stamp(file.read_bytes()))
    (packed / "manifest.json").write_text(json.dumps(manifest))
    ended = run("verify", "pack")
    assert ended.code == 1
    assert "The pack against its manifest" not in ended.out
    assert "breaches/T-2-response.html line" in ended.out


def test_a_changed_original_is_named_and_what_it_changes_is_told_to_the_field(run, packed):
    export = packed.parent / "tickets.csv"
    export.write_text(export.read_text().replace("2026-05-06T15:00:00Z,Ada", "2026-05-06T15:00:01Z,Ada"))
    ended = run("verify", "pack", "--verbose")
    assert ended.code == 1
    assert "tickets.csv: is not the export file that was read" in ended.out
    assert (
        "report.json measurements[T-2, response, 1].elapsed_s: differs\n    then 180000\n    now  180001\n" in ended.out
    )


def test_a_changed_policy_is_named_and_what_it_changes_too(run, packed):
    policy = packed.parent / "acme.yaml"
    policy.write_text(policy.read_text().replace("1h on always", "2h on always"))
    ended = run("verify", "pack", "--verbose")
    assert ended.code == 1
    assert "acme.yaml: is not the policy file that was read" in ended.out
    assert "measurements[T-2, response, 1].target_s: differs\n    then 3600\n    now  7200\n" in ended.out


def test_a_file_more_or_less_is_named(run, packed):
    (packed / "more.txt").write_text("x")
    (packed / "report.txt").unlink()
    ended = run("verify", "pack")
    assert ended.code == 1
    assert "more.txt: is in the pack, and its manifest does not know it" in ended.out
    assert "report.txt: is missing from the pack" in ended.out


def test_redacted_values_are_nowhere_in_the_pack_and_their_table_is_kept_apart(run, packed):
    words = ("--redact", "requester", "--redact", "subject", "--pseudonyms", "table.json")
    assert run(*CHECK, "--pack", "safe", *words).code == 1
    found = texts(packed.parent / "safe")
    for name, text in found.items():
        for value in (*VALUES, "Bo &lt;b&gt;Example", "Ada", "Login"):
            assert value not in text, name
    assert "requester-2" in found["breaches/T-2-response.html"]
    assert "Replaced by pseudonyms: requester, subject." in found["breaches/T-2-response.html"]
    assert json.loads((packed.parent / "table.json").read_text())["requester"][1] == "Ada Example"
    assert run("verify", "safe").code == 0
    assert run("verify", "safe", "--pseudonyms", "table.json").code == 0


def test_the_table_gives_the_next_pack_the_same_pseudonyms(run, packed):
    words = ("--redact", "requester", "--pseudonyms", "table.json")
    run(*CHECK, "--pack", "first", *words)
    head, one, two, three = (packed.parent / "tickets.csv").read_text().splitlines()
    (packed.parent / "tickets.csv").write_text(f"{head}\n{two}\n{three}\n{one}\n")
    run(*CHECK, "--pack", "second", *words)
    assert "requester-2" in texts(packed.parent / "second")["breaches/T-2-response.html"]
    assert run("verify", "second", "--pseudonyms", "table.json").code == 0
    assert run("verify", "second").code == 1  # numbered by first appearance, Ada comes first


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--redact", "requester"), "--redact concerns an evidence pack; give --pack too"),
        (("--pack", "p", "--pseudonyms", "t.json"), "--pseudonyms keeps the table of what --redact replaces"),
        (("--pack", "p", "--redact", "requestor"), "did you mean requester?"),
        (("--pack", "tickets.csv"), "--pack tickets.csv: it is a file; name a folder, or a file that ends in .zip"),
        (("--pack", "nowhere/p"), "--pack nowhere/p: there is no folder nowhere; make it first"),
        (("--pack", "."), "--pack .: the folder holds other files; name a new one"),
    ],
)
def test_what_cannot_be_packed_is_told_and_nothing_is_written(run, packed, words, said):
    before = sorted(packed.parent.iterdir())
    ended = run(*CHECK, *words)
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err
    assert sorted(packed.parent.iterdir()) == before


def test_standard_input_cannot_be_packed(run_apart):
    ended = run_apart(
        "check", "-", "--policy", "acme.yaml", "--pack", "p", stdin=b"ticket_id,created_at\n1,2026-05-04\n"
    )
    assert (ended.code, ended.out) == (2, "")
    assert "standard input cannot be read again to verify; save it to a file" in ended.err


@pytest.mark.parametrize(
    ("manifest", "said"),
    [
        ("{", "manifest.json is damaged"),
        ("[]", "is not a pack's manifest"),
        ('{"schema": "slaaudit.pack/9"}', "this version reads slaaudit.pack/1"),
        ('{"schema": "slaaudit.pack/1"}', "tool is missing or is no dict"),
        (
            json.dumps({"schema": "slaaudit.pack/1", "tool": {}, "options": {}, "redacted": [], "originals": [1],
                        "policies": [], "files": []}),
            "a row of originals lacks name, role, size, sha256",
        ),
    ],
)  # fmt: skip
def test_a_damaged_manifest_is_told(run, packed, manifest, said):
    (packed / "manifest.json").write_text(manifest)
    ended = run("verify", "pack")
    assert (ended.code, ended.out) == (3, "")
    assert said in ended.err


def test_what_is_no_pack_is_told(run, folder):
    (folder / "broken.zip").write_bytes(b"PK\x03\x04 and no more")
    with zipfile.ZipFile(folder / "other.zip", "w") as archive:
        archive.writestr("a.txt", "a")
    faults = {
        "absent": "there is no such pack",
        "broken.zip": "the pack cannot be read",
        "other.zip": "this is no pack: it has no manifest.json",
        "tickets.csv": "the pack cannot be read",
    }
    for name, said in faults.items():
        ended = run("verify", name)
        assert (ended.code, ended.out) == (3, ""), name
        assert said in ended.err


@pytest.mark.usefixtures("packed")
def test_a_file_that_is_no_original_is_told(run):
    ended = run("verify", "pack", "other.csv")
    assert ended.code == 3
    assert "other.csv: no original of this pack; it was made from tickets.csv, acme.yaml" in ended.err

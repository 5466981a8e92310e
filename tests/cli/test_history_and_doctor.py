"""`history` and `doctor`: what they say, in text and as documents, and what they never change."""

from __future__ import annotations

import hashlib
import os
import shutil
import tempfile
from pathlib import Path

import pytest

from omk_tui.core.records.file_names import ACCEPT_FILE, CHECKPOINTS_FILE, JOURNAL_FILE, LEDGER_FILE
from omk_tui.demo import goal_id
from omk_tui.engine.deciding import transaction
from omk_tui.engine.gating.run_folders import lock_folder
from tests.cli.commands import Desk

CONFLICTS, READY, REJECTED = goal_id("conflicts"), goal_id("ready"), goal_id("rejected-before")


@pytest.fixture(autouse=True)
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder for temporary files that no other test leaves anything in."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


def tree(top: Path) -> dict[str, str]:
    return {
        str(path.relative_to(top)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(top.rglob("*"))
        if path.is_file()
    }


def test_a_goal_without_decisions_has_no_history(desk: Desk) -> None:
    ended = desk.run("history", READY)
    assert (ended.code, ended.out) == (0, "")
    assert "No decision" in ended.err


def test_history_tells_who_decided_what_and_why(desk: Desk) -> None:
    assert desk.run("reject", CONFLICTS, "--reason", "first").code == 0
    assert desk.run("accept", CONFLICTS, "--summary", "second", "--despite-conflicts").code == 0
    ended = desk.run("history", CONFLICTS, "--verify", "--json")
    document = ended.document
    assert ended.code == 0 and document["intact"] is True
    assert [one["verb"] for one in document["decisions"]] == ["reject", "accept"]
    assert [one["text"] for one in document["decisions"]] == ["first", "second"]
    assert all("@" in one["who"] and len(one["snapshot"]) == 64 for one in document["decisions"])
    assert all(one["unchanged"] for one in document["files"])
    text = desk.run("history", CONFLICTS, "--verify").out
    assert text.index("second") < text.index("first") and "cannot show" in text


def test_verify_finds_a_changed_line_and_a_dropped_one(desk: Desk) -> None:
    for text in ("one", "two", "three"):
        assert desk.run("reject", CONFLICTS, "--reason", text).code == 0
    ledger = desk.goal(CONFLICTS) / LEDGER_FILE
    whole = ledger.read_bytes()
    lines = whole.splitlines(keepends=True)
    for forged in (
        whole.replace(b'"text":"one"', b'"text":"0ne"'),
        whole.replace(b'"text":"three"', b'"text":"thr33"'),
        lines[0] + lines[2],
    ):
        ledger.write_bytes(forged)
        ended = desk.run("history", CONFLICTS, "--verify", "--json")
        assert ended.code == 1 and ended.document["intact"] is False
        assert desk.run("doctor", "--json").document["findings"][0]["code"] == "ledger"
    ledger.write_bytes(whole)
    assert desk.run("history", CONFLICTS, "--verify").code == 0


def test_verify_says_when_todays_files_are_others(desk: Desk) -> None:
    assert desk.run("reject", CONFLICTS, "--reason", "no").code == 0
    proof = desk.goal(CONFLICTS) / "proof.json"
    proof.write_bytes(proof.read_bytes() + b"\n")
    document = desk.run("history", CONFLICTS, "--verify", "--json").document
    assert {one["path"] for one in document["files"] if not one["unchanged"]} == {"proof.json"}
    assert document["intact"] is True


def test_a_decision_of_omk_itself_and_a_removed_line_leave_a_file(desk: Desk) -> None:
    """No chain shows that its newest lines are gone; omk's own files still tell of the decision."""
    assert desk.run("history", REJECTED, "--json").document["unlisted"][0]["text"].startswith("The README omits")
    assert "is empty" in desk.run("history", REJECTED).err
    assert desk.run("reject", CONFLICTS, "--reason", "to reject").code == 0
    assert desk.run("accept", CONFLICTS, "--summary", "to accept", "--despite-conflicts").code == 0
    assert desk.run("history", CONFLICTS, "--json").document["unlisted"] == []
    ledger = desk.goal(CONFLICTS) / LEDGER_FILE
    ledger.write_bytes(ledger.read_bytes().splitlines(keepends=True)[0])
    document = desk.run("history", CONFLICTS, "--verify", "--json").document
    (gone,) = document["unlisted"]
    assert document["intact"] is True
    assert (gone["verb"], gone["text"], gone["path"]) == ("accept", "to accept", ACCEPT_FILE)
    assert "NOT IN THIS RECORD" in desk.run("history", CONFLICTS).out
    (desk.goal(CONFLICTS) / ACCEPT_FILE).write_text("[]")
    (gone,) = desk.run("history", CONFLICTS, "--json").document["unlisted"]
    assert (gone["verb"], gone["path"]) == ("", CHECKPOINTS_FILE)
    assert "decision  20" in desk.run("history", CONFLICTS).out


def test_a_line_that_was_removed_before_the_next_decision_is_missed(desk: Desk) -> None:
    ledger = desk.goal(CONFLICTS) / LEDGER_FILE
    for text in ("one", "two"):
        assert desk.run("reject", CONFLICTS, "--reason", text).code == 0
    ledger.write_bytes(ledger.read_bytes().splitlines(keepends=True)[0])
    assert desk.run("reject", CONFLICTS, "--reason", "three").code == 0
    document = desk.run("history", CONFLICTS, "--verify", "--json").document
    assert [one["text"] for one in document["decisions"]] == ["one", "three"] and document["intact"] is True
    (gone,) = document["unlisted"]
    assert document["decisions"][0]["decided_at"] < gone["decided_at"] < document["decisions"][1]["decided_at"]


def test_the_ledger_of_another_goal_is_none_of_this_one(desk: Desk) -> None:
    assert desk.run("reject", CONFLICTS, "--reason", "no").code == 0
    other = desk.goal(READY) / LEDGER_FILE
    other.parent.mkdir(parents=True, exist_ok=True)
    other.write_bytes((desk.goal(CONFLICTS) / LEDGER_FILE).read_bytes())
    ended = desk.run("history", READY, "--verify", "--json")
    assert ended.code == 1 and ended.document["intact"] is False
    assert "another goal" in ended.document["decisions"][0]["fault"]
    other.unlink()
    other.symlink_to("nowhere")
    assert desk.run("history", READY).code == 1, "a link to nothing is no empty record"


def test_doctor_finds_nothing_on_the_samples(desk: Desk) -> None:
    before = tree(desk.root)
    ended = desk.run("doctor")
    assert (ended.code, ended.out) == (0, "[x] nothing to mend\n")
    assert tree(desk.root) == before


def test_doctor_names_what_is_left_behind_and_repairs_only_what_is_ours(desk: Desk) -> None:
    folder = desk.goal(READY)
    ours = folder / ".goal.json.omk-tui.123e4567-e89b-42d3-a456-426614174000"
    theirs = folder / ".proof.json.tmp.123e4567-e89b-42d3-a456-426614174000"
    ours.write_bytes(b"half")
    theirs.write_bytes(b"half")
    (folder / JOURNAL_FILE).write_bytes(b"omk-tui-journal/1 cut off")
    with (folder / "events.jsonl").open("ab") as log:
        log.write(b'{"id":')
    os.chmod(folder / "goal.json", 0o644)
    codes = {one["code"] for one in desk.run("doctor", "--json").document["findings"]}
    assert codes == {"interrupted", "temporary", "omk_temporary", "torn_log", "permissions"}
    assert ours.exists() and (folder / JOURNAL_FILE).exists()

    repaired = desk.run("doctor", "--repair", "--json").document
    assert repaired["repaired"] is True
    assert not ours.exists() and not (folder / JOURNAL_FILE).exists() and theirs.exists()
    assert {one["code"] for one in desk.run("doctor", "--json").document["findings"]} == {
        "omk_temporary",
        "torn_log",
        "permissions",
    }


def test_a_decision_of_another_key_is_finished_by_doctor_only_when_told_yes(
    desk: Desk, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def stop(*_: object) -> str:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(transaction, "_carry_out", stop)
        assert desk.run("reject", CONFLICTS, "--reason", "no").code == 130
    monkeypatch.setenv("XDG_STATE_HOME", str(tmp_path / "another"))  # the folder with the key is gone
    journal = desk.goal(CONFLICTS) / JOURNAL_FILE
    checked = desk.run("check", CONFLICTS)
    assert checked.code == 4
    assert "omk-tui doctor --repair" in checked.out
    declined = desk.run("doctor", "--repair")
    assert "--yes says yes" in declined.err
    assert journal.exists()
    assert "finished it" in desk.run("doctor", "--repair", "--yes").out
    assert not journal.exists()
    assert desk.run("history", CONFLICTS).out.count("reject") == 1


def test_a_decision_that_cannot_be_finished_is_told(desk: Desk) -> None:
    assert desk.run("reject", CONFLICTS, "--reason", "no").code == 0
    (desk.goal(CONFLICTS) / JOURNAL_FILE).mkdir()
    ended = desk.run("history", CONFLICTS, "--json")
    assert (ended.code, ended.document["intact"], len(ended.document["decisions"])) == (0, None, 1)
    assert "interrupted" in ended.document["interrupted"]
    verified = desk.run("history", CONFLICTS, "--verify")
    assert verified.code == 1 and "note: a decision was interrupted" in verified.err


def test_doctor_names_folders_of_killed_gates_and_removes_those_that_nobody_uses(desk: Desk, temporary: Path) -> None:
    for name in ("omk-tui-gates-left", "omk-tui-gates-used"):
        (temporary / name / "checkout").mkdir(parents=True)
        os.utime(temporary / name, (0, 0))
    lock = lock_folder(str(temporary / "omk-tui-gates-used"))
    ended = desk.run("doctor")
    assert "temporary folders\n" in ended.out and "omk-tui-gates-used" not in ended.out
    assert "omk-tui-gates-left is left of gates whose run was killed" in " ".join(ended.out.split())
    assert "omk-tui doctor --repair removes it" in ended.out
    (found,) = desk.run("doctor", "--repair", "--json").document["findings"]
    assert (found["code"], found["goal_id"], found["repair"]) == ("gates_folder", None, "removed it")
    assert os.listdir(temporary) == ["omk-tui-gates-used"]
    assert desk.run("doctor").out == "[x] nothing to mend\n"
    os.close(lock)


def test_doctor_names_what_can_never_be_opened(desk: Desk) -> None:
    events = desk.goal(READY) / "events.jsonl"
    events.unlink()
    os.mkfifo(events)
    (desk.goal(CONFLICTS) / "prd.md").unlink(missing_ok=True)
    (desk.goal(CONFLICTS) / "prd.md").mkdir(mode=0o700)
    found = [(one["goal_id"], one["code"], one["text"]) for one in desk.run("doctor", "--json").document["findings"]]
    assert (READY, "unreadable", "events.jsonl: it is a FIFO, and is not opened") in found
    assert any((goal, code, text[:6]) == (CONFLICTS, "unreadable", "prd.md") for goal, code, text in found)


def test_both_are_documents_when_they_fail(desk: Desk) -> None:
    assert desk.run("history", "nobody", "--json").code == 1
    assert desk.run("history", "nobody", "--json").document["why"]
    assert desk.run("doctor", READY).code == 2
    assert desk.run("history").code == 2


def test_a_folder_of_goals_that_cannot_be_read_is_a_failure_of_doctor(desk: Desk) -> None:
    (desk.root / "goals").rename(desk.root / "other")
    (desk.root / "goals").write_text("no folder")
    ended = desk.run("doctor", "--json")
    assert ended.code == 1
    assert "cannot be read" in ended.document["why"]


@pytest.mark.parametrize("version", [1, 2])
def test_a_ledger_of_an_earlier_version_is_still_read_and_verified(desk: Desk, version: int) -> None:
    earlier = Path(__file__).parents[1] / f"engine/earlier/ledger-{version}.jsonl"
    goal = "goal-20260611-101520-048-0a1b2c3d"
    folder = desk.root / "goals" / goal
    shutil.copytree(desk.goal(READY), folder)
    (folder / LEDGER_FILE).parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(earlier, folder / LEDGER_FILE)
    document = desk.run("history", goal, "--verify", "--json").document
    assert document["intact"] is True
    assert [one["snapshot_version"] for one in document["decisions"]] == [version, version]
    assert desk.run("reject", goal, "--reason", "a new one").code == 0
    document = desk.run("history", goal, "--verify", "--json").document
    assert document["intact"] is True
    assert [one["snapshot_version"] for one in document["decisions"]] == [version, version, 2]

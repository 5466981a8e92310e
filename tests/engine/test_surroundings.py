"""What stands round a goal's documents: the project's HEAD, the controller, the logs' last lines."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from omk_tui.core.records.facts import HeadCheck
from omk_tui.core.records.proof import GitEvidence
from omk_tui.core.review.reading import Reading
from tests.core.documents import GOAL_ID, goal_json, proof_json, row_json
from tests.engine.states import NOW, State, change

NOW_SECONDS = NOW // 10**9


def codes(state: State) -> set[str]:
    return {warning.code for warning in state.review().judgement.warnings}


def head(state: State) -> HeadCheck:
    return state.review().facts.head


# -- HEAD


def test_the_head_of_the_evidence_is_the_projects(state: State) -> None:
    state.add(proof=proof_json(commits=[state.commit()]))
    assert head(state).state == "same"
    assert "head_moved" not in codes(state)


def test_a_head_that_moved_on_is_a_warning_with_both_hashes(state: State) -> None:
    old = state.commit("one")
    new = state.commit("two")
    state.add(proof=proof_json(commits=[old]))
    assert (head(state).state, head(state).evidence, head(state).project) == ("moved", old, new)
    warning = next(one for one in state.review().judgement.warnings if one.code == "head_moved")
    assert old[:12] in warning.text
    assert new[:12] in warning.text


def test_a_head_that_went_back_is_moved_too(state: State) -> None:
    state.commit("one")
    new = state.commit("two")
    state.git("reset", "--quiet", "--hard", "HEAD~1")
    state.add(proof=proof_json(commits=[new]))
    assert head(state).state == "moved"


def test_the_first_commit_counts_and_without_one_the_proofs_git_head(state: State) -> None:
    old, new = state.commit("one"), state.commit("two")
    git = {"branch": "main", "head": new, "dirty": False}
    folder = state.add(proof=proof_json(commits=[old, new], git=git))
    assert head(state).evidence == old
    change(folder / "proof.json", commits=[])
    assert (head(state).state, head(state).evidence) == ("same", new)
    change(folder / "proof.json", commits=[""])
    assert head(state).state == "not checked"


def test_an_abbreviated_commit_is_compared_too(state: State) -> None:
    old = state.commit("one")
    state.add(proof=proof_json(commits=[old[:10]]))
    assert head(state).state == "same"
    state.commit("two")
    assert head(state).state == "moved"


@pytest.mark.parametrize("kind", ["no repository", "no commit", "unknown commit", "no commit in proof", "no hash"])
def test_what_cannot_be_compared_is_said_not_to_be_checked(state: State, kind: str) -> None:
    commits = ["1" * 40]
    match kind:
        case "no commit":
            state.git("init", "--quiet")
        case "unknown commit" | "no commit in proof" | "no hash":
            state.commit()
            commits = {"no commit in proof": [], "no hash": ["--all\nHEAD"]}.get(kind, commits)
    state.add(proof=proof_json(commits=commits))
    assert head(state).state == "not checked"
    assert head(state).text.startswith("HEAD not checked: ")
    assert "head_moved" not in codes(state)


def test_a_detached_head_is_compared_though_it_gives_no_git_evidence(state: State) -> None:
    old = state.commit("one")
    state.commit("two")
    state.git("checkout", "--quiet", "--detach")
    state.add(proof=proof_json(commits=[old]))
    assert head(state).state == "moved"
    assert state.review().git is None


def test_a_sub_directory_of_a_repository_is_no_project(state: State) -> None:
    commit = state.commit()
    below = state.project / "below"
    below.mkdir()
    state.add(proof=proof_json(commits=[commit]))
    state.project = below
    assert head(state).state == "not checked"
    assert state.review().git is None


def test_the_git_evidence_is_branch_head_and_dirty_flag(state: State) -> None:
    commit = state.commit()
    state.add()
    assert state.review().git == GitEvidence("main", commit, dirty=False)
    (state.project / "new file").write_text("")
    assert state.review().git == GitEvidence("main", commit, dirty=True)
    assert state.plan().proof.git == GitEvidence("main", commit, dirty=True)


def test_without_git_on_the_path_there_is_no_evidence(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    state.commit()
    state.add()
    monkeypatch.setenv("PATH", str(state.base))
    assert shutil.which("git") is None
    assert state.review().git is None


def test_a_repository_behind_a_link_is_found(state: State) -> None:
    commit = state.commit()
    state.add(proof=proof_json(commits=[commit]))
    link = state.base / "link"
    link.symlink_to(state.project)
    state.project = link
    assert head(state).state == "same"


def test_a_project_that_is_gone_is_no_repository(state: State) -> None:
    state.add(proof=proof_json(commits=["1" * 40]))
    state.project = state.base / "gone"
    assert head(state).state == "not checked"


# -- the controller


def dead_pid() -> int:
    with subprocess.Popen([sys.executable, "-c", ""]) as process:
        process.wait()
        return process.pid


@pytest.mark.parametrize(
    ("age", "living", "running"),
    [(0, True, True), (30, True, True), (31, True, False), (0, False, False), (-5, True, True)],
)
def test_a_controller_is_at_work_while_its_process_lives_and_its_heart_beats(
    state: State, age: int, living: bool, running: bool
) -> None:
    pid = os.getpid() if living else dead_pid()
    state.add(row=row_json(controller_pid=pid, updated_at=NOW_SECONDS - age))
    assert ("running" in codes(state)) == running
    assert str(state.review().judgement.verdict) == ("running" if running else "acceptable")


@pytest.mark.parametrize("pid", [0, -1, 2**40, "no pid", None])
def test_a_pid_that_is_none_is_no_controller(state: State, pid: object) -> None:
    state.add(row=row_json(controller_pid=pid, updated_at=NOW_SECONDS))
    assert "running" not in codes(state)


def test_a_running_status_alone_is_a_warning(state: State) -> None:
    state.add(goal=goal_json(status="running"), row=row_json(status="running", updated_at=0))
    assert codes(state) == {"running"}
    assert str(state.review().judgement.verdict) == "running"


def test_a_goal_at_work_may_still_be_decided(state: State) -> None:
    """As with omk (H7); what the controller wrote meanwhile is caught by the snapshot digest."""
    state.add(goal=goal_json(status="running"), row=row_json(controller_pid=os.getpid(), updated_at=NOW_SECONDS))
    assert state.recorded("accept", "good").plan.status == "ready"


# -- logs


@pytest.mark.parametrize("name", ["events.jsonl", "budget-checkpoints.jsonl"])
def test_a_log_whose_last_line_has_no_newline_is_told(state: State, name: str) -> None:
    folder = state.add()
    (folder / name).write_bytes(b'{"half":')
    assert codes(state) == {"torn_log"}
    (folder / name).write_bytes(b'{"whole":1}\n')
    assert codes(state) == set()


@pytest.mark.parametrize("name", ["events.jsonl", "budget-checkpoints.jsonl"])
def test_a_torn_last_line_is_ended_before_ours_is_appended(state: State, name: str) -> None:
    folder = state.add()
    (folder / name).write_bytes(b'{"half":')
    plan = state.recorded("reject", "no").plan
    lines = (folder / name).read_bytes().split(b"\n")
    assert lines[0] == b'{"half":'
    assert lines[-1] == b""
    assert len(lines) == (4 if name == "events.jsonl" else 3)
    appended = next(one for one in plan.files if one.path == name)
    assert appended.size == sum(map(len, lines[1:])) + len(lines[1:]), "the newline that ends the torn line is planned"


def test_an_old_event_log_is_left_alone(state: State, tmp_path: Path) -> None:
    folder = state.add()
    (folder / "events.jsonl").rename(folder / "event-log.jsonl")
    reading = state.engine().read(GOAL_ID)
    assert isinstance(reading, Reading) and reading.timeline.source == "event-log.jsonl"
    state.recorded("reject", "no")
    assert (folder / "event-log.jsonl").read_bytes() == b""
    assert (folder / "events.jsonl").read_bytes().count(b"\n") == 2

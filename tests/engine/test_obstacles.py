"""What would hinder a decision half way is found before anything is written (omk finds out in the middle: H8, H9)."""

from __future__ import annotations

import json
import os
import socket
from collections.abc import Callable
from pathlib import Path

import pytest

from omk_tui.core.decision.outcome import Failed, Outcome, Refused
from omk_tui.core.records.file_names import (
    ACCEPT_FILE,
    ARTIFACTS_FOLDER,
    CHECKPOINTS_FILE,
    EVENTS_FILE,
    GOAL_FILE,
    INTEGRATION_FOLDER,
    LEDGER_FILE,
    PROOF_FILE,
    REJECT_FILE,
    ROLLBACK_FILE,
)
from omk_tui.core.records.verb import Verb
from tests.core.documents import GOAL_ID, conflict_task, goal_json, graph_json
from tests.engine.states import State, as_ordinary_user, give_to_ordinary_user

FILES = (REJECT_FILE, ROLLBACK_FILE, EVENTS_FILE, CHECKPOINTS_FILE, LEDGER_FILE)
FOLDERS = (ARTIFACTS_FOLDER, INTEGRATION_FOLDER)
VERBS: tuple[Verb, ...] = ("accept", "reject")


def hindered(state: State, verb: Verb = "reject") -> Refused | Failed:
    """The outcome of a decision that must not have written anything; its plan must say the same."""
    before = state.photo()
    review = state.review()
    planned = state.engine().plan(review, verb, "text")
    outcome: Outcome = state.decide(verb, "text", record_not_ready=True)
    assert isinstance(outcome, (Refused, Failed)), outcome
    assert planned == outcome
    assert state.photo() == before
    return outcome


def clear(path: Path) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.unlink(missing_ok=True)
    return path


@pytest.mark.parametrize("path", FILES)
def test_a_directory_in_the_place_of_a_file(state: State, path: str) -> None:
    folder = state.add()
    clear(folder / path).mkdir()
    assert path in hindered(state).why


@pytest.mark.parametrize("path", FOLDERS)
def test_a_file_in_the_place_of_a_folder(state: State, path: str) -> None:
    folder = state.add()
    clear(folder / path).write_text("")
    assert path in hindered(state).why


@pytest.mark.parametrize("path", [EVENTS_FILE, CHECKPOINTS_FILE, LEDGER_FILE])
@pytest.mark.parametrize("kind", ["fifo", "socket", "dangling link"])
def test_a_log_that_is_no_regular_file(state: State, path: str, kind: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """omk blocks on a FIFO, and creates the target of a dangling link."""
    folder = state.add()
    place = clear(folder / path)
    if kind == "fifo":
        os.mkfifo(place)
    elif kind == "socket":
        monkeypatch.chdir(place.parent)
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(place.name)
    else:
        place.symlink_to("not there")
    assert path in hindered(state).why


@pytest.mark.parametrize("path", [EVENTS_FILE, CHECKPOINTS_FILE, LEDGER_FILE, *FOLDERS])
def test_what_would_be_written_outside_is_refused(state: State, path: str) -> None:
    """omk appends to the target of a link, and sets its mode."""
    folder = state.add()
    outside = state.base / "outside"
    if path in FOLDERS:
        outside.mkdir()
    else:
        outside.write_text("{}\n")
    clear(folder / path).symlink_to(outside)
    outcome = hindered(state)
    assert isinstance(outcome, Refused)
    assert outcome.kind == "outside"
    assert path in outcome.why


@pytest.mark.parametrize("path", [EVENTS_FILE, CHECKPOINTS_FILE])
def test_a_log_that_is_a_link_inside_the_goal_is_followed(state: State, path: str) -> None:
    folder = state.add()
    (folder / "logs").mkdir()
    (folder / "logs/log").write_text("{}\n")
    clear(folder / path).symlink_to("logs/log")
    state.recorded("reject", "no")
    assert (folder / path).is_symlink()
    assert (folder / "logs/log").read_bytes().count(b"\n") == (3 if path == EVENTS_FILE else 2)


@pytest.mark.parametrize("path", [REJECT_FILE, ROLLBACK_FILE])
def test_a_link_in_the_place_of_a_replaced_file_is_replaced_and_not_followed(state: State, path: str) -> None:
    folder = state.add()
    outside = state.base / "outside"
    outside.write_text("keep")
    clear(folder / path).symlink_to(outside)
    state.recorded("reject", "no")
    assert not (folder / path).is_symlink()
    assert outside.read_text() == "keep"


def test_documents_that_are_links_out_of_the_goal_are_not_read_so_nothing_is_decided(state: State) -> None:
    folder = state.add()
    for name in (GOAL_FILE, PROOF_FILE, "task-graph.json"):
        outside = state.base / name
        (folder / name).rename(outside)
        (folder / name).symlink_to(outside)
        assert "outside the goal directory" in hindered(state).why
        (folder / name).unlink()
        outside.rename(folder / name)


def test_an_obstacle_for_the_other_verb_does_not_hinder(state: State) -> None:
    folder = state.add()
    (folder / ACCEPT_FILE).mkdir(parents=True)
    assert ACCEPT_FILE in hindered(state, "accept").why
    state.recorded("reject", "no")


@pytest.mark.parametrize("verb", VERBS)
@pytest.mark.parametrize("lost", [GOAL_FILE, PROOF_FILE, "task-graph.json"])
@pytest.mark.parametrize("how", ["missing", "torn", "wrong shape"])
def test_an_unreadable_document_is_a_failure_before_anything_is_written(
    state: State, verb: Verb, lost: str, how: str
) -> None:
    """omk's reject writes steps 6 to 13 before it finds the graph unreadable (H9)."""
    folder = state.add()
    for path in state.root.glob("omk.db*"):
        path.unlink()
    if how == "missing":
        (folder / lost).unlink()
    else:
        (folder / lost).write_text("{" if how == "torn" else "[]")
    if (verb, lost, how) == ("reject", "task-graph.json", "wrong shape"):
        assert state.recorded(verb, "text").plan.status == "not_ready", "reject reads it raw only, as omk's does"
        return
    outcome = hindered(state, verb)
    assert isinstance(outcome, Failed)
    assert lost in outcome.why


def test_a_graph_that_only_a_raw_read_refuses_fails_before_anything_is_written(state: State) -> None:
    """omk's accept says `ready` in goal.json and then cannot write the proof (H9)."""
    folder = state.add()
    text = json.dumps(graph_json(tasks=[conflict_task(None, merge_conflict_clean=True)]))
    (folder / "task-graph.json").write_text(text.replace('"blocked"', '"\\ud800"'))
    for verb in VERBS:
        assert "task-graph.json" in hindered(state, verb).why


def test_an_invalid_graph_hinders_accept_but_not_reject(state: State) -> None:
    state.add(graph=graph_json(tasks=[], version=0))
    assert "version must be greater than zero" in hindered(state, "accept").why
    state.recorded("reject", "no")


@pytest.mark.parametrize("status", ["paused", "blocked_on_human", "cancelled"])
@pytest.mark.parametrize("verb", VERBS)
def test_a_status_that_forbids_a_decision(state: State, status: str, verb: Verb) -> None:
    state.add(goal=goal_json(status=status))
    outcome = hindered(state, verb)
    assert isinstance(outcome, Refused)
    assert (outcome.kind, outcome.why) == ("status", state.review().judgement.guard)


def close(path: str, mode: int) -> Callable[[Path], None]:
    return lambda folder: (folder / path).chmod(mode)


DECIDE = f"""
before = engine.plan(engine.review({GOAL_ID!r}), "reject", "no")
outcome = engine.decide(Decision("reject", {GOAL_ID!r}, "no"))
print(type(outcome).__name__, type(before).__name__, getattr(outcome, "why", ""))
"""


@pytest.mark.parametrize(
    ("act", "named"),
    [
        (close("", 0o500), "the goal directory"),
        (close(INTEGRATION_FOLDER, 0o500), REJECT_FILE),
        (close(EVENTS_FILE, 0o400), EVENTS_FILE),
        (close(CHECKPOINTS_FILE, 0o400), CHECKPOINTS_FILE),
        (close(GOAL_FILE, 0), GOAL_FILE),
    ],
    ids=["goal directory", "integration folder", "events", "checkpoints", "goal.json"],
)
def test_what_an_ordinary_user_may_not_write(state: State, act: Callable[[Path], None], named: str) -> None:
    folder = state.add()
    (folder / INTEGRATION_FOLDER).mkdir(parents=True)
    (folder / CHECKPOINTS_FILE).write_text("")
    give_to_ordinary_user(state.base)
    modes = {path: path.stat().st_mode for path in (folder, *folder.rglob("*"))}
    before = state.photo()
    act(folder)
    done = as_ordinary_user(DECIDE, state)
    for path, mode in modes.items():
        path.chmod(mode)
    assert done.stderr == ""
    assert done.stdout.startswith("Failed Failed")
    assert named in done.stdout
    assert state.photo() == before


@pytest.mark.parametrize("path", [CHECKPOINTS_FILE, INTEGRATION_FOLDER])
def test_what_belongs_to_somebody_else_and_needs_its_mode_set(
    state: State, path: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = state.add()
    if path in FOLDERS:
        (folder / path).mkdir(parents=True)
    else:
        (folder / path).write_text("")
    monkeypatch.setattr(os, "geteuid", lambda: (folder / path).stat().st_uid + 1)
    assert path in hindered(state).why

"""The list: each directory, each ghost row, newest first, and where the two disagree."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from omk_tui.core.decision.outcome import Failed
from omk_tui.core.judgement.goal_line import GoalLine
from omk_tui.core.records.verb import Verb
from omk_tui.engine.reading import listing
from tests.core.documents import GOAL_ID, conflict_task, goal_json, graph_json, proof_json, row_json
from tests.engine.states import State, put

NEWER = "goal-20260701-000000-000-ffffffff"
LATER = "2026-07-01T00:00:00.5Z"
VERBS: tuple[Verb, ...] = ("accept", "reject")


def rows_of(state: State) -> dict[str, GoalLine]:
    return {line.goal_id: line for line in state.engine().goals().goals}


def forget_database(state: State) -> None:
    for path in state.root.glob("omk.db*"):
        path.unlink()


def test_newest_first_by_nanosecond_then_by_id(state: State) -> None:
    for goal_id, at in (("goal-a", "2026-06-01T00:00:00.000000002Z"), ("goal-b", "2026-06-01T00:00:00.000000001Z"),
                        ("goal-c", "2026-06-01T00:00:00.000000002Z"), ("goal-d", "2027-01-01T00:00:00Z")):  # fmt: skip
        state.add(goal_id, goal=goal_json(goal_id, created_at=at))
    assert [line.goal_id for line in state.engine().goals().goals] == ["goal-d", "goal-c", "goal-a", "goal-b"]


def test_a_line_says_what_its_goal_is(state: State) -> None:
    state.add(graph=graph_json(tasks=[conflict_task(None)]))
    line = rows_of(state)[GOAL_ID]
    assert (line.status, line.phase, line.goal) == ("not_ready", "proof", "Build a log parser")
    assert line.created_at is not None
    assert line.created_at.text() == "2026-06-11T10:15:20.048213377Z"
    assert str(line.verdict) == "conflict"
    assert [(one.good, one.all) for one in (line.gates, line.oracle, line.wall) if one] == [(4, 4), (3, 3), (6, 6)]
    assert (line.conflicts, line.warnings, line.problem) == (1, 0, None)
    assert line.next == f"omk-tui reject {GOAL_ID} --reason TEXT"


def test_a_ghost_row_is_a_line_and_a_note(state: State) -> None:
    state.add()
    state.add_row(row_json("goal-ghost"))
    listing = state.engine().goals()
    ghost = {line.goal_id: line for line in listing.goals}["goal-ghost"]
    assert (ghost.source, str(ghost.verdict), ghost.status) == ("row", "unreadable", "not_ready")
    assert ghost.problem is not None
    assert "goal-ghost" in ghost.problem
    assert any("goal-ghost is a ghost" in note for note in listing.notes)


def test_a_goal_without_a_row_is_listed_and_omk_would_hide_it(state: State) -> None:
    state.add()
    state.add(NEWER, row=row_json())
    listing = state.engine().goals()
    assert [line.goal_id for line in listing.goals] == [GOAL_ID, NEWER] or len(listing.goals) == 2
    assert any("omk's own list hides " + NEWER in note for note in listing.notes)


def test_without_any_row_omk_scans_the_directories_and_hides_nothing(state: State) -> None:
    state.add()
    forget_database(state)
    assert state.engine().goals().notes == ()


@pytest.mark.parametrize("policy", ["draft-pr", "auto-pr"])
def test_a_row_with_a_policy_that_omk_cannot_read_back_is_hidden_by_omk(state: State, policy: str) -> None:
    state.add()
    state.add(
        NEWER, goal=goal_json(NEWER, delivery_policy=policy), row=row_json(NEWER, delivery_policy=policy)
    )  # fmt: skip
    listing = state.engine().goals()
    assert NEWER in rows_of(state)
    assert any("omk's own list hides " + NEWER in note and "delivery_policy" in note for note in listing.notes)


def test_a_stale_row_is_told_and_the_files_are_believed(state: State) -> None:
    state.add(goal=goal_json(status="paused"))
    listing = state.engine().goals()
    assert str(listing.goals[0].verdict) == "paused"
    assert any(f"the row of {GOAL_ID} is stale" in note and "paused" in note for note in listing.notes)


@pytest.mark.parametrize(
    ("file", "text", "told"),
    [
        ("goal.json", "{", "goal.json: it is not valid JSON"),
        ("goal.json", "{}", "goal.json, goal_id: the key is missing"),
        ("goal.json", '{"status": 5}', "goal.json"),
        ("proof.json", "[]", "proof.json: must be an object"),
        ("task-graph.json", "", "task-graph.json: it is not valid JSON"),
        ("task-graph.json", "\udcff", "task-graph.json: it is not valid UTF-8 at byte 0"),
    ],
)
def test_an_unreadable_goal_is_a_line_that_names_file_field_and_what_was_found(
    state: State, file: str, text: str, told: str
) -> None:
    folder = state.add()
    (folder / file).write_bytes(text.encode("utf-8", "surrogateescape"))
    line = rows_of(state)[GOAL_ID]
    assert str(line.verdict) == "unreadable"
    assert line.problem is not None
    assert told in line.problem


def test_the_offending_field_and_value_are_shown(state: State) -> None:
    state.add(goal=goal_json(status="done"), proof=proof_json(gates=[{"name": 3}]))
    problem = rows_of(state)[GOAL_ID].problem
    assert problem is not None
    assert "goal.json, status: must be a goal status" in problem
    assert '(found "done")' in problem
    assert "proof.json, gates[0].name" in problem


@pytest.mark.parametrize("file", ["goal.json", "proof.json", "task-graph.json"])
@pytest.mark.parametrize("kind", ["missing", "directory", "fifo", "outside link", "dangling link"])
def test_a_document_that_is_no_file_is_a_problem_and_never_hangs(state: State, file: str, kind: str) -> None:
    folder = state.add()
    forget_database(state)
    outside = state.base / "outside.json"
    (folder / file).rename(outside)
    match kind:
        case "directory":
            (folder / file).mkdir()
        case "fifo":
            os.mkfifo(folder / file)
        case "outside link":
            (folder / file).symlink_to(outside)
        case "dangling link":
            (folder / file).symlink_to("nowhere")
    line = rows_of(state)[GOAL_ID]
    assert str(line.verdict) == "unreadable"
    assert line.problem is not None
    assert line.problem.startswith(file)


def test_a_missing_goal_json_is_replaced_by_the_row_and_said_so(state: State) -> None:
    folder = state.add()
    (folder / "goal.json").unlink()
    line = rows_of(state)[GOAL_ID]
    assert (str(line.verdict), line.status, line.problem) == ("acceptable", "not_ready", None)
    assert {one.code for one in state.review().judgement.warnings} == {"goal_from_row"}


def test_an_empty_directory_is_an_unreadable_goal(state: State) -> None:
    (state.root / "goals" / "empty").mkdir()
    assert str(rows_of(state)["empty"].verdict) == "unreadable"


def test_files_beside_the_goals_are_no_goals(state: State) -> None:
    state.add()
    (state.root / "goals" / "notes.txt").write_text("")
    (state.root / "goals" / "broken").symlink_to("nowhere")
    assert set(rows_of(state)) == {GOAL_ID}


def test_a_link_to_a_goal_directory_is_listed_with_a_note(state: State) -> None:
    elsewhere = state.add()
    moved = state.base / "moved"
    elsewhere.rename(moved)
    elsewhere.symlink_to(moved)
    listing = state.engine().goals()
    assert str(listing.goals[0].verdict) == "acceptable"
    assert any("symlink" in note for note in listing.notes)
    assert state.recorded("accept", "good").plan.status == "ready"
    assert (moved / "artifacts/integration/integrator-accept.json").is_file()


def test_a_directory_whose_name_is_not_utf8_is_a_line_and_is_never_half_decided(state: State) -> None:
    """omk writes files and row, and fails at goal.json, whose `state_dir` would hold the name (STATE-FORMAT 11.3)."""
    name = "goal-\udcff"
    state.add("goal-x").rename(state.folder(name))
    assert str(rows_of(state)[name].verdict) == "acceptable"
    before = state.photo()
    review = state.review(name)
    for verb in VERBS:
        for outcome in (state.engine().plan(review, verb, "text"), state.decide(verb, "text", name)):
            assert isinstance(outcome, Failed)
            assert "UTF-8" in outcome.why
    assert state.photo() == before


def test_a_name_with_a_control_character_is_a_line_that_says_why(state: State) -> None:
    state.add("a\x1b[31mb")
    line = next(iter(rows_of(state).values()))
    assert str(line.verdict) == "unreadable"
    assert line.problem is not None
    assert "control character" in line.problem
    assert "\x1b" not in line.problem


def test_lines_come_in_batches_and_say_the_same(state: State) -> None:
    for number in range(5):
        state.add(f"goal-{number}")
    state.add_row(row_json("goal-ghost"))
    engine = state.engine()
    batches = list(engine.lines(batch=2))
    assert [len(batch) for batch in batches] == [2, 3, 1]
    listing = engine.goals()
    everything = [line for batch in batches for line in batch]
    assert sorted(everything, key=lambda line: line.sort_key, reverse=True) == list(listing.goals)
    assert engine.listing_notes(tuple(everything)) == listing.notes
    assert [engine.line(line.goal_id) for line in listing.goals] == list(listing.goals)
    assert engine.line("nobody") is None


def test_on_a_slow_mount_the_first_lines_are_not_kept_back(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    for number in range(3):
        state.add(f"goal-{number}")
    assert [len(batch) for batch in state.engine().lines()] == [3]
    monkeypatch.setattr(listing, "LONGEST_BATCH", 0.0)
    assert [len(batch) for batch in state.engine().lines()] == [1, 1, 1]


def test_a_folder_of_goals_that_is_a_file_is_said(state: State) -> None:
    (state.root / "goals").rmdir()
    (state.root / "goals").write_text("")
    listing = state.engine().goals()
    assert listing.goals == ()
    assert "cannot be read" in listing.problem


def test_a_root_without_goals_is_an_empty_list(tmp_path: Path) -> None:
    state = State(tmp_path / "base")
    (state.root / "goals").rmdir()
    assert state.engine().goals().goals == ()
    assert sorted(os.listdir(state.root)) == []


def test_a_hostile_value_is_shown_in_print_only(state: State) -> None:
    folder = state.add()
    put(folder / "goal.json", goal_json(status="\x1b]52;c;evil\x07" + "x" * 10_000))
    problem = rows_of(state)[GOAL_ID].problem
    assert problem is not None
    assert "\x1b" not in problem
    assert len(problem) < 500

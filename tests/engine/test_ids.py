"""Which texts name a goal, and which goal `latest` is."""

from __future__ import annotations

from pathlib import Path

import pytest

from omk_tui.core.decision.outcome import Failed, Refused
from tests.core.documents import GOAL_ID, goal_json, row_json
from tests.engine.states import State, put

NEWER = "goal-20260701-000000-000-ffffffff"
LATER = "2026-07-01T00:00:00.5Z"


def add_newer(state: State, row: bool = True) -> Path:
    seconds = 1_782_864_000
    cells = row_json(NEWER, created_at=seconds) if row else row_json(GOAL_ID)
    return state.add(NEWER, goal=goal_json(NEWER, created_at=LATER), row=cells)


@pytest.mark.parametrize(
    "goal_id",
    [
        "", " ", "\u3000", ".", "..", "/", "a/b", "../../x", "/etc", "a/", "./a", "a\0b", "a\nb", "\x1b[31m", "a\x7f",
        "a\x85b",
    ],
)  # fmt: skip
def test_what_is_no_directory_name_is_no_goal(state: State, goal_id: str) -> None:
    state.add()
    before = state.photo()
    engine = state.engine()
    assert isinstance(engine.resolve(goal_id), Failed)
    assert isinstance(engine.review(goal_id), Failed)
    assert isinstance(state.decide(goal_id=goal_id), Failed)
    assert state.photo() == before


def test_an_id_that_is_a_path_is_refused(state: State) -> None:
    """omk joins it to the goals directory, and would decide whatever goal lies there (H1)."""
    folder = state.add()
    outside = state.base / "outside"
    folder.rename(outside)
    before = state.photo()
    for goal_id in ("../../outside", str(outside)):
        outcome = state.decide(goal_id=goal_id)
        assert isinstance(outcome, Failed)
        assert "is a path, not a goal id" in outcome.why
    assert state.photo() == before


@pytest.mark.parametrize("goal_id", ["x", "my goal", "Übung", "-flag", "latest-1", "...", "a\\b", "LATEST"])
def test_any_one_directory_name_will_do(state: State, goal_id: str) -> None:
    state.add(goal_id)
    assert state.engine().resolve(goal_id) == goal_id
    assert state.review(goal_id).goal_id == goal_id
    assert state.recorded(goal_id=goal_id).plan.goal_id == goal_id


def test_a_directory_of_exactly_that_name_goes_before_one_without_the_blanks(state: State) -> None:
    state.add()
    state.add(f" {GOAL_ID} ")
    assert state.engine().resolve(f" {GOAL_ID} ") == f" {GOAL_ID} "
    assert state.recorded(goal_id=f" {GOAL_ID} ").plan.goal_id == f" {GOAL_ID} "


def test_the_ending_of_one_id_will_do_where_it_is_long_enough(state: State) -> None:
    one, other = "goal-20260101-000000-000-0badcafe", "goal-20260102-000000-000-1badcafe"
    state.add(one)
    engine = state.engine()
    assert engine.resolve("cafe", 4) == one
    assert engine.resolve("0badcafe", 8) == one
    for too_short in (engine.resolve("afe", 4), engine.resolve("badcafe", 8)):
        assert isinstance(too_short, Failed) and "too short" in too_short.why and one in too_short.why
    assert isinstance(engine.resolve("CAFE", 4), Failed)
    assert isinstance(engine.resolve("0bad", 4), Failed), "a part that is no ending"
    state.add(other)
    several = engine.resolve("badcafe", 4)
    assert isinstance(several, Failed) and one in several.why and other in several.why


def test_blanks_round_an_id_do_not_count(state: State) -> None:
    state.add()
    assert state.engine().resolve(f" {GOAL_ID}\n") == GOAL_ID


def test_an_unknown_goal_is_named_with_the_place_that_was_looked_in(state: State) -> None:
    for answer in (state.engine().resolve("nobody"), state.engine().review("nobody"), state.decide(goal_id="nobody")):
        assert isinstance(answer, Failed)
        assert "goal nobody was not found" in answer.why
        assert str(state.root) in answer.why


def test_the_end_of_an_id_names_no_goal_but_the_full_id_is_offered(state: State) -> None:
    state.add("goal-20260101-000000-000-0badcafe")
    answer = state.engine().resolve("0badcafe")
    assert isinstance(answer, Failed)
    assert answer.why.endswith("; is it goal-20260101-000000-000-0badcafe?")
    for number in range(5):
        (state.root / "goals" / f"goal-{number}").mkdir()
    many = state.engine().resolve("goal-")
    assert isinstance(many, Failed) and many.why.count(" or ") == 2


def test_a_ghost_resolves_but_cannot_be_reviewed_or_decided(state: State) -> None:
    state.add_row(row_json("goal-ghost"))
    assert state.engine().resolve("goal-ghost") == "goal-ghost"
    for answer in (state.engine().review("goal-ghost"), state.decide(goal_id="goal-ghost")):
        assert isinstance(answer, Failed)
        assert "ghost" in answer.why


def test_the_directory_s_name_is_the_id_and_another_one_inside_is_a_warning(state: State) -> None:
    state.add("other-name", goal=goal_json(GOAL_ID))
    review = state.review("other-name")
    assert review.goal_id == "other-name"
    assert "foreign_goal" in {one.code for one in review.judgement.warnings}
    plan = state.plan(goal_id="other-name")
    assert plan.goal_id == "other-name"
    assert plan.goal.goal_id == GOAL_ID, "what is written follows omk: the inner id"
    assert f'"run_id":"{GOAL_ID}"'.encode() in b"".join(getattr(step, "data", b"") for step in plan.steps)


def test_latest_is_the_goal_that_database_and_files_both_call_the_newest(state: State) -> None:
    state.add()
    add_newer(state)
    assert state.engine().resolve("latest") == NEWER
    assert state.engine().resolve(" latest ") == NEWER


def test_of_two_goals_of_one_instant_latest_is_the_greater_id(state: State) -> None:
    state.add("goal-a")
    state.add("goal-b")
    assert state.engine().resolve("latest") == "goal-b"


def test_latest_where_database_and_files_disagree_is_refused_with_both_named(state: State) -> None:
    """omk believes its database, and would decide the older goal (H2, H4)."""
    state.add()
    add_newer(state, row=False)
    answer = state.engine().resolve("latest")
    assert isinstance(answer, Refused)
    assert answer.kind == "ambiguous"
    assert GOAL_ID in answer.why
    assert NEWER in answer.why


def test_a_row_that_omk_cannot_read_back_makes_latest_ambiguous(state: State) -> None:
    state.add()
    row = row_json(NEWER, delivery_policy="draft-pr", created_at=2**31)
    state.add(NEWER, goal=goal_json(NEWER, created_at=LATER), row=row)
    answer = state.engine().resolve("latest")
    assert isinstance(answer, Refused)
    assert (GOAL_ID in answer.why, NEWER in answer.why) == (True, True)


def test_a_ghost_that_is_the_newest_makes_latest_ambiguous(state: State) -> None:
    state.add()
    state.add_row(row_json("goal-ghost", created_at=2**31))
    answer = state.engine().resolve("latest")
    assert isinstance(answer, Refused)
    assert "goal-ghost" in answer.why


def test_without_a_usable_database_the_files_alone_say_which_is_latest(state: State) -> None:
    state.add()
    add_newer(state)
    (state.root / "omk.db").write_bytes(b"no database")
    for path in state.root.glob("omk.db-*"):
        path.unlink()
    assert state.engine().resolve("latest") == NEWER
    (state.root / "omk.db").unlink()
    assert state.engine().resolve("latest") == NEWER


def test_latest_leaves_out_goals_that_cannot_be_read_and_links(state: State) -> None:
    state.add()
    (state.root / "omk.db").unlink()
    broken = add_newer(state)
    for path in state.root.glob("omk.db*"):
        path.unlink()
    put(broken / "goal.json", {"goal_id": NEWER})
    (state.root / "goals" / "zzz-link").symlink_to(broken)
    assert state.engine().resolve("latest") == GOAL_ID


def test_latest_of_nothing_says_how_to_make_a_goal(state: State) -> None:
    answer = state.engine().resolve("latest")
    assert isinstance(answer, Failed)
    assert "omk goal run" in answer.why


def test_a_goal_called_latest_is_not_what_latest_means(state: State) -> None:
    state.add("latest")
    add_newer(state)
    assert state.engine().resolve("latest") == NEWER

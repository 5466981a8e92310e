"""The pictures say with characters what the numbers beside them say."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from omk_tui.core.records.task_graph import Task
from omk_tui.core.review.diff import FilePatch
from omk_tui.core.review.pictures import MOST_DRAWN, bar, budget_lines, diff_lines, task_lines

TASK = Task("", "", "", "done", None, None, (), 0, 0, None, (), (), (), "low", ())


def task(name: str, *after: str, status: str = "done") -> Task:
    return replace(TASK, id=name, dependencies=after, status=status)


@given(st.floats(0, 1e12), st.floats(0, 1e12), st.integers(1, 60))
def test_a_bar_is_as_wide_as_asked_and_shows_whatever_is_there(value: float, most: float, width: int) -> None:
    drawn = bar(value, most, width)
    assert len(drawn) == width
    assert ("█" in drawn) == (value > 0 and most > 0)


def test_a_task_hangs_below_the_first_it_waits_for_and_the_blocking_one_is_named() -> None:
    lines = task_lines(
        [task("a"), task("b", "a", status="pending"), task("c", "b", status="pending"), task("d", "a", "b")]
    )
    assert lines == [
        "[x] a  done",
        "├─ [ ] b  pending  <- blocks what comes after it",
        "│  └─ [ ] c  pending",
        "└─ [x] d  done  (also after b)",
    ]


@given(st.lists(st.tuples(st.integers(0, 9), st.lists(st.integers(0, 12), max_size=3)), max_size=12))
def test_every_task_is_drawn_once_whatever_it_waits_for(shape: list[tuple[int, list[int]]]) -> None:
    tasks = [task(f"t{number}", *(f"t{after}" for after in waits)) for number, (_, waits) in enumerate(shape)]
    lines = task_lines(tasks)
    assert sorted(line.split("] ")[1].split("  ")[0] for line in lines) == sorted(each.id for each in tasks)


def test_a_deep_graph_and_a_long_one_are_drawn_within_bounds() -> None:
    chain = [task(f"t{number}", *([f"t{number - 1}"] if number else [])) for number in range(5000)]
    lines = task_lines(chain)
    assert len(lines) == MOST_DRAWN + 1
    assert lines[-1] == f"… {5000 - MOST_DRAWN} more"


def test_changes_are_drawn_beside_the_most_changed_file() -> None:
    patches = [FilePatch("a", "a", "changed", 10, 10, ()), FilePatch("b", "b", "changed", 0, 1, ())]
    assert diff_lines(patches) == [
        f"    10    -10  {'+' * 12}{'-' * 12}  a",
        f"     0     -1  -{' ' * 23}  b",
    ]


def test_the_budget_is_drawn_against_its_limit_at_the_last_checkpoint() -> None:
    points: list[dict[str, object]] = [
        {"label": "goal_created", "elapsed_since_created_secs": 0, "total_budget_secs": 100, "used_tokens": 5},
        {"label": "verify_completed", "elapsed_since_created_secs": 50, "total_budget_secs": 100, "used_tokens": True},
    ]
    assert budget_lines(points) == [  # type: ignore[arg-type]
        f"time    {'█' * 12}{'·' * 12}  50 s of 100 s  50 %",
        f"tokens  {'·' * 24}  0, no limit",
        f"USD     {'·' * 24}  0, no limit",
        "at 2 checkpoints: goal_created > verify_completed",
    ]
    assert budget_lines([]) == []

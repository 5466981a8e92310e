"""What a row of the list says of a goal besides its verdict: branch, failing gates, conflicts."""

from __future__ import annotations

import pytest

from omk_tui.cli.commands.list import is_chosen
from omk_tui.core.judgement.goal_line import GoalLine, has_several_projects
from omk_tui.core.judgement.line_of_goal import line_of
from omk_tui.core.judgement.verdict import Verdict
from omk_tui.core.records.intake import Intake
from omk_tui.light.dataclass import replace
from omk_tui.screens.goal_rows import COLUMNS_WITH_PROJECT, goal_row, named
from tests.core.documents import conflict_task, facts_of, gate, graph_json, proof_json


def line(**values: object) -> GoalLine:
    """A row of a goal of which little is known."""
    start = GoalLine("goal-1", "not_ready", None, "Add division", None, None, Verdict("missing", 2), 0, None)
    return GoalLine(**{name: getattr(start, name) for name in GoalLine.__slots__} | values)


def intake(repository: str, project_dir: str) -> Intake:
    """The record of an opened goal of which little is known."""
    return Intake(
        *("goal-1", "2026-11-22T20:55:57Z", "ada@desk", "omk-tui", "git", project_dir, repository),
        *("refs/heads/x", "1" * 40, "refs/heads/main", "2" * 40, "2" * 40),
        *("clean", "", "", "--goal"),
    )


@pytest.mark.parametrize(
    ("failing", "conflicts", "blocks"),
    [
        ((), None, ()),
        (("unit",), 0, ("gate unit failed",)),
        (("unit", "lint"), 2, ("2 gates failed", "merge conflict")),
        ((), 1, ("merge conflict",)),
    ],
)
def test_what_blocks_in_few_words(failing: tuple[str, ...], conflicts: int | None, blocks: tuple[str, ...]) -> None:
    assert line(failing=failing, conflicts=conflicts).blocks == blocks


def test_failing_gates_and_conflicts_come_from_the_records() -> None:
    gates = [gate("unit", passed=False), gate("style", passed=False, required=False), gate("smoke")]
    proof, graph = proof_json(gates=gates), graph_json(tasks=[conflict_task()])
    read = line_of(facts_of(proof=proof, graph=graph))
    assert (read.failing, read.conflicts, read.branch) == (("unit",), 1, "")
    assert read.why[0].startswith("merge conflict: slice ")
    assert any("failed: unit" in why for why in read.why)


def test_a_filter_finds_branch_id_text_and_what_blocks() -> None:
    row = goal_row(line(branch="agent/division", failing=("unit",), conflicts=0), 0.0)
    for words in ("agent/division", "goal-1", "add division", "gate unit failed", "missing", "not_ready"):
        assert words in row.search.casefold()
    assert named("goal-1", "agent/" + "x" * 40, "Add\nmore").plain == "goal-1  \u2026" + "x" * 27 + "  Add ..."
    assert named("goal-1", "", "Add").plain == "goal-1  Add"


def test_the_words_of_the_list_choose_goals_too() -> None:
    failed = line(failing=("unit",))
    assert all(is_chosen(failed, (word,)) for word in ("failed", "missing", "not_ready"))
    assert not any(is_chosen(line(), (word,)) for word in ("failed", "accepted", "ready"))


def test_the_project_is_the_folder_that_the_record_names_and_of_an_opened_goal_its_repository() -> None:
    facts = facts_of(proof=proof_json(), graph=graph_json())
    assert line_of(facts).project == ""
    assert line_of(facts, "/home/ada/notes").project == "/home/ada/notes"
    opened = replace(facts, intake=intake(repository="/home/ada/notes/.git", project_dir="/home/ada/other-tree"))
    assert line_of(opened, "/home/ada/other-tree").project == "/home/ada/notes"
    bare = replace(facts, intake=intake(repository="/srv/notes.git", project_dir="/home/ada/other-tree"))
    assert line_of(bare).project == "/srv/notes.git"


def test_projects_are_a_column_where_there_are_several() -> None:
    notes, wiki, unknown = line(project="/home/ada/notes"), line(project="/srv/wiki/"), line()
    assert has_several_projects([unknown, notes, wiki])
    assert not has_several_projects([unknown, notes, notes])
    assert not has_several_projects([])
    row = goal_row(notes, 0.0, COLUMNS_WITH_PROJECT)
    assert "notes" in row.search
    assert callable(row.content)
    assert row.content(120).plain.split() == [
        *["missing", "2", "-", "-", "-", "-", "-", "goal-1", "notes", "Add", "division"]
    ]
    assert "notes" not in row.content(80).plain
    assert COLUMNS_WITH_PROJECT.header(120).plain.split()[-2:] == ["PROJECT", "GOAL"]

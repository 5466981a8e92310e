"""`omk-tui open`: what a branch becomes, the first time and again, and what is said where it becomes nothing."""

from __future__ import annotations

import json
import stat
from collections.abc import Callable
from pathlib import Path

import pytest

from omk_tui.cli.json_models import model_of
from omk_tui.cli.opened_document import IntakeDocument
from omk_tui.engine.opening import goal_of_branch
from omk_tui.engine.opening.branch import Branch, read_branch
from omk_tui.engine.opening.source import Source, Target
from tests.engine.projects import git
from tests.golden.tree import photograph
from tests.opening.conftest import Branches


def test_a_branch_becomes_a_goal_and_opening_it_twice_gives_the_same(branches: Branches) -> None:
    before = photograph(branches.project)
    first = branches.json("open", "agent/mul")["goals"][0]
    head = git(branches.project, "rev-parse", "agent/mul")
    assert first["head"] == head and first["branch"] == "refs/heads/agent/mul"
    assert first["base"] == git(branches.project, "rev-parse", "main")
    assert (first["merge"], first["created"], first["state"]) == ("clean", True, "open")
    assert first["goal_id"].startswith("goal-") and first["goal_id"].endswith(f"-000-{head[:8]}")
    again = branches.json("open", "agent/mul")["goals"][0]
    assert again["goal_id"] == first["goal_id"] and not again["created"]
    assert photograph(branches.project) == before, "nothing is written into the repository"
    folder = branches.folder(first["goal_id"])
    assert {"goal.json", "proof.json", "task-graph.json", "events.jsonl"} <= {path.name for path in folder.iterdir()}
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert stat.S_IMODE((folder / "goal.json").stat().st_mode) == 0o600
    assert json.loads((folder / "goal.json").read_text())["original_goal"].startswith("Add multiplication")


def test_the_intake_is_as_the_manual_says(branches: Branches) -> None:
    goal_id = branches.open()
    intake = json.loads((branches.folder(goal_id) / "artifacts/intake/intake.json").read_text())
    model_of(IntakeDocument).model_validate(intake, strict=True)
    assert intake["gate_config"] == git(branches.project, "rev-parse", "main:.omk/gates.toml")
    assert intake["merge_tree"] == git(branches.project, "rev-parse", "agent/mul^{tree}")
    assert intake["authors"] == ["a@b <a@b>"] and intake["commits"] == 1


def test_the_text_is_given_or_described_or_the_commits(branches: Branches) -> None:
    assert branches.json("open", "agent/mul", "--dry-run")["goals"][0]["text_from"] == "first commit"
    git(branches.project, "config", "branch.agent/mul.description", "Multiply, as the shop asked")
    assert branches.json("open", "agent/mul", "--dry-run")["goals"][0]["text_from"] == "branch description"
    shown = branches.json("open", "agent/mul", "--dry-run", "--goal", "Fix the docs")["goals"][0]
    assert (shown["text_from"], shown["oracle"]) == ("--goal", "mixed")
    assert list(branches.root.iterdir()) == [], "a dry run writes nothing"
    given = branches.run("open", "agent/mul", "--goal", "-", stdin="From a file\n")
    assert given.code == 0 and "(from: standard input)" in given.out
    goal_id = branches.json("list")["goals"][0]["goal_id"]
    assert not any(
        "no prompt" in gap for gap in json.loads((branches.folder(goal_id) / "proof.json").read_text())["known_gaps"]
    )


def test_another_base_or_text_is_refused_and_again_replaces(branches: Branches) -> None:
    goal_id = branches.open()
    git(branches.project, "branch", "other", "main")
    branches.on("other", "new.txt", "new\n")
    asked = {"--base": ("other", "base: it was opened on"), "--goal": ("Else", "text: it was opened with")}
    for option, (value, said) in asked.items():
        ended = branches.run("open", "agent/mul", option, value)
        assert ended.code == 4 and said in ended.err and "--again" in ended.err
    ended = branches.run("open", "agent/mul", "--goal", "Else", "--again")
    assert ended.code == 0, ended.err
    assert json.loads((branches.folder(goal_id) / "goal.json").read_text())["original_goal"] == "Else"
    assert [path.name for path in branches.root.iterdir() if path.name.startswith(".")] == []
    assert branches.run("reject", goal_id, "--reason", "no").code == 0
    assert branches.run("open", "agent/mul", "--goal", "New", "--again").code == 4


def test_new_commits_are_a_new_goal_and_the_old_one_is_superseded(branches: Branches) -> None:
    old = branches.open()
    branches.on("agent/mul", "src/more.py", "x = 1\n")
    assert branches.run("accept", old, "--summary", "ok", "--record-not-ready").code == 4, "the branch has moved"
    again = f"omk-tui open agent/mul --project-dir {branches.project}"
    decide = branches.run("check", old).out.partition("\nDECIDE")[2]
    assert "an accept would be refused: " in decide and again in decide and "omk-tui accept" not in decide
    assert decide.count("omk-tui open") == 1 and "open it again" not in decide, "the advice is given once"
    new = branches.json("open", "agent/mul")["goals"][0]
    assert new["superseded"] == [old] and new["goal_id"] != old
    verdicts = {goal["goal_id"]: goal["verdict"] for goal in branches.json("list")["goals"]}
    decide = branches.run("check", old).out.partition("\nDECIDE")[2]
    assert "omk-tui accept" not in decide and f"omk-tui check {new['goal_id']}" in decide and "omk-tui reject" in decide
    assert decide.count(new["goal_id"]) == 1
    assert verdicts[old] == "superseded" and verdicts[new["goal_id"]] == "missing"
    ended = branches.run("accept", old, "--summary", "ok", "--record-not-ready")
    assert ended.code == 4 and new["goal_id"] in ended.err
    gated = branches.run("gate", old, "--add", "see=true", "--only", "see", "--sandbox", "none", "--json")
    assert gated.code == 3 and f"{new['goal_id']} has its later work; this is about {old[-8:]}" in gated.err
    assert [old[-8:] in text for text in gated.document["warnings"]][:1] == [True]
    (branches.root / "review.md").write_text("fine\n")
    kept = branches.run("review", old, str(branches.root / "review.md"), "--commit", old[-8:], "--json")
    assert kept.code == 0 and "warning: the branch moved" in kept.err and len(kept.document["warnings"]) == 1
    assert branches.run("reject", old, "--reason", "superseded").code == 0


def test_a_branch_that_is_gone_is_to_come_back_and_nothing_else_is_advised(branches: Branches) -> None:
    goal_id = branches.open()
    git(branches.project, "branch", "-q", "-D", "agent/mul")
    ended = branches.run("accept", goal_id, "--summary", "ok", "--record-not-ready")
    assert ended.code == 4 and "bring the branch back to that commit, or reject the goal" in ended.err
    decide = branches.run("check", goal_id).out.partition("\nDECIDE")[2]
    assert "bring the branch back" in decide and "omk-tui open" not in decide and "omk-tui reject" in decide


def test_the_advice_quotes_what_a_branch_is_called(branches: Branches) -> None:
    name = "agent/;touch${IFS}planted"
    git(branches.project, "branch", name, "agent/mul")
    goal_id = branches.open(name)
    branches.on(name, "src/more.py", "x = 1\n")
    ended = branches.run("accept", goal_id, "--summary", "ok", "--record-not-ready")
    assert ended.code == 4 and f"`omk-tui open '{name}'`" in ended.err


def test_what_is_merged_is_said_and_cannot_be_accepted(branches: Branches) -> None:
    goal_id = branches.open()
    git(branches.project, "merge", "-q", "--no-ff", "-m", "merge", "agent/mul")
    assert branches.json("check", goal_id)["verdict"] == "merged"
    assert branches.run("accept", goal_id, "--summary", "ok", "--record-not-ready").code == 4
    again = branches.json("open", "agent/mul")["goals"][0]
    assert (again["goal_id"], again["state"]) == (goal_id, "merged")
    other = Branches.__new__(Branches)
    other.project, other.root = branches.project, branches.root
    git(branches.project, "branch", "same", "main")
    ended = branches.run("open", "same")
    assert ended.code == 1 and "nothing to decide" in ended.err
    takes_nothing = "a reject takes nothing out of it"
    planned = branches.run("plan", goal_id, "reject", "--reason", "too late")
    assert planned.code == 0 and takes_nothing in planned.out
    assert takes_nothing in branches.json("plan", goal_id, "reject", "--reason", "too late")["warnings"][0]
    ended = branches.run("reject", goal_id, "--reason", "too late")
    assert ended.err.index(takes_nothing) < ended.err.index("Rejected")
    assert ended.code == 0 and "stays there until it is reverted" in ended.err


def test_globs_worktrees_commits_and_the_current_branch(branches: Branches, tmp_path: Path) -> None:
    git(branches.project, "branch", "agent/div", "main")
    branches.on("agent/div", "src/div.py", "x = 1\n")
    assert len(branches.json("open", "agent/*")["goals"]) == 2
    git(branches.project, "worktree", "add", "-q", str(tmp_path / "tree"), "agent/mul")
    (tmp_path / "tree" / "loose.txt").write_text("not committed")
    ended = branches.run("open", str(tmp_path / "tree"))
    assert "is there already" in ended.out and f"1 uncommitted changes of {tmp_path / 'tree'} are not" in ended.out
    ended = branches.run("open", str(tmp_path / "tree"), "--again", "--json")
    opened = ended.document["goals"][0]
    assert opened["branch"] == "refs/heads/agent/mul" and opened["uncommitted"] == 1
    assert any(one["code"] == "uncommitted" for one in branches.json("check", opened["goal_id"])["warnings"])
    head = git(branches.project, "rev-parse", "agent/div")
    assert branches.json("open", head[:10])["goals"][0]["head"] == head
    git(branches.project, "checkout", "-q", "agent/div")
    assert branches.json("open")["goals"][0]["branch"] == "refs/heads/agent/div"
    git(branches.project, "checkout", "-q", "--detach", "agent/div")
    assert branches.json("open")["goals"][0]["head"] == head


def test_a_branch_that_cannot_be_opened_beside_others_is_said(branches: Branches) -> None:
    git(branches.project, "branch", "agent/docs", "main")
    ended = branches.run("open", "agent/docs", "agent/mul")
    assert ended.code == 1 and ended.out.startswith("goal-")
    why = "agent/docs has no commit that refs/heads/main lacks: there is nothing to decide"
    assert f"not opened: {why}" in ended.err
    ended = branches.run("open", "agent/*", "agent/docs", "--json")
    assert ended.code == 1 and [goal["branch"] for goal in ended.document["goals"]] == ["refs/heads/agent/mul"]
    assert ended.document["skipped"] == [{"branch": "refs/heads/agent/docs", "why": why, "named": True}]
    ended = branches.run("open", "agent/*", "--json")
    assert ended.code == 0 and not ended.document["skipped"][0]["named"] and why in ended.err
    branches.on("agent/docs", "docs.txt", "new")
    ended = branches.run("open", "agent/mul", "agent/docs", "--goal", "Another text", "--json")
    assert [goal["branch"] for goal in ended.document["goals"]] == ["refs/heads/agent/docs"]
    assert ended.code == 1 and "is there already, and differs" in ended.document["skipped"][0]["why"]
    ended = branches.run("open", "agent/mul", "agent/docs", "--goal", "A third text")
    assert ended.code == 1 and ended.err.count("is there already, and differs") == 2


@pytest.mark.parametrize("word", ["nowhere", "--", "a b", "agent/mul..main", "-x", "refs/heads/none*"])
def test_what_is_no_branch_is_said(branches: Branches, word: str) -> None:
    ended = branches.run("open", "--", word)
    assert ended.code == 1 and ended.err
    assert list(branches.root.iterdir()) == []


def test_outside_a_repository_it_says_so(branches: Branches, tmp_path: Path) -> None:
    branches.project = tmp_path / "home"
    ended = branches.run("open")
    assert ended.code == 1 and "is in no git repository" in ended.err


def test_what_grades_itself_is_told(branches: Branches) -> None:
    git(branches.project, "checkout", "-q", "agent/mul")
    branches.write("Makefile", "test:\n\ttrue\n")
    branches.write(
        "tests/test_calc.py", "import unittest\n@unittest.skip('later')\nclass T(unittest.TestCase):\n    pass\n"
    )
    branches.commit("Make it pass")
    git(branches.project, "checkout", "-q", "main")
    goal_id = branches.open()
    told = [one["text"] for one in branches.json("check", goal_id)["warnings"] if one["code"] == "self_graded"]
    assert "Makefile" in told[0] and told[1:] == [
        "the branch changes existing tests: tests/test_calc.py (-5 +3)",
        "the branch takes tests away: 1 removed, 1 skipped",
    ]


def test_names_and_bytes_of_any_kind(branches: Branches) -> None:
    git(branches.project, "checkout", "-q", "agent/mul")
    branches.write("bin.dat", b"\0\1\2" * 1000)
    (branches.project / "caf\udce9.txt").write_text("latin name\n")
    branches.write("line\nbreak.txt", "x\n")
    branches.write("esc\x1b[31m.txt", "x\n")
    git(branches.project, "mv", "tests/test_calc.py", "tests/test_sums.py")
    branches.commit("odd\n\n\x1b[31mbody\x1b[0m with escape")
    git(branches.project, "checkout", "-q", "main")
    ended = branches.run("open", "agent/mul")
    assert ended.code == 0 and "\x1b" not in ended.out + ended.err
    goal_id = branches.json("list")["goals"][0]["goal_id"]
    goal = json.loads((branches.folder(goal_id) / "goal.json").read_text())
    assert "\x1b" not in goal["original_goal"]
    files = json.loads((branches.folder(goal_id) / "proof.json").read_text())["changed_files"]
    assert {"bin.dat", "line\nbreak.txt", "tests/test_sums.py"} <= set(files)
    checked = branches.run("check", goal_id)
    assert checked.code == 3 and "\x1b" not in checked.out


def test_when_time_is_up_the_branches_that_are_left_are_told(
    branches: Branches, monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(3):
        git(branches.project, "branch", f"agent/{number}", "main")
        branches.on(f"agent/{number}", f"file-{number}.txt", "x\n")
    read, seen = read_branch, list[str]()

    def slow(source: Source, target: Target, base: str, meanwhile: Callable[[], object]) -> Branch:
        seen.append(target.branch)
        if len(seen) == 3:
            object.__setattr__(source.git, "deadline", 0.0)
        return read(source, target, base, meanwhile)

    monkeypatch.setattr(goal_of_branch, "read_branch", slow)
    ended = branches.run("open", "agent/*")
    assert ended.code == 1 and "2 of 4 are opened; the same command goes on with the others" in ended.err
    monkeypatch.setattr(goal_of_branch, "read_branch", read)
    assert branches.run("open", "agent/*").code == 0
    assert len(list((branches.root / "goals").iterdir())) == 4

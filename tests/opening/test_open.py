"""`omk-tui open`: what a branch becomes, the first time and again, and what is said where it becomes nothing."""

from __future__ import annotations

import json
import sqlite3
import stat
from collections.abc import Callable
from contextlib import chdir
from pathlib import Path

import pytest

from omk_tui.cli.json_models import model_of
from omk_tui.cli.opened_document import IntakeDocument
from omk_tui.engine.opening import goal_of_branch
from omk_tui.engine.opening.branch import Branch, read_branch
from omk_tui.engine.opening.source import Source, Target
from tests.cli.commands import Desk
from tests.engine.projects import git
from tests.golden.tree import photograph
from tests.journeys import story
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


def test_a_branch_of_the_repository_one_stands_in_goes_before_one_of_that_name_elsewhere(
    branches: Branches, tmp_path: Path
) -> None:
    here = branches.open()
    (tmp_path / "elsewhere").mkdir()
    other = Branches(tmp_path / "elsewhere")
    other.root = branches.root
    other.on("agent/mul", "src/more.py", "x = 1\n")
    there = other.open()
    assert here != there
    assert f"note: agent/mul is goal {here}" in branches.run("check", "agent/mul").err
    assert f"note: agent/mul is goal {there}" in other.run("check", "agent/mul").err
    with chdir(tmp_path):
        ended = Desk(branches.root, tmp_path).run("check", "agent/mul")
    assert ended.code == 1 and f"{here} in {branches.project}" in ended.err and str(other.project) in ended.err


def test_without_a_goal_it_is_said_how_to_make_one(branches: Branches) -> None:
    ended = branches.run("check", "latest")
    assert ended.code == 1 and "make one of a branch: omk-tui open BRANCH" in ended.err


def test_latest_is_the_same_for_list_commands_and_database(branches: Branches) -> None:
    """Also of goals opened at once or in the same second, of which omk.db keeps no fraction."""

    def check(latest: str) -> None:
        rows = sqlite3.connect(branches.root / "omk.db")
        by_omk = rows.execute("SELECT goal_id FROM goals ORDER BY created_at DESC, goal_id DESC").fetchall()
        rows.close()
        listed = [goal["goal_id"] for goal in branches.json("list")["goals"]]
        assert listed == [goal_id for (goal_id,) in by_omk]
        assert branches.json("check", "latest")["goal_id"] == listed[0] == latest

    for number in range(4):
        git(branches.project, "branch", f"agent/{number}", "main")
        branches.on(f"agent/{number}", f"file-{number}.txt", "x\n")
    at_once = [goal["goal_id"] for goal in branches.json("open", "agent/2", "agent/3", "agent/mul")["goals"]]
    check(max(at_once))
    check(branches.open("agent/1"))
    check(branches.open("agent/0"))


def test_latest_of_another_repository_is_looked_at_and_not_decided(branches: Branches, tmp_path: Path) -> None:
    goal_id = branches.open()
    said = f"note: latest is {goal_id} (Add multiplication · Asked for by the shop. · Co-authored-by: "
    assert said in branches.run("check", "latest").err
    there, branches.project = branches.project, tmp_path / "other"
    git(tmp_path, "init", "-q", "-b", "main", str(branches.project))
    assert said in branches.run("history", "latest").err
    for words in (
        ("reject", "latest", "--reason", "no"),
        ("accept", "latest", "--summary", "ok", "--record-not-ready"),
        ("gate", "latest"),
        ("review", " latest", "-"),
    ):
        ended = branches.run(*words)
        assert ended.code == 4 and f"of another repository, {there}: give its id, {goal_id}" in ended.err, words
    assert branches.run("reject", goal_id, "--reason", "no").code == 0
    branches.project = there / "src"
    ended = branches.run("reject", "latest", "--reason", "again")
    assert ended.code == 0 and ended.err.index(said) < ended.err.index("Rejected")


def test_a_branch_or_a_commit_names_its_goal(branches: Branches) -> None:
    old = branches.open()
    judged = git(branches.project, "rev-parse", "agent/mul")
    for name in ("agent/mul", "refs/heads/agent/mul", judged, judged[:7], judged[:12].upper(), old[-5:]):
        ended = branches.run("check", name, "--json")
        assert ended.document["goal_id"] == old and f"note: {name} is goal {old}" in ended.err
    assert "not found" in branches.run("reject", judged[:7], "--reason", "x").err, "8 characters are needed to decide"
    assert "path" in branches.run("check", "agent/div").err
    (branches.root / "review.md").write_text("fine\n")
    file = str(branches.root / "review.md")
    assert branches.json("review", "agent/mul", file, "--commit", "agent/mul")["commit"] == judged
    other = branches.run("review", "agent/mul", file, "--commit", "main")
    assert (
        other.code == 4
        and f"main is no commit's id; say which commit was reviewed: --commit {judged[:12]}" in other.err
    )
    tip = branches.on("agent/mul", "later.txt", "x\n")
    moved = branches.run("review", "agent/mul", file, "--security", "--commit", "agent/mul")
    assert moved.code == 4 and f"which is at {tip[:12]} now" in moved.err
    new = branches.open("agent/mul")
    assert branches.json("check", "agent/mul")["goal_id"] == new, "the old one is superseded"
    assert "every opened goal of" in branches.run("check", judged[:12]).err
    git(branches.project, "branch", "same", "main")
    branches.on("same", "same.txt", "x\n")
    first, again = branches.open("same"), branches.on("same", "more.txt", "x\n")
    second = branches.open(again)  # as a commit alone: nothing is superseded by it
    intake = branches.folder(second) / "artifacts/intake/intake.json"
    intake.write_text(intake.read_text().replace('"branch": ""', '"branch": "refs/heads/same"'))
    ambiguous = branches.run("check", "same")
    assert ambiguous.code == 1 and "is the branch or commit of 2 opened goals" in ambiguous.err
    assert first in ambiguous.err and second in ambiguous.err
    (branches.root / "goals" / "same").mkdir()
    assert branches.run("check", "same").out.startswith("same\n"), "an id wins"


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


def test_a_conflict_is_recorded_and_keeps_an_accept_back(branches: Branches) -> None:
    branches.on("main", "src/calc.py", "def add(a, b):\n    return b + a\n\n\ndef sub(a, b):\n    return a - b\n")
    opened = branches.json("open", "agent/mul")["goals"][0]
    assert opened["merge"] == "conflict"
    check = branches.json("check", opened["goal_id"])
    assert check["conflicts"][0]["live"] == "conflict"
    assert any(one["code"] == "open_conflict" for one in check["warnings"])
    ended = branches.run("accept", opened["goal_id"], "--summary", "ok", "--record-not-ready")
    assert ended.code == 4 and "a conflict is open" in ended.err
    brief = branches.run("brief", opened["goal_id"]).out
    assert "## It does not merge" in brief and "def sub(a, b):" in brief


def test_of_many_files_in_conflict_the_first_are_named_and_the_document_has_all(
    branches: Branches, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [f"src/part-{number:02}.py" for number in range(40)]
    for branch in ("agent/mul", "main"):
        git(branches.project, "checkout", "-q", branch)
        for name in names:
            branches.write(name, f"x = '{branch}'\n")
        branches.commit(f"Write 40 files on {branch}")
    opened = branches.open("agent/mul")
    assert branches.json("check", opened)["conflicts"][0]["files"] == names
    conflicts = branches.run("check", opened).out.partition("\nCONFLICTS")[2]
    assert conflicts.count(f"{names[7]} and 32 more (check --json names all)") == 2, "in the record, and now"
    assert f"{names[4]} and 35 more" in conflicts and not any(name in conflicts for name in names[8:])
    monkeypatch.setattr("omk_tui.engine.opening.branch._MOST_NAMED", 30)
    again = branches.json("open", "agent/mul", "--goal", "Else", "--again")["goals"][0]
    assert "files in conflict that are not named: 10" in again["notes"]
    assert "conflicts in 40 files" in again["merge_text"]


def test_a_base_that_moves_is_told(branches: Branches) -> None:
    goal_id = branches.open()
    branches.on("main", "other.txt", "moved\n")
    check = branches.json("check", goal_id)
    assert check["head"]["state"] == "same", "nobody who stands on main sees a moved HEAD"
    assert any(one["code"] == "base_moved" and "still merges cleanly" in one["text"] for one in check["warnings"])
    branches.on("main", "src/calc.py", "def add(a, b):\n    return b + a\n\n\ndef sub(a, b):\n    return a - b\n")
    check = branches.json("check", goal_id)
    assert any(one["code"] == "base_moved" and "now it conflicts" in one["text"] for one in check["warnings"])


async def test_a_base_that_conflicts_by_now_keeps_an_accept_back_and_stands_among_the_conflicts(
    branches: Branches,
) -> None:
    goal_id = branches.open()
    branches.on("main", "src/calc.py", "def add(a, b):\n    return b + a\n\n\ndef sub(a, b):\n    return a - b\n")
    accept = ("accept", goal_id, "--summary", "ok", "--record-not-ready")
    ended = branches.run(*accept)
    assert ended.code == 4 and "a conflict is open" in ended.err and "now it conflicts" in ended.err
    conflicts = branches.run("check", goal_id).out.partition("\nCONFLICTS")[2].partition("\nWARNINGS")[0]
    assert "none recorded" in conflicts and "[!] the base moved" in conflicts
    async with story.desk_on(branches.root, branches.project) as desk:
        await desk.press("enter", "6")
        assert "6 Confl!" in desk.text and "[!] in conflict with the base as it is today" in desk.text
        assert "bring its branch up to date" in " ".join(desk.text.split())
    assert branches.run(*accept, "--despite-conflicts").code == 0


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

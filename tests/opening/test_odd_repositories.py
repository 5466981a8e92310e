"""Repositories as they are out there: git-lfs, submodules, names that are no UTF-8, partial clones."""

from __future__ import annotations

import json
import os
import subprocess
from pathlib import Path
from typing import Any

import pytest

from omk_tui.core.review.diff import read_diff
from omk_tui.engine import Engine
from omk_tui.engine.files.state_root import StateRoot
from omk_tui.engine.opening.branches import branches_to_open
from tests.engine.projects import git
from tests.golden.tree import photograph
from tests.opening.conftest import Branches

NONE = ("--sandbox", "none")
POINTER = "version https://git-lfs.github.com/spec/v1\noid sha256:{}\nsize 12345\n"


def proof(branches: Branches, goal_id: str) -> dict[str, Any]:
    read: dict[str, Any] = json.loads((branches.folder(goal_id) / "proof.json").read_text())
    return read


def warnings(branches: Branches, goal_id: str) -> dict[str, str]:
    return {one["code"]: one["text"] for one in branches.json("check", goal_id)["warnings"]}


def test_files_of_lfs_stay_pointers_and_no_filter_runs(
    branches: Branches, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    mark, person = tmp_path / "it-ran", tmp_path / "gitconfig"
    evil = f"touch {mark}; cat"
    person.write_text(f'[filter "lfs"]\n\tsmudge = {evil}\n\tclean = {evil}\n\tprocess = {evil}\n\trequired = true\n')
    git(branches.project, "checkout", "-q", "agent/mul")
    branches.write(".gitattributes", "*.bin filter=lfs diff=lfs merge=lfs -text\n")
    branches.write("model.bin", POINTER.format("1" * 64))
    branches.commit("A model")
    branches.write("model.bin", POINTER.format("2" * 64))
    branches.commit("A better model")
    git(branches.project, "checkout", "-q", "main")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(person))
    for name in ("smudge", "clean", "process"):
        git(branches.project, "config", f"filter.lfs.{name}", evil)
    git(branches.project, "config", "filter.lfs.required", "true")
    mark.unlink(missing_ok=True)
    before = photograph(branches.project)
    goal_id = branches.open()
    ended = branches.run("gate", goal_id, "--add", "see=cat model.bin", "--only", "see", *NONE)
    assert ended.code == 3 and "files of git-lfs that were only pointers: 1" in ended.err
    assert proof(branches, goal_id)["gates"][0]["stdout"] == POINTER.format("2" * 64)
    told = warnings(branches, goal_id)
    assert "only pointers: 1" in told["incomplete_tree"] and "gate_changed_files" not in told
    diff = (branches.folder(goal_id) / "artifacts/agent-runs/goal-agent-execute/mutation.diff").read_text()
    stands_for = {patch.path: patch.stands_for for patch in read_diff("run", "path", diff).files}
    assert stands_for == {".gitattributes": "", "model.bin": "lfs", "src/calc.py": ""}
    assert not mark.exists() and photograph(branches.project) == before


def test_submodules_are_empty_folders_and_told(branches: Branches) -> None:
    git(branches.project, "checkout", "-q", "agent/mul")
    branches.write(".gitmodules", '[submodule "lib"]\n\tpath = lib/other\n\turl = https://example.invalid/other\n')
    git(branches.project, "update-index", "--add", "--cacheinfo", f"160000,{'3' * 40},lib/other")
    git(branches.project, "add", ".gitmodules")
    git(branches.project, "commit", "-q", "-m", "Use another repository")
    git(branches.project, "checkout", "-q", "-f", "main")
    goal_id = branches.open()
    assert "lib/other" in proof(branches, goal_id)["changed_files"]
    ended = branches.run("gate", goal_id, "--add", "look=ls -A lib/other", "--only", "look", *NONE)
    assert ended.code == 3 and "submodules that were empty folders: 1" in ended.err
    assert "empty folders: 1" in warnings(branches, goal_id)["incomplete_tree"]
    diff = (branches.folder(goal_id) / "artifacts/agent-runs/goal-agent-execute/mutation.diff").read_text()
    assert [patch.path for patch in read_diff("run", "path", diff).files if patch.stands_for == "submodule"] == [
        "lib/other"
    ]


def test_names_that_are_no_utf_8(branches: Branches) -> None:
    project = os.fsencode(branches.project)

    def write(name: bytes, text: str) -> None:
        os.makedirs(os.path.dirname(os.path.join(project, name)), exist_ok=True)
        with open(os.path.join(project, name), "a") as file:
            file.write(text)

    write(b"gr\xfcn.txt", "one\n")
    branches.commit("A name in Latin-1")
    subprocess.run([b"git", b"checkout", b"-q", b"-b", b"agent/\xfc"], cwd=project, check=True)
    write(b"gr\xfcn.txt", "theirs\n")
    write(b"d\xe9/new\nline", "x\n")
    (branches.project / "src/calc.py").rename(os.fsdecode(os.path.join(project, b"src/k\xe4lc.py")))
    message = os.path.join(project, b"../message")
    with open(message, "wb") as file:
        file.write(b"Rename f\xfcr good\n\nCo-authored-by: J\xfcrgen <j@example.org>\n")
    git(branches.project, "add", "-A")
    git(branches.project, "-c", "i18n.commitEncoding=latin1", "commit", "-q", "-F", os.fsdecode(message))
    git(branches.project, "checkout", "-q", "main")
    write(b"gr\xfcn.txt", "ours\n")
    branches.commit("Conflict")
    opened = branches.run("open", os.fsdecode(b"agent/\xfc"), "--json").document["goals"][0]
    assert opened["branch"] is None and opened["merge"] == "conflict"
    assert any("is not UTF-8: what becomes of the branch is not looked at" in note for note in opened["notes"])
    goal_id = opened["goal_id"]
    changed = proof(branches, goal_id)["changed_files"]
    assert "gr�n.txt" in changed and "d�/new\nline" in changed and "src/k�lc.py" in changed
    code = "import os; os.rename(b'gr\\xfcn.txt', b'gone')"
    ended = branches.run("gate", goal_id, "--add", f'move=python3 -c "{code}"', "--only", "move", "--json", *NONE)
    assert ended.document["gates"][0]["passed"] and ended.document["gates"][0]["changed"] == ["gr�n.txt"]
    for words in (("check", goal_id), ("brief", goal_id), ("plan", goal_id, "reject", "--reason", "no"), ("list",)):
        ended = branches.run(*words)
        assert ended.code in (0, 3) and "this should not have happened" not in ended.err, words
    assert "ours" in branches.run("brief", goal_id).out
    assert branches.run("reject", goal_id, "--reason", "rename it").code == 0
    assert branches.run("open", "agent/*").code == 0
    listed = [
        row
        for rows in branches_to_open(StateRoot(str(branches.root), "", exists=True), str(branches.project))
        for row in rows
    ]
    assert "agent/mul" not in [row.name for row in listed]


def test_a_repository_whose_path_is_no_utf_8_is_refused_with_the_reason(branches: Branches, tmp_path: Path) -> None:
    place = Path(os.fsdecode(os.fsencode(tmp_path) + b"/pr\xf6ject"))
    branches.project.rename(place)
    branches.project = place
    ended = branches.run("open", "agent/mul")
    assert ended.code == 1 and "is not UTF-8" in ended.err and "should not have happened" not in ended.err


def test_a_partial_clone_fetches_nothing_and_says_what_is_missing(branches: Branches, tmp_path: Path) -> None:
    git(branches.project, "config", "uploadpack.allowFilter", "true")
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "-q", "--no-checkout", "--filter=blob:none", f"file://{branches.project}", str(clone))
    git(clone, "update-ref", "refs/heads/agent/mul", "origin/agent/mul")
    branches.project = clone
    before = photograph(clone)
    opened = branches.run("open", "agent/mul", "--json").document["goals"][0]
    assert any("git could not make the whole diff" in note for note in opened["notes"])
    assert proof(branches, opened["goal_id"])["changed_files"] == ["src/calc.py"]
    ended = branches.run("gate", opened["goal_id"], "--add", "ok=true", "--only", "ok", *NONE)
    assert (
        ended.code == 1
        and "cannot be checked out: error: unable to read" in ended.err
        and "a partial clone" in ended.err
    )
    assert photograph(clone) == before, "nothing was fetched"


def test_a_shallow_clone_is_told_and_what_it_lacks_is_not_guessed(branches: Branches, tmp_path: Path) -> None:
    clone, source = tmp_path / "clone", f"file://{branches.project}"
    branches.on("main", "later.txt", "x\n")
    git(tmp_path, "clone", "-q", "--no-single-branch", "--depth", "1", source, str(clone))
    branches.project = clone
    ended = branches.run("open", "origin/agent/mul")
    assert ended.code == 1 and "no commit in common; the history of this clone is cut (shallow)" in ended.err
    git(clone, "fetch", "-q", "--depth", "2")
    git(clone, "fetch", "-q", "--depth", "2", "origin", "agent/mul:refs/remotes/origin/agent/mul")
    opened = branches.json("open", "origin/agent/mul")["goals"][0]
    assert opened["merge"] == "clean" and "as far as it reaches" in opened["notes"][0]
    assert opened["notes"][0] in proof(branches, opened["goal_id"])["known_gaps"]


def test_a_thousand_files_on_the_desk(branches: Branches) -> None:
    git(branches.project, "checkout", "-q", "agent/mul")
    for number in range(1_200):
        branches.write(f"many/{number % 40}/{number}.txt", f"{number}\n")
    branches.commit("Many")
    git(branches.project, "checkout", "-q", "main")
    goal_id = branches.open()
    reading = Engine(StateRoot(str(branches.root), "", exists=True), str(branches.project)).read(goal_id)
    assert len(reading.diff.runs[0].files) == 1_201  # type: ignore[union-attr]
    document = branches.json("gate", goal_id, "--add", "count=sh -c 'find . -type f | wc -l'", "--only", "count", *NONE)
    assert document["gates"][0]["passed"] and document["gates"][0]["changed"] == []
    assert int(proof(branches, goal_id)["gates"][0]["stdout"]) == 1_203

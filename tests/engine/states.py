"""Small state roots made for one test: a complete goal, one thing changed in it, an engine on top."""

from __future__ import annotations

import copy
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from omk_tui.core.decision.outcome import Outcome, Recorded
from omk_tui.core.decision.plan import DecisionPlan
from omk_tui.core.decision.planner import Decision
from omk_tui.core.records.verb import Verb
from omk_tui.core.review.goal_review import Review
from omk_tui.engine import Engine, StateRoot
from omk_tui.engine.database.row_writer import write_rows
from tests.core.documents import GOAL_ID, Members, goal_json, graph_json, proof_json, row_json
from tests.golden.layout import quiet_git_environment
from tests.golden.tree import Tree, photograph

NOW = 1_790_000_000_000_000_000
"""The usual reading of a test's clock: Unix nanoseconds, September 2026."""
NOBODY = 65534


class State:
    """A state root below a test's folder, and a project directory beside it."""

    def __init__(self, base: Path) -> None:
        self.base = base
        self.root = base / "state"
        self.project = base / "project"
        (self.root / "goals").mkdir(parents=True)
        self.project.mkdir()
        self._rows: list[Members] = []

    def add(
        self,
        goal_id: str = GOAL_ID,
        *,
        goal: Members | None = None,
        proof: Members | None = None,
        graph: Members | None = None,
        row: Members | None = None,
    ) -> Path:
        """Write a goal with its row; each document may be replaced. Returns the goal directory."""
        folder = self.root / "goals" / goal_id
        folder.mkdir(mode=0o700)
        put(folder / "goal.json", goal_json(goal_id) if goal is None else goal)
        put(folder / "proof.json", proof_json(goal_id) if proof is None else proof)
        put(folder / "task-graph.json", graph_json(goal_id) if graph is None else graph)
        (folder / "events.jsonl").write_bytes(b"")
        self.add_row(row_json(goal_id, str(self.root / "goals")) if row is None else row)
        return folder

    def add_row(self, row: Members) -> None:
        write_rows(self.root, [row])

    def folder(self, goal_id: str = GOAL_ID) -> Path:
        return self.root / "goals" / goal_id

    def engine(self, clock: Callable[[], int] = lambda: NOW) -> Engine:
        return Engine(StateRoot(str(self.root), "--state-root", exists=True), str(self.project), clock)

    def review(self, goal_id: str = GOAL_ID) -> Review:
        review = self.engine().review(goal_id)
        assert isinstance(review, Review), review
        return review

    def plan(self, verb: Verb = "reject", text: str = "no", goal_id: str = GOAL_ID) -> DecisionPlan:
        engine = self.engine()
        planned = engine.plan(self.review(goal_id), verb, text)
        assert isinstance(planned, DecisionPlan), planned
        return planned

    def decide(self, verb: Verb = "reject", text: str = "no", goal_id: str = GOAL_ID, **more: Any) -> Outcome:
        return self.engine().decide(Decision(verb, goal_id, text, **more))

    def recorded(self, verb: Verb = "reject", text: str = "no", goal_id: str = GOAL_ID, **more: Any) -> Recorded:
        outcome = self.decide(verb, text, goal_id, **more)
        assert isinstance(outcome, Recorded), outcome
        return outcome

    def photo(self) -> Tree:
        """Everything on disk but git's index, whose cached file times any look at the project may renew."""
        return {
            name: entry
            for name, entry in photograph(self.base).items()
            if not name.endswith((".git/index", "-wal", "-shm"))
        }

    # -- the project -----------------------------------------------------------------------------------------------

    def git(self, *words: str) -> str:
        """Run git in the project, with nobody's configuration."""
        who = {f"GIT_{role}_{part}": "a@b" for role in ("AUTHOR", "COMMITTER") for part in ("NAME", "EMAIL")}
        done = subprocess.run(
            ["git", *words],
            cwd=self.project,
            env={**os.environ, **quiet_git_environment(), **who},
            check=True,
            capture_output=True,
            text=True,
        )
        return done.stdout.strip()

    def commit(self, text: str = "one") -> str:
        """Commit a file to the project's repository, made on first use; returns the commit's hash."""
        if not (self.project / ".git").exists():
            self.git("init", "--quiet", "--initial-branch=main")
        (self.project / "file.txt").write_text(text)
        self.git("add", "--all")
        self.git("commit", "--quiet", "--message", text)
        return self.git("rev-parse", "HEAD")


def put(path: Path, document: object) -> None:
    """Write a JSON document as omk does."""
    path.write_text(json.dumps(document, indent=2, ensure_ascii=False), encoding="utf-8")
    path.chmod(0o600)


def change(path: Path, **members: object) -> None:
    """Set members of a JSON document on disk."""
    put(path, json.loads(path.read_text()) | copy.deepcopy(members))


def content(path: Path) -> Members:
    """The JSON object in a file."""
    document = json.loads(path.read_text())
    assert isinstance(document, dict)
    return document


def as_ordinary_user(
    code: str, state: State, environ: Mapping[str, str] | None = None
) -> subprocess.CompletedProcess[str]:
    """Run Python code as a user without privileges: a root test user drops them first, anybody else stays who he is.

    The code finds `Engine`, `Decision` and `engine` ready. The modules are imported before privileges go, because the
    checkout may be closed to other users.
    """
    head = f"""
import encodings.idna, os, sys
from omk_tui.engine import Engine, StateRoot
from omk_tui.core.decision.planner import Decision
Engine.load_code()
if os.geteuid() == 0:
    os.setgroups([]); os.setgid({NOBODY}); os.setuid({NOBODY})
engine = Engine(StateRoot({str(state.root)!r}, "--state-root", True), {str(state.project)!r})
"""
    return subprocess.run(
        [sys.executable, "-c", head + code],
        env={**os.environ, **(environ or {})},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=False,
    )


def give_to_ordinary_user(top: Path) -> None:
    """Let `as_ordinary_user` own everything below `top`, and let it through to there."""
    if os.geteuid() != 0:
        return
    for folder in [top, *top.parents]:
        about = folder.stat()
        if about.st_uid != 0:
            break
        if about.st_mode & 0o011 != 0o011:
            folder.chmod(about.st_mode | 0o011)
    for folder_name, folders, files in os.walk(top):
        for name in (".", *folders, *files):
            os.chown(os.path.join(folder_name, name), NOBODY, NOBODY, follow_symlinks=False)

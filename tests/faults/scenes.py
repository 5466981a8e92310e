"""Small state roots to be struck by faults: photographed, restored byte by byte, and compared."""

from __future__ import annotations

import os
import shutil
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from omk_tui.core.decision.journal import Entry as JournalEntry
from omk_tui.core.decision.plan import AppendLine, DecisionPlan, MakeFolder, ReplaceFile, UpsertRow
from omk_tui.core.decision.planner import Decision
from omk_tui.core.records.file_names import JOURNAL_FILE
from omk_tui.core.records.goal_row import Cell
from omk_tui.core.records.verb import Verb
from omk_tui.core.review.goal_review import Review
from omk_tui.engine import Engine, StateRoot
from omk_tui.engine.database.goals_table import read_rows
from omk_tui.engine.deciding import transaction
from omk_tui.engine.files.goal_folder import GoalFolder
from tests.core.documents import GOAL_ID, conflict_task, graph_json
from tests.engine.states import State
from tests.faults.company import Act
from tests.faults.stage import NOW
from tests.golden.tree import Entry, Tree, photograph

DATABASE = "omk.db"
SIDE_FILES = ("omk.db-wal", "omk.db-shm")


@dataclass(frozen=True)
class Picture:
    """What counts of a state root: every name, byte and mode, the rows of omk.db instead of its bytes."""

    tree: Mapping[str, Entry]
    rows: tuple[Mapping[str, Cell], ...]
    problem: str

    def difference(self, other: Picture) -> str:
        """The names in which the two differ."""
        names = {name for name in {*self.tree, *other.tree} if self.tree.get(name) != other.tree.get(name)}
        if (self.rows, self.problem) != (other.rows, other.problem):
            names.add(f"rows of {DATABASE} {self.problem or other.problem}")
        return ", ".join(sorted(names))


class Scene:
    """A state root with one goal, as it is before anything happens to it."""

    def __init__(self, base: Path, name: str, verb: Verb) -> None:
        self.name, self.verb = name, verb
        base.mkdir(parents=True, exist_ok=True)
        self.state = State(base)
        self.root = self.state.root
        self._raw: Tree = {}

    def freeze(self) -> None:
        """From now on, this is how it is before anything happens."""
        self._raw = photograph(self.root)

    def restore(self) -> None:
        self.lay(self._raw)

    def lay(self, raw: Tree) -> None:
        """Put what was photographed in the place of all that is there."""
        shutil.rmtree(self.root)
        lay(self.root, raw)

    def lay_in(self, place: Path) -> None:
        """Put how it was into a folder that is there and empty."""
        lay(place, self._raw)

    def cut_off(self, after: int) -> None:
        """Decide, and be killed as it were when so many steps have been carried out."""
        cut_off(self.engine(), Decision(self.verb, GOAL_ID, "cut off", record_not_ready=True), after)

    def picture(self) -> Picture:
        tree = {name: entry for name, entry in photograph(self.root).items() if name not in (DATABASE, *SIDE_FILES)}
        rows = read_rows(str(self.root / DATABASE))
        return Picture(tree, rows.rows, rows.problem)

    def raw(self) -> Tree:
        return photograph(self.root)

    def engine(self) -> Engine:
        return Engine(StateRoot(str(self.root), "--state-root", exists=True), str(self.state.project), lambda: NOW)

    def look(self) -> Review:
        """A fresh look, which recovers what was cut off."""
        review = self.engine().review(GOAL_ID)
        assert isinstance(review, Review), review
        return review

    def decision(self) -> Act:
        """The act of deciding, bound to the goal as it is now."""
        snapshot = self.look().snapshot
        return self._act("decide", verb=self.verb, text=f"because of\n{self.name}", snapshot=snapshot)

    def recovery(self) -> Act:
        return self._act("recover")

    def _act(self, act: str, **more: Any) -> Act:
        return Act(act, str(self.root), str(self.state.project), GOAL_ID, **more)


def fresh_accept(base: Path) -> Scene:
    """A complete goal that nobody has decided yet; most of what a decision writes is not there."""
    scene = Scene(base, "accept of a fresh goal", "accept")
    scene.state.add()
    scene.freeze()
    return scene


def second_reject(base: Path) -> Scene:
    """A goal in conflict that was accepted and rejected before; an event log with a torn last line."""
    scene = Scene(base, "reject of a goal decided twice before", "reject")
    evidence = "artifacts/integration/merge-conflict-a.json"
    folder = scene.state.add(graph=graph_json(tasks=[conflict_task(evidence)]))
    for verb, text in (("accept", "good"), ("reject", "not so good")):
        scene.state.recorded(verb, text, despite_conflicts=True)  # type: ignore[arg-type]
    (folder / evidence).write_text('{"conflicts": ["src/parser.py"]}')
    with (folder / "events.jsonl").open("ab") as log:
        log.write(b'{"cut": "off')
    scene.freeze()
    return scene


def accept_without_database(base: Path) -> Scene:
    """A goal that was rejected before; omk.db is to be made anew."""
    scene = Scene(base, "accept of a rejected goal without omk.db", "accept")
    scene.state.add()
    scene.state.recorded("reject", "no")
    (scene.root / DATABASE).unlink()
    scene.freeze()
    return scene


def reject_of_a_fresh_goal(base: Path) -> Scene:
    """A complete goal that nobody has decided yet, and no log at all."""
    scene = Scene(base, "reject of a goal without logs", "reject")
    (scene.state.add() / "events.jsonl").unlink()
    scene.freeze()
    return scene


class Killed(BaseException):
    """Stands for the end of a process."""


def cut_off(engine: Engine, decision: Decision, after: int) -> None:
    """Take a decision that ends without another word when `after` of its steps have been carried out."""
    carry_out = transaction._carry_out
    left = after

    def counted(folder: GoalFolder, entry: JournalEntry, database: str) -> str:
        nonlocal left
        if left == 0:
            raise Killed
        left -= 1
        return carry_out(folder, entry, database)

    transaction._carry_out = counted
    try:
        engine.decide(decision)
    except Killed:
        return
    finally:
        transaction._carry_out = carry_out
    raise AssertionError(f"the decision has no more than {after} steps")


def lay(top: Path, raw: Tree) -> None:
    """Put what was photographed at `top`, which is not there. Folders get their modes last."""
    folders = [(top / name, entry.mode) for name, entry in raw.items() if entry.kind == "directory"]
    for path, _ in folders:
        path.mkdir(exist_ok=True)
    for name, entry in raw.items():
        path = top / name
        if entry.kind == "file":
            path.write_bytes(entry.content)
            path.chmod(entry.mode)
        elif entry.kind == "link":
            os.symlink(entry.content, os.fsencode(path))
    for path, mode in reversed(folders):
        path.chmod(mode)


def decided(before: Picture, plan: DecisionPlan) -> Picture:
    """What a plan makes of a state root: an own, simple model of it. The umask is 022."""
    tree, place = dict(before.tree), f"goals/{plan.goal_id}/"
    rows: dict[Any, Mapping[str, Cell]] = {row["goal_id"]: row for row in before.rows}
    for step in plan.steps:
        match step:
            case MakeFolder(path, _, private):
                there = tree.get(f"{place}{path}/")
                mode = 0o700 if private else there.mode if there else 0o755
                tree[f"{place}{path}/"] = Entry("directory", mode)
            case ReplaceFile(path, data):
                tree[place + path] = Entry("file", 0o600, data)
            case AppendLine(path, data, _, private):
                log = tree.get(place + path, Entry("file", 0o644))
                tree[place + path] = Entry("file", 0o600 if private else log.mode, log.content + data)
            case UpsertRow(row):
                rows[row["goal_id"]] = dict(row)
    return Picture(tree, tuple(rows.values()), "")


def journal_of(scene: Scene) -> Path:
    """Where the journal of a scene's goal is."""
    return scene.state.folder() / JOURNAL_FILE

"""Which project a goal belongs to: the one that was named, else the goal's own record, else the current folder."""

from __future__ import annotations

import os
from collections.abc import Sequence

from omk_tui.core.format import omk_json
from omk_tui.core.format.omk_json import JsonError
from omk_tui.core.records.branch_check import BranchCheck
from omk_tui.core.records.file_names import EVENTS_FILE
from omk_tui.core.records.intake import Intake
from omk_tui.core.text.printable import printable
from omk_tui.engine.files.goal_folder import GoalFolder, Unreadable, read_up_to
from omk_tui.engine.git.project import Project, read_project
from omk_tui.light.dataclass import dataclass, field, replace

NAMED = "named by --project-dir"
RECORDED = "named by the goal's own first event"
HERE = "the current directory"

_HEAD_OF_EVENTS = 64 << 10
"""Bytes of the event log in which the event that names the project is looked for."""


class NotAsked(Exception):
    """Git would have to be asked something new at a moment when nobody may wait for it."""


@dataclass(slots=True)
class GoalProjects:
    """Finds the project of each goal of one look.

    `named` is the folder of --project-dir, `here` the current folder; None where there is none. The same question is
    asked once in a look, and a project that took too long is not asked again. With `asked_before` git is not asked
    anything new: a question without an answer raises NotAsked.
    """

    named: str | None
    here: str | None
    asked_before: bool = False
    _too_slow: set[str] = field(default_factory=set)
    _branches: dict[tuple[str | bool, ...], BranchCheck] = field(default_factory=dict)
    _answers: dict[tuple[str, bool], tuple[Project, frozenset[str | None]]] = field(default_factory=dict)

    def of_goal(self, recorded: str | None, commit: str | None) -> Project:
        """The project of one goal with its git evidence; `commit` is that of the goal's evidence."""
        return self._projects([(recorded, commit)], work_tree=True)[0]

    def branch_of(self, intake: Intake) -> BranchCheck:
        """Where the branch and the base of an opened goal are now, and whether it still merges."""
        return self._check_branches([intake], merges=True)[0]

    def branches_of(self, intakes: Sequence[Intake]) -> list[BranchCheck]:
        """Where the branches and bases of opened goals are now; merges are not tried."""
        return self._check_branches(intakes, merges=False)

    def _check_branches(self, intakes: Sequence[Intake], *, merges: bool) -> list[BranchCheck]:
        questions = [
            (merges, each.repository, each.branch, each.head, each.base_ref, each.base, each.project_dir)
            for each in intakes
        ]
        fresh = {
            question: intake
            for question, intake in zip(questions, intakes, strict=True)
            if question not in self._branches
        }
        if fresh and self.asked_before:
            raise NotAsked
        if fresh:
            from omk_tui.engine.git.branch_head import check_branches

            self._branches |= zip(fresh, check_branches(tuple(fresh.values()), merges=merges), strict=True)
        return [self._branches[question] for question in questions]

    def of_goals(self, goals: Sequence[tuple[str | None, str | None]]) -> list[Project]:
        """The project of each goal, by its recorded folder and evidence's commit, without evidence of the work tree."""
        return self._projects(goals, work_tree=False)

    def _projects(self, goals: Sequence[tuple[str | None, str | None]], *, work_tree: bool) -> list[Project]:
        if self.named is not None:
            project = self._read(self.named, NAMED, [commit for _, commit in goals], work_tree)
            return [project] * len(goals)
        by_folder: dict[str, list[str | None]] = {}
        for recorded, commit in goals:
            if recorded is not None and commit is not None:
                by_folder.setdefault(recorded, []).append(commit)
        own = {folder: self._read(folder, RECORDED, commits, work_tree) for folder, commits in by_folder.items()}
        chosen = [
            own[recorded] if recorded is not None and recorded in own and commit in own[recorded].known else None
            for recorded, commit in goals
        ]
        rest = [commit for (_, commit), project in zip(goals, chosen, strict=True) if project is None]
        fallback = self._fallback(rest, work_tree) if rest else Project("")
        return [project or fallback for project in chosen]

    def _fallback(self, commits: Sequence[str | None], work_tree: bool) -> Project:
        if self.here is None:
            return Project("the current directory, which is gone", problem="name one with --project-dir", origin=HERE)
        return self._read(self.here, HERE, commits, work_tree)

    def _read(self, folder: str, origin: str, commits: Sequence[str | None], work_tree: bool) -> Project:
        if folder in self._too_slow:
            return Project(folder, problem="git took too long", origin=origin)
        earlier, asked = self._answers.get((folder, work_tree), (None, frozenset[str | None]()))
        new = frozenset(commits) - asked
        if earlier is not None and not new:
            return earlier
        if self.asked_before:
            raise NotAsked
        project = read_project(folder, new, origin=origin, work_tree=work_tree)
        if earlier is not None:
            project = replace(project, known=project.known | earlier.known)
        self._answers[folder, work_tree] = (project, asked | new)
        if project.out_of_time:
            self._too_slow.add(folder)
        return project


def recorded_project_dir(folder: GoalFolder) -> str | None:
    """The project folder that the goal's first event (`run_started`) names (STATE-FORMAT 10.2); None without one."""
    try:
        with folder.open(EVENTS_FILE) as file:
            first = read_up_to(file, _HEAD_OF_EVENTS).partition(b"\n")[0]
        event = omk_json.parse(first.decode("utf-8"))
    except (Unreadable, UnicodeDecodeError, JsonError):
        return None
    payload = event.get("payload") if isinstance(event, dict) and event.get("kind") == "run_started" else None
    path = payload.get("project_dir") if isinstance(payload, dict) else None
    if not isinstance(path, str) or not os.path.isabs(path) or "\0" in path or printable(path) != path:
        return None
    return path


def current_directory() -> str | None:
    """The absolute path of the current folder; None where it is gone, or cannot be told."""
    try:
        return os.getcwd()
    except OSError:
        return None

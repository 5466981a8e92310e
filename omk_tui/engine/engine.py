"""Engine: the one interface of both fronts to the state of omk's goals."""

from __future__ import annotations

import io
import os
import time
from collections.abc import Callable, Iterator
from functools import cache, partial

from omk_tui.core.decision.outcome import Failed, Outcome, Refused
from omk_tui.core.decision.rollback import REASON_PLACEHOLDER
from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.judgement.goal_line import GoalLine, Listing
from omk_tui.core.records.intake import Intake
from omk_tui.core.records.verb import Verb
from omk_tui.core.review.goal_review import Review
from omk_tui.core.text.printable import printable
from omk_tui.core.text.printed_commands import PLAIN_CALL, CommandLine
from omk_tui.core.text.words import trim
from omk_tui.engine.database.goals_table import Row, read_row
from omk_tui.engine.deciding.cut_off import CutOff
from omk_tui.engine.deciding.telling import Tell, keep_quiet
from omk_tui.engine.files import app_state, watch
from omk_tui.engine.files.file_memory import FileMemory
from omk_tui.engine.files.goal_folder import GoalFolder, Unreadable
from omk_tui.engine.files.progress import GoalsProgress, Progress, uncounted, unwatched
from omk_tui.engine.files.state_root import StateRoot
from omk_tui.engine.git.choice import GoalProjects, current_directory
from omk_tui.engine.reading.consistent import read_locked, read_steadily
from omk_tui.engine.reading.evidence_digest import EvidenceDigests
from omk_tui.engine.reading.goal_ids import id_objection, not_found
from omk_tui.engine.reading.records import read_intake_of
from omk_tui.engine.reading.review import Surroundings, read_review
from omk_tui.engine.reading.usage import UsageReader

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import TypeVar

    from omk_tui.core.decision.findings import Finding
    from omk_tui.core.decision.plan import DecisionPlan
    from omk_tui.core.decision.planner import Decision
    from omk_tui.core.records.ledger_entries import History, LedgerEntry
    from omk_tui.core.review.reading import Reading
    from omk_tui.core.review.shown_points import Seen
    from omk_tui.engine.deciding.carry_out import Written
    from omk_tui.engine.deciding.doctor import Approve
    from omk_tui.engine.git.project_look import ProjectLook
    from omk_tui.engine.opening.recorder import MakePlan
    from omk_tui.engine.reading.goals_list import GoalsList

    T = TypeVar("T")


class Engine:
    """Reads, judges, plans and decides the goals of one state root.

    `project_dir` is where git evidence is taken; without it that is the project which the goal's own record names, if
    its repository knows the goal's commit, else the current directory. `clock` gives Unix nanoseconds. `tell`
    is told of each decision that a look has finished; `call` are the options that printed commands repeat. No
    method raises for what a state can hold: unreadable files are values inside a Review, and expected failures are
    Refused or Failed.
    """

    def __init__(
        self,
        root: StateRoot,
        project_dir: str | None = None,
        clock: Callable[[], int] = time.time_ns,
        *,
        tell: Tell = keep_quiet,
        call: CommandLine = PLAIN_CALL,
    ) -> None:
        """An engine on a state root; nothing is read yet."""
        self.root = root
        self.project_dir = project_dir
        self._here = current_directory()
        self._git_dirs: dict[str, str] = {}
        self._intakes: dict[str, Intake | None] = {}
        self._digests: FileMemory = FileMemory()
        self._usages: FileMemory = FileMemory()
        self._clock = clock
        self._tell = tell
        self.call = call

    def telling(self, tell: Tell) -> Engine:
        """The same engine, with its caches, telling somebody else what a look has finished."""
        from copy import copy

        other = copy(self)
        other._tell = tell
        return other

    def now(self) -> Timestamp:
        """The clock's reading."""
        return Timestamp.from_unix_nanos(self._clock())

    @staticmethod
    @cache
    def load_code() -> None:
        """Load all that is otherwise loaded when it is first needed.

        For a process that goes on for hours, while the program may be replaced by another version of it, and for one
        that gives up the right to read its own code.
        """
        from importlib import import_module
        from pkgutil import walk_packages

        from omk_tui import core
        from omk_tui.light import late

        for package in (core, import_module(__name__.rpartition(".")[0])):
            for module in walk_packages(package.__path__, f"{package.__name__}."):
                import_module(module.name)
        for name in late.__all__:
            import_module(name)

    # -- the list --------------------------------------------------------------------------------------------------

    def goals(self, progress: GoalsProgress = uncounted) -> Listing:
        """Every goal, newest first by `created_at`, then id, with notes on where directory and omk.db disagree."""
        return self._list().read(progress)

    def lines(self, batch: int = 64) -> Iterator[tuple[GoalLine, ...]]:
        """The list's lines in batches as they are read, unsorted; ghosts come last."""
        return self._list().batches(batch)

    def listing_notes(self, lines: tuple[GoalLine, ...]) -> tuple[str, ...]:
        """Where directory and omk.db disagree, given the lines that were read."""
        return self._list().notes(lines)

    def line(self, goal_id: str) -> GoalLine | None:
        """One goal's line read again, or None when it is gone."""
        return self._list().line(goal_id)

    # -- one goal --------------------------------------------------------------------------------------------------

    def resolve(self, text: str, least_ending: int = 0) -> str | Refused | Failed:
        """The full id that a text stands for, or why it stands for none; see `named_goal`."""
        from omk_tui.engine.opening.named_goal import named_goal

        return named_goal(self.root, text, least_ending, self.now(), self.project_dir or self._here or "")

    def review(self, goal_id: str, progress: Progress = unwatched) -> Review | Failed:
        """Everything of one goal at this moment. Failed only when there is no such goal directory.

        `progress` is told of slow reading, and may end it by raising Cancelled, which is raised again here.
        """
        return self._in_folder(goal_id, lambda folder: self._read(folder, goal_id, progress))

    def read(self, goal_id: str, progress: Progress = unwatched) -> Reading | Failed:
        """Everything that the desk shows of one goal. Failed only when there is no such goal directory.

        `progress` is told of slow reading, and may end it by raising Cancelled, which is raised again here.
        """
        from omk_tui.engine.deciding.whole_goal import read_whole

        def everything(folder: GoalFolder) -> Reading:
            review = self._read(folder, goal_id, progress)
            return read_whole(folder, review, self.plan(review, "reject", REASON_PLACEHOLDER))

        return self._in_folder(goal_id, everything)

    def project(self, review: Review) -> ProjectLook:
        """A look at the goal's project beside its evidence; nothing of it is written."""
        from omk_tui.engine.git.project_look import ProjectLook

        return ProjectLook(review.facts.head.project_dir)

    def plan(
        self, review: Review, verb: Verb, text: str, looked_at: tuple[str, ...] = ()
    ) -> DecisionPlan | Refused | Failed:
        """What a decision would write now; the same function as the commit's, and nothing is written."""
        from omk_tui.engine.deciding.planning import plan_decision

        return plan_decision(review, verb, text, self._clock, looked_at)

    def decide(self, decision: Decision, seen: Review | None = None, progress: Progress = unwatched) -> Outcome:
        """Take a decision: under the goal's lock, and only if its snapshot digest still holds.

        `seen` is the review that the person decided on; without it, what `remember` kept of the decision's snapshot
        serves. With either, a stale refusal says what changed since, requirement by requirement.
        """
        from omk_tui.core.review.shown_points import seen_of
        from omk_tui.engine.deciding import commit

        if not trim(decision.text):
            return Failed(f"the {'summary' if decision.verb == 'accept' else 'reason'} is empty; say why")

        def record(folder: GoalFolder) -> Outcome:
            projects = self._projects()
            read = self._reader(folder, decision.goal_id, progress, projects)
            read("")  # what is slow is read, and git is asked, before anybody has to wait for the lock
            projects.asked_before = True
            return commit.decide(
                folder,
                decision,
                seen=lambda: seen_of(seen) if seen is not None else self._recall(folder, decision),
                read=lambda: read_locked(folder, read),
                plan=lambda review: self._plan_said(review, decision),
                recovery=self._cut_off().recovery(),
            )

        return self._in_folder(decision.goal_id, record)

    def _plan_said(self, review: Review, decision: Decision) -> DecisionPlan | Refused | Failed:
        """The plan of a decision that is about to be recorded, after saying what it will not do."""
        for warning in review.judgement.warnings if decision.verb == "reject" else ():
            if warning.code == "merged":
                self._tell(warning.text)
        return self.plan(review, decision.verb, decision.text, decision.looked_at)

    def record(self, goal_id: str, make: MakePlan) -> Written | Refused | Failed:
        """Record evidence on a goal that was opened from a branch; `make` plans it from what is read under the lock."""
        from omk_tui.engine.opening.recorder import record

        def write(folder: GoalFolder) -> Written | Refused | Failed:
            read = self._reader(folder, goal_id, unwatched, self._projects())
            return record(folder, lambda: read_locked(folder, read), make, self._cut_off().recovery())

        return self._in_folder(goal_id, write)

    def remember(self, review: Review) -> None:
        """Keep what this review shows, in omk-tui's own state folder, for a decision that is bound to its snapshot."""
        from omk_tui.core.review.shown_points import seen_of

        self._in_folder(review.goal_id, lambda folder: app_state.remember(folder.real, seen_of(review), os.environ))

    def history(self, goal_id: str) -> History | Failed:
        """Every decision in the goal's ledger, each checked against the chain of hashes, and those that it misses.

        A decision that was cut off is finished first.
        """
        from omk_tui.engine.deciding.whole_goal import history_of

        return self._in_folder(goal_id, lambda folder: history_of(folder, self._cut_off().recover(folder)))

    def written_now(self, goal_id: str, entry: LedgerEntry) -> tuple[tuple[str, bool], ...]:
        """For each file that a decision replaced: its path, and whether today's file is still what it wrote."""
        from omk_tui.engine.deciding.ledger_history import still_written

        written = self._in_folder(goal_id, lambda folder: still_written(folder, entry))
        return () if isinstance(written, Failed) else written

    def unreadable_root(self) -> str:
        """Why the folder of goals cannot be read; empty when it can, or is not there."""
        return self._list().problem()

    def doctor(self, approve: Approve | None = None, progress: GoalsProgress = uncounted) -> tuple[Finding, ...]:
        """A check-up of the whole root. With `approve`, interrupted decisions are finished; nothing else changes.

        `approve` is asked before one is finished whose journal this user's key does not open: what it would do.
        `progress` is told how many goals of how many are read, and then how many are examined.
        """
        from omk_tui.core.decision.findings import Finding

        listing = self._list()
        try:
            goals = listing.find()
        except OSError as error:
            return (Finding("root", "", f"{self.root.goals_dir} cannot be read: {Unreadable.of(error).reason}"),)
        lines = listing.lines(goals, progress, cached=False)
        findings = [Finding("database", "", text) for text in listing.notes_on(goals, lines)]
        for number, name in enumerate(goals.folders, 1):
            progress(number, len(goals.folders))
            examined = self._in_folder(name, partial(self._examine, name, approve))
            findings += [Finding("unreadable", name, examined.why)] if isinstance(examined, Failed) else examined
        return tuple(findings)

    def _examine(self, name: str, approve: Approve | None, folder: GoalFolder) -> list[Finding]:
        from omk_tui.engine.deciding.doctor import examine

        return list(examine(folder, name, self._cut_off().recovery(), approve))

    # -- files of one goal -----------------------------------------------------------------------------------------

    def open_file(self, goal_id: str, path: str) -> io.FileIO | str:
        """A regular file inside the goal directory, opened for reading, or a sentence why not."""

        def opened(folder: GoalFolder) -> io.FileIO | str:
            try:
                return folder.open(path)
            except Unreadable as error:
                return f"{path}: {error.reason}"

        file = self._in_folder(goal_id, opened)
        return file.why if isinstance(file, Failed) else file

    # -- watching --------------------------------------------------------------------------------------------------

    def signature(self, goal_id: str) -> object:
        """A cheap value that stays equal while nothing that a Review shows has changed on disk; git is not asked."""
        from omk_tui.engine.git.ref_files import ref_files

        usual = os.path.join(self.project_dir or self._here or "", ".git")
        intake = self._intake(goal_id)
        ref_paths = () if intake is None else ref_files(intake)
        return watch.signature(self._path(goal_id), self._git_dirs.get(goal_id) or usual, ref_paths)

    def watch_folders(self, goal_id: str | None = None) -> tuple[str, ...]:
        """The folders whose changes concern one goal, or the whole list."""
        return watch.folders(self.root, None if goal_id is None else self._path(goal_id))

    # -- inside ----------------------------------------------------------------------------------------------------

    def _path(self, goal_id: str) -> str:
        return os.path.join(self.root.goals_dir, goal_id)

    def _intake(self, goal_id: str) -> Intake | None:
        """What a goal was opened from, as it was read last; None for a goal that was not opened from a branch."""
        if goal_id not in self._intakes:
            intake = self._in_folder(goal_id, read_intake_of)
            self._intakes[goal_id] = intake if isinstance(intake, Intake) else None
        return self._intakes[goal_id]

    def _cut_off(self) -> CutOff:
        return CutOff(self.root.database, self._tell, self.call.desk("doctor", "", "--repair"))

    def _projects(self) -> GoalProjects:
        return GoalProjects(self.project_dir, self._here)

    def _list(self) -> GoalsList:
        from omk_tui.engine.reading.goals_list import GoalsList

        return GoalsList(self.root, self._projects, self.call, self.now)

    def _row(self, goal_id: str) -> Row | None:
        return read_row(self.root.database, goal_id).of(goal_id)

    def _in_folder(self, goal_id: str, use: Callable[[GoalFolder], T]) -> T | Failed:
        """What `use` makes of the opened goal directory; Failed when it cannot be opened."""
        opened = self._folder(goal_id)
        if isinstance(opened, Failed):
            return opened
        with opened as folder:
            return use(folder)

    def _folder(self, goal_id: str) -> GoalFolder | Failed:
        objection = id_objection(goal_id)
        if objection:
            return Failed(objection)
        try:
            return GoalFolder(self._path(goal_id))
        except FileNotFoundError:
            if self._row(goal_id) is not None:
                gone = f"omk.db has a row, but its directory {self._path(goal_id)} is gone"
                return Failed(f"{printable(goal_id, 200)} is a ghost: {gone}")
            return Failed(not_found(goal_id, self.root.goals_dir))
        except OSError as error:
            return Failed(f"{self._path(goal_id)} cannot be opened: {Unreadable.of(error).reason}")

    def _read(self, folder: GoalFolder, goal_id: str, progress: Progress) -> Review:
        """A review of one moment; a decision that was cut off is finished first."""
        cut_off = self._cut_off()
        return read_steadily(
            folder,
            self._reader(folder, goal_id, progress, self._projects()),
            unlocked=lambda: cut_off.recover(folder),
            locked=lambda: cut_off.recover_locked(folder),
            refused=lambda error: cut_off.being_decided(folder, error),
        )

    def _reader(
        self, folder: GoalFolder, goal_id: str, progress: Progress, projects: GoalProjects
    ) -> Callable[[str], Review]:
        """Reads the goal, as often as that is needed in one look; git is asked once for each question."""

        def read(unfinished: str) -> Review:
            around = Surroundings(
                row=self._row(goal_id),
                projects=projects,
                call=self.call,
                now=self.now(),
                digests=EvidenceDigests(self._digests, progress),
                usage=UsageReader(self._usages, progress),
            )
            review = read_review(folder, goal_id, around, unfinished)
            self._git_dirs[goal_id] = review.git_dir
            self._intakes[goal_id] = review.facts.intake
            return review

        return read

    def _recall(self, folder: GoalFolder, decision: Decision) -> Seen | None:
        return app_state.recall(folder.real, decision.snapshot, os.environ) if decision.snapshot else None

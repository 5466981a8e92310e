"""The records of one goal as they were read, before anything is judged."""

from __future__ import annotations

from omk_tui.core.records.branch_check import BranchCheck
from omk_tui.core.records.conflict import conflicting, is_open
from omk_tui.core.records.delivery import Delivery
from omk_tui.core.records.gate_run import GateNote
from omk_tui.core.records.goal import Goal
from omk_tui.core.records.intake import Intake
from omk_tui.core.records.maker import OMK, Maker
from omk_tui.core.records.problem import Problem
from omk_tui.core.records.proof import StoredProof
from omk_tui.core.records.recorded_decision import RecordedDecision, recorded_decision
from omk_tui.core.records.task_graph import TaskGraph
from omk_tui.core.text.printed_commands import PLAIN_CALL, CommandLine
from omk_tui.light.dataclass import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    HeadState = Literal["same", "moved", "not checked"]


@dataclass(frozen=True, slots=True)
class Controller:
    """The controller that omk.db names for a goal: its process id, and whether it is alive (STATE-FORMAT 7.5)."""

    pid: int | None = None
    alive: bool = False


@dataclass(frozen=True, slots=True)
class HeadCheck:
    """The commit that the evidence was made on, beside the project's HEAD.

    `state` is `same`, `moved` or `not checked`; `text` says it in a sentence. `evidence` and `project` are the two
    hashes; `project_dir` is the folder that was looked at, and `origin` says why it was that one.
    """

    state: HeadState
    text: str
    evidence: str | None = None
    project: str | None = None
    project_dir: str = ""
    origin: str = ""


@dataclass(frozen=True, slots=True)
class Facts:
    """The records of one goal as they were read; what could not be read is None, and its problem says why.

    `goal_id` is the directory's name, `goal_dir` the directory as omk spells it in `state_dir`. `goal_from_row` is
    true when goal.json is missing and the row of omk.db stands in (STATE-FORMAT 5.1). `graph` is the valid typed
    graph; `deliveries` the raw delivery records, None when task-graph.json is no JSON at all.
    `interrupted` says why a decision that was begun on the goal is not finished; empty when there is none.
    `ledger_line` is the last line of the goal's ledger. `call` is how
    this program was called, `maker` the program that made the goal. `intake` is there for goals that this program
    opened from a branch; of those `gate_notes` are what is known of their gates, `required_gates` the names of those
    that have to pass, `superseded_by` is the goal of a later state of the branch, and `branch` says where branch and
    base are now (None: not looked at).
    """

    goal_id: str
    goal_dir: str
    goal: Goal | None
    stored: StoredProof | None
    graph: TaskGraph | None
    deliveries: tuple[Delivery, ...] | None
    goal_problem: Problem | None = None
    proof_problem: Problem | None = None
    graph_problem: Problem | None = None
    intake_problem: Problem | None = None
    goal_from_row: bool = False
    controller: Controller = Controller()
    head: HeadCheck = HeadCheck("not checked", "the project was not looked at")
    torn_logs: tuple[str, ...] = ()
    interrupted: str = ""
    ledger_line: bytes = b""
    call: CommandLine = PLAIN_CALL
    maker: Maker = OMK
    intake: Intake | None = None
    gate_notes: tuple[GateNote, ...] = ()
    required_gates: tuple[str, ...] = ()
    superseded_by: str = ""
    branch: BranchCheck | None = None

    def step(self, step: str) -> str:
        """The command of the goal's maker for a step, such as `verify`."""
        return self.maker.command(step, self.goal_id)

    def waiver(self, *keys: str) -> str:
        """Why the project's policy does without something that goes by these keys; empty where it does not."""
        waivers = self.intake.waivers if self.intake is not None else {}
        return next((waivers[key] for key in keys if key in waivers), "")

    @property
    def unrecorded_conflict(self) -> str:
        """That the branch conflicts with its base as that is today, in a sentence; empty where a record says it."""
        if self.branch is None or not self.branch.base_conflicts:
            return ""
        return "" if any(map(is_open, conflicting(self.deliveries or ()))) else self.branch.base_text

    @property
    def decision(self) -> RecordedDecision | None:
        """The decision that the proof records, or None."""
        return recorded_decision(self.stored, self.ledger_line) if self.stored else None

    @property
    def problems(self) -> tuple[Problem, ...]:
        """Every file that could not be used as accept needs it."""
        documents = (self.goal_problem, self.proof_problem, self.graph_problem, self.intake_problem)
        return tuple(problem for problem in documents if problem is not None)

"""Every byte that a decision would write, as steps in omk's order (STATE-FORMAT 6.2)."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal, Protocol

from omk_tui.core.records.file_names import ROLLBACK_FILE
from omk_tui.core.records.goal import Goal
from omk_tui.core.records.goal_row import Cell
from omk_tui.core.records.proof import Proof
from omk_tui.core.records.verb import Verb
from omk_tui.light.dataclass import dataclass
from omk_tui.light.late import hashlib

Action = Literal["create", "replace", "append", "mkdir"]


@dataclass(frozen=True, slots=True)
class MakeFolder:
    """Make a folder if it is not there; a `private` one is set to mode 0700 each time (STATE-FORMAT 0.4)."""

    path: str
    exists: bool
    private: bool


@dataclass(frozen=True, slots=True)
class ReplaceFile:
    """Put a file in place atomically, mode 0600 (STATE-FORMAT 0.4, atomic write)."""

    path: str
    data: bytes
    exists: bool


@dataclass(frozen=True, slots=True)
class AppendLine:
    """Append one line to a log; `private` logs are set to mode 0600 first (STATE-FORMAT 0.4)."""

    path: str
    data: bytes
    exists: bool
    private: bool


@dataclass(frozen=True, slots=True)
class UpsertRow:
    """Insert or overwrite the goal's row in omk.db; a failure is only a warning (STATE-FORMAT 7.1)."""

    row: Mapping[str, Cell]


Step = MakeFolder | ReplaceFile | AppendLine | UpsertRow


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file of a plan: its path in the goal directory, what happens to it, and the bytes written to it."""

    path: str
    action: Action
    size: int
    sha256: str


class WritePlan(Protocol):
    """Anything that is written as one transaction: what it is called, of which goal, when, and its steps."""

    @property
    def verb(self) -> str:
        """What is recorded: a decision, or evidence."""
        ...

    @property
    def goal_id(self) -> str:
        """The goal's id."""
        ...

    @property
    def decided_at(self) -> str:
        """When, as omk writes an instant."""
        ...

    @property
    def steps(self) -> tuple[Step, ...]:
        """Every byte, in order."""
        ...


@dataclass(frozen=True, slots=True)
class DecisionPlan:
    """Every byte that a decision would write, as steps in omk's order (STATE-FORMAT 6.2)."""

    verb: Verb
    goal_id: str
    snapshot: str
    goal: Goal
    proof: Proof
    steps: tuple[Step, ...]
    dropped_gaps: tuple[str, ...]

    @property
    def decided_at(self) -> str:
        """When it is decided, as the journal says it."""
        return self.proof.generated_at.text()

    @property
    def status(self) -> str:
        """The status that goal and proof would have."""
        return self.proof.status

    @property
    def readiness(self) -> str:
        """The proof's readiness sentence."""
        return self.proof.readiness

    @property
    def known_gaps(self) -> tuple[str, ...]:
        """The known gaps that the proof would have."""
        return self.proof.known_gaps

    @property
    def text_output(self) -> str:
        """What omk prints after the decision (STATE-FORMAT 6.9)."""
        gaps = "".join(f"  - {gap}\n" for gap in self.known_gaps)
        return f"Acceptance: {self.status}\nReadiness: {self.readiness}\n" + (f"Known gaps:\n{gaps}" if gaps else "")

    @property
    def rollback(self) -> str | None:
        """The text of the rollback plan, for a reject."""
        data = self.written(ROLLBACK_FILE)
        return None if data is None else data.decode("utf-8")

    def written(self, path: str) -> bytes | None:
        """The bytes that would replace the file at `path`, or None."""
        return next((step.data for step in self.steps if isinstance(step, ReplaceFile) and step.path == path), None)

    @property
    def files(self) -> tuple[FileChange, ...]:
        """The changes by file, in the order of their first step; several lines for one log are one change."""
        data: dict[str, bytes] = {}
        action: dict[str, Action] = {}
        for step in self.steps:
            match step:
                case MakeFolder(path, exists):
                    if not exists:
                        action[path], data[path] = "mkdir", b""
                case ReplaceFile(path, content, exists):
                    action[path], data[path] = ("replace" if exists else "create"), content
                case AppendLine(path, line, exists):
                    action.setdefault(path, "append" if exists else "create")
                    data[path] = data.get(path, b"") + line
        return tuple(
            FileChange(path, action[path], len(content), hashlib.sha256(content).hexdigest())
            for path, content in data.items()
        )

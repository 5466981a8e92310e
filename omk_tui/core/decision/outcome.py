"""How a decision can end: recorded, refused by rule, or failed."""

from __future__ import annotations

from omk_tui.light.dataclass import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from omk_tui.core.decision.plan import DecisionPlan
    from omk_tui.core.decision.refusal_kind import RefusalKind
    from omk_tui.core.judgement.verdict import Verdict
    from omk_tui.core.records.recorded_decision import RecordedDecision


@dataclass(frozen=True, slots=True)
class Recorded:
    """The decision is on disk. `notes` tell what did not go as omk would have it (the database, say).

    `finished` is false when it is journalled but its last steps could not be done yet: they are done by the next look
    at the goal. `replaces` is the decision that was recorded before this one.
    `verdict` is the decision in the words that list, header and result have for it. `then` is what comes next for an
    opened goal: a sentence and a command.
    """

    plan: DecisionPlan
    verdict: Verdict
    notes: tuple[str, ...] = ()
    finished: bool = True
    replaces: RecordedDecision | None = None
    then: tuple[str, ...] = ()

    @property
    def status_words(self) -> str:
        """What goal.json says now."""
        return self.verdict.status_words(self.plan.status)


@dataclass(frozen=True, slots=True)
class Refused:
    """The decision was not taken, by rule; nothing was written. `details` are lines that say more."""

    kind: RefusalKind
    why: str
    details: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Failed:
    """The decision could not be taken: unreadable, unknown or unwritable. `why` says what, where, and what to do."""

    why: str


Outcome = Recorded | Refused | Failed

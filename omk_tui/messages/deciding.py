"""What is said of a decision: from the dialog to the app, and back from what plans and records."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from omk_tui.light.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Mapping

    from omk_tui.core.decision.outcome import Failed, Outcome, Refused
    from omk_tui.core.decision.plan import DecisionPlan
    from omk_tui.core.decision.planner import Decision
    from omk_tui.core.records.verb import Verb
    from omk_tui.core.review.goal_review import Review


class DecisionMessage(Message):
    """What concerns dialogs and decisions."""


@dataclass
class DecisionAsked(DecisionMessage):
    """The dialog for a decision about a goal was asked for; nothing is decided by that."""

    verb: Verb
    goal_id: str


@dataclass
class DecisionTyped(DecisionMessage):
    """The text of a decision, as it stands in the dialog that is bound to `review`, and the sections looked at."""

    verb: Verb
    review: Review
    text: str
    looked_at: tuple[str, ...] = ()


class EvidenceLookAsked(DecisionMessage):
    """The evidence is to be looked at from an open dialog, or the dialog that waits meanwhile is to come back."""


@dataclass
class DecisionRequested(DecisionMessage):
    """ctrl+s in a dialog that had no objection: the decision is to be taken, on what was seen."""

    decision: Decision
    seen: Review


@dataclass
class CommitKeyNotAlone(Message):
    """The key that records came together with other input, as in a paste: it does not count."""


@dataclass
class PlanMade(DecisionMessage):
    """The preview of a decision: what `text` on `snapshot` would write, or why nothing can be written."""

    verb: Verb
    snapshot: str
    text: str
    plan: DecisionPlan | Refused | Failed


@dataclass
class DraftsWritten(DecisionMessage):
    """Texts of decisions were kept, or why not, by goal and verb: then not empty."""

    problems: Mapping[tuple[str, Verb], str]


@dataclass
class DecisionSettled(DecisionMessage):
    """A decision ended."""

    decision: Decision
    outcome: Outcome

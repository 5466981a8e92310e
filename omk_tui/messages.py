"""What is said inside the user interface: small values that go up from widgets to screens and the app."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.content import Content
from textual.message import Message

from omk_tui.dataclass import dataclass

if TYPE_CHECKING:  # what is said is made elsewhere: a screen that is not shown need not load it
    import io
    from collections.abc import Mapping, Sequence

    from omk_tui.core.decision.outcome import Failed, Outcome, Refused
    from omk_tui.core.decision.plan import DecisionPlan
    from omk_tui.core.decision.planner import Decision
    from omk_tui.core.judgement.goal_line import GoalLine
    from omk_tui.core.opening.branch_row import BranchRow
    from omk_tui.core.records.verb import Verb
    from omk_tui.core.review.diff_stream import Part
    from omk_tui.core.review.draft import Draft
    from omk_tui.core.review.file_now import FileNow
    from omk_tui.core.review.goal_review import Review
    from omk_tui.core.review.last_look import Look
    from omk_tui.core.review.live_merge import LiveMerge
    from omk_tui.core.review.reading import Reading


@dataclass
class Said(Message):
    """Something happened, or a key could not act: one line for the footer's last line."""

    words: Content


@dataclass
class SectionAsked(Message):
    """A section of the review was asked for by its number, 1 to 8."""

    number: int


# What a person asks for: from a screen to the app


@dataclass
class GoalOpened(Message):
    """A goal was chosen; its review is to be shown, at the section of this number."""

    goal_id: str
    section: int = 1


@dataclass
class GoalStepAsked(Message):
    """The next (1) or previous (-1) goal in the list's order was asked for."""

    step: int


@dataclass
class ReviewLeft(Message):
    """The review was left; nothing of that goal needs to be read any more."""


@dataclass
class ReadAgainAsked(Message):
    """What is on screen is to be read again."""


@dataclass
class ProjectAsked(Message):
    """The open goal's project is to be looked at again: the merges of its slices, and its files."""


@dataclass
class UnfoldAsked(Message):
    """The file as it was before a change is needed, to show what the fold at `at` of this part stands for."""

    part: Part
    at: int


class OpeningMessage(Message):
    """What concerns the opening of branches."""


class GatingMessage(Message):
    """What concerns the running of gates."""


class EvidenceMessage(Message):
    """What concerns reviews and briefs."""


class DecisionMessage(Message):
    """What concerns dialogs and decisions."""


@dataclass
class BranchesAsked(OpeningMessage):
    """The branches that can be opened are to be shown."""


@dataclass
class BranchesListed(OpeningMessage):
    """Branches as they are known now, or why there are none."""

    branches: Sequence[BranchRow]
    why: str = ""


@dataclass
class BranchOpened(OpeningMessage):
    """A branch is a goal now (of several the first), or why not; `skipped` says why others beside it are not."""

    goal_id: str
    why: str = ""
    count: int = 1
    skipped: str = ""


@dataclass
class GatesAsked(GatingMessage):
    """The gates of the open goal are to run."""


@dataclass
class GatesPlanned(GatingMessage):
    """What would run: the commit, the gates with their command lines, and what is round them.

    `merged_tree` is that of merging it into `base`; `warnings` say what to know before. Each may be empty.
    """

    goal_id: str
    commit: str
    gates: tuple[tuple[str, str], ...]
    isolation: str
    base: str
    merged_tree: str
    warnings: tuple[str, ...] = ()


@dataclass
class GatesGoOn(GatingMessage):
    """A gate of a goal has begun, or ended: then in words how."""

    goal_id: str
    words: str


@dataclass
class GatesEnded(GatingMessage):
    """The gates of a goal have ended, or could not run, in words."""

    goal_id: str
    words: str


@dataclass
class ReviewFileAsked(EvidenceMessage):
    """A review of the open goal that stands in a file is to be kept."""


@dataclass
class ReviewKept(EvidenceMessage):
    """What became of a review, in words; `done` when it is kept."""

    goal_id: str
    words: str
    done: bool = False


@dataclass
class BriefAsked(EvidenceMessage):
    """What the agent of a goal has to know is to be shown."""

    goal_id: str


@dataclass
class BriefMade(EvidenceMessage):
    """The brief of a goal, or why there is none."""

    goal_id: str
    text: str
    why: str = ""


@dataclass
class ColoursAsked(Message):
    """Code that is on screen: the name of its file, the part, the numbers of its lines, and the text of both sides."""

    part_key: str
    file_name: str
    lines: tuple[tuple[int, ...], ...]
    codes: tuple[str, ...]


@dataclass
class NextGoalAsked(Message):
    """The next goal of the list that needs a person was asked for."""


@dataclass(frozen=True)
class Copyable:
    """Something to copy: the letter that chooses it, what it is, and its text, which is clean."""

    key: str
    what: str
    text: str


@dataclass
class CopyAsked(Message):
    """Something is to be copied: one of these, whichever the person chooses."""

    copyables: tuple[Copyable, ...]


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


# What was read or done: from a worker to the app


@dataclass
class LinesRead(Message):
    """Some rows of the list were read, in no order."""

    lines: tuple[GoalLine, ...]


@dataclass
class ListRead(Message):
    """The whole list has been read: exactly these goals are there; notes say where directory and database differ."""

    goal_ids: frozenset[str]
    notes: tuple[str, ...]


@dataclass
class ReviewRead(Message):
    """A goal was read, with all that its sections show; at the first time with the last `look` before and `drafts`."""

    goal_id: str
    reading: Reading | Failed
    signature: object
    look: Look | None = None
    drafts: Mapping[Verb, Draft] | None = None


@dataclass
class ProjectSeen(Message):
    """A goal's project was looked at: the merges in the order of the review's conflicts, and its files by path."""

    goal_id: str
    merges: tuple[LiveMerge, ...]
    files: Mapping[str, FileNow]


@dataclass
class ReadingGoesOn(Message):
    """A goal is still being read: so many bytes of it so far."""

    goal_id: str
    size: int


@dataclass
class FileOpened(Message):
    """A file that a section (by its number) asked for: open for reading, or a sentence why it cannot be."""

    goal_id: str
    section: int
    path: str
    file: io.FileIO | str


@dataclass
class FileBeforeRead(Message):
    """The text of a file as it was before a change, or why it cannot be read."""

    goal_id: str
    asked: UnfoldAsked
    text: str | Failed


@dataclass
class CodeColoured(Message):
    """The classes of words in code that was asked about: a list of spans for each line of each piece."""

    asked: ColoursAsked
    spans: list[list[list[tuple[int, int, str]]]]


@dataclass
class SignatureRead(Message):
    """The open goal was looked at: equal signatures mean that nothing changed."""

    goal_id: str
    signature: object


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


@dataclass
class FoldersChanged(Message):
    """Something happened in watched folders; these paths were named. It is a hint, nothing more."""

    paths: tuple[str, ...]


@dataclass
class WatchEnded(Message):
    """Folders cannot be watched any more, and why."""

    why: str


@dataclass
class Trouble(Message):
    """Something went wrong that nobody foresaw and that changes nothing on screen; `why` is clean text."""

    why: str

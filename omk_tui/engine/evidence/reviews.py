"""Keeping a review of an opened goal: its file, and its task done where it speaks of the judged commit."""

from __future__ import annotations

import os

from omk_tui.core.decision.outcome import Failed, Refused
from omk_tui.core.format.git_hash import is_hexadecimal
from omk_tui.core.format.omk_json import Json
from omk_tui.core.judgement.branch_warnings import before_evidence
from omk_tui.core.opening.recording import REVIEW_TASKS, RecordPlan, RecordVerb, review_record
from omk_tui.core.opening.review_text import names_commit, review_file, speaks_of
from omk_tui.core.records.branch_check import BranchCheck
from omk_tui.core.records.intake import Intake
from omk_tui.core.review.goal_review import Review
from omk_tui.core.text.printable import printable
from omk_tui.engine.deciding.carry_out import Written
from omk_tui.engine.engine import Engine
from omk_tui.engine.files.user import user_at_host
from omk_tui.light.dataclass import dataclass

LARGEST = 4 << 20
"""Bytes of a review."""


@dataclass(frozen=True, slots=True)
class ReviewRequest:
    """A review to be kept. `by` is who gave it, empty for whoever asks; `commit` is what it is said to speak of."""

    goal_id: str
    text: str
    security: bool = False
    by: str = ""
    commit: str | None = None


@dataclass(frozen=True, slots=True)
class KeptReview:
    """What was kept: by whom it is, the commit of the goal, and whether the review speaks of that (`settled`).

    `warning` says that the branch has gone on since; it is empty where it has not.
    """

    security: bool
    who: str
    head: str
    settled: bool
    notes: tuple[str, ...] = ()
    warning: str = ""


def read_review_file(path: str) -> str:
    """The text of a review's file. Raises OSError."""
    with open(os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC), "rb") as file:
        data = file.read(LARGEST + 1)
    if len(data) > LARGEST:
        raise OSError(f"it has more than {LARGEST >> 20} MiB")
    return data.decode("utf-8", "replace")


def keep_review(engine: Engine, request: ReviewRequest) -> KeptReview | Refused | Failed:
    """Keep a review; it is refused when it is said to speak of another commit."""
    if not request.text.strip():
        return Failed("it is empty: it is no review")
    who = printable(request.by.strip() or user_at_host(), 200)
    verb: RecordVerb = "security_review" if request.security else "review"
    about: list[tuple[str, bool, str]] = []

    def make(review: Review, graph: dict[str, Json], _folder: object) -> RecordPlan | Refused:
        assert review.facts.intake is not None
        head, claimed = review.facts.intake.head, request.commit
        if claimed is not None and (objection := _objection(claimed, review.facts.intake, review.facts.branch)):
            return Refused("branch", objection)
        settled = claimed is not None or speaks_of(request.text, head)
        if not settled and review.facts.graph is not None and review.facts.graph.is_done(REVIEW_TASKS[verb]):
            again = f"name {head[:12]} in the text or by --commit to put this one in its place"
            return Refused("branch", f"there is a review of {head[:12]} already, and this one names no commit: {again}")
        about[:] = [(head, settled, "; ".join(before_evidence(review.facts)))]
        now = engine.now()
        text = review_file(request.text, security=request.security, who=who, commit=head if settled else "", now=now)
        kind = "Security review" if request.security else "Review"
        summary = f"{kind} by {who} of {head[:12] if settled else 'none that it names'}."
        return review_record(verb, review, graph, text, summary, settled, now)

    outcome = engine.record(request.goal_id, make)
    if not isinstance(outcome, Written):
        return outcome
    head, settled, warning = about[0]
    return KeptReview(request.security, who, head, settled, tuple(outcome.notes), warning)


def _objection(claimed: str, intake: Intake, branch: BranchCheck | None) -> str:
    """Why a review of what `claimed` names, by its id or as the goal's own branch, is none of the goal; else empty."""
    shown, is_branch = printable(claimed, 80), bool(intake.branch) and claimed in (intake.branch, intake.branch_name)
    if is_branch and branch is not None and branch.tip:
        at = f"the review speaks of {shown}, which is at {branch.tip[:12]} now; the goal is about {intake.head[:12]}"
        return "" if branch.tip == intake.head else at
    if names_commit(claimed, intake.head):
        return ""
    if not is_hexadecimal(claimed):
        return (
            f"{shown} is no commit's id; say which commit was reviewed: --commit {intake.head[:12]}, if it is this one"
        )
    return f"the review speaks of {shown}, the goal is about {intake.head[:12]}"

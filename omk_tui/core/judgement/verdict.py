"""The verdict: what a goal needs now, in one word. All that is told of a word stands here."""

from __future__ import annotations

from omk_tui.core.judgement.requirements import Requirement, unwaived
from omk_tui.core.records.conflict import conflicting, is_open
from omk_tui.core.records.facts import Facts
from omk_tui.light.dataclass import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    Tone = Literal["met", "missing", "failed", "stale", "asks", "plain", "quiet"]


@dataclass(frozen=True, slots=True)
class _Word:
    """What a word means; `says` is the code of a warning that it says itself."""

    meaning: str
    tone: Tone = "quiet"
    needs_you: bool = False
    says: str = ""


WORDS = {
    "acceptable": _Word("nothing is missing", "met", needs_you=True),
    "conflict": _Word("the evidence is complete, but a slice is in conflict", "failed", True, "open_conflict"),
    "missing": _Word("evidence is missing", "missing", needs_you=True),
    "decide": _Word("omk waits for a human: testable success criteria are asked for", "asks", needs_you=True),
    "running": _Word("a controller may still be at work on it", "plain", says="running"),
    "paused": _Word("the goal is paused; omk takes no decision on it"),
    "cancelled": _Word("the goal was cancelled; omk takes no decision on it"),
    "external": _Word("blocked on something outside"),
    "budget": _Word("it needs more budget"),
    "infra": _Word("its infrastructure failed"),
    "accepted": _Word("accepted, and nothing has been proved anew since", "met"),
    "accepted!": _Word("an accept was recorded although evidence was missing: not ready", "missing"),
    "rejected": _Word("rejected, and nothing has been proved anew since", "stale", says="old_failure"),
    "interrupted": _Word("a decision was begun and is not finished", "failed", True, "interrupted"),
    "superseded": _Word("the branch has gone on; a later goal has its work", "quiet"),
    "merged": _Word("its commit is in the base already: there is nothing left to decide", "quiet", says="merged"),
    "unreadable": _Word("files that a decision needs cannot be read", "failed", needs_you=True),
}
"""Every word, in the order in which the help tells of them."""
_WHY_NOT_READY = {
    "accepted": ", as omk knows no waivers",
    "accepted!": ", as evidence is missing",
    "rejected": ", as of every rejected goal",
}
_STATUS_WORDS = {"blocked_on_external": "external", "needs_more_budget": "budget", "failed_infra": "infra"}


@dataclass(frozen=True, slots=True)
class Verdict:
    """The word, and for `missing` how many of omk's requirements are not met. Prints as ``missing 4``.

    `waived_count` is how many requirements the project's policy does without: ``accepted, 2 waived``.
    """

    word: str
    missing_count: int = 0
    waived_count: int = 0

    def __str__(self) -> str:
        counted = f"{self.word} {self.missing_count}" if self.missing_count else self.word
        return f"{counted}, {self.waived_count} waived" if self.waived_count else counted

    @property
    def words(self) -> str:
        """The verdict where there is room for words: ``accepted, not ready`` for the list's ``accepted!``."""
        return str(Verdict("accepted, not ready", 0, self.waived_count)) if self.word == "accepted!" else str(self)

    def status_words(self, status: str) -> str:
        """What goal.json says beside this verdict, in a clause: omk has words of its own for what was decided."""
        why = _WHY_NOT_READY.get(self.word, "") if status == "not_ready" else ""
        return f"goal.json says {status}{why}"

    @property
    def meaning(self) -> str:
        """The word in a clause."""
        return WORDS[self.word].meaning

    @property
    def tone(self) -> Tone:
        """How it is drawn."""
        return WORDS[self.word].tone

    @property
    def needs_you(self) -> bool:
        """Whether work on the goal has stopped, and a person has to decide, finish a decision, or mend a file."""
        return WORDS[self.word].needs_you

    @property
    def says(self) -> str:
        """The code of the warnings that the word itself says; empty for none."""
        return WORDS[self.word].says


UNREADABLE = Verdict("unreadable")


def verdict_on(facts: Facts, requirements: tuple[Requirement, ...]) -> Verdict:
    """The verdict on what was read of a goal."""
    goal, stored = facts.goal, facts.stored
    if facts.interrupted:
        return Verdict("interrupted")
    if facts.problems or goal is None or stored is None or facts.graph is None:
        return UNREADABLE
    if goal.status in ("cancelled", "paused"):
        return Verdict(goal.status)
    if goal.status == "blocked_on_human":
        return Verdict("decide")
    waived = sum(requirement.waived for requirement in requirements)
    gaps = len(unwaived(requirements))
    if facts.decision is not None and facts.decision.verdict:
        word = facts.decision.verdict
        all_waived = word == "accepted!" and waived > 0 and not gaps
        return Verdict("accepted", waived_count=waived) if all_waived else Verdict(word)
    if facts.branch is not None and facts.branch.merged:
        return Verdict("merged")
    if facts.superseded_by:
        return Verdict("superseded")
    if goal.status == "running" or facts.controller.alive:
        return Verdict("running")
    if goal.status in _STATUS_WORDS:
        return Verdict(_STATUS_WORDS[goal.status])
    if gaps:
        return Verdict("missing", gaps, waived)
    is_conflict = any(is_open(delivery) for delivery in conflicting(facts.deliveries or ()))
    return Verdict("conflict" if is_conflict else "acceptable", waived_count=waived)

"""The review wall: six passes, computed from tasks, gates and changed files (STATE-FORMAT 6.5)."""

from __future__ import annotations

from collections.abc import Sequence

from omk_tui.core.format.omk_json import Json
from omk_tui.core.records.facts import Facts
from omk_tui.core.records.proof import Gate
from omk_tui.core.text.words import ascii_lower
from omk_tui.light.dataclass import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

GOAL_REVIEW = "artifacts/reviews/goal-review.md"
SECURITY_REVIEW = "artifacts/reviews/goal-security-review.md"
PASS_NAMES = ("architect", "code", "test", "security", "performance", "anti-slop")
"""The passes in omk's order."""
PERFORMANCE_WORDS = ("perf", "bench")


@dataclass(frozen=True, slots=True)
class Pass:
    """One pass of the wall with omk's own sentences; `known_gaps` is empty when it passed."""

    name: str
    passed: bool
    path: str
    summary: str
    evidence: str
    risk: str
    gap: str
    recommended_next_step: str

    @property
    def status(self) -> Literal["passed", "blocked"]:
        """`passed` or `blocked`."""
        return "passed" if self.passed else "blocked"

    @property
    def says(self) -> str:
        """The sentence that holds: the summary of a pass that passed, the gap of a blocked one."""
        return self.summary if self.passed else self.gap

    @property
    def stock_words(self) -> str:
        """What is to be said of a blocked pass whose summary reads as if it had passed; empty for any other.

        Omk has one summary for some passes, and writes it whether they passed or not.
        """
        if self.passed or self.summary == self.gap:
            return ""
        return f'omk writes "{self.summary}" of this pass in any case; the gap is what holds'

    @property
    def members(self) -> dict[str, Json]:
        """What omk stores of it besides its name, by omk's own keys, the status first (STATE-FORMAT 6.5)."""
        return {
            "status": self.status,
            "path": self.path,
            "summary": self.summary,
            "evidence": [self.evidence],
            "risks": [self.risk],
            "known_gaps": list(self.known_gaps),
            "recommended_next_step": self.recommended_next_step,
        }

    @property
    def known_gaps(self) -> tuple[str, ...]:
        """The pass's gap, if it is blocked."""
        return () if self.passed else (self.gap,)


def pass_waiver(review_pass: Pass, facts: Facts) -> str:
    """Why the project's policy does without a pass that is blocked; empty for any other."""
    return "" if review_pass.passed else facts.waiver("review_wall", f"wall.{review_pass.name}")


def gates_hold(gates: Sequence[Gate]) -> bool:
    """Whether there are gates and no required one failed (STATE-FORMAT 6.3 no. 1)."""
    return bool(gates) and all(gate.passed or not gate.required for gate in gates)


def performance_gate(gates: Sequence[Gate]) -> Gate | None:
    """The first passed gate whose name has `perf` or `bench` in it."""
    return next(
        (gate for gate in gates if gate.passed and any(word in ascii_lower(gate.name) for word in PERFORMANCE_WORDS)),
        None,
    )


def build_wall(
    *, reviewed: bool, security_reviewed: bool, gates: Sequence[Gate], changed_files: Sequence[str]
) -> tuple[Pass, ...]:
    """The wall as omk computes it now; empty when neither review task is done."""
    if not (reviewed or security_reviewed):
        return ()
    gated, changed, measured = gates_hold(gates), bool(changed_files), performance_gate(gates) is not None
    verdicts = ", ".join(f"{gate.name}={'passed' if gate.passed else 'failed'}" for gate in gates)
    gate_text = f"gate results: {verdicts}" if gates else "no gate evidence recorded"
    files_text = f"changed files: {', '.join(changed_files)}" if changed else "no changed-file evidence captured"

    code_blocked = "code review is blocked until changed-file evidence exists"
    test_blocked = "test review is blocked until required verification gates pass"
    performance_blocked = "performance review is blocked until performance or benchmark gate evidence exists"
    slop_blocked = "anti-slop review is blocked until changed-file evidence and passing gates exist"
    clean = reviewed and gated and changed
    return (
        Pass(
            name="architect",
            passed=reviewed,
            path=GOAL_REVIEW,
            summary="architecture review artifact is present",
            evidence=f"controller review path: {GOAL_REVIEW}",
            risk="architecture fit is inferred from local controller artifacts only",
            gap="architect review artifact is missing",
            recommended_next_step="Carry architecture evidence into the PR for human review."
            if reviewed
            else "Run `omk goal review latest` after agent execution evidence exists.",
        ),
        Pass(
            name="code",
            passed=reviewed and changed,
            path=GOAL_REVIEW,
            summary="code review has changed-file evidence to inspect" if changed else code_blocked,
            evidence=files_text,
            risk="code review is deterministic and does not replace maintainer judgment",
            gap=code_blocked,
            recommended_next_step="Inspect the changed files in the PR diff."
            if changed
            else "Capture project mutation evidence before PR readiness review.",
        ),
        Pass(
            name="test",
            passed=gated,
            path=GOAL_REVIEW,
            summary="test review passed because required verification gates passed" if gated else test_blocked,
            evidence=gate_text,
            risk="gate coverage only reflects configured local gates",
            gap=test_blocked,
            recommended_next_step="Keep the gate output attached to the PR evidence."
            if gated
            else "Run or fix required local verification gates.",
        ),
        Pass(
            name="security",
            passed=security_reviewed,
            path=SECURITY_REVIEW,
            summary="security review artifact is present",
            evidence=f"security review path: {SECURITY_REVIEW}",
            risk="secret scanning is a local high-confidence heuristic",
            gap="security review artifact is missing",
            recommended_next_step="Review security evidence and changed files before merge."
            if security_reviewed
            else "Run `omk goal review latest` and resolve any security findings.",
        ),
        Pass(
            name="performance",
            passed=measured,
            path=GOAL_REVIEW,
            summary="performance review passed because a performance/benchmark gate passed"
            if measured
            else performance_blocked,
            evidence=gate_text,
            risk="performance confidence depends on the configured perf/benchmark gate",
            gap=performance_blocked,
            recommended_next_step="Keep the performance gate evidence with the PR."
            if measured
            else "Add or run a performance/benchmark gate for this goal.",
        ),
        Pass(
            name="anti-slop",
            passed=clean,
            path=GOAL_REVIEW,
            summary="anti-slop review passed because changed-file evidence and local gates are present"
            if clean
            else slop_blocked,
            evidence=files_text,
            risk="anti-slop evidence is deterministic and cannot replace a human maintainability review",
            gap=slop_blocked,
            recommended_next_step="Keep the PR small and carry the simplification rationale into review."
            if clean
            else "Run a focused cleanup review after local gates and changed-file evidence exist.",
        ),
    )

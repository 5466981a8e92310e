"""The document of `check --json`: what speaks for and against accepting a goal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Annotated, Literal, TypedDict, cast

from omk_tui.cli.check_page import remedy
from omk_tui.cli.decision_document import RecordedPart, recorded_part
from omk_tui.cli.document import SCHEMA, Document, Key
from omk_tui.core.judgement.judge import after_decision
from omk_tui.core.judgement.oracle import Oracle
from omk_tui.core.judgement.requirements import COUNTED
from omk_tui.core.judgement.review_wall import Pass
from omk_tui.core.records.conflict import Conflict
from omk_tui.core.review.goal_review import SNAPSHOT_VERSION, Review
from omk_tui.core.review.live_merge import LiveMerge


class CheckedRequirement(TypedDict):
    """One of omk's nine requirements."""

    text: Annotated[str, Key("omk's sentence for its absence.", "review task evidence is missing")]
    state: Annotated[
        Literal["met", "missing", "failed", "waived"],
        Key("`failed` where there is evidence that does not hold, `waived` by the project's own policy.", "missing"),
    ]
    met: Annotated[bool, Key("Whether it is met.", False)]
    facts: Annotated[str, Key("The facts behind that.", "task goal-review is pending")]
    next: Annotated[str, Key("The next step, line by line; empty when it is met.", "omk goal review GOAL")]


class CheckedOracleCheck(TypedDict):
    """One check that the goal's kind requires."""

    name: Annotated[str, Key("The check; a part of a passed gate's name must be equal to it.", "golden")]
    status: Annotated[Literal["passed", "blocked"], Key("Whether a gate satisfies it.", "passed")]
    gate: Annotated[str | None, Key("The gate that satisfies it, or null.", "golden")]


class CheckedOracle(TypedDict):
    """What kind of goal this is, and which gates prove it."""

    kind: Annotated[str, Key("The goal's kind.", "refactor")]
    matched: Annotated[
        list[tuple[str, str]],
        Key("The pairs of kind and word of the goal's text that chose it.", [["refactor", "refactor"]]),
    ]
    status: Annotated[Literal["passed", "blocked"], Key("Whether all checks passed.", "passed")]
    checks: Annotated[list[CheckedOracleCheck], Key("The checks in omk's order.")]


_PassName = TypedDict("_PassName", {"pass": Annotated[str, Key("The pass.", "performance")]})


class CheckedPass(_PassName):
    """One pass of the review wall, with omk's own keys and sentences."""

    status: Annotated[Literal["passed", "blocked"], Key("Whether it passed.", "blocked")]
    path: Annotated[str, Key("The review file that omk names for it.", "artifacts/reviews/goal-review.md")]
    summary: Annotated[
        str, Key("What it says.", "performance review is blocked until performance or benchmark gate evidence exists")
    ]
    evidence: Annotated[list[str], Key("What it rests on.", ["gate results: unit=passed"])]
    risks: Annotated[
        list[str],
        Key("What it does not tell.", ["performance confidence depends on the configured perf/benchmark gate"]),
    ]
    known_gaps: Annotated[list[str], Key("Its gap; empty when it passed.", [])]
    recommended_next_step: Annotated[
        str, Key("omk's next step.", "Add or run a performance/benchmark gate for this goal.")
    ]


class CheckedConflict(TypedDict):
    """One slice with conflict fields, in the order of the rollback plan."""

    slice_id: Annotated[str | None, Key("The slice's id; null when none is recorded.", "slice-1")]
    section_id: Annotated[str, Key("What the slice is called: its id, else its task's id.", "slice-1")]
    task_id: Annotated[str, Key("The task.", "goal-agent-implement-1")]
    status: Annotated[str | None, Key("The slice's status.", "blocked")]
    reason: Annotated[str | None, Key("Why it is blocked.", "merge conflict with the integrator branch")]
    evidence_path: Annotated[
        str | None,
        Key(
            "Its evidence file in the goal directory.",
            "artifacts/integration/merge-conflict-goal-agent-implement-1.json",
        ),
    ]
    readable: Annotated[bool | None, Key("Whether that file could be read; null when no path is recorded.", True)]
    error: Annotated[str | None, Key("Why it could not be read.", None)]
    clean_merge: Annotated[bool | None, Key("What the evidence says of the merge.", False)]
    files: Annotated[list[str], Key("The conflicting files.", ["notes/store.py"])]
    classification: Annotated[str | None, Key("omk's classification.", "Unsafe")]
    classification_reason: Annotated[str | None, Key("The reason that it gives.", "both sides edited")]
    source_ref: Annotated[str | None, Key("What was to be merged.", "omk/slice-1")]
    target_ref: Annotated[str | None, Key("Into what.", "omk/integrator")]
    open: Annotated[bool, Key("Whether the conflict is not settled.", True)]
    live: Annotated[
        Literal["conflict", "clean", "gone", "not_checked"],
        Key("What the merge comes to now, tried without touching the project; gone: a ref names no commit.", "clean"),
    ]
    live_text: Annotated[str, Key("The same in a sentence.", "slice-1 into integrator merges cleanly now")]
    stale: Annotated[bool, Key("Open, although the evidence says that the merge is clean.", False)]


class CheckedWarning(TypedDict):
    """One thing that omk's rules would let pass."""

    code: Annotated[str, Key("What kind of warning it is.", "open_conflict")]
    text: Annotated[str, Key("The warning in a sentence.", "slice slice-1 is in conflict")]


class CheckedProblem(TypedDict):
    """One file that could not be used."""

    file: Annotated[str, Key("Its path in the goal directory.", "proof.json")]
    field: Annotated[str, Key("The field, empty when the whole file is meant.", "gates[0].passed")]
    what: Annotated[str, Key("What is wrong.", "not a boolean")]
    found: Annotated[str, Key("What was found there.", '"yes"')]
    next: Annotated[str, Key("What to do.", "repair proof.json, then check again")]


class CheckedHead(TypedDict):
    """The commit that the evidence was made on, beside the project's HEAD."""

    state: Annotated[Literal["same", "moved", "not checked"], Key("How they compare.", "same")]
    text: Annotated[str, Key("The same in a sentence.", "no repository here")]
    evidence: Annotated[str | None, Key("The evidence's commit.", "4be1c02")]
    project: Annotated[str | None, Key("The project's HEAD.", "4be1c02")]
    project_dir: Annotated[str | None, Key("The project that was looked at.", "/home/ada/notes")]
    origin: Annotated[str | None, Key("Why it was that one.", "named by the goal's own first event")]


class EvidenceFile(TypedDict):
    """A gate log or a diff that the goal names."""

    path: Annotated[str, Key("Its path in the goal directory.", "artifacts/gates/unit.log")]
    of: Annotated[str, Key("The gate, or the run of an agent, that it is of.", "unit")]
    size: Annotated[int, Key("Its bytes; 0 when it cannot be read.", 2193)]
    problem: Annotated[str | None, Key("Why it cannot be read; null when it can.", None)]
    by_identity: Annotated[
        bool, Key("Whether the snapshot knows it by size, times and inode, not by all of its content.", False)
    ]


class CheckDocument(TypedDict):
    """`omk-tui check GOAL --json`: what speaks for and against accepting a goal."""

    schema: Annotated[Literal["omk-tui/check/2"], SCHEMA]
    goal_id: Annotated[str, Key("The goal's full id, or what was asked for.", "goal-20261122-205557-473-03da4154")]
    status: Annotated[str | None, Key("omk's status.", "not_ready")]
    verdict: Annotated[str | None, Key("One word, as in the list.", "missing")]
    missing_count: Annotated[
        int, Key("How many of the requirements are not met, where the word is missing; else 0.", 1)
    ]
    snapshot: Annotated[str | None, Key("The snapshot digest: 64 hexadecimal digits.", "91d0e4...")]
    snapshot_version: Annotated[
        int, Key("Which version of the digest it is: what it covers differs between versions.", 2)
    ]
    ready: Annotated[bool, Key("Whether an accept would make the goal ready now.", False)]
    missing: Annotated[
        list[str],
        Key("omk's sentences for what is missing and not waived, in order.", ["review task evidence is missing"]),
    ]
    waived: Annotated[
        list[str],
        Key("omk's sentences for what the project's policy waives.", ["security review task evidence is missing"]),
    ]
    requirements: Annotated[list[CheckedRequirement], Key(f"The {COUNTED}; empty when they cannot be known.")]
    oracle: Annotated[CheckedOracle | None, Key("The oracle; null when it cannot be known.")]
    wall: Annotated[list[CheckedPass], Key("The review wall; empty before any review has run.")]
    conflicts: Annotated[list[CheckedConflict], Key("The slices with conflict fields.")]
    evidence: Annotated[list[EvidenceFile], Key("The gate logs and the diffs that the goal names.")]
    decision: Annotated[RecordedPart | None, Key("The decision that is recorded; null when there is none.")]
    after_decision: Annotated[
        list[str],
        Key("What comes after it, the last line a full command; empty unless it stands.", ["omk goal proof GOAL"]),
    ]
    warnings: Annotated[list[CheckedWarning], Key("What omk's rules would let pass.")]
    problems: Annotated[list[CheckedProblem], Key("The files that could not be used.")]
    head: Annotated[CheckedHead | None, Key("The evidence's commit and the project's HEAD.")]
    guard: Annotated[str | None, Key("Why the status forbids a decision; null when it does not.", None)]
    dropped_gaps: Annotated[list[str], Key("The known gaps that an accept would drop.", ["notes are not migrated"])]
    why: Annotated[str | None, Key("Why nothing could be checked; null when it could.", None)]


def check_document(review: Review, live: Sequence[LiveMerge]) -> Document:
    """What was read of one goal and what it means."""
    facts, judgement = review.facts, review.judgement
    return CheckDocument(
        schema="omk-tui/check/2",
        goal_id=review.goal_id,
        status=facts.goal.status if facts.goal else None,
        verdict=judgement.verdict.word,
        missing_count=judgement.verdict.missing_count,
        snapshot=review.snapshot,
        snapshot_version=SNAPSHOT_VERSION,
        ready=judgement.ready,
        missing=list(judgement.unwaived),
        waived=[requirement.text for requirement in judgement.requirements if requirement.waived],
        requirements=[
            CheckedRequirement(
                text=requirement.text,
                state=requirement.state,
                met=requirement.met,
                facts=requirement.facts,
                next=requirement.next,
            )
            for requirement in judgement.requirements
        ],
        oracle=_oracle(judgement.oracle) if judgement.oracle else None,
        wall=[_pass(review_pass) for review_pass in judgement.wall],
        conflicts=[_conflict(conflict, now) for conflict, now in zip(review.conflicts, live, strict=True)],
        evidence=[*_evidence(review)],
        decision=recorded_part(facts.decision),
        after_decision=list(after_decision(facts)),
        warnings=[CheckedWarning(code=warning.code, text=warning.text) for warning in judgement.warnings],
        problems=[
            CheckedProblem(
                file=problem.file,
                field=problem.field,
                what=problem.what,
                found=problem.found,
                next=remedy(problem, facts),
            )
            for problem in facts.problems
        ],
        head=CheckedHead(
            state=facts.head.state,
            text=facts.head.text,
            evidence=facts.head.evidence,
            project=facts.head.project,
            project_dir=facts.head.project_dir or None,
            origin=facts.head.origin or None,
        ),
        guard=judgement.guard or None,
        dropped_gaps=list(judgement.dropped_gaps),
        why=None,
    )


def check_failure(goal_id: str, why: str) -> Document:
    """The document of a goal that could not be checked at all."""
    return CheckDocument(
        schema="omk-tui/check/2",
        goal_id=goal_id,
        status=None,
        verdict=None,
        missing_count=0,
        snapshot=None,
        snapshot_version=SNAPSHOT_VERSION,
        ready=False,
        missing=[],
        waived=[],
        requirements=[],
        oracle=None,
        wall=[],
        conflicts=[],
        evidence=[],
        decision=None,
        after_decision=[],
        warnings=[],
        problems=[],
        head=None,
        guard=None,
        dropped_gaps=[],
        why=why,
    )


def _evidence(review: Review) -> Iterator[EvidenceFile]:
    for log in review.gate_logs:
        if log.path is not None:
            yield _evidence_file(review, log.path, log.gate, log.size, log.problem)
    for diff in review.diffs:
        yield _evidence_file(review, diff.path, diff.run, diff.size, diff.problem)


def _evidence_file(review: Review, path: str, of: str, size: int, problem: str) -> EvidenceFile:
    by_identity = path in review.by_identity
    return EvidenceFile(path=path, of=of, size=size, problem=problem or None, by_identity=by_identity)


def _oracle(oracle: Oracle) -> CheckedOracle:
    return CheckedOracle(
        kind=oracle.kind,
        matched=list(oracle.matched),
        status="passed" if oracle.passed else "blocked",
        checks=[
            CheckedOracleCheck(name=check.name, status="passed" if check.passed else "blocked", gate=check.gate)
            for check in oracle.checks
        ],
    )


def _pass(review_pass: Pass) -> CheckedPass:
    return cast(CheckedPass, {"pass": review_pass.name, **review_pass.members})


def _conflict(conflict: Conflict, live: LiveMerge) -> CheckedConflict:
    merge = conflict.merge
    return CheckedConflict(
        slice_id=conflict.slice_id,
        section_id=conflict.section_id,
        task_id=conflict.task_id,
        status=conflict.status,
        reason=conflict.reason,
        evidence_path=conflict.evidence_path,
        readable=conflict.evidence.readable if conflict.evidence else None,
        error=conflict.evidence.error if conflict.evidence else None,
        clean_merge=merge.clean_merge if merge else None,
        files=list(merge.files) if merge else [],
        classification=merge.classification or None if merge else None,
        classification_reason=merge.classification_reason or None if merge else None,
        source_ref=merge.source_ref or None if merge else None,
        target_ref=merge.target_ref or None if merge else None,
        open=conflict.open,
        live=live.state,
        live_text=live.text,
        stale=conflict.stale,
    )

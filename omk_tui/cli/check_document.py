"""The document of `check --json`: what speaks for and against accepting a goal."""

from __future__ import annotations

from typing import Literal

from pydantic import Field

from omk_tui.cli.document import Document, Part, Text, schema_of


class CheckedRequirement(Part):
    """One of omk's nine requirements."""

    text: Text = Field(description="omk's sentence for its absence.", examples=["review task evidence is missing"])
    met: bool = Field(description="Whether it is met.", examples=[False])
    facts: Text = Field(description="The facts behind that.", examples=["task goal-review is pending"])
    next: Text = Field(
        description="The next step, line by line; empty when it is met.", examples=["omk goal review GOAL"]
    )


class CheckedOracleCheck(Part):
    """One check that the goal's kind requires."""

    name: Text = Field(
        description="The check; a part of a passed gate's name must be equal to it.", examples=["golden"]
    )
    status: Literal["passed", "blocked"] = Field(description="Whether a gate satisfies it.", examples=["passed"])
    gate: Text | None = Field(description="The gate that satisfies it, or null.", examples=["golden"])


class CheckedOracle(Part):
    """What kind of goal this is, and which gates prove it."""

    kind: Text = Field(description="The goal's kind.", examples=["refactor"])
    matched: list[tuple[Text, Text]] = Field(
        description="The pairs of kind and word of the goal's text that chose it.",
        examples=[[["refactor", "refactor"]]],
    )
    status: Literal["passed", "blocked"] = Field(description="Whether all checks passed.", examples=["passed"])
    checks: list[CheckedOracleCheck] = Field(description="The checks in omk's order.")


class CheckedPass(Part):
    """One pass of the review wall, with omk's own keys and sentences."""

    name: Text = Field(alias="pass", description="The pass.", examples=["performance"])
    status: Literal["passed", "blocked"] = Field(description="Whether it passed.", examples=["blocked"])
    path: Text = Field(
        description="The review file that omk names for it.", examples=["artifacts/reviews/goal-review.md"]
    )
    summary: Text = Field(
        description="What it says.",
        examples=["performance review is blocked until performance or benchmark gate evidence exists"],
    )
    evidence: list[Text] = Field(description="What it rests on.", examples=[["gate results: unit=passed"]])
    risks: list[Text] = Field(
        description="What it does not tell.",
        examples=[["performance confidence depends on the configured perf/benchmark gate"]],
    )
    known_gaps: list[Text] = Field(description="Its gap; empty when it passed.", examples=[[]])
    recommended_next_step: Text = Field(
        description="omk's next step.", examples=["Add or run a performance/benchmark gate for this goal."]
    )


class CheckedConflict(Part):
    """One slice with conflict fields, in the order of the rollback plan."""

    slice_id: Text | None = Field(description="The slice's id; null when none is recorded.", examples=["slice-1"])
    section_id: Text = Field(description="What the slice is called: its id, else its task's id.", examples=["slice-1"])
    task_id: Text = Field(description="The task.", examples=["goal-agent-implement-1"])
    status: Text | None = Field(description="The slice's status.", examples=["blocked"])
    reason: Text | None = Field(
        description="Why it is blocked.", examples=["merge conflict with the integrator branch"]
    )
    evidence_path: Text | None = Field(
        description="Its evidence file in the goal directory.",
        examples=["artifacts/integration/merge-conflict-goal-agent-implement-1.json"],
    )
    readable: bool | None = Field(
        description="Whether that file could be read; null when no path is recorded.", examples=[True]
    )
    error: Text | None = Field(description="Why it could not be read.", examples=[None])
    clean_merge: bool | None = Field(description="What the evidence says of the merge.", examples=[False])
    files: list[Text] = Field(description="The conflicting files.", examples=[["notes/store.py"]])
    classification: Text | None = Field(description="omk's classification.", examples=["Unsafe"])
    classification_reason: Text | None = Field(description="The reason that it gives.", examples=["both sides edited"])
    source_ref: Text | None = Field(description="What was to be merged.", examples=["omk/slice-1"])
    target_ref: Text | None = Field(description="Into what.", examples=["omk/integrator"])
    open: bool = Field(description="Whether the conflict is not settled.", examples=[True])
    stale: bool = Field(description="Open, although the evidence says that the merge is clean.", examples=[False])


class CheckedWarning(Part):
    """One thing that omk's rules would let pass."""

    code: Text = Field(description="What kind of warning it is.", examples=["open_conflict"])
    text: Text = Field(description="The warning in a sentence.", examples=["slice slice-1 is in conflict"])


class CheckedProblem(Part):
    """One file that could not be used."""

    file: Text = Field(description="Its path in the goal directory.", examples=["proof.json"])
    field: Text = Field(description="The field, empty when the whole file is meant.", examples=["gates[0].passed"])
    what: Text = Field(description="What is wrong.", examples=["not a boolean"])
    found: Text = Field(description="What was found there.", examples=['"yes"'])
    next: Text = Field(description="What to do.", examples=["repair proof.json, then check again"])


class CheckedHead(Part):
    """The commit that the evidence was made on, beside the project's HEAD."""

    state: Literal["same", "moved", "not checked"] = Field(description="How they compare.", examples=["same"])
    text: Text = Field(description="The same in a sentence.", examples=["no repository here"])
    evidence: Text | None = Field(description="The evidence's commit.", examples=["4be1c02"])
    project: Text | None = Field(description="The project's HEAD.", examples=["4be1c02"])
    project_dir: Text | None = Field(description="The project that was looked at.", examples=["/home/ada/notes"])
    origin: Text | None = Field(description="Why it was that one.", examples=["named by the goal's own first event"])


class CheckedDecision(Part):
    """A decision that the goal's proof records."""

    what: Text = Field(description="accepted or rejected.", examples=["rejected"])
    at: Text = Field(description="When it was decided.", examples=["2026-11-22T21:04:11.482Z"])
    who: Text | None = Field(
        description="Who decided, user@host; null where the ledger does not know it.", examples=["ada@desk"]
    )
    text: Text = Field(description="The summary or reason.", examples=["slices conflict"])
    stands: bool = Field(description="Whether omk has written no newer proof since.", examples=[True])


class EvidenceFile(Part):
    """A gate log or a diff that the goal names."""

    path: Text = Field(description="Its path in the goal directory.", examples=["artifacts/gates/unit.log"])
    of: Text = Field(description="The gate, or the run of an agent, that it is of.", examples=["unit"])
    size: int = Field(description="Its bytes; 0 when it cannot be read.", examples=[2193])
    problem: Text | None = Field(description="Why it cannot be read; null when it can.", examples=[None])
    by_identity: bool = Field(
        description="Whether the snapshot knows it by size, times and inode, not by all of its content.",
        examples=[False],
    )


class CheckDocument(Document):
    """`omk-tui check GOAL --json`: what speaks for and against accepting a goal."""

    schema_: Literal["omk-tui/check/1"] = schema_of("omk-tui/check/1")
    goal_id: Text = Field(
        description="The goal's full id, or what was asked for.", examples=["goal-20261122-205557-473-03da4154"]
    )
    status: Text | None = Field(description="omk's status.", examples=["not_ready"])
    verdict: Text | None = Field(description="One word, as in the list.", examples=["missing 1"])
    snapshot: Text | None = Field(description="The snapshot digest: 64 hexadecimal digits.", examples=["91d0e4..."])
    snapshot_version: int = Field(
        description="Which version of the digest it is: what it covers differs between versions.", examples=[2]
    )
    ready: bool = Field(description="Whether an accept would make the goal ready now.", examples=[False])
    missing: list[Text] = Field(
        description="omk's sentences for what is missing, in order.", examples=[["review task evidence is missing"]]
    )
    requirements: list[CheckedRequirement] = Field(
        description="The nine requirements; empty when they cannot be known."
    )
    oracle: CheckedOracle | None = Field(description="The oracle; null when it cannot be known.")
    wall: list[CheckedPass] = Field(description="The review wall; empty before any review has run.")
    conflicts: list[CheckedConflict] = Field(description="The slices with conflict fields.")
    evidence: list[EvidenceFile] = Field(description="The gate logs and the diffs that the goal names.")
    decision: CheckedDecision | None = Field(description="The decision that is recorded; null when there is none.")
    after_decision: list[Text] = Field(
        description="What comes after it, the last line a full command; empty unless it stands.",
        examples=[["omk goal proof GOAL"]],
    )
    warnings: list[CheckedWarning] = Field(description="What omk's rules would let pass.")
    problems: list[CheckedProblem] = Field(description="The files that could not be used.")
    head: CheckedHead | None = Field(description="The evidence's commit and the project's HEAD.")
    guard: Text | None = Field(description="Why the status forbids a decision; null when it does not.", examples=[None])
    dropped_gaps: list[Text] = Field(
        description="The known gaps that an accept would drop.", examples=[["notes are not migrated"]]
    )
    why: Text | None = Field(description="Why nothing could be checked; null when it could.", examples=[None])

"""Reading a whole Review: the facts, the evidence that a reject would embed, logs, diffs, and the snapshot digest."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from omk_tui.core.format.limits import LARGEST_EMBEDDED
from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.judgement.judge import judge
from omk_tui.core.records.branch_check import BranchCheck
from omk_tui.core.records.conflict import (
    DECISION_FILE,
    EMBED_LIMIT,
    NOT_EMBEDDED,
    Conflict,
    Evidence,
    conflict_of,
    conflicting,
    embedded_text,
)
from omk_tui.core.records.facts import Facts
from omk_tui.core.records.file_names import GOAL_FILE, GRAPH_FILE, INTEGRATION_FOLDER, PROOF_FILE
from omk_tui.core.records.gate_run import GATE_RUN_FILE
from omk_tui.core.records.goal_row import Cell
from omk_tui.core.records.intake import INTAKE_FILE, SUPERSEDED_FILE, Intake
from omk_tui.core.records.maker import Desk
from omk_tui.core.records.proof import Gate, GitEvidence
from omk_tui.core.review.goal_review import DiffFile, GateLog, Part, Review, part_of, snapshot_digest
from omk_tui.core.text.printed_commands import CommandLine
from omk_tui.engine.files.goal_folder import GoalFolder, Overlay, Unreadable, read_up_to
from omk_tui.engine.git.choice import NAMED, GoalProjects, recorded_project_dir
from omk_tui.engine.git.project import evidence_commit
from omk_tui.engine.reading.evidence_digest import EvidenceDigests
from omk_tui.engine.reading.ledger_tail import ledger_tail
from omk_tui.engine.reading.records import Records, read_records
from omk_tui.engine.reading.usage import AGENT_RUNS, UsageReader
from omk_tui.engine.reading.write_targets import read_targets
from omk_tui.light.dataclass import dataclass, replace

TYPE_CHECKING = False
if TYPE_CHECKING:
    from omk_tui.core.records.facts import HeadState

REVIEWS_FOLDER = "artifacts/reviews"
MAX_REVIEW_FILES = 256
"""How many review files the snapshot digest covers by their content; of more it covers the names."""
MAX_RUNS = 256
"""How many agent runs are looked at for their diffs."""


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What a review is read with, besides the goal directory itself.

    `row` is the goal's row of omk.db, `projects` finds its project, `call` is how the program was called, `digests` and
    `usage` read what is slow.
    """

    row: Mapping[str, Cell] | None
    projects: GoalProjects
    call: CommandLine
    now: Timestamp
    digests: EvidenceDigests
    usage: UsageReader


def read_review(folder: GoalFolder, goal_id: str, around: Surroundings, interrupted: str = "") -> Review:
    """Everything of one goal, as it is now. Raises Cancelled only: what cannot be read is a value inside the review."""
    records = read_records(folder, goal_id, around.row, around.now, interrupted)
    proof = records.facts.stored.proof if records.facts.stored else None
    commit = evidence_commit(proof)
    project = around.projects.of_goal(recorded_project_dir(folder), commit)
    facts = replace(records.facts, call=around.call, head=project.check_head(commit))
    if facts.intake is not None:
        facts = with_branch(facts, facts.intake, around.projects.branch_of(facts.intake))
    conflicts = _conflicts(folder, records)
    own_logs = {note.name: note.log for note in facts.gate_notes}
    logs = tuple(_gate_log(folder, gate, own_logs.get(gate.name, "")) for gate in proof.gates) if proof else ()
    diffs = tuple(_diffs(folder))
    parts = tuple(_parts(folder, records, conflicts, logs, diffs, _git_state(facts, project.evidence), around.digests))
    return Review(
        facts=facts,
        judgement=judge(facts),
        conflicts=conflicts,
        gate_logs=logs,
        diffs=diffs,
        usage=around.usage.scan(folder),
        git=project.evidence,
        git_dir=project.git_dir,
        targets=read_targets(folder),
        parts=parts,
        snapshot=snapshot_digest(parts),
        ledger=ledger_tail(folder),
        by_identity=tuple(around.digests.by_identity),
    )


def with_branch(facts: Facts, intake: Intake, check: BranchCheck) -> Facts:
    """The facts of an opened goal with where its branch is now, in the place of the project's HEAD."""
    state: HeadState = check.state if check.state in ("same", "moved") else "not checked"
    head = replace(facts.head, state=state, text=check.text, evidence=intake.head, project=check.tip or None)
    if not head.project_dir or head.origin != NAMED:
        head = replace(head, project_dir=intake.project_dir, origin="where it was opened")
    return replace(facts, branch=check, head=head, maker=Desk(facts.call))


def planned_overlay(folder: GoalFolder) -> Overlay:
    """What will stand in the goal directory when a rollback plan is written (STATE-FORMAT 6.6, step 9)."""
    artifacts = (*folder.real, "artifacts")
    folders = frozenset((artifacts, (*artifacts, "integration")))
    try:
        integration = folder.locate(INTEGRATION_FOLDER, Overlay(folders))
    except Unreadable:
        return Overlay(folders)
    return Overlay(folders, (*folder.real, *integration, "integrator-reject.json"))


def _conflicts(folder: GoalFolder, records: Records) -> tuple[Conflict, ...]:
    overlay, room = planned_overlay(folder), LARGEST_EMBEDDED
    conflicts = []
    for delivery in conflicting(records.facts.deliveries or ()):
        path, evidence = delivery.text("conflict_evidence_path"), None
        if path is not None:
            evidence = read_evidence(folder, path, overlay) if room > 0 else NOT_EMBEDDED
            size = len((evidence.text or "").encode("utf-8", "surrogateescape"))
            evidence, room = (evidence, room - size) if size <= room else (NOT_EMBEDDED, 0)
        conflicts.append(conflict_of(delivery, evidence))
    return tuple(conflicts)


def read_evidence(folder: GoalFolder, path: str, overlay: Overlay) -> Evidence:
    """What a reject would embed for an evidence path; bounded, confined, regular files only."""
    try:
        parts = folder.locate(path, overlay)
        if (*folder.real, *parts) == overlay.file:
            return DECISION_FILE
        if (*folder.real, *parts) in overlay.folders:
            return Evidence(error="Is a directory (os error 21)")
        with folder.open_located(parts) as file:
            return Evidence(text=embedded_text(read_up_to(file, EMBED_LIMIT + 1)))
    except Unreadable as error:
        return Evidence(error=error.reason)


def goal_relative(folder: GoalFolder, goal_id: str, stored_path: str) -> str:
    """A stored absolute path as a path below the goal directory, also after the state root has moved (H30)."""
    if not stored_path.startswith("/"):
        return stored_path
    for top in (folder.path.rstrip("/"), "/" + "/".join(folder.real)):
        if stored_path.startswith(top + "/"):
            return stored_path[len(top) + 1 :]
    _, separator, rest = stored_path.rpartition(f"/{goal_id}/")
    return rest if separator else stored_path


def _gate_log(folder: GoalFolder, gate: Gate, own_log: str) -> GateLog:
    """The log that the proof names, else the one that this program made of a gate whose time was up."""
    stored_path = gate.output_path or (own_log if gate.timed_out else "")
    if not stored_path:
        return GateLog(gate.name, None, problem="the proof names no log for this gate")
    path = goal_relative(folder, folder.name, stored_path)
    try:
        return GateLog(gate.name, path, folder.size(path))
    except Unreadable as error:
        return GateLog(gate.name, path, problem=error.reason)


def _diffs(folder: GoalFolder) -> Iterator[DiffFile]:
    for run in folder.names(AGENT_RUNS)[:MAX_RUNS]:
        path = f"{AGENT_RUNS}/{run}/mutation.diff"
        try:
            yield DiffFile(run, path, folder.size(path))
        except Unreadable as error:
            if not error.missing:
                yield DiffFile(run, path, problem=error.reason)


def _parts(
    folder: GoalFolder,
    records: Records,
    conflicts: tuple[Conflict, ...],
    logs: tuple[GateLog, ...],
    diffs: tuple[DiffFile, ...],
    git_state: str,
    digests: EvidenceDigests,
) -> Iterator[Part]:
    """What the snapshot digest covers: documents, evidence, logs, diffs, reviews, and the project's git state."""
    for name in (GOAL_FILE, PROOF_FILE, GRAPH_FILE):
        document = records.documents[name]
        if document.problem is None:
            yield part_of(name, document.data)
        else:
            yield part_of(f"{name} (unreadable)", document.problem.what.encode())
    for index, conflict in enumerate(conflicts):
        if conflict.evidence is not None:
            yield part_of(f"evidence {index} {conflict.evidence_path}", _evidence_bytes(conflict.evidence))
    covered: set[str] = set()
    beside = tuple(conflict.evidence_path for conflict in conflicts if conflict.evidence is NOT_EMBEDDED)
    reviews = [f"{REVIEWS_FOLDER}/{name}" for name in folder.names(REVIEWS_FOLDER) if name.endswith(".md")]
    paths = (*(log.path for log in logs), *(diff.path for diff in diffs), *reviews[:MAX_REVIEW_FILES], *beside)
    for path in paths:
        if path is not None and path not in covered:
            covered.add(path)
            yield Part(path, digests.of(folder, path))
    if len(reviews) > MAX_REVIEW_FILES:
        yield part_of(f"{REVIEWS_FOLDER} (names)", "\n".join(reviews).encode("utf-8", "surrogateescape"))
    for path in (INTAKE_FILE, GATE_RUN_FILE, SUPERSEDED_FILE) if records.facts.intake is not None else ():
        yield Part(path, digests.of(folder, path))
    yield part_of("git", git_state.encode("utf-8", "surrogateescape"))


def _git_state(facts: Facts, git: GitEvidence | None) -> str:
    """What of git a decision is bound to: HEAD and work tree, or of an opened goal its branch and its base."""
    if facts.branch is not None:
        return f"{facts.branch.tip}\n{facts.branch.base_tip}"
    return f"{git.branch}\n{git.head}\n{git.dirty}" if git else "none"


def _evidence_bytes(evidence: Evidence) -> bytes:
    if evidence == DECISION_FILE:
        return b"decision file"
    kind, text = ("text", evidence.text) if evidence.text is not None else ("error", evidence.error)
    return f"{kind}:{text}".encode("utf-8", "surrogateescape")

"""proof.json: the evidence of a goal and its four side-car values (STATE-FORMAT 4.3, 5.5)."""

from __future__ import annotations

from omk_tui.core.format import omk_json
from omk_tui.core.format.limits import LARGEST_DOCUMENT, MOST_PATHS
from omk_tui.core.format.omk_json import Json
from omk_tui.core.format.record_table import BOOL, I32, OPTIONAL, STRING, TIMESTAMP, U32, U64, Field, Table, array
from omk_tui.core.format.redaction import redact
from omk_tui.core.format.timestamp import Timestamp
from omk_tui.core.records.goal import ARTIFACT, STATUS, Artifact
from omk_tui.light.dataclass import dataclass

SKIPPED_COMMAND = "<skipped by config>"
DEFAULT_SECONDS = 60
"""Seconds that a gate may take which sets no limit of its own."""


@dataclass(frozen=True, slots=True)
class Gate:
    """The result of one gate; `duration_ms` and `timeout_secs` are milliseconds and seconds."""

    name: str
    passed: bool
    stdout: str
    stderr: str
    duration_ms: int
    required: bool
    command_line: str
    exit_code: int | None
    timed_out: bool
    stdout_summary: str | None
    stderr_summary: str | None
    output_path: str | None
    timeout_secs: int

    @property
    def skipped(self) -> bool:
        """Whether the gate was skipped by configuration; omk counts it as passed."""
        return self.command_line == SKIPPED_COMMAND


GATE = Table(
    Gate,
    Field("name", STRING),
    Field("passed", BOOL),
    Field("stdout", STRING),
    Field("stderr", STRING),
    Field("duration_ms", U64),
    Field("required", BOOL),
    Field("command_line", STRING, default=""),
    Field("exit_code", I32, default=OPTIONAL),
    Field("timed_out", BOOL, default=False),
    Field("stdout_summary", STRING, default=OPTIONAL),
    Field("stderr_summary", STRING, default=OPTIONAL),
    Field("output_path", STRING, default=OPTIONAL),
    Field("timeout_secs", U64, default=0),
)


@dataclass(frozen=True, slots=True)
class TaskCounts:
    """How many tasks the graph had when the proof was written."""

    total_tasks: int
    pending_tasks: int
    blocked_tasks: int
    done_tasks: int


TASK_COUNTS = Table(
    TaskCounts,
    Field("total_tasks", U64),
    Field("pending_tasks", U64),
    Field("blocked_tasks", U64),
    Field("done_tasks", U64),
)


@dataclass(frozen=True, slots=True)
class GitEvidence:
    """Branch, full commit hash and whether the working tree had changes."""

    branch: str
    head: str
    dirty: bool


GIT_EVIDENCE = Table(GitEvidence, Field("branch", STRING), Field("head", STRING), Field("dirty", BOOL))


@dataclass(frozen=True, slots=True)
class Proof:
    """The typed part of proof.json; attributes are named as its keys."""

    version: int
    goal_id: str
    status: str
    readiness: str
    summary: str
    generated_at: Timestamp
    artifacts: tuple[Artifact, ...]
    task_graph_summary: TaskCounts
    changed_files: tuple[str, ...]
    commits: tuple[str, ...]
    git: GitEvidence | None
    gates: tuple[Gate, ...]
    post_mutation_gates_ran: bool
    known_gaps: tuple[str, ...]
    human_decisions_required: tuple[str, ...]
    recovery_status: str | None


PROOF = Table(
    Proof,
    Field("version", U32),
    Field("goal_id", STRING),
    Field("status", STATUS),
    Field("readiness", STRING),
    Field("summary", STRING),
    Field("generated_at", TIMESTAMP),
    Field("artifacts", array(ARTIFACT)),
    Field("task_graph_summary", TASK_COUNTS),
    Field("changed_files", array(STRING, MOST_PATHS)),
    Field("commits", array(STRING, MOST_PATHS)),
    Field("git", GIT_EVIDENCE, default=OPTIONAL),
    Field("gates", array(GATE)),
    Field("post_mutation_gates_ran", BOOL, default=False),
    Field("known_gaps", array(STRING)),
    Field("human_decisions_required", array(STRING)),
    Field("recovery_status", STRING, default=OPTIONAL),
)


@dataclass(frozen=True, slots=True)
class Sidecars:
    """The four raw values that omk keeps beside the typed proof (STATE-FORMAT 5.5).

    The two lists are empty when they are absent, empty or no list. An evidence value is a tuple of one value when its
    key is there (the value may be null), else the empty tuple.
    """

    delivery_metadata: tuple[Json, ...] = ()
    review_artifacts: tuple[Json, ...] = ()
    integration_evidence: tuple[()] | tuple[Json] = ()
    oracle_evidence: tuple[()] | tuple[Json] = ()


@dataclass(frozen=True, slots=True)
class StoredProof:
    """A proof.json: its typed part and its side-cars."""

    proof: Proof
    sidecars: Sidecars


def read_proof(text: str) -> StoredProof:
    """The proof in the text of a proof.json: raw first, typed second (STATE-FORMAT 5.5).

    Raises JsonError or FieldError.
    """
    raw = omk_json.parse(text)
    members = raw if isinstance(raw, dict) else {}
    sidecars = Sidecars(
        delivery_metadata=_nonempty_list(members.get("delivery_metadata")),
        review_artifacts=_nonempty_list(members.get("review_artifacts")),
        integration_evidence=_present(members, "integration_evidence"),
        oracle_evidence=_present(members, "oracle_evidence"),
    )
    return StoredProof(PROOF.read(raw), sidecars)


def _nonempty_list(value: Json) -> tuple[Json, ...]:
    return tuple(value) if isinstance(value, list) else ()


def _present(members: dict[str, Json], key: str) -> tuple[()] | tuple[Json]:
    return (members[key],) if key in members else ()


def write_proof(stored: StoredProof, deliveries: tuple[Json, ...]) -> str:
    """The text of proof.json as omk writes it (STATE-FORMAT 4.3, 5.5).

    `deliveries` are the delivery records of the task graph as it is now: they replace `delivery_metadata`, unredacted,
    in its place when the loaded proof had one, else as the very last key. All else is redacted. Raises TooLong when
    the proof could not be read again, for its size.
    """
    typed = PROOF.write(stored.proof)
    sidecars = stored.sidecars
    members: dict[str, Json] = {}
    for key, value in typed.items():
        members[key] = value
        if key == "task_graph_summary":
            if sidecars.delivery_metadata:
                members["delivery_metadata"] = list(sidecars.delivery_metadata)
            if sidecars.review_artifacts:
                members["review_artifacts"] = list(sidecars.review_artifacts)
            for name, documents in (
                ("integration_evidence", sidecars.integration_evidence),
                ("oracle_evidence", sidecars.oracle_evidence),
            ):
                if documents:
                    members[name] = documents[0]
    redacted = redact(members)
    assert isinstance(redacted, dict)
    if deliveries:
        redacted["delivery_metadata"] = list(deliveries)
    return omk_json.pretty(redacted, LARGEST_DOCUMENT)

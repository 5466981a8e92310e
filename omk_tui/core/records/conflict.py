"""Conflict evidence: what a slice's conflict record says, and the file behind it (STATE-FORMAT 4.5, 6.6)."""

from __future__ import annotations

from collections.abc import Sequence
from operator import attrgetter

from omk_tui.core.format import omk_json
from omk_tui.core.format.limits import LARGEST_EMBEDDED
from omk_tui.core.records.delivery import Delivery
from omk_tui.light.dataclass import dataclass

EMBED_LIMIT = 65_536
"""How many bytes of an evidence file a rollback plan embeds."""


def embedded_text(head: bytes) -> str:
    """The text that a plan embeds for a file whose first bytes are `head` (one byte more than the limit tells a cut).

    Decoded with U+FFFD for what is not UTF-8, each maximal invalid or cut-off sequence becoming one (STATE-FORMAT 6.6).
    """
    text = head[:EMBED_LIMIT].decode("utf-8", "replace")
    return f"{text}\n...(truncated at {EMBED_LIMIT} bytes)" if len(head) > EMBED_LIMIT else text


@dataclass(frozen=True, slots=True)
class Evidence:
    """What a reject would embed for one evidence path: exactly one of three things.

    `text` is the embedded text; `error` is why there is none; when both are None the path names the decision file
    itself, which does not exist before the decision is planned (`DECISION_FILE`).
    """

    text: str | None = None
    error: str | None = None

    @property
    def readable(self) -> bool:
        """Whether there is something to embed."""
        return self.error is None


DECISION_FILE = Evidence()
NOT_EMBEDDED = Evidence(error=f"the plan embeds {LARGEST_EMBEDDED >> 20} MiB of evidence already")
"""What stands in the place of evidence beyond the bound for one plan."""


@dataclass(frozen=True, slots=True)
class MergeConflict:
    """The parsed merge-conflict file: the two refs, the files, and omk's classification."""

    source_ref: str
    target_ref: str
    clean_merge: bool | None
    files: tuple[str, ...]
    command_line: str
    classification: str
    classification_reason: str


@dataclass(frozen=True, slots=True)
class Conflict:
    """One delivery record that a rollback plan has a section for.

    `section_id` is what the section is called, `slice_id` the stored id if any, `reason` the blocking reason,
    `evidence` what would be embedded (None when no path is set), `merge` the evidence parsed, when it can be.
    """

    section_id: str
    task_id: str
    slice_id: str | None
    status: str | None
    reason: str | None
    evidence_path: str | None
    open: bool
    evidence: Evidence | None = None
    merge: MergeConflict | None = None

    @property
    def stale(self) -> bool:
        """Whether the evidence says the merge is clean while the record still counts as a conflict."""
        return self.open and self.merge is not None and self.merge.clean_merge is True


def conflicting(deliveries: Sequence[Delivery]) -> tuple[Delivery, ...]:
    """The records with conflict fields, in the plan's order: by section id, equal ones as in the file."""
    return tuple(sorted((delivery for delivery in deliveries if delivery.has_conflict), key=attrgetter("section_id")))


def is_open(delivery: Delivery) -> bool:
    """Whether the record still stands for an unsettled conflict.

    omk never clears old conflict fields (STATE-FORMAT H33). It is settled when the slice was delivered or merged, or
    when a later check was clean and the slice is not blocked for another reason.
    """
    status = delivery.text("status")
    if status in ("delivered", "merged"):
        return False
    return status == "blocked" or delivery.extras.get("merge_conflict_clean") is not True


def conflict_of(delivery: Delivery, evidence: Evidence | None) -> Conflict:
    """The conflict that a delivery record with conflict fields describes."""
    return Conflict(
        section_id=delivery.section_id,
        task_id=delivery.task_id,
        slice_id=delivery.text("slice_id"),
        status=delivery.text("status"),
        reason=delivery.text("conflict_blocking_reason"),
        evidence_path=delivery.text("conflict_evidence_path"),
        open=is_open(delivery),
        evidence=evidence,
        merge=parse_merge_conflict(evidence.text) if evidence is not None and evidence.text is not None else None,
    )


def parse_merge_conflict(text: str) -> MergeConflict | None:
    """The merge-conflict record in `text`, or None when it is no JSON object (cut, binary, prose)."""
    try:
        raw = omk_json.parse(text)
    except omk_json.JsonError:
        return None
    if not isinstance(raw, dict):
        return None
    files = raw.get("conflicting_files")
    clean = raw.get("clean_merge")
    name, reason = _classification(raw.get("conflict_classification"))
    return MergeConflict(
        source_ref=_text(raw.get("source_ref")),
        target_ref=_text(raw.get("target_ref")),
        clean_merge=clean if isinstance(clean, bool) else None,
        files=tuple(item for item in files if isinstance(item, str)) if isinstance(files, list) else (),
        command_line=_text(raw.get("command_line")),
        classification=name,
        classification_reason=reason,
    )


def _classification(value: omk_json.Json) -> tuple[str, str]:
    if not isinstance(value, dict) or len(value) != 1:
        return "", ""
    (name, detail), *_ = value.items()
    return name, _text(detail.get("reason")) if isinstance(detail, dict) else ""


def _text(value: omk_json.Json) -> str:
    return value if isinstance(value, str) else ""

"""The decision that a goal's proof records: what, when, why, and by whom where the ledger knows it."""

from __future__ import annotations

from omk_tui.core.format import omk_json
from omk_tui.core.format.omk_json import Json
from omk_tui.core.format.timestamp import Timestamp, TimestampError
from omk_tui.core.records.ledger_line import seal_holds
from omk_tui.core.records.proof import StoredProof
from omk_tui.core.text.words import joined_lines
from omk_tui.light.dataclass import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal


@dataclass(frozen=True, slots=True)
class RecordedDecision:
    """A decision as `integration_evidence` of proof.json has it (STATE-FORMAT 4.6).

    `what` is omk's word (accepted or rejected, or whatever stands there), `at` its moment and `text` the summary or
    reason, each empty where it is not recorded. `who` is ``user@host`` from the ledger, empty where the ledger does not
    know the decision: it was taken with omk itself. `stands` is false once a newer proof was written; `ready` says
    whether the proof is ready.
    """

    what: str
    at: str
    text: str
    who: str
    stands: bool
    ready: bool

    @property
    def verdict(self) -> Literal["", "accepted", "accepted!", "rejected"]:
        """The word for the list while the decision stands; ``accepted!`` where it was recorded as not ready."""
        if not self.stands:
            return ""
        if self.what == "accepted":
            return "accepted" if self.ready else "accepted!"
        return "rejected" if self.what == "rejected" else ""

    @property
    def by(self) -> str:
        """Who decided, in words."""
        return f"by {self.who}" if self.who else "with omk itself, so by whom is not recorded"

    @property
    def sentence(self) -> str:
        """All of it in one line."""
        since = "" if self.stands else "; a newer proof was written since"
        return f"{self.what} at {self.at} {self.by}{since}: {joined_lines(self.text)}"


def recorded_decision(stored: StoredProof, ledger_line: bytes = b"") -> RecordedDecision | None:
    """The decision that a proof records, or None. `ledger_line` is the last line of the goal's ledger."""
    evidence = stored.sidecars.integration_evidence
    members = evidence[0] if evidence else None
    if not isinstance(members, dict):
        return None
    what, at, text = (_text(members.get(key)) for key in ("status", "decided_at", "summary"))
    return RecordedDecision(
        what=what,
        at=at,
        text=text,
        who=_decider(ledger_line, at),
        stands=_is_instant(at, stored.proof.generated_at),
        ready=stored.proof.status == "ready",
    )


def _decider(line: bytes, at: str) -> str:
    """Who took the decision of that moment, if this line of the ledger is about it and unchanged."""
    if not line or not seal_holds(line):
        return ""
    try:
        members = omk_json.parse(line.decode("utf-8"))
    except (UnicodeDecodeError, omk_json.JsonError):
        return ""
    if not isinstance(members, dict) or members.get("decided_at") != at:
        return ""
    return _text(members.get("who"))


def _text(value: Json) -> str:
    return value if isinstance(value, str) else ""


def _is_instant(value: str, instant: Timestamp) -> bool:
    try:
        return Timestamp.parse(value) == instant
    except TimestampError:
        return False

"""A warning: one thing that omk's rules would let pass."""

from __future__ import annotations

from omk_tui.core.judgement.evidence_place import EvidencePlace
from omk_tui.light.dataclass import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    Severity = Literal["failed", "stale", "skipped", "unreadable", "note"]


@dataclass(frozen=True, slots=True)
class IntegratorWarning:
    """One thing that omk's rules would let pass: a fixed code and a sentence.

    `blocks` says whether an accept should not pass over it; `place` is where more of it is to be seen, if anywhere.
    """

    code: str
    text: str
    severity: Severity = "note"
    blocks: bool = False
    place: EvidencePlace | None = None

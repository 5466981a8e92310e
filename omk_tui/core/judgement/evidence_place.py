"""Where in a review the evidence for something is to be seen."""

from __future__ import annotations

from omk_tui.light.dataclass import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal

    SectionName = Literal["checklist", "oracle", "wall", "gates", "diff", "conflicts", "rollback", "timeline"]
    """The sections of a review, by the words that stand on their tabs."""


@dataclass(frozen=True, slots=True)
class EvidencePlace:
    """A section of a review, and what is to be seen there in a few words: ``the gates and their logs``."""

    section: SectionName
    words: str


GATE_LOGS = EvidencePlace("gates", "the gates and their logs")

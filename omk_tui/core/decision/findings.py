"""What a check-up of a state root finds."""

from __future__ import annotations

from omk_tui.light.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is not as it should be: a fixed code, the goal it is about (empty for the root), a sentence.

    `repair` says what was done about it, or what would be; empty where only a person can decide.
    """

    code: str
    goal_id: str
    text: str
    repair: str = ""

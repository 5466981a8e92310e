"""Where the branch of an opened goal is today, and where its base is."""

from __future__ import annotations

from omk_tui.light.dataclass import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Literal


@dataclass(frozen=True, slots=True)
class BranchCheck:
    """The branch and the base of an opened goal beside what was recorded of them.

    `state` is `same`, `moved`, `gone` or `not checked`, `text` says it in a sentence. `tip` and `base_tip` are the
    commits of today, empty where they are not known. `base_text` is a sentence when the base has moved on, and
    `base_conflicts` says that the judged commit conflicts with it as it is today. `merged` says that the judged commit
    is in the base already.
    """

    state: Literal["same", "moved", "gone", "not checked"]
    text: str
    tip: str = ""
    base_tip: str = ""
    base_text: str = ""
    merged: bool = False
    base_conflicts: bool = False

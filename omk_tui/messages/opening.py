"""What is said of branches that become goals."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from omk_tui.light.dataclass import dataclass

if TYPE_CHECKING:
    from collections.abc import Sequence

    from omk_tui.core.opening.branch_row import BranchRow


class OpeningMessage(Message):
    """What concerns the opening of branches."""


@dataclass
class BranchesAsked(OpeningMessage):
    """The branches that can be opened are to be shown."""


@dataclass
class BranchesListed(OpeningMessage):
    """Branches as they are known now, or why there are none."""

    branches: Sequence[BranchRow]
    why: str = ""


@dataclass
class BranchOpened(OpeningMessage):
    """A branch is a goal now (of several the first), or why not; `skipped` says why others beside it are not."""

    goal_id: str
    why: str = ""
    count: int = 1
    skipped: str = ""

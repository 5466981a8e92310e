"""Who made a goal: the program whose commands bring the evidence that is missing."""

from __future__ import annotations

from omk_tui.core.text.printed_commands import PLAIN_CALL, CommandLine, omk_command
from omk_tui.light.dataclass import dataclass

TYPE_CHECKING = False
if TYPE_CHECKING:
    from typing import Protocol
else:
    Protocol = object


class Maker(Protocol):
    """A program that makes goals. What it can do next for one of them differs from maker to maker."""

    @property
    def name(self) -> str:
        """What people call the program."""

    def command(self, step: str, goal_id: str) -> str:
        """The full shell command for a step: `verify`, `execute`, `review`, `proof`, `resume`, `show`.

        `verify_change` runs the gates on what the agent has changed, `security_review` is for the second review.
        """


_OMKS_OWN = {"verify_change": "execute", "security_review": "review"}


class Omk:
    """omk itself: each step is one of its own subcommands."""

    name = "omk"

    def command(self, step: str, goal_id: str) -> str:
        """``omk goal verify GOAL``."""
        return omk_command(_OMKS_OWN.get(step, step), goal_id)


@dataclass(frozen=True, slots=True)
class Desk:
    """This program, for goals that it opened from a branch; `call` is how it was called."""

    call: CommandLine = PLAIN_CALL
    name = "omk-tui"

    def command(self, step: str, goal_id: str) -> str:
        """``omk-tui gate GOAL``; what has no command of its own is looked at."""
        match step:
            case "verify" | "verify_change":
                return self.call.desk("gate", goal_id)
            case "review":
                return self.call.desk("review", goal_id, "FILE")
            case "security_review":
                return self.call.desk("review", goal_id, "FILE", "--security")
            case _:
                return self.call.desk("check", goal_id)


OMK: Maker = Omk()

"""The commands that are printed for a person to run: composed here only, so that each works as it is printed."""

from __future__ import annotations

from omk_tui.light.dataclass import dataclass
from omk_tui.light.late import shlex


@dataclass(frozen=True, slots=True)
class CommandLine:
    """How this program was called, as far as a command that is printed has to repeat it.

    `state_root` and `project_dir` are the values of these options; empty where they were not given.
    """

    state_root: str = ""
    project_dir: str = ""

    def desk(self, verb: str, goal_id: str = "", *options: str) -> str:
        """The full command of this program, quoted for a shell: ``omk-tui accept GOAL --summary TEXT``.

        An empty `verb` opens the desk itself.
        """
        where = [
            f"{name} {shlex.quote(value)}"
            for name, value in (("--state-root", self.state_root), ("--project-dir", self.project_dir))
            if value
        ]
        goal = [shlex.quote(goal_id)] if goal_id else []
        if goal_id.startswith("-"):
            words = ["omk-tui", verb, *options, *where, "--", *goal]
        else:
            words = ["omk-tui", verb, *goal, *options, *where]
        return " ".join(word for word in words if word)


PLAIN_CALL = CommandLine()
"""No option was given that printed commands have to repeat."""


def omk_command(verb: str, goal_id: str) -> str:
    """The full omk command, quoted for a shell: ``omk goal verify GOAL``."""
    return f"omk goal {verb} {'-- ' if goal_id.startswith('-') else ''}{shlex.quote(goal_id)}"

"""The table of all commands. Each is the module of its name here, loaded when it is called or asked about."""

from __future__ import annotations

from importlib import import_module
from typing import NamedTuple

from omk_tui.cli.command import Command

DESK = "desk"
"""The module of what runs when no command is named."""


class Entry(NamedTuple):
    """A command's line in the overview: its words, and what it does."""

    words: str
    about: str


TABLE = {
    "list": Entry("list", "every goal with its verdict"),
    "check": Entry("check GOAL", "checklist, oracle, wall, conflicts, warnings, snapshot digest"),
    "plan": Entry("plan GOAL accept|reject", "what the decision would write; writes nothing"),
    "open": Entry("open [BRANCH]...", "make goals of branches: any agent's work becomes decidable"),
    "gate": Entry("gate GOAL", "run the base's gates on an opened goal's commit"),
    "review": Entry("review GOAL FILE", "keep a review of an opened goal"),
    "brief": Entry("brief GOAL", "what an agent needs to know after a reject, as Markdown"),
    "accept": Entry("accept GOAL", "record that the goal is accepted"),
    "reject": Entry("reject GOAL", "record that it is rejected, with a rollback plan"),
    "history": Entry("history GOAL", "who decided what, when and why; --verify checks the record"),
    "doctor": Entry("doctor", "what cut-off writes or other programs left behind; --repair"),
    "demo": Entry("demo", "sample goals in a private place, then the desk on them"),
}


def command(name: str) -> Command:
    """The command of that name; the desk for the empty one."""
    loaded: Command = import_module(f"{__name__}.{name or DESK}").COMMAND
    return loaded

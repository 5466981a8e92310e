"""What is said of searches through the logs of a goal: from a screen to the app, and back from its thread."""

from __future__ import annotations

from typing import TYPE_CHECKING

from textual.message import Message

from omk_tui.light.dataclass import dataclass

if TYPE_CHECKING:
    from omk_tui.core.text.log_matches import Matches
    from omk_tui.core.text.search import Search


@dataclass
class LogSearchAsked(Message):
    """Words are to be looked for in these files of the open goal, for a section; no path ends the search."""

    section: int
    search: Search
    paths: tuple[str, ...]


@dataclass
class FurtherMatchAsked(Message):
    """The next (1) or previous (-1) match of a search that goes beyond the view with the focus."""

    step: int


@dataclass
class SearchGoesOn(Message):
    """How many bytes of a goal's logs a search has looked through."""

    goal_id: str
    section: int
    size: int


@dataclass
class LogsSearched(Message):
    """Where a search is in the logs of a section, and which log could not be read, if any."""

    goal_id: str
    section: int
    matches: Matches
    unreadable: str = ""

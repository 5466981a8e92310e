"""What could not be read, told as a value: which file, which field, what was found."""

from __future__ import annotations

from omk_tui.light.dataclass import dataclass


@dataclass(frozen=True, slots=True)
class Problem:
    """One file that could not be used.

    `file` is its path below the goal directory; `what` says what is wrong in one clause; `field` names the member
    (``tasks[3].status``) and `found` shows the offending value where there is one. `missing` is true when the file
    is simply not there.
    """

    file: str
    what: str
    field: str = ""
    found: str = ""
    missing: bool = False

    @property
    def sentence(self) -> str:
        """The whole problem in one sentence: file, field, what is wrong, what was found."""
        place = f"{self.file}, {self.field}" if self.field else self.file
        found = f" (found {self.found})" if self.found else ""
        return f"{place}: {self.what}{found}"

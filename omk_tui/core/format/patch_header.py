"""What git writes of one file before its hunks: its names, and what happened to it."""

from __future__ import annotations

from omk_tui.core.format.git_path import unquoted
from omk_tui.light.pattern import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Sequence
    from typing import Literal

    Change = Literal["changed", "new", "deleted", "renamed", "copied", "mode", "binary"]

GIT_HEADER = "diff --git "
_QUOTED = pattern(r'"(?:[^"\\]|\\.)*"')


def names_of(header: Sequence[str]) -> tuple[str, str, Change]:
    """Old path, new path and what happened to the file, from the lines before its hunks."""
    change: Change = "changed"
    old = new = ""
    git = header[0] if header and header[0].startswith(GIT_HEADER) else ""
    for line in header[1:] if git else header:
        if line.startswith("new file mode "):
            change = "new"
        elif line.startswith("deleted file mode "):
            change = "deleted"
        elif line.startswith(("rename from ", "copy from ")):
            change = "renamed" if line.startswith("rename") else "copied"
            old = unquoted(line.split(" from ", 1)[1])
        elif line.startswith(("rename to ", "copy to ")):
            new = unquoted(line.split(" to ", 1)[1])
        elif line.startswith("new mode ") and change == "changed":
            change = "mode"
        elif line.startswith(("Binary files ", "GIT binary patch")):
            change = "binary" if change in ("changed", "mode") else change
        elif line.startswith("--- "):
            old = _side(line[4:], "a/") or old
            change = "changed" if change == "mode" else change
        elif line.startswith("+++ "):
            new = _side(line[4:], "b/") or new
    if not (old or new) and git:
        old, new = _git_names(git[len(GIT_HEADER) :])
    return old or new, new or old, change


def _side(text: str, prefix: str) -> str:
    """The path in a `---` or `+++` line; empty for the side that does not exist."""
    quoted = _QUOTED.match(text)
    name = unquoted(quoted[0] if quoted else text.partition("\t")[0])  # a tab ends a name that has blanks
    return "" if name == "/dev/null" else name.removeprefix(prefix)


def _git_names(text: str) -> tuple[str, str]:
    """Both paths of a `diff --git` line, which does not mark where the first one ends."""
    if text.startswith('"'):
        end = _QUOTED.match(text)
        first, rest = (end[0], text[end.end() + 1 :]) if end else (text, text)
        return _side(first, "a/"), _side(rest, "b/")
    half = len(text) // 2
    if len(text) % 2 and text[half] == " " and text[2:half] == text[half + 3 :]:
        return text[2:half], text[half + 3 :]
    first, _, rest = text.partition(" b/")
    return first.removeprefix("a/"), rest or first.removeprefix("a/")

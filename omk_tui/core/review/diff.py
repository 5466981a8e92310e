"""The diff that an agent run left: any text taken apart into files and hunks, no line lost (STATE-FORMAT 2.2)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import takewhile
from typing import Literal, NamedTuple

from omk_tui.core.format.patch_header import GIT_HEADER, names_of
from omk_tui.light.dataclass import dataclass
from omk_tui.light.pattern import pattern

TYPE_CHECKING = False
if TYPE_CHECKING:
    from omk_tui.core.format.patch_header import Change

NO_CHANGES = "No project file changes were detected after the agent wave."
NO_TRACKED_DIFF = "No tracked git diff was available. Changed files:"

LineKind = Literal["header", "hunk", "added", "removed", "context", "note", "stray", "fold"]

_HUNK = pattern(r"@@ -(\d{1,9})(?:,(\d{1,9}))? \+(\d{1,9})(?:,(\d{1,9}))? @@")
_INDEX = pattern(r"index ([0-9a-f]{4,64})\.\.([0-9a-f]{4,64})(?: |$)")
_LINK_MODE = pattern(r"^(?:new file mode|deleted file mode|new mode|index \S+) 120000$")
_LFS_POINTER = "version https://git-lfs.github.com/spec/v1"
_SUBMODULE = pattern("Subproject commit [0-9a-f]{40,64}(?:-dirty)?")
_SIGNS: dict[str, LineKind] = {"+": "added", "-": "removed", " ": "context"}


class DiffLine(NamedTuple):
    """One line of a diff, its sign included.

    `old` and `new` are line numbers in the file before and after, where the line has one. `stray` lines belong to no
    hunk by the diff's own counts; they are shown, not believed. A `fold` is no line of a diff: it stands for unchanged
    lines that the diff leaves out, from `old` and `new` on; its text is their number, empty for the rest of the file.
    """

    kind: LineKind
    text: str
    old: int | None = None
    new: int | None = None


@dataclass(frozen=True, slots=True)
class FilePatch:
    """What a diff says of one file. `added` and `removed` count lines; `old_path` differs from `path` on a rename."""

    path: str
    old_path: str
    change: Change
    added: int
    removed: int
    lines: tuple[DiffLine, ...]

    @property
    def hunks(self) -> tuple[int, ...]:
        """Where the hunks begin in `lines`."""
        return tuple(at for at, line in enumerate(self.lines) if line.kind == "hunk")

    @property
    def stands_for(self) -> Literal["", "lfs", "submodule", "symlink"]:
        """What the lines only name: a file of git-lfs, a commit of another repository, or the target of a symlink."""
        if any(_LINK_MODE.search(line.text) for line in self._header()):
            return "symlink"
        for line in self.lines:
            if line.kind in ("added", "removed", "context"):
                if line.text[1:] == _LFS_POINTER:
                    return "lfs"
                return "submodule" if _SUBMODULE.fullmatch(line.text[1:]) else ""
        return ""

    @property
    def blobs(self) -> tuple[str, str]:
        """The beginnings of git's hashes of the file before and after; empty where the diff has none, or zeros."""
        for line in self._header():
            if index := _INDEX.match(line.text):
                return index[1].strip("0") and index[1], index[2].strip("0") and index[2]
        return "", ""

    @property
    def summary(self) -> str:
        """What the file stands for and what happened to it, in a few words; empty where an ordinary file changed."""
        return ", ".join(word for word in (self.stands_for, "" if self.change == "changed" else self.change) if word)

    @property
    def link_targets(self) -> tuple[str, str]:
        """Of a symlink where it points before and after; empty on the side that does not exist or is not shown."""
        before, after = (
            "\n".join(line.text[1:] for line in self.lines if line.kind == kind) for kind in ("removed", "added")
        )
        return before, after

    def _header(self) -> Iterator[DiffLine]:
        """The lines before the first hunk."""
        return takewhile(lambda line: line.kind == "header", self.lines)


@dataclass(frozen=True, slots=True)
class RunDiff:
    """The diff of one agent run.

    `path` is the file below the goal directory. Of three things one is there: `files`, or omk's sentence in `note`
    (with the files `listed` below it), or why it could not be read in `problem`. `preamble` are lines before the first
    file. `cut` says that the file is longer than what was read.
    """

    run: str
    path: str
    files: tuple[FilePatch, ...] = ()
    note: str = ""
    listed: tuple[str, ...] = ()
    preamble: tuple[str, ...] = ()
    problem: str = ""
    cut: bool = False

    @property
    def added(self) -> int:
        """Added lines of all files."""
        return sum(file.added for file in self.files)

    @property
    def removed(self) -> int:
        """Removed lines of all files."""
        return sum(file.removed for file in self.files)


@dataclass(frozen=True, slots=True)
class DiffText:
    """The diffs of a goal's agent runs, in the order of the Review."""

    runs: tuple[RunDiff, ...] = ()


def read_diff(run: str, path: str, text: str, cut: bool = False) -> RunDiff:
    """The text of one mutation.diff taken apart. Any text will do; a line that fits nowhere is kept as it is.

    `cut` says that `text` is only the beginning of the file.
    """
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    if lines and lines[0] in (NO_CHANGES, NO_TRACKED_DIFF):
        listed = tuple(line.removeprefix("- ") for line in lines[1:])
        return RunDiff(run, path, note=lines[0], listed=listed, cut=cut)
    preamble: list[str] = []
    parts: list[list[DiffLine]] = []
    for begins, line in _classified(lines):
        if begins:
            parts.append([line])
        elif parts:
            parts[-1].append(line)
        else:
            preamble.append(line.text)
    return RunDiff(run, path, files=tuple(map(_file, parts)), preamble=tuple(preamble), cut=cut)


def _classified(lines: Sequence[str]) -> Iterator[tuple[bool, DiffLine]]:
    """Each line as what it is, and whether a file's part begins with it.

    A part begins at git's header, or at `---` and `+++` where no hunk claims them by its counts.
    """
    old = new = left_old = left_new = 0
    in_header, in_hunks = False, False
    for at, text in enumerate(lines):
        sign = text[:1]
        if text.startswith(GIT_HEADER) or (not in_header and not left_old and not left_new and _is_pair(lines, at)):
            in_header, in_hunks, left_old, left_new = True, False, 0, 0
            yield True, DiffLine("header", text)
        elif (left_old or left_new) and (sign in _SIGNS or not text):
            kind = _SIGNS.get(sign, "context")
            on_old, on_new = kind in ("removed", "context"), kind in ("added", "context")
            yield False, DiffLine(kind, text, old if on_old else None, new if on_new else None)
            old, new = old + on_old, new + on_new
            left_old, left_new = max(left_old - on_old, 0), max(left_new - on_new, 0)
        elif hunk := _HUNK.match(text):
            old, left_old, new, left_new = int(hunk[1]), _count(hunk[2]), int(hunk[3]), _count(hunk[4])
            in_header, in_hunks = False, True
            yield False, DiffLine("hunk", text)
        elif in_hunks and sign == "\\":
            yield False, DiffLine("note", text)
        else:
            left_old = left_new = 0
            yield False, DiffLine("stray" if in_hunks else "header", text)


def hunk_start(text: str) -> tuple[int, int] | None:
    """The numbers of the first lines of a hunk in the old and the new file, from its heading."""
    hunk = _HUNK.match(text)
    if hunk is None:
        return None
    # A side without lines is numbered by the line before the hunk.
    return int(hunk[1]) + (_count(hunk[2]) == 0), int(hunk[3]) + (_count(hunk[4]) == 0)


def _is_pair(lines: Sequence[str], at: int) -> bool:
    """Whether a `---` line and its `+++` line stand here."""
    return lines[at].startswith("--- ") and at + 1 < len(lines) and lines[at + 1].startswith("+++ ")


def _file(lines: Sequence[DiffLine]) -> FilePatch:
    """One file's part."""
    old_path, path, change = names_of([line.text for line in lines if line.kind == "header"])
    return FilePatch(
        path=path,
        old_path=old_path,
        change=change,
        added=sum(line.kind == "added" for line in lines),
        removed=sum(line.kind == "removed" for line in lines),
        lines=tuple(lines),
    )


def _count(group: str | None) -> int:
    return 1 if group is None else int(group)

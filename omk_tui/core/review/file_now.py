"""What the project has today of a file that a diff or a proof names as changed."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

from omk_tui.core.review.diff import DiffLine, DiffText, FilePatch
from omk_tui.light.dataclass import dataclass

FileState = Literal["same", "differs", "gone", "not_compared"]


@dataclass(frozen=True, slots=True)
class FileNow:
    """A file of the working tree beside what was recorded of it.

    `same` as after the recorded change, `differs`, `gone`, or `not_compared`. `patch` is the file as it is today, all
    of it as added lines, where no diff shows it.
    """

    state: FileState
    patch: FilePatch | None = None


def last_patches(diff: DiffText) -> dict[str, FilePatch]:
    """The last patch of each path, as its file should be after all runs."""
    return {patch.path: patch for run in diff.runs for patch in run.files}


def without_diff(diff: DiffText, changed_files: Sequence[str]) -> tuple[str, ...]:
    """Files that a run or the proof names as changed, and no diff shows, each once."""
    shown = {path for run in diff.runs for patch in run.files for path in (patch.path, patch.old_path)}
    named = [*(name for run in diff.runs for name in run.listed), *changed_files]
    return tuple(dict.fromkeys(name for name in named if name not in shown))


def whole_file(path: str, text: str) -> FilePatch:
    """A file as a patch that adds all of its lines."""
    lines = text.split("\n")
    if lines[-1] == "":
        lines.pop()
    added = tuple(DiffLine("added", f"+{line}", None, number) for number, line in enumerate(lines, 1))
    return FilePatch(path, path, "new", len(added), 0, added)

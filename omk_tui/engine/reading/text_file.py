"""Reading the text of one file of a goal, within a bound; a diff from such a text, and a plan beside another."""

from __future__ import annotations

import os

from omk_tui.core.records.file_names import ROLLBACK_FILE
from omk_tui.core.review.diff import RunDiff, read_diff
from omk_tui.core.review.goal_review import DiffFile, Review
from omk_tui.core.review.plan_comparison import PlanComparison, compare_plans
from omk_tui.engine.files.goal_folder import GoalFolder, Unreadable, read_up_to
from omk_tui.light.dataclass import dataclass

LARGEST_TEXT = 8 << 20
"""Bytes of a text file that is read at once for a screen."""


@dataclass(frozen=True, slots=True)
class TextFile:
    """A text read from a goal directory: decoded with U+FFFD, whether it was cut, and the file's size in bytes."""

    text: str
    cut: bool
    size: int


def read_text(folder: GoalFolder, path: str) -> TextFile | str:
    """The text of a file inside the goal directory, at most `LARGEST_TEXT` bytes, or a sentence why not."""
    try:
        with folder.open(path) as file:
            data = read_up_to(file, LARGEST_TEXT + 1)
            size = os.fstat(file.fileno()).st_size
    except Unreadable as error:
        return f"{path}: {error.reason}"
    except OSError as error:
        return f"{path}: {error}"
    return TextFile(data[:LARGEST_TEXT].decode("utf-8", "replace"), len(data) > LARGEST_TEXT, size)


def run_diff(folder: GoalFolder, diff: DiffFile) -> RunDiff:
    """The diff that an agent run left, or why it cannot be read."""
    text = diff.problem or read_text(folder, diff.path)
    if isinstance(text, str):
        return RunDiff(diff.run, diff.path, problem=text)
    return read_diff(diff.run, diff.path, text.text, text.cut)


def plan_on_disk(folder: GoalFolder, review: Review, plan: str | None, placeholder: str) -> PlanComparison | str | None:
    """How the rollback plan of an earlier reject differs from `plan`, or why that cannot be said; None without one.

    `placeholder` stands for the reason in `plan`; where it does not, a reject would be refused and there is no plan.
    """
    if plan is None or placeholder not in plan or not review.target(ROLLBACK_FILE).exists:
        return None
    text = read_text(folder, ROLLBACK_FILE)
    if isinstance(text, str):
        return text
    if text.cut:
        return f"{ROLLBACK_FILE}: it is larger than the {LARGEST_TEXT >> 20} MiB that are compared"
    return compare_plans(plan, placeholder, text.text)

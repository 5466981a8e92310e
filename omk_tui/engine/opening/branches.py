"""The branches that could be opened: ahead of their base, and not on the desk yet, or gone on since."""

from __future__ import annotations

import re
from collections.abc import Iterator

from omk_tui.core.opening.branch_row import BranchRow
from omk_tui.core.text.printable import printable
from omk_tui.engine.files.state_root import StateRoot
from omk_tui.engine.opening.opened_goals import opened_goals
from omk_tui.engine.opening.source import NoSource, Source, source_at
from omk_tui.light.dataclass import replace

MOST_BRANCHES = 2_000
_FORMAT = "%(refname)%00%(objectname)%00%(authorname)%00%(committerdate:unix)"
_NUMBERS = re.compile(r"(\d+) files? changed|(\d+) insertion|(\d+) deletion")


def branches_to_open(root: StateRoot, folder: str) -> Iterator[tuple[BranchRow, ...]]:
    """First every branch as its ref tells it, newest first; then each again with what had to be computed.

    Raises NoSource.
    """
    with source_at(folder) as source:
        base = source.default_base()
        rows = _rows(source, root, base)
        yield rows
        tip = source.commit(base)
        for row in rows:
            yield (_with_numbers(source, row, tip),)


def _rows(source: Source, root: StateRoot, base: str) -> tuple[BranchRow, ...]:
    opened = {
        intake.branch: intake.head for intake in opened_goals(root) if intake.repository == source.repository.common_dir
    }
    answer = source.ask(
        "for-each-ref",
        f"--format={_FORMAT}",
        "--sort=-committerdate",
        f"--count={MOST_BRANCHES}",
        f"--no-merged={base}",
        "refs/heads",
        "refs/remotes",
    )
    if answer.code != 0:
        raise NoSource(f"git cannot list the branches of {source.repository.work_tree}")
    places, listed = source.worktrees(), set(opened.values())
    rows = []
    for line in answer.names.split("\n"):
        fields = line.split("\0")
        if len(fields) != 4 or fields[0] == base or fields[0].endswith("/HEAD"):
            continue
        ref, head, author, when = fields
        if head in listed:
            continue  # a remote's copy of a local branch, or a commit that is on the desk
        listed.add(head)
        seconds = int(when) if when.isdigit() else 0
        moved = opened.get(ref, "")
        rows.append(BranchRow(ref, head, printable(author, 60), seconds, base, places.get(ref, ""), moved))
    return tuple(rows)


def _with_numbers(source: Source, row: BranchRow, base: str) -> BranchRow:
    """The row with what git has to compute for it, beside the commit `base`."""
    counts = source.ask("rev-list", "--left-right", "--count", f"{row.base}...{row.ref}").text.split()
    merge_base = source.read("merge-base", base, row.head).text.strip().partition("\n")[0]
    statistics = source.read("diff", "--shortstat", "--no-ext-diff", "--no-textconv", merge_base or base, row.head).text
    numbers = [0, 0, 0]
    for match in _NUMBERS.finditer(statistics):
        for place, number in enumerate(match.groups()):
            if number:
                numbers[place] = int(number)
    behind, ahead = (int(count) for count in counts) if len(counts) == 2 else (-1, -1)
    merge = source.merge(base, row.head).state
    return replace(row, ahead=ahead, behind=behind, files=numbers[0], added=numbers[1], removed=numbers[2], merge=merge)

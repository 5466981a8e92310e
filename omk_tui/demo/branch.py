"""One more sample: an agent's branch of a small project, opened as a goal, as `omk-tui open` does it with yours."""

from __future__ import annotations

import os
import shutil
import time
from pathlib import Path

from omk_tui.core.format.timestamp import Timestamp
from omk_tui.demo.projects import commit_record, run_git
from omk_tui.engine.files.state_root import StateRoot
from omk_tui.engine.opening.opened_goal import Opening, OpenRequest
from omk_tui.engine.opening.opener import open_goals

BRANCH = "agent/median"
_AGENT = "Robo Coder <robo@example.org>"
_GATES = """\
[[gates]]
name = "regression"
command = "python3"
args = ["-m", "unittest", "discover", "-s", "tests"]

[[gates]]
name = "bench"
command = "python3"
args = ["bench.py"]
"""
_POLICY = """\
[waive]
"security_review" = "internal tool without network or secrets"
"wall.security" = "internal tool without network or secrets"
"""
_STATS = '''\
"""Numbers about numbers."""


def mean(numbers):
    return sum(numbers) / len(numbers)
'''
_MEDIAN = '''

def median(numbers):
    """The middle one; of two middle ones their mean."""
    ordered = sorted(numbers)
    middle = len(ordered) // 2
    return ordered[middle] if len(ordered) % 2 else mean(ordered[middle - 1 : middle + 1])
'''
_TEST = """\
import unittest

from stats import mean


class Mean(unittest.TestCase):
    def test_mean(self):
        self.assertEqual(mean([1, 2, 3]), 2)


if __name__ == "__main__":
    unittest.main()
"""
_TEST_OF_MEDIAN = """

class Median(unittest.TestCase):
    def test_odd_and_even(self):
        self.assertEqual(median([3, 1, 2]), 2)
        self.assertEqual(median([4, 1, 2, 3]), 2.5)
"""
_BENCH = """\
import time

from stats import mean

began = time.perf_counter()
for _ in range(200):
    mean(range(1000))
print(f"mean of 1000: {(time.perf_counter() - began) / 200 * 1e6:.0f} us")
"""


def open_branch(root: Path, folder: Path) -> str:
    """Make the project in the absent `folder`, and open its agent's branch below `root`; returns the goal's id.

    Empty where there is no git. Raises OSError, and CalledProcessError when git fails.
    """
    git = shutil.which("git")
    if git is None or not os.path.isabs(git):
        return ""
    folder.mkdir(parents=True)
    start = {
        ".omk/gates.toml": _GATES,
        ".omk/desk.toml": _POLICY,
        "stats.py": _STATS,
        "bench.py": _BENCH,
        "tests/test_stats.py": _TEST,
    }
    with_median = _TEST.replace("import mean", "import mean, median").replace(
        '\n\nif __name__ == "__main__"', f'{_TEST_OF_MEDIAN}\n\nif __name__ == "__main__"'
    )
    work = {"stats.py": _STATS + _MEDIAN, "tests/test_stats.py": with_median}
    message = "Fix the summary: add the median beside the mean\n\nAsked for in issue 7.\n\nCo-authored-by: Robo Coder"
    history = [
        commit_record("main", 0, "", "Start", start),
        commit_record(BRANCH, 1, "main", message, work, author=_AGENT),
    ]
    run_git(git, folder, "init", "--quiet", "--template=", "--initial-branch=main")
    run_git(git, folder, "fast-import", "--quiet", stdin=b"".join(history))
    run_git(git, folder, "reset", "--quiet", "--hard", "main")
    opened = open_goals(
        StateRoot(str(root), "the demo's own", exists=True),
        OpenRequest(str(folder), (BRANCH,)),
        lambda: Timestamp.from_unix_nanos(time.time_ns()),
    )
    return opened.goals[0].intake.goal_id if isinstance(opened, Opening) else ""

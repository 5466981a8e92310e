"""Many processes that decide at the same moment.

Runs as a program of its own (``python -I -S -B crowd.py CHECKOUT``), because a process with threads should not fork.
It reads one line of JSON: a list with the acts of each process. All begin together; each reports how its acts ended.
"""

from __future__ import annotations

import json
import os
import pickle
import sys
import traceback
from typing import Any


def work(acts: list[dict[str, Any]], report: str) -> None:
    """Do the acts one after the other and write down how each ended."""
    from tests.faults.stage import perform

    try:
        ended: Any = [perform(act) for act in acts]
    except BaseException:
        ended = traceback.format_exc()
    with open(report, "wb") as file:
        pickle.dump(ended, file)


def main() -> None:
    sys.path[:0] = [sys.argv[1]]
    import omk_tui.core.review.changes
    import omk_tui.engine.engine  # noqa: F401

    processes = json.loads(sys.stdin.readline())
    gate, hold = os.pipe()
    children = []
    for process in processes:
        child = os.fork()
        if child == 0:
            os.close(hold)
            os.read(gate, 1)
            try:
                work(process["acts"], process["report"])
            finally:
                os._exit(0)
        children.append(child)
    os.close(hold)  # the gate opens for all at once
    for child in children:
        os.waitpid(child, 0)


if __name__ == "__main__":
    main()

"""A goal that takes long to read: how far it is, is shown, and the desk can be left at any moment."""

from __future__ import annotations

import signal
import sys
import time
from pathlib import Path

import pytest

from tests.cli.processes import surroundings
from tests.core.documents import GOAL_ID, gate, proof_json
from tests.engine.states import State
from tests.terminal.pseudo import Terminal

SLOW = """
import sys, threading, time
from omk_tui.engine.reading import evidence_digest
from omk_tui.__main__ import main_of_process
hash_file = evidence_digest.EvidenceDigests._hash

def slowly(self, fd, start, most, digest):
    for _ in range(600):
        {pause}
        self.progress(1 << 20)
    return hash_file(self, fd, start, most, digest)

evidence_digest.EvidenceDigests._hash = slowly
main_of_process()
"""
PATIENT = "time.sleep(0.05)"
DEAF = "threading.Event().wait(30)"
"""A file system that does not answer: the thread cannot notice that nobody wants its answer any more."""
LEAVING = ["ctrl+q", "q", signal.SIGTERM, signal.SIGINT]


@pytest.mark.parametrize("how", LEAVING, ids=str)
@pytest.mark.parametrize("pause", [PATIENT, DEAF], ids=["patient", "deaf"])
def test_the_desk_is_left_within_a_second_while_a_goal_is_read(
    tmp_path: Path, how: str | signal.Signals, pause: str
) -> None:
    state = State(tmp_path)
    state.add(proof=proof_json(gates=[gate("unit", output_path="artifacts/gates/unit.log")]))
    log = state.folder() / "artifacts/gates/unit.log"
    log.parent.mkdir(parents=True)
    log.write_text("log\n")
    words = [sys.executable, "-c", SLOW.format(pause=pause), GOAL_ID, "--state-root", str(state.root)]
    with Terminal(words, surroundings(state.root), state.project) as there:
        there.until("MiB so far" if pause == PATIENT else "reading ...")
        if how == "q":
            there.press("q")
            there.until("NEEDS YOU")
        begun = time.monotonic()
        if isinstance(how, signal.Signals):
            there.process.send_signal(how)
        else:
            there.press(how)
        code = there.ended(10)
        assert time.monotonic() - begun < 1.5, "a second, and what a loaded machine adds"
        assert code == (128 + how if isinstance(how, signal.Signals) else 0)
        assert not there.has_screen

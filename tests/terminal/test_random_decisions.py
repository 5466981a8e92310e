"""Random keys with ctrl+s among them: nothing is decided unless the dialog's own steps were all made, in sight.

The ordinary run does some hundred things; `make faults` ten thousand.
"""

from __future__ import annotations

import json
import re
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import pytest

from omk_tui.core.records.file_names import ACCEPT_FILE, REJECT_FILE
from tests.depth import DEEP
from tests.terminal.desk import Desk
from tests.terminal.fingers import ROOMY, Fingers

THINGS = 5000 if DEEP else 100
DEAF_FOR = 0.4
UNSURE = 0.15
"""Seconds by which our sight of a frame may lag behind the program's own."""
_HEADER = re.compile(r" (ACCEPT|REJECT)  (\w{8})  .*snap")
_TYPED = re.compile(r" type (\w{8}): \[(\w*) *\]")


@dataclass(frozen=True)
class Sight:
    """A dialog as it was on screen last: what it decides, since when it has been there, and what stood in it.

    A frame may hold both the last letter and the beginning of the recording, and is then the first that shows them.
    """

    verb: str
    ending: str
    since: float
    text: str
    recording: str = ""


class Witness:
    """Looks at every frame, and remembers the last dialog and when its result came."""

    def __init__(self) -> None:
        self.dialog: Sight | None = None
        self.showing = False

    def __call__(self, rows: list[str]) -> None:
        now, text = time.monotonic(), "\n".join(rows)
        header = _HEADER.match(rows[0])
        before = self.dialog
        if before is not None and (
            " recording " in text or any(word in rows[0] for word in (" ACCEPTED", " REJECTED"))
        ):
            self.dialog = replace(before, recording=before.recording + text)
        elif header is not None:
            same = self.showing and before is not None and (before.verb, before.ending) == header.groups()
            self.dialog = Sight(header[1], header[2], before.since if same and before is not None else now, text)
        self.showing = header is not None


def judge(desk: Desk, before: dict[str, str], sight: Sight | None, settled_at: float) -> str:
    """Hold that the one goal that changed is the one that the dialog in sight was ready to decide; gives its id."""
    changed = [goal_id for goal_id, seen in goals(desk).items() if before[goal_id] != seen]
    assert len(changed) == 1, changed
    goal_id = changed[0]
    assert sight is not None and goal_id.endswith(sight.ending), (goal_id, sight)
    text = sight.text + sight.recording
    assert settled_at - sight.since > DEAF_FOR - UNSURE, (settled_at - sight.since, text)
    file = ACCEPT_FILE if sight.verb == "ACCEPT" else REJECT_FILE
    summary = json.loads((desk.root / "goals" / goal_id / file).read_bytes())["summary"]
    lines = [line.strip()[:20] for line in summary.split("\n") if line.strip()]
    assert lines and any(line in text for line in lines), (summary, text)
    if sight.verb == "ACCEPT" and goal_id != desk.goal("ready").name:
        typed = _TYPED.search(text)
        assert typed and typed[1] == typed[2] == sight.ending, text
    return goal_id


def goals(desk: Desk) -> dict[str, str]:
    """Names, sizes and times of everything in a goal directory, by the goal's id: no write leaves them as they were."""
    return {
        goal.name: repr([(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in sorted(goal.rglob("*"))])
        for goal in sorted((desk.root / "goals").iterdir())
    }


class Hands(Fingers):
    """Random fingers that know of ctrl+s, and now and then take all the steps of a dialog."""

    def do(self) -> None:
        """One random thing, ctrl+s among them."""
        terminal, kind = self.there(), self.chance.random()
        if kind < 0.15:
            terminal.press("ctrl+s")
        elif kind < 0.20:  # faster than anybody could read
            terminal.press(self.chance.choice("AR"), *self.chance.choice(("why", " ", "")), "ctrl+s", "ctrl+s")
        elif kind < 0.26 and (typed := _TYPED.search(terminal.text)):
            terminal.press("tab")
            terminal.settle(0.05)
            terminal.press(*self.chance.choice((typed[1], typed[1][:-1], "x" * 8)))
        elif kind < 0.32:
            terminal.settle(DEAF_FOR)
        elif kind < 0.35:
            self.decide()
        else:
            self.hit()

    def decide(self) -> None:
        """The steps of a dialog one after the other, in whatever state the desk is; the id is sometimes left out."""
        terminal = self.there()
        terminal.press("escape", "escape", self.chance.choice("AR"))
        terminal.settle(0.05)
        terminal.press(*"no good")
        terminal.settle(0.05)
        if (typed := _TYPED.search(terminal.text)) and self.chance.random() < 0.5:
            terminal.press("tab")
            terminal.settle(0.05)
            terminal.press(*typed[1])
        terminal.settle(DEAF_FOR)
        terminal.press("ctrl+s")


@pytest.mark.parametrize("seed", [3, 2] if DEEP else [2])
def test_nothing_is_decided_but_by_the_steps_of_a_dialog(
    desk: Desk, seed: int, record_property: Callable[[str, object], None]
) -> None:
    witness = Witness()
    hands = Hands(desk, seed, ROOMY, witness)
    before = goals(desk)
    decided: list[str] = []
    things = [hands.do] * THINGS + [hands.decide] * 6
    try:
        for number, do in enumerate(things):
            if number >= THINGS and decided:
                break
            do()
            if hands.terminal.running:
                hands.terminal.settle(0.03)
            now = goals(desk)
            if now != before:
                decided.append(judge(desk, before, witness.dialog, time.monotonic()))
                before = now
        assert b"Traceback" not in hands.terminal.arrived
    finally:
        hands.terminal.end()
    assert decided, "not one decision was taken: the steps of the dialog are not the right ones"
    record_property("told", f"terminal: {THINGS} random things, seed {seed}: {len(decided)} decisions, all in sight")
    assert goals(desk) == before

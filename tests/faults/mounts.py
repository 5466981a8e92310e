"""Decisions on file systems of their own: full ones, read-only ones, and one that is several.

Runs as a program of its own (``python -m tests.faults.mounts NAME FOLDER``) in a mount namespace of its own, so that
nothing of it is seen from outside and everything is gone when it ends. It prints one line for the test that started
it, and fails with a traceback when something does not hold.
"""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
from collections import Counter
from pathlib import Path

from omk_tui.core.decision.outcome import Failed, Recorded, Refused
from omk_tui.core.decision.planner import Decision
from tests.core.documents import GOAL_ID
from tests.faults.scenes import Picture, Scene, decided, fresh_accept, second_reject

PAGE = 4096
_LIBC = ctypes.CDLL(None, use_errno=True)
_MS_RDONLY, _MS_REMOUNT, _MS_BIND = 1, 32, 4096


def mount(place: Path, options: str, *, again: bool = False, read_only: bool = False) -> None:
    """Mount a file system in memory, or mount it again with other options."""
    flags = _MS_REMOUNT * again | _MS_RDONLY * read_only
    if _LIBC.mount(b"tmpfs", os.fsencode(place), b"tmpfs", flags, options.encode()):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(place))


def unmount(place: Path) -> None:
    if _LIBC.umount2(os.fsencode(place), 2):
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number), str(place))


def decide(scene: Scene) -> Recorded | Refused | Failed:
    text = f"because of\n{scene.name}" * 40
    return scene.engine().decide(Decision(scene.verb, GOAL_ID, text, scene.look().snapshot, record_not_ready=True))


def full(folder: Path) -> str:
    """A disk with room for fewer and fewer pages or files: the decision is there, or comes when there is room."""
    states: Counter[str] = Counter()
    sizes = 0
    for make in (fresh_accept, second_reject):
        base = folder / make.__name__
        scene = make(base)
        before = scene.picture()
        for option, room in [("size", pages * PAGE) for pages in range(60)] + [("nr_inodes", 1 + n) for n in range(12)]:
            sizes += 1
            states[_in_room(scene, before, option, room)] += 1
    found = ", ".join(f"{number} {state}" for state, number in sorted(states.items()))
    assert set(states) == {"failed", "finished when there was room", "recorded"}, found
    return f"{sizes} sizes of a full disk, 0 torn: {found}"


def _in_room(scene: Scene, before: Picture, option: str, room: int) -> str:
    """What becomes of a decision when only so much room is left, and of the goal when there is room again."""
    place = scene.root
    shutil.rmtree(place)
    place.mkdir()
    mount(place, "size=64m")
    try:
        scene.lay_in(place)
        used = os.statvfs(place)
        taken = (used.f_blocks - used.f_bfree) * used.f_frsize if option == "size" else used.f_files - used.f_ffree
        mount(place, f"{option}={taken + room}", again=True)
        outcome = decide(scene)
        now = scene.picture()
        unlimited = "size=64m" if option == "size" else "nr_inodes=100000"
        match outcome:
            case Recorded(plan, _, notes, finished):
                wanted = decided(before, plan)
                if finished:
                    assert not wanted.difference(now), f"{option} {room}: {wanted.difference(now)} {notes}"
            case _:
                wanted = before
                assert not before.difference(now), f"{option} {room}: {outcome}: {before.difference(now)}"
        unfinished = isinstance(outcome, Recorded) and not outcome.finished
        scene.look()
        mount(place, unlimited, again=True)
        assert not scene.look().facts.interrupted
        difference = wanted.difference(scene.picture())
        assert not difference, f"{option} {room}: {outcome}: {difference}"
    finally:
        unmount(place)
    if unfinished:
        return "finished when there was room"
    if isinstance(outcome, Recorded):
        return "recorded"
    return "failed"


def read_only(folder: Path) -> str:
    """An interrupted decision on a read-only root: it is told, the files are shown as they are, nothing is written."""
    scene = fresh_accept(folder / "scene")
    raw = scene.raw()
    shutil.rmtree(scene.root)
    scene.root.mkdir()
    mount(scene.root, "size=64m")
    scene.lay_in(scene.root)
    scene.cut_off(after=3)
    assert scene.raw() != raw
    mount(scene.root, "size=64m", again=True, read_only=True)
    half = scene.raw()
    review = scene.look()
    assert "a decision was interrupted" in review.facts.interrupted, review.facts.interrupted
    assert "Read-only file system" in review.facts.interrupted
    assert review.facts.goal is not None
    (line,) = scene.engine().goals().goals
    assert "interrupted" in line.why[0] or str(line.verdict) == "interrupted", line
    outcome = scene.engine().decide(Decision("reject", GOAL_ID, "no"))
    assert isinstance(outcome, Refused), outcome
    assert outcome.kind == "interrupted"
    assert scene.raw() == half
    mount(scene.root, "size=64m", again=True)
    assert not scene.look().facts.interrupted
    return "an interrupted decision on a read-only root was told, left alone, and finished when it could be written"


def several(folder: Path) -> str:
    """The integration folder is a file system of its own: no rename crosses from one to the other."""
    for make in (fresh_accept, second_reject):
        scene = make(folder / make.__name__)
        integration = scene.state.folder() / "artifacts/integration"
        integration.mkdir(parents=True, exist_ok=True)
        kept = {path.name: path.read_bytes() for path in integration.iterdir()}
        mount(integration, "size=1m,mode=700")
        for name, data in kept.items():
            (integration / name).write_bytes(data)
            (integration / name).chmod(0o600)
        before = scene.picture()
        outcome = decide(scene)
        assert isinstance(outcome, Recorded), outcome
        assert outcome.finished and not outcome.notes
        assert not decided(before, outcome.plan).difference(scene.picture())
    return "a decision over two file systems was recorded"


SHOWS = {"full": full, "read_only": read_only, "several": several}

if __name__ == "__main__":
    os.umask(0o022)
    print(SHOWS[sys.argv[1]](Path(sys.argv[2])))

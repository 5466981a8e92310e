"""What the agents used, from wire logs that may be anything (STATE-FORMAT 8.1)."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from omk_tui.core.records.budget import Usage
from omk_tui.engine.files.file_memory import FileMemory
from omk_tui.engine.files.goal_folder import GoalFolder
from omk_tui.engine.files.progress import unwatched
from omk_tui.engine.reading import usage
from tests.engine.states import State

RUNS = "artifacts/agent-runs"


def update(tokens: object, message: str | None = None, kind: str = "status_update") -> str:
    payload = {"token_usage": tokens} | ({} if message is None else {"message_id": message})
    return json.dumps({"jsonrpc": "2.0", "method": "event", "params": {"type": kind, "payload": payload}}) + "\n"


def log(folder: Path, run: str, *lines: str) -> Path:
    path = folder / RUNS / run / "wire-events.jsonl"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("".join(lines))
    return path


def used(state: State) -> int:
    return state.review().usage.tokens


def test_every_log_below_the_agent_runs_counts(state: State) -> None:
    folder = state.add()
    log(folder, "a/workers/w", update(5))
    log(folder, "b/workers/v/deeper", update({"input_other": 7, "output": 1}))
    (folder / RUNS / "a/other.jsonl").write_text(update(100))
    assert state.review().usage == Usage(13, (5 / 1e6) * 8.0 + ((7 / 1e6) * 2.0 + (1 / 1e6) * 8.0))
    checkpoint = state.plan().steps[-3]
    assert b'"used_tokens":13' in getattr(checkpoint, "data", b"")


def test_a_log_that_is_not_utf8_contributes_nothing(state: State) -> None:
    folder = state.add()
    path = log(folder, "a", update(5))
    path.write_bytes(path.read_bytes() + b"\xff\n")
    log(folder, "b", update(2))
    assert used(state) == 2


def test_a_line_longer_than_is_read_makes_its_log_count_nothing(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    """omk reads lines of any length, and so can be made to use any amount of memory."""
    assert usage.MAX_LINE == 32 << 20
    monkeypatch.setattr(usage, "MAX_LINE", 200)
    folder = state.add()
    log(folder, "a", update(5), " " * 199 + "\n", "x" * 200)
    assert used(state) == 5
    log(folder, "a", update(5), " " * 200 + "\n")
    assert used(state) == 0


def test_links_and_special_files_below_are_not_followed(state: State) -> None:
    folder = state.add()
    outside = state.base / "outside"
    outside.mkdir()
    (outside / "wire-events.jsonl").write_text(update(5))
    (folder / RUNS / "fifo").mkdir(parents=True)
    os.mkfifo(folder / RUNS / "fifo/wire-events.jsonl")
    (folder / RUNS / "linked").symlink_to(outside)
    (folder / RUNS / "file").mkdir()
    (folder / RUNS / "file/wire-events.jsonl").symlink_to(outside / "wire-events.jsonl")
    assert used(state) == 0


def test_a_linked_folder_of_runs_counts_inside_the_goal_only(state: State) -> None:
    """omk follows a symlink in that place wherever it leads."""
    folder = state.add()
    (folder / "artifacts").mkdir()
    outside = state.base / "outside"
    outside.mkdir()
    (outside / "wire-events.jsonl").write_text(update(5))
    (folder / RUNS).symlink_to(outside)
    assert used(state) == 0
    (folder / RUNS).unlink()
    (folder / "runs").mkdir()
    (folder / "runs/wire-events.jsonl").write_text(update(7))
    (folder / RUNS).symlink_to("../runs")
    assert used(state) == 7


def test_costs_are_summed_in_one_fixed_order(state: State) -> None:
    """omk adds up in the order of a hash map and of the directory: the last digits differ from run to run."""
    folder = state.add()
    amounts = [1, 333_333, 7, 123_457, 99_999_999, 3]
    for name in ("c", "a", "b"):
        log(folder, name, *(update(amount + ord(name), f"{name}{at}") for at, amount in enumerate(amounts)))
    expected = 0.0
    for name in ("a", "b", "c"):
        one = 0.0
        for amount in amounts:
            one += ((amount + ord(name)) / 1e6) * 8.0
        expected += one
    assert {state.review().usage.cost_usd for _ in range(3)} == {expected}


def test_what_lies_behind_the_bound_of_one_look_counts_nothing(state: State) -> None:
    assert usage.LOOK_LIMIT == 128 << 20
    folder = state.add()
    first = log(folder, "a", update(5))
    os.link(first, log(folder, "b").parent / "again")
    (folder / RUNS / "b/wire-events.jsonl").unlink()
    os.rename(folder / RUNS / "b/again", folder / RUNS / "b/wire-events.jsonl")
    log(folder, "c", update(7))
    size = first.stat().st_size
    with GoalFolder(str(folder)) as opened:
        assert usage.UsageReader(FileMemory(), unwatched, _left=size).scan(opened).tokens == 10, "one file, two names"
        assert usage.UsageReader(FileMemory(), unwatched, _left=2 * size).scan(opened).tokens == 17
        assert usage.UsageReader(FileMemory(), unwatched, _left=size - 1).scan(opened).tokens == 0


def test_very_many_entries_are_not_all_looked_at(state: State, monkeypatch: pytest.MonkeyPatch) -> None:
    assert usage.MOST_ENTRIES == 100_000
    folder = state.add()
    log(folder, "a/b/c", update(5))
    log(folder, "z", update(7))
    assert used(state) == 12
    monkeypatch.setattr(usage, "MOST_ENTRIES", 2)
    assert used(state) == 0

"""Goals that are far larger than any real one, and what the program needs for them: time, memory, and to be left.

`python -m tests.faults.bombs [--program COMMAND] [--only NAME]...` prints a table; it takes minutes.
"""

from __future__ import annotations

import argparse
import json
import os
import shlex
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path

from tests.core.documents import GOAL_ID, conflict_task, gate, graph_json, proof_json, row_json, task
from tests.engine.states import State
from tests.terminal.pseudo import Terminal

MIB = 1 << 20


def sparse(path: Path, size: int) -> Path:
    """A file of that many bytes that takes no room."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.touch()
    os.truncate(path, size)
    return path


def many_large_logs(state: State, gates: int = 2000, size: int = 16 * MIB) -> None:
    """Each gate names a log of its own."""
    folder = state.folder()
    results = [gate(f"g{number}", output_path=f"artifacts/gates/{number}.log") for number in range(gates)]
    state.add(proof=proof_json(gates=results))
    for number in range(gates):
        sparse(folder / f"artifacts/gates/{number}.log", size)


def linked_wire_log(state: State, names: int = 31, size: int = 256 * MIB) -> None:
    """One wire log of many names, full of what has to be parsed."""
    runs = state.add() / "artifacts/agent-runs"
    (runs / "0").mkdir(parents=True)
    usage = {"token_usage": {"output": 1}}
    line = json.dumps({"params": {"type": "status_update", "payload": usage}}).encode() + b"\n"
    with (runs / "0/wire-events.jsonl").open("wb") as log:
        piece = line * (MIB // len(line))
        for _ in range(size // len(piece)):
            log.write(piece)
    for number in range(1, names):
        (runs / str(number)).mkdir()
        os.link(runs / "0/wire-events.jsonl", runs / str(number) / "wire-events.jsonl")


def huge_log(state: State, size: int = 2048 * MIB) -> None:
    """One gate log of 2 GB."""
    state.add(proof=proof_json(gates=[gate("unit", output_path="artifacts/gates/unit.log")]))
    sparse(state.folder() / "artifacts/gates/unit.log", size)


def many_rows(state: State, rows: int = 1_000_000) -> None:
    """omk.db has very many goals."""
    state.add()
    usual = row_json(GOAL_ID, str(state.root / "goals"))
    columns = ", ".join(usual)
    ids = (f"goal-20260611-101520-048-{number:08x}" for number in range(rows))
    with closing(sqlite3.connect(state.root / "omk.db")) as connection, connection:
        connection.executemany(
            f"INSERT OR REPLACE INTO goals ({columns}) VALUES ({', '.join('?' * len(usual))})",
            (tuple((usual | {"goal_id": one}).values()) for one in ids),
        )


def many_gates(state: State, gates: int = 140_000) -> None:
    """The proof has very many gates."""
    state.add(proof=proof_json(gates=[gate(f"g{number}") for number in range(gates)]))


def many_tasks(state: State, tasks: int = 100_000) -> None:
    """The graph has very many tasks."""
    state.add(graph=graph_json(tasks=[task(f"t{number}") for number in range(tasks)]))


def many_gaps(state: State, gaps: int = 900_000) -> None:
    """The proof has very many known gaps."""
    state.add(proof=proof_json(known_gaps=[f"gap {number} that somebody wrote down" for number in range(gaps)]))


def many_conflicts(state: State, conflicts: int = 2000, size: int = 60 << 10) -> None:
    """Very many slices in conflict, each with evidence."""
    slices = []
    for number in range(conflicts):
        path = f"artifacts/integration/merge-conflict-{number}.json"
        slices.append({**conflict_task(path), "id": f"goal-agent-implement-{number}"})
    state.add(graph=graph_json(tasks=slices))
    folder = state.folder() / "artifacts/integration"
    folder.mkdir(parents=True)
    for number in range(conflicts):
        (folder / f"merge-conflict-{number}.json").write_text("x" * size)


def long_diff(state: State, lines: int = 1_000_000) -> None:
    """A run changed a million lines."""
    run = state.add() / "artifacts/agent-runs/run-1"
    run.mkdir(parents=True)
    with (run / "mutation.diff").open("w") as diff:
        diff.write(f"diff --git a/f b/f\n--- a/f\n+++ b/f\n@@ -0,0 +1,{lines} @@\n")
        diff.writelines(f"+line {number} of what an agent wrote\n" for number in range(lines))


def huge_journal(state: State, size: int = 256 * MIB) -> None:
    """A forged journal."""
    (state.add() / ".omk-tui.txn").write_bytes(b"omk-tui-journal/1 " + b"0" * 64 + b"\n" + b"x" * size)


def at_the_caps(state: State) -> None:
    """10,000 gates, tasks and gaps, 1,000 conflicts: the largest goal that is read."""
    slices = [{**conflict_task(None), "id": f"goal-agent-implement-{number}"} for number in range(1000)]
    tasks = [task(f"t{number}") for number in range(10_000 - 1000 - 4)]
    state.add(
        proof=proof_json(
            gates=[gate(f"g{number}") for number in range(10_000)],
            known_gaps=[f"gap {number}" for number in range(10_000)],
        ),
        graph=graph_json(tasks=[*slices, *tasks]),
    )


BOMBS: dict[str, Callable[[State], None]] = {
    "2,000 gates, 16 MiB each": many_large_logs,
    "31 links, 256 MiB wire log": linked_wire_log,
    "2 GB log": huge_log,
    "1,000,000 rows": many_rows,
    "140,000 gates": many_gates,
    "100,000 tasks": many_tasks,
    "900,000 gaps": many_gaps,
    "2,000 conflicts, 60 KiB each": many_conflicts,
    "1,000,000-line diff": long_diff,
    "256 MiB journal": huge_journal,
    "at the caps": at_the_caps,
}


def run_command(words: list[str], environ: dict[str, str], seconds: float) -> str:
    """Time, the most memory, and exit code of one command."""
    begun, most = time.monotonic(), 0
    process = subprocess.Popen(words, env=environ, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    while (code := process.poll()) is None and time.monotonic() < begun + seconds:
        most = max(most, high_water(process.pid))
        time.sleep(0.005)
    if code is None:
        process.kill()
        process.wait()
        return f"over {seconds:.0f} s {most:5d} MiB"
    return f"{time.monotonic() - begun:6.1f} s {most:5d} MiB exit {code}"


def high_water(pid: int) -> int:
    """The most memory that a process has had, in MiB; 0 when it is gone."""
    with suppress(OSError):
        for line in Path(f"/proc/{pid}/status").read_text().splitlines():
            if line.startswith("VmHWM"):
                return int(line.split()[1]) >> 10
    return 0


def run_desk(words: list[str], environ: dict[str, str], seconds: float) -> str:
    """Seconds until the goal is on the screen, of some keys, and until ctrl+q ends it, while it reads and after."""
    answers = []
    with Terminal(words, environ, Path("/tmp")) as terminal:
        terminal.until(lambda text: "reading" in text or "snap " in text, seconds)
        time.sleep(0.5)
        answers.append(f"left {_leave(terminal)}")
    with Terminal(words, environ, Path("/tmp")) as terminal:
        begun = time.monotonic()
        try:
            terminal.until(lambda text: "snap " in text or "[?]" in text, seconds)
            answers.append(f"content {time.monotonic() - begun:.1f} s")
            terminal.settle(seconds=seconds)
            for key in "8451":
                pressed = time.monotonic()
                terminal.press(key)
                terminal.settle(seconds=seconds)
                answers.append(f"{key} {time.monotonic() - pressed - 0.12:.2f} s")
            pressed = time.monotonic()
            terminal.press("R")
            terminal.until(lambda text: " bytes" in text or "[?]" in text or "cannot be" in text, seconds)
            answers.append(f"R {time.monotonic() - pressed:.2f} s")
            terminal.settle(seconds=seconds)
            pressed = time.monotonic()
            terminal.press("x")
            terminal.settle(seconds=seconds)
            answers.append(f"x {time.monotonic() - pressed - 0.12:.2f} s")
            terminal.press("escape")
        except AssertionError:
            answers.append(f"over {seconds:.0f} s")
        answers.append(f"{high_water(terminal.process.pid)} MiB")
        answers.append(f"left {_leave(terminal)}")
    return " | ".join(answers)


def _leave(terminal: Terminal) -> str:
    begun = time.monotonic()
    terminal.press("ctrl+q")
    try:
        terminal.ended(20)
    except subprocess.TimeoutExpired:
        return "over 20 s"
    return f"{time.monotonic() - begun:.1f} s"


def main() -> None:
    """Print the table."""
    options = argparse.ArgumentParser()
    options.add_argument("--program", default=f"{sys.executable} -m omk_tui")
    options.add_argument("--only", action="append", default=[])
    options.add_argument("--seconds", type=float, default=60.0)
    chosen = options.parse_args()
    for name, make in BOMBS.items():
        if chosen.only and not any(part in name for part in chosen.only):
            continue
        with tempfile.TemporaryDirectory() as folder:
            state = State(Path(folder))
            make(state)
            environ = {**os.environ, "XDG_STATE_HOME": f"{folder}/xdg", "TERM": "xterm-256color", "LANG": "C.UTF-8"}
            place = ["--state-root", str(state.root), "--project-dir", str(state.project)]
            program = shlex.split(chosen.program)
            print(f"{name}", flush=True)
            for words in (
                ["list"],
                ["check", GOAL_ID],
                ["check", GOAL_ID, "--json"],
                ["plan", GOAL_ID, "reject", "--reason", "no"],
            ):
                print(f"   {words[0]:8}{run_command([*program, *words, *place], environ, chosen.seconds)}", flush=True)
            print(f"   desk    {run_desk([*program, GOAL_ID, *place], environ, chosen.seconds)}", flush=True)
            words = ["reject", GOAL_ID, "--reason", "no"]
            print(f"   reject  {run_command([*program, *words, *place], environ, chosen.seconds)}", flush=True)


if __name__ == "__main__":
    main()

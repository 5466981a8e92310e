"""An agent's traps are planted in the project all at once; every command and screen is used, and nothing runs."""

from __future__ import annotations

import subprocess
import time
from pathlib import Path

from tests.cli.processes import command, surroundings
from tests.core.documents import GOAL_ID, gate, proof_json
from tests.engine import test_git as traps
from tests.engine.states import State, change
from tests.terminal.pseudo import Terminal


def test_no_command_and_no_screen_runs_what_was_planted(tmp_path: Path) -> None:
    state = State(tmp_path)
    scene = traps.Scene(state)
    for plant in (
        traps.fsmonitor_in_a_subrepository, traps.fsmonitor, traps.fsmonitor_by_include, traps.clean_filter,
        traps.process_filter,
    ):  # fmt: skip
        plant(scene)
    here = scene.project / "git"  # for a PATH that names the folder one stands in
    here.write_text(scene.program.read_text())
    here.chmod(0o755)
    log = "artifacts/gates/unit.log"
    evidence = {"branch": "main", "head": scene.commit, "dirty": False}
    folder = state.add(proof=proof_json(gates=[gate("unit", output_path=log)], git=evidence))
    (folder / log).parent.mkdir(parents=True)
    (folder / log).write_text("log\n")
    scene.disarm()
    place = ["--state-root", str(state.root), "--project-dir", str(scene.project)]
    environ = surroundings(state.root)
    environ |= {"PATH": f".:{environ['PATH']}:", "GIT_DIR": str(tmp_path / "elsewhere"), "GIT_CONFIG_COUNT": "1"}
    environ |= {"GIT_CONFIG_KEY_0": "core.fsmonitor", "GIT_CONFIG_VALUE_0": str(scene.program)}
    looks = [["list"], ["check", GOAL_ID], ["plan", GOAL_ID, "reject", "--reason", "no"], ["history", GOAL_ID]]
    for words in [*looks, ["doctor", "--repair", "--yes"], ["reject", GOAL_ID, "--reason", "no"], *looks]:
        scene.touch()
        done = subprocess.run(
            command(*words, *place), env=environ, cwd=scene.project, capture_output=True, timeout=60, check=False
        )
        assert done.returncode in (0, 3), (words, done.stderr)
        assert not scene.mark.exists(), words
    with Terminal(command(*place), environ, scene.project, (120, 40)) as there:
        there.until("NEEDS YOU")
        there.press("enter")
        there.until("snap ")
        for key in "12345678":
            scene.touch()
            there.press(key, "ctrl+r")
            there.settle(0.05)
        with (folder / "events.jsonl").open("a") as events:
            events.write("{}\n")
        change(folder / "goal.json", updated_at="2026-06-11T10:15:21.048213377Z")
        time.sleep(0.3)
        there.settle()
        there.press("R", *"no")
        there.until("rollback plan, live")
        there.settle()
    assert not scene.mark.exists()
    subprocess.run(["git", "status", "--short"], cwd=scene.project, capture_output=True, check=False)
    assert scene.mark.exists(), "the traps are armed: an ordinary git runs them"

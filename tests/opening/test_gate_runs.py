"""What a run of gates leaves of a goal: gates that never ran, a decision that is taken meanwhile, time that was up."""

from __future__ import annotations

import json
from pathlib import Path

from omk_tui.core.decision.outcome import Refused
from omk_tui.core.opening.gate_definitions import GateDefinition
from omk_tui.core.records.gate_run import GateNote
from omk_tui.core.records.proof import Gate
from omk_tui.engine import Engine, StateRoot
from omk_tui.engine.gating.isolation import isolation
from omk_tui.engine.gating.runner import GateRequest, Gating, plan_gates, run_gates
from tests.opening.conftest import Branches
from tests.opening.test_gate import NONE, gates


def test_required_gates_that_never_ran_are_missing_and_not_met(branches: Branches) -> None:
    branches.write(".omk/gates.toml", "".join(_trivial(name) for name in ("unit", "compile", "smoke")))
    branches.commit("Three gates")
    goal_id = branches.open()
    ended = branches.run("gate", goal_id, "--only", "compile", *NONE)
    assert ended.code == 3 and "1 of 3 required gates passed, unit, smoke never ran" in ended.out
    assert f"next  omk-tui gate {goal_id}" in ended.out
    first, second, *_ = branches.json("check", goal_id)["requirements"]
    assert first["state"] == second["state"] == "missing"
    assert first["facts"] == "1 of 3 required gates passed; never ran: unit, smoke"
    assert first["next"] == f"omk-tui gate {goal_id}"
    gap = "required gates did not run: unit, smoke"
    assert gap in json.loads((branches.folder(goal_id) / "proof.json").read_text())["known_gaps"]
    document = branches.json("gate", goal_id, "--only", "unit", *NONE)
    assert document["never_ran"] == ["smoke"] and not document["passed"]
    assert branches.run("gate", goal_id, "--only", "smoke", *NONE).code == 0
    assert branches.states(goal_id)[:2] == ["met", "met"]
    gaps = json.loads((branches.folder(goal_id) / "proof.json").read_text())["known_gaps"]
    assert not any(each.startswith("required gates did not run") for each in gaps)


def _trivial(name: str) -> str:
    return f'[[gates]]\nname = "{name}"\ncommand = "true"\n'


def test_an_accept_of_a_goal_whose_gates_never_ran_records_what_omk_would(branches: Branches) -> None:
    goal_id = branches.open()
    assert branches.run("gate", goal_id, "--only", "bench", *NONE).code == 3
    assert branches.run("accept", goal_id, "--summary", "so be it", "--record-not-ready").code == 0
    proof = json.loads((branches.folder(goal_id) / "proof.json").read_text())
    assert "local verification task evidence is missing" in proof["known_gaps"]
    assert "required verification gates are missing or failing" not in proof["known_gaps"], "omk's rule is met"


def test_a_decision_that_is_taken_while_gates_run_is_not_undone(branches: Branches) -> None:
    goal_id = branches.open()
    engine = Engine(StateRoot(str(branches.root), "the test's own", exists=True), str(branches.project))
    request = GateRequest(goal_id, isolation("none", net=False, with_home=False, pass_env=()))
    gating = plan_gates(engine, request)
    assert isinstance(gating, Gating)

    class Rejects:
        """Rejects the goal while its second gate is about to run."""

        def began(self, gate: GateDefinition, number: int, total: int) -> None:
            assert number < 2 or branches.run("reject", goal_id, "--reason", "no").code == 0

        def wrote(self, stream: int, piece: bytes) -> None: ...

        def ended(self, gate: Gate, note: GateNote) -> None: ...

        def wanted(self) -> bool:
            return True

    ran = run_gates(engine, request, gating, Rejects())
    assert isinstance(ran, Refused) and "while its gates ran: gate bench is not recorded" in ran.why
    assert set(gates(branches, goal_id)) == {"unit"}
    assert branches.json("check", goal_id)["verdict"] == "rejected"


def test_a_gate_whose_time_was_up_keeps_what_it_said_until_then(branches: Branches) -> None:
    words = '["-c", "echo so far ghp_aaaaaaaaaaaaaaaaaaaaaaaa; sleep 60"]'
    stanza = f'[[gates]]\nname = "slow"\ncommand = "sh"\nargs = {words}\ntimeout_secs = 1\n'
    branches.write(".omk/gates.toml", stanza)
    branches.commit("A slow gate")
    goal_id = branches.open()
    ended = branches.run("gate", goal_id, *NONE, "--json")
    assert ended.code == 3 and "timed out after 1 s" in ended.err and "FAIL in" not in ended.err
    recorded = gates(branches, goal_id)["slow"]
    assert recorded.get("output_path") is None and recorded["stdout"] == "", "as omk records such a gate"
    log = Path(ended.document["gates"][0]["log"])
    assert log.read_text() == "[stdout]\nso far [REDACTED]\n\n[stderr]\n\n"
    shown = [one["path"] for one in branches.json("check", goal_id)["evidence"] if one["of"] == "slow"]
    assert shown == [str(log.relative_to(branches.folder(goal_id)))], "where section 4 reads it"
    brief = branches.run("brief", goal_id).out
    assert "so far" in brief and "slow (timed out after 1 s)" in brief

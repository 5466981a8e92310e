"""`omk-tui gate`: whose gates run, on which tree, what is recorded of them, and what is left of them."""

from __future__ import annotations

import json
import signal
import subprocess
import time
from pathlib import Path

import pytest

from omk_tui.engine.gating.isolation import bwrap_problem
from tests.cli.processes import command, surroundings
from tests.engine.projects import git
from tests.golden.tree import photograph
from tests.opening.conftest import GATES, Branches

NONE = ("--sandbox", "none")


def gates(branches: Branches, goal_id: str) -> dict[str, dict[str, object]]:
    proof = json.loads((branches.folder(goal_id) / "proof.json").read_text())
    return {gate["name"]: gate for gate in proof["gates"]}


def codes(branches: Branches, goal_id: str) -> set[str]:
    return {one["code"] for one in branches.json("check", goal_id)["warnings"]}


def test_the_gates_of_the_base_run_and_are_recorded(branches: Branches) -> None:
    goal_id = branches.open()
    before = photograph(branches.project)
    assert branches.states(goal_id)[:2] == ["missing", "missing"]
    document = branches.json("gate", goal_id, *NONE)
    assert document["passed"] and [gate["name"] for gate in document["gates"]] == ["unit", "bench"]
    assert document["gates"][0]["tree"] == git(branches.project, "rev-parse", "agent/mul^{tree}")
    assert photograph(branches.project) == before
    states = branches.states(goal_id)
    assert (states[0], states[1], states[6]) == ("met", "met", "met")
    recorded = gates(branches, goal_id)
    log = Path(str(recorded["unit"]["output_path"]))
    assert log.read_text().startswith("[stdout]\n") and "Ran 1 test" in log.read_text()
    events = (branches.folder(goal_id) / "events.jsonl").read_text()
    assert events.count('"kind":"gate_passed"') == 2 and '"kind":"proof_written"' in events


def test_the_branch_cannot_define_its_own_checks_or_policy(branches: Branches) -> None:
    branches.on("agent/mul", ".omk/gates.toml", '[[gates]]\nname = "mine"\ncommand = "true"\n')
    branches.on("agent/mul", ".omk/desk.toml", '[waive]\n"review" = "trust me"\n')
    goal_id = branches.open()
    dry = branches.json("gate", goal_id, "--dry-run")
    assert [gate["name"] for gate in dry["gates"]] == ["unit", "bench"]
    assert "waived" not in branches.states(goal_id)
    assert "self_graded" in codes(branches, goal_id)


def test_a_failing_gate_ends_with_3_and_can_run_again_after_a_reject(branches: Branches) -> None:
    branches.on("agent/mul", "src/calc.py", "def add(a, b):\n    return a - b\n")
    goal_id = branches.open()
    ended = branches.run("gate", goal_id, *NONE)
    assert ended.code == 3 and "[!] unit  exit 1" in ended.out
    assert "      AssertionError: -1 != 3" in ended.out, "the lines around the failure"
    assert branches.states(goal_id)[0] == "failed"
    assert branches.run("reject", goal_id, "--reason", "add subtracts").code == 0
    brief = branches.run("brief", goal_id).out
    assert "add subtracts" in brief and "AssertionError" in brief and "Gate `unit` failed" in brief
    again = branches.run("gate", goal_id, "--only", "bench", *NONE, "--json")
    assert again.code == 0
    assert "warning: the goal was rejected at " in again.err and "reopens it" in again.document["warnings"][0]
    assert set(gates(branches, goal_id)) == {"unit", "bench"}
    check = branches.json("check", goal_id)
    assert check["verdict"] == "missing", "new evidence asks for a new decision"
    earlier = next(one["text"] for one in check["warnings"] if one["code"] == "reopened")
    assert earlier.startswith("it was rejected at ") and "@" in earlier and ": add subtracts; evidence was" in earlier
    assert branches.json("gate", goal_id, "--dry-run")["warnings"] == []


def test_gates_of_ones_own_and_none_at_all(branches: Branches) -> None:
    git(branches.project, "rm", "-q", ".omk/gates.toml")
    branches.commit("No gates")
    goal_id = branches.open()
    ended = branches.run("gate", goal_id)
    assert ended.code == 3 and "[[gates]]" in ended.err and "--add test='COMMAND'" in ended.err
    ended = branches.run("gate", goal_id, "--add", "echo=echo 'two words' \"$HOME\"", *NONE)
    assert ended.code == 0
    assert gates(branches, goal_id)["echo"]["stdout"] == "two words $HOME\n", "no shell has read it"
    assert branches.json("gate", goal_id, "--add", "echo=echo again", *NONE)["gates"][0]["source"] == "added"
    assert branches.run("gate", goal_id, "--add", "nonsense").code == 1


def test_skipped_gates_leave_a_gap_and_no_record(branches: Branches) -> None:
    branches.write(".omk/gates.toml", '[[gates]]\nname = "slow"\ncommand = "true"\nskip = true\n')
    branches.commit("Skip")
    goal_id = branches.open()
    gaps = json.loads((branches.folder(goal_id) / "proof.json").read_text())["known_gaps"]
    assert "gate slow is skipped by .omk/gates.toml of the base" in gaps
    assert branches.run("gate", goal_id).code == 3
    assert gates(branches, goal_id) == {}


def test_the_tree_of_the_merge_is_another_one(branches: Branches) -> None:
    branches.on("main", "src/extra.py", "y = 2\n")
    goal_id = branches.open()
    assert branches.run("gate", goal_id, *NONE).code == 0
    assert "unmerged_tree" in codes(branches, goal_id)
    merged = branches.json("gate", goal_id, "--merged", *NONE)
    intake = json.loads((branches.folder(goal_id) / "artifacts/intake/intake.json").read_text())
    assert {gate["tree"] for gate in merged["gates"]} == {intake["merge_tree"]}
    assert "unmerged_tree" not in codes(branches, goal_id)


def test_reports_count_and_zero_tests_are_a_failure(branches: Branches) -> None:
    report = '<testsuite><testcase name="a"/><testcase name="b"><skipped/></testcase></testsuite>'
    written = {"some": report, "zero": "<testsuite/>", "odd": "<!DOCTYPE x>"}
    stanza = '[[gates]]\nname = "{}"\ncommand = "cp"\nargs = ["reports/{}.xml", "r.xml"]\njunit = "r.xml"\n'
    for name, text in written.items():
        branches.on("agent/mul", f"reports/{name}.xml", text)
    absent = '[[gates]]\nname = "absent"\ncommand = "true"\njunit = "none.xml"\n'
    branches.write(".omk/gates.toml", "".join(stanza.format(name, name) for name in written) + absent)
    branches.commit("Reports")
    goal_id = branches.open()
    document = branches.json("gate", goal_id, *NONE)
    assert {gate["name"]: gate["passed"] for gate in document["gates"]} == {
        "some": True,
        "zero": False,
        "odd": False,
        "absent": False,
    }
    assert document["gates"][0]["tests"] == 2
    assert {"no_tests", "skipped_tests", "instant_gate"} & codes(branches, goal_id) >= {"no_tests", "skipped_tests"}
    assert "zero tests are a failure" in str(gates(branches, goal_id)["zero"]["stderr"])


def test_time_limits_missing_programs_and_floods(branches: Branches) -> None:
    branches.write(
        ".omk/gates.toml",
        """\
[[gates]]
name = "endless"
command = "sh"
args = ["-c", "(trap '' TERM; sleep 300) & setsid sleep 300 & sleep 300"]
timeout_secs = 1

[[gates]]
name = "absent"
command = "no-such-program-anywhere"

[[gates]]
name = "flood"
command = "python3"
args = ["-c", "print('x' * 40000000, end='')\\nprint('the end ghp_aaaaaaaaaaaaaaaaaaaaaaaa')"]
""",
    )
    branches.commit("Odd gates")
    goal_id = branches.open()
    began = time.monotonic()
    assert branches.run("gate", goal_id, *NONE).code == 3
    assert time.monotonic() - began < 60
    recorded = gates(branches, goal_id)
    assert recorded["endless"]["timed_out"] and recorded["endless"]["stderr"] == "Timed out after 1s"
    assert recorded["absent"]["stderr"] == "Spawn error: No such file or directory (os error 2)"
    flood = str(recorded["flood"]["stdout"])
    assert len(flood) < 300 << 10 and "the log has them" in flood and flood.endswith("the end [REDACTED]\n")
    log = Path(str(recorded["flood"]["output_path"])).read_text()
    assert 8 << 20 <= len(log) < 9 << 20 and "bytes dropped" in log and log.rstrip().endswith("[stderr]")
    assert not _sleepers(), "nothing of a gate is left running"


def _sleepers(seconds: str = "300") -> list[str]:
    shown = subprocess.run(["ps", "-eo", "args"], capture_output=True, text=True, check=True).stdout
    return [line for line in shown.splitlines() if line.startswith(f"sleep {seconds}")]


def test_the_environment_holds_no_secret(branches: Branches, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SSH_AUTH_SOCK", "GITHUB_TOKEN", "OPENAI_API_KEY", "GIT_DIR", "GIT_CONFIG_GLOBAL", "PASSED"):
        monkeypatch.setenv(name, "/dev/null" if name.startswith("GIT_C") else "secret")
    monkeypatch.delenv("GIT_DIR")
    goal_id = branches.open()
    ended = branches.run("gate", goal_id, "--add", "env=env", "--only", "env", "--pass-env", "PASSED", *NONE)
    assert ended.code == 3 and gates(branches, goal_id)["env"]["passed"]
    names = {line.partition("=")[0] for line in str(gates(branches, goal_id)["env"]["stdout"]).splitlines()}
    assert "PASSED" in names and not names & {"SSH_AUTH_SOCK", "GITHUB_TOKEN", "OPENAI_API_KEY", "GIT_CONFIG_GLOBAL"}
    home = next(
        line for line in str(gates(branches, goal_id)["env"]["stdout"]).splitlines() if line.startswith("HOME=")
    )
    assert not Path(home.removeprefix("HOME=")).exists(), "the gates' home was a temporary one"


def test_what_gates_change_of_tracked_files_is_told(branches: Branches) -> None:
    goal_id = branches.open()
    assert branches.run("gate", goal_id, "--add", "fix=sh -c 'echo >> src/calc.py'", "--only", "fix", *NONE).code == 3
    warnings = branches.json("check", goal_id)["warnings"]
    assert any(one["code"] == "gate_changed_files" and "src/calc.py" in one["text"] for one in warnings)


def test_a_goal_of_omks_own_and_an_accepted_one_are_refused(branches: Branches) -> None:
    goal_id = branches.open()
    assert branches.run("accept", goal_id, "--summary", "ok", "--record-not-ready").code == 0
    ended = branches.run("gate", goal_id, *NONE)
    assert ended.code == 4 and "accepted" in ended.err
    assert branches.run("review", goal_id, "-", stdin="fine").code == 4
    assert branches.json("open", "agent/mul")["goals"][0]["state"] == "accepted"


def test_a_goal_whose_intake_was_removed_does_not_become_one_of_omks(branches: Branches) -> None:
    goal_id = branches.open()
    (branches.folder(goal_id) / "artifacts/intake/intake.json").unlink()
    for words in (
        ("gate", goal_id, *NONE),
        ("review", goal_id, "-"),
        ("accept", goal_id, "--summary", "ok", "--record-not-ready"),
        ("reject", goal_id, "--reason", "no"),
    ):
        ended = branches.run(*words, stdin="fine")
        assert ended.code == 1 and "artifacts/intake/intake.json: it is missing" in ended.err, words
    assert branches.json("check", goal_id)["verdict"] == "unreadable"
    assert branches.run("list").code == 0
    graph = branches.folder(goal_id) / "task-graph.json"
    graph.write_text(graph.read_text().replace(git(branches.project, "rev-parse", "agent/mul"), "1" * 40))
    ended = branches.run("gate", goal_id, *NONE)
    assert ended.code == 4 and "omk goal verify" in ended.err, "a goal that omk made may have such an id by chance"


def test_ctrl_c_ends_the_gate_and_records_nothing_of_it(branches: Branches, tmp_path: Path) -> None:
    goal_id = branches.open()
    words = (
        "gate",
        goal_id,
        "--add",
        "fast=true",
        "--add",
        "slow=sleep 299",
        "--only",
        "fast",
        "--only",
        "slow",
        *NONE,
    )
    process = subprocess.Popen(
        command(*words, "--state-root", str(branches.root)),
        cwd=branches.project,
        env=surroundings(tmp_path),
        stderr=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stderr is not None
    while "slow" not in process.stderr.readline():
        pass
    time.sleep(0.5)
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)
    assert process.returncode == 130
    assert set(gates(branches, goal_id)) == {"fast"}
    check = branches.json("check", goal_id)
    assert "never ran: unit, bench, slow" in check["requirements"][0]["facts"]
    assert not _sleepers("299")


@pytest.mark.skipif(bool(bwrap_problem()), reason=f"NOT TESTED: {bwrap_problem()}")
def test_in_bubblewrap_nothing_outside_is_written_and_no_network_is_there(branches: Branches, tmp_path: Path) -> None:
    target, port = tmp_path / "outside", "import socket; socket.create_connection(('127.0.0.1', 9), 1)"
    goal_id = branches.open()
    ended = branches.run(
        "gate",
        goal_id,
        "--sandbox",
        "bwrap",
        *("--add", f"write=sh -c 'echo x > {target}'", "--add", f'net=python3 -c "{port}"'),
        *(
            "--add",
            "own=sh -c 'echo x > made-here && echo y > $HOME/there'",
            "--add",
            f"home=sh -c 'ls {Path.home()}/.ssh'",
        ),
        *("--only", "write", "--only", "net", "--only", "own", "--only", "unit"),
    )
    assert ended.code == 3
    passed = {name: gate["passed"] for name, gate in gates(branches, goal_id).items()}
    assert passed == {"write": False, "net": False, "own": True, "unit": True}
    assert not target.exists()
    assert "Network is unreachable" in str(gates(branches, goal_id)["net"]["stderr"]) or "refused" in str(
        gates(branches, goal_id)["net"]["stderr"]
    )


def test_waivers_of_the_base_count_apart(branches: Branches) -> None:
    branches.write(
        ".omk/desk.toml",
        '[waive]\n"oracle" = "none"\n"security_review" = "internal"\n"wall.security" = "internal"\n',
    )
    branches.commit("Policy")
    goal_id = branches.open()
    assert branches.run("gate", goal_id, *NONE).code == 0
    head = git(branches.project, "rev-parse", "agent/mul")
    kept = branches.run("review", goal_id, "-", stdin="looks fine")
    assert kept.code == 3 and "names no commit" in kept.out
    assert branches.states(goal_id)[3] == "missing"
    steps = [one["next"] for one in branches.json("check", goal_id)["requirements"]]
    assert "FILE --security" not in steps[3] and steps[4] == "", "the security review is waived"
    assert branches.run("review", goal_id, "-", "--commit", "0" * 12, stdin="fine").code == 4
    assert branches.run("review", goal_id, "-", "--by", "Ada", stdin=f"I read {head[:12]} and it is fine").code == 0
    again = branches.run("review", goal_id, "-", stdin="hm")
    assert again.code == 4 and f"there is a review of {head[:12]} already" in again.err
    check = branches.run("check", goal_id, "--json")
    assert check.code == 0, check.document["missing"]
    states = [one["state"] for one in check.document["requirements"]]
    assert states.count("waived") == 3 and states.count("met") == 6
    assert check.document["missing"] == [] and len(check.document["waived"]) == 3
    assert "CHECKLIST  6 of 9 met, 3 waived\n" in branches.run("check", goal_id).out
    assert "acceptable, 3 waived" in branches.run("list").out
    ended = branches.run("accept", goal_id, "--summary", "fine")
    assert ended.code == 0 and "Accepted, 3 waived" in ended.err and f"git merge --no-ff {head}" in ended.err
    assert "accepted, 3 waived" in branches.run("list").out
    assert ", 3 waived" in branches.run("history", goal_id).out
    assert json.loads((branches.folder(goal_id) / "goal.json").read_text())["status"] == "not_ready"


@pytest.mark.parametrize(
    "text",
    ["[waive]\nreveiw = 'misspelt'\n", "[waive]\nreview = ''\n", "waive = 3\n", "[waive\n", "[waive]\nreview = 1\n"],
)
def test_a_policy_that_cannot_be_used_waives_nothing_and_says_so(branches: Branches, text: str) -> None:
    branches.write(".omk/desk.toml", text)
    branches.commit("Policy")
    goal_id = branches.open()
    assert "waived" not in branches.states(goal_id)
    gaps = json.loads((branches.folder(goal_id) / "proof.json").read_text())["known_gaps"]
    assert any("waives nothing" in gap for gap in gaps)


def test_no_gate_is_asked_for_where_its_pass_is_waived_and_no_prompt_is_a_mere_note(branches: Branches) -> None:
    branches.write(".omk/desk.toml", '[waive]\n"wall.performance" = "a small tool"\n')
    branches.write(".omk/gates.toml", GATES[: GATES.index('\n[[gates]]\nname = "bench"')])
    branches.commit("Policy")
    goal_id = branches.open()
    head = git(branches.project, "rev-parse", "agent/mul")
    assert branches.run("gate", goal_id, *NONE).code == 0
    assert branches.run("review", goal_id, "-", "--commit", head, stdin="fine").code == 0
    check = branches.run("check", goal_id)
    assert "waived    by the base's .omk/desk.toml: a small tool" in " ".join(check.out.split("\n"))
    assert "benchmark gate for this goal" not in check.out and 'name = "bench"' not in check.out
    assert branches.run("review", goal_id, "-", "--security", "--commit", head, stdin="fine").code == 0
    planned = branches.run("plan", goal_id, "accept", "--summary", "ok").out
    assert "DROPPED GAPS" not in planned and "     dropped: no prompt found: the goal's text is" in planned
    assert "dropped_gap" not in branches.run("check", goal_id).out


def test_gates_that_start_no_runner_are_told_by_their_time(branches: Branches) -> None:
    goal_id = branches.open()
    adds = [f"--add=instant-{number}=true" for number in range(5)]
    only = [f"--only=instant-{number}" for number in range(5)]
    assert branches.run("gate", goal_id, *adds, "--add=slow=sleep 0.05", *only, "--only=slow", *NONE).code == 3
    told = [one["text"] for one in branches.json("check", goal_id)["warnings"] if one["code"] == "instant_gate"]
    assert told, "on a busy machine one may be slow, but hardly all five"
    assert not any("slow" in text for text in told)


@pytest.mark.parametrize("kind", ["gate", "review"])
def test_what_meets_another_program_says_what_to_do_then(
    branches: Branches, kind: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    goal_id = branches.open()
    (branches.project / "review.md").write_text("fine\n")
    words = ("gate", goal_id, *NONE) if kind == "gate" else ("review", goal_id, str(branches.project / "review.md"))
    monkeypatch.setattr("omk_tui.engine.deciding.carry_out._not_as_read", lambda *_: "proof.json")
    ended = branches.run(*words)
    assert ended.code == 4 and "proof.json was changed by another program just now" in ended.err
    assert ("run the gate again" if kind == "gate" else "give the same command again") in ended.err
    assert "decide" not in ended.err

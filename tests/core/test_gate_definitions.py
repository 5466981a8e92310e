"""Gate definitions: what is wrong with one is said, and a command line can be typed as it is shown."""

from __future__ import annotations

import shlex

import pytest

from omk_tui.core.opening.gate_definitions import BadGates, added_gate, read_gates
from omk_tui.core.records.maker import OMK, Desk


@pytest.mark.parametrize(
    ("line", "why"),
    [
        (
            'command = ["make", "test"]',
            "command of gate 1 is a list: it is a string, the program, with its args beside",
        ),
        ("command = 7", "command of gate 1 is a whole number, not a string"),
        ('command = "make"\nargs = "test"', "args of gate 1 is a string, not a list"),
        ('command = "make"\nrequired = "yes"', "required of gate 1 is a string, not true or false"),
        ('command = "make"\ntimeout_secs = 1.5', "timeout_secs of gate 1 is of another kind, not a whole number"),
        ('command = "make"\ntimeout_secs = true', "timeout_secs of gate 1 is true or false, not a whole number"),
    ],
)
def test_a_value_of_another_type_is_named_with_what_it_should_be(line: str, why: str) -> None:
    with pytest.raises(BadGates, match=why):
        read_gates(f'[[gates]]\nname = "unit"\n{line}\n')


def test_a_command_line_can_be_typed_as_it_is_shown() -> None:
    (gate,) = read_gates('[[gates]]\nname = "unit"\ncommand = "sh"\nargs = ["-c", "make test && echo \'fine\'"]\n')
    assert shlex.split(gate.command_line) == list(gate.argv)
    assert added_gate("unit=pytest -k 'a or b'").command_line == "pytest -k 'a or b'"


def test_the_gates_after_a_change_are_run_by_whoever_made_the_goal() -> None:
    assert OMK.command("verify_change", "goal-1") == OMK.command("execute", "goal-1")
    assert Desk().command("verify_change", "goal-1") == "omk-tui gate goal-1"

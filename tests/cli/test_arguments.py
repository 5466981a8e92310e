"""The grammar of the command line, case by case."""

from __future__ import annotations

import pytest

from omk_tui.cli.arguments import Answer, parse
from omk_tui.cli.command import Request, UsageError
from omk_tui.cli.decision_text import text_of
from omk_tui.core.records.goal import STATUSES

DIGEST = "0123456789abcdef" * 4


JSON = {"--json": ()}


@pytest.mark.parametrize(
    ("words", "request_"),
    [
        ([], Request()),
        (["goal-1"], Request(goal="goal-1")),
        (["latest"], Request(goal="latest")),
        (["-"], Request(goal="-")),
        (["--", "list"], Request(goal="list")),
        (["--", "-x"], Request(goal="-x")),
        (["--", "--"], Request(goal="--")),
        (
            ["--state-root", "r", "goal-1", "--project-dir=p"],
            Request(goal="goal-1", options={"--state-root": ("r",), "--project-dir": ("p",)}),
        ),
        (["list"], Request("list")),
        (["--state-root=r", "list", "--json"], Request("list", options={"--state-root": ("r",), **JSON})),
        (["list", "--status", "ready", "--status=paused"], Request("list", options={"--status": ("ready", "paused")})),
        (["check", "list"], Request("check", "list")),
        (["check", "--", "-x"], Request("check", "-x")),
        (["check", "--json", "goal-1"], Request("check", "goal-1", options=JSON)),
        (["plan", "g", "accept", "--summary", " t "], Request("plan", "g", ("accept",), {"--summary": (" t ",)})),
        (["plan", "--summary=t", "g", "accept"], Request("plan", "g", ("accept",), {"--summary": ("t",)})),
        (["plan", "g", "--reason=r", "reject"], Request("plan", "g", ("reject",), {"--reason": ("r",)})),
        (["plan", "--reason=r", "--", "-g", "reject"], Request("plan", "-g", ("reject",), {"--reason": ("r",)})),
        (["plan", "accept", "accept", "--summary=t"], Request("plan", "accept", ("accept",), {"--summary": ("t",)})),
        (
            ["plan", "g", "reject", "--reason", "r", "--show", "rollback"],
            Request("plan", "g", ("reject",), {"--reason": ("r",), "--show": ("rollback",)}),
        ),
        (["accept", "g", "--summary=-x"], Request("accept", "g", (), {"--summary": ("-x",)})),
        (["accept", "g", "--summary=--json"], Request("accept", "g", (), {"--summary": ("--json",)})),
        (["accept", "g", "--summary", "-"], Request("accept", "g", (), {"--summary": ("-",)})),
        (["accept", "g", "--summary", "a = b"], Request("accept", "g", (), {"--summary": ("a = b",)})),
        (["accept", "--summary=t", "--", "-g"], Request("accept", "-g", (), {"--summary": ("t",)})),
        (
            ["accept", "g", "--summary=t", "--snapshot", DIGEST.upper(), "--record-not-ready"],
            Request(
                "accept", "g", (), {"--summary": ("t",), "--snapshot": (DIGEST.upper(),), "--record-not-ready": ()}
            ),
        ),
        (["demo"], Request("demo")),
        (["demo", "--into", "d"], Request("demo", options={"--into": ("d",)})),
    ],
)
def test_words_make_a_request(words: list[str], request_: Request) -> None:
    assert parse(words) == request_


@pytest.mark.parametrize("status", STATUSES)
def test_each_status_of_omk_can_be_asked_for(status: str) -> None:
    assert parse(["list", "--status", status]) == Request("list", options={"--status": (status,)})


@pytest.mark.parametrize(
    ("words", "why"),
    [
        (["goal-1", "goal-2"], "one word too many: goal-2"),
        (["goal-1", "list"], "one word too many: list"),
        (["goal-1", "--json"], "--json wants a command before it"),
        (["--json"], "--json wants a command before it"),
        (["--json", "list"], "--json goes after the command"),
        (["--summary=t", "accept", "g"], "--summary goes after the command"),
        (["-x"], "no option -x"),
        (["list", "--jso"], "no option --jso"),
        (["list", "--json=yes"], "--json"),
        (["list", "goal-1"], "one word too many"),
        (["list", "--status", "done"], "one of running, ready"),
        (["list", "--status", "Ready"], "one of running, ready"),
        (["list", "--status="], "an empty word"),
        (["list", "--status"], "--status wants a value"),
        (["list", "--summary=t"], "list does not take --summary"),
        (["check"], "check wants a GOAL"),
        (["check", ""], "blank"),
        (["check", " \t"], "blank"),
        ([""], "blank"),
        (["check", "a", "b"], "one word too many: b"),
        (["plan", "g"], "plan wants accept or reject"),
        (["plan", "g", "merge", "--summary=t"], "not merge"),
        (["plan", "g", "accept"], "accept wants --summary"),
        (["plan", "g", "accept", "--reason=r"], "accept takes --summary, not --reason"),
        (["plan", "g", "reject", "--summary=r"], "reject takes --reason, not --summary"),
        (["plan", "g", "reject", "--summary=r", "--reason=r"], "not --summary"),
        (["plan", "g", "accept", "--summary=t", "--show", "rollback"], "goes with reject"),
        (["plan", "g", "reject", "--reason=t", "--show", "files"], "--show knows rollback, not files"),
        (["plan", "g", "reject", "--reason=t", "--snapshot", DIGEST], "plan does not take --snapshot"),
        (["accept", "g"], "accept wants --summary"),
        (["accept", "--summary=t"], "accept wants a GOAL"),
        (["accept", "g", "--summary"], "--summary wants a value"),
        (["accept", "g", "--summary", "-x"], "--summary=-x"),
        (["accept", "g", "--summary", "-x y"], "looks like an option"),
        (["accept", "g", "--summary", "-1"], "looks like an option"),
        (["accept", "g", "--summary", "--"], "looks like an option"),
        (["accept", "g", "--summary", "--json"], "looks like an option"),
        (["accept", "g", "--summary=a", "--summary=a"], "--summary was given twice"),
        (["accept", "g", "--summary", "-", "--summary", "b"], "--summary was given twice"),
        (["reject", "g", "--reason", "a", "--reason=b"], "--reason was given twice"),
        (["accept", "g", "--summ", "t"], "no option --summ"),
        (["accept", "g", "--summary", ""], "--summary is blank"),
        (["accept", "g", "--summary=\u2003\u0085"], "--summary is blank"),
        (["accept", "g", "--summary=\udcff"], "not valid UTF-8"),
        (["accept", "g", "--summary=t", "--snapshot", DIGEST[1:]], "64 hexadecimal"),
        (["accept", "g", "--summary=t", "--snapshot", DIGEST + "\n"], "64 hexadecimal"),
        (["accept", "g", "--summary=t", "--snapshot", "g" * 64], "64 hexadecimal"),
        (["accept", "g", "--summary=t", "--snapshot="], "64 hexadecimal"),
        (["reject", "g", "--reason=r", "--record-not-ready"], "reject does not take --record-not-ready; accept does"),
        (["demo", "goal"], "one word too many"),
        (["demo", "--into="], "--into is empty"),
        (["list", "--state-root", ""], "--state-root is empty"),
    ],
)
def test_words_that_make_no_command(words: list[str], why: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse(words)
    assert why in str(caught.value)
    assert caught.value.usage.startswith("omk-tui")


@pytest.mark.parametrize(
    ("words", "first"),
    [
        (["--help"], "usage: omk-tui [GOAL]"),
        (["-h"], "usage: omk-tui [GOAL]"),
        (["accept", "--help"], "usage: omk-tui accept GOAL --summary TEXT"),
        (["--help", "accept"], "usage: omk-tui accept GOAL --summary TEXT"),
        (["list", "--json", "-h"], "usage: omk-tui list"),
        (["--version"], "omk-tui "),
        (["list", "--version"], "omk-tui "),
    ],
)
def test_help_and_version(words: list[str], first: str) -> None:
    answer = parse(words)
    assert isinstance(answer, Answer)
    assert answer.text.startswith(first)
    assert answer.text.endswith("\n")


def test_every_help_page_names_examples_and_exit_codes() -> None:
    for command in ("", "list", "check", "plan", "accept", "reject", "demo"):
        answer = parse([*([command] if command else []), "--help"])
        assert isinstance(answer, Answer)
        assert "\nexamples:\n  omk-tui" in answer.text
        assert "\nexit codes:\n  0  done" in answer.text
        assert max(map(len, answer.text.splitlines())) <= 120


def test_a_text_is_trimmed_as_omk_trims() -> None:
    assert text_of("\u00a0\x1c text \u3000\r\n") == "\x1c text"

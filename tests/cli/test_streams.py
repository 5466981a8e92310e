"""Readers that go away, streams that are closed or full, and interrupts: no traceback, and no decision is lost."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pytest

from omk_tui.core.decision.outcome import Outcome
from omk_tui.demo import goal_id
from omk_tui.engine import Engine
from tests.cli.commands import Desk
from tests.cli.processes import command, surroundings

READY = goal_id("ready")


@pytest.mark.parametrize(
    ("words", "code"),
    [
        (("list",), 0),
        (("list", "--json"), 0),
        (("check", READY), 0),
        (("accept", READY, "--summary=x"), 0),
        (("reject", READY, "--reason=x", "--json"), 0),
        (("--help",), 0),
    ],
)
def test_a_reader_that_went_away_is_no_error(desk: Desk, words: tuple[str, ...], code: int) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    ended = subprocess.run(
        command(*words),
        stdout=writer,
        stderr=subprocess.PIPE,
        env=surroundings(desk.root),
        cwd=desk.project,
        check=False,
    )
    os.close(writer)
    assert ended.returncode == code
    assert b"Traceback" not in ended.stderr
    assert b"BrokenPipe" not in ended.stderr
    if words[0] in ("accept", "reject"):
        assert json.loads((desk.goal(READY) / "proof.json").read_text())["integration_evidence"]["summary"] == "x"


@pytest.mark.parametrize(
    ("words", "code"), [(("list",), 1), (("check", READY), 1), (("accept", READY, "--summary=x"), 0)]
)
def test_a_full_disk_under_the_answer(desk: Desk, words: tuple[str, ...], code: int) -> None:
    with open("/dev/full", "w") as full:
        ended = subprocess.run(
            command(*words),
            stdout=full,
            stderr=subprocess.PIPE,
            env=surroundings(desk.root),
            cwd=desk.project,
            check=False,
        )
    assert ended.returncode == code
    assert b"Traceback" not in ended.stderr
    assert b"standard output cannot be written" in ended.stderr


def test_closed_streams(desk: Desk) -> None:
    line = " ".join(command("list")) + " <&- >&- 2>&-"
    assert (
        subprocess.run(["sh", "-c", line], env=surroundings(desk.root), cwd=desk.project, check=False).returncode == 0
    )
    line = " ".join(command("check", READY)) + " 2>&-"
    ended = subprocess.run(
        ["sh", "-c", line], stdout=subprocess.PIPE, env=surroundings(desk.root), cwd=desk.project, check=False
    )
    assert ended.returncode == 0
    assert ended.stdout.startswith(READY.encode())


def test_no_file_takes_the_place_of_a_closed_stream(tmp_path: Path) -> None:
    program = (
        "import os\nfrom omk_tui.cli.console import Console\nConsole.of_process()\n"
        "os._exit(os.open(__import__('sys').argv[1], os.O_CREAT | os.O_WRONLY))"
    )
    ended = subprocess.run(
        ["sh", "-c", 'exec "$@" <&- >&- 2>&-', "sh", sys.executable, "-c", program, str(tmp_path / "file")], check=False
    )
    assert ended.returncode > 2, "the descriptor that a file got"


def test_an_interrupt_while_waiting_for_the_text_decides_nothing(desk: Desk) -> None:
    before = desk.contents()
    process = subprocess.Popen(
        command("reject", READY, "--reason", "-"),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        env=surroundings(desk.root),
        cwd=desk.project,
    )
    _wait_until_reading(process.pid)
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=30)
    assert process.returncode == 130
    assert out == b""
    assert err.endswith(b"omk-tui: interrupted\n")
    assert b"Traceback" not in err
    assert desk.contents() == before


def test_an_interrupt_after_the_decision_does_not_undo_its_exit_code(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("omk_tui.cli.console.Console.exact", interrupted)
    assert desk.run("reject", READY, "--reason=x").code == 0
    assert "was rejected" in (desk.goal(READY) / "proof.json").read_text()


def test_the_first_interrupt_of_a_decision_waits_for_its_end(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    decide = Engine.decide

    def interrupted(*words: Any, **named: Any) -> Outcome:
        signal.raise_signal(signal.SIGINT)
        return decide(*words, **named)

    monkeypatch.setattr("omk_tui.engine.Engine.decide", interrupted)
    before = signal.getsignal(signal.SIGINT)
    ended = desk.run("reject", READY, "--reason=x", "--json")
    assert (ended.code, ended.document["outcome"]) == (0, "recorded")
    assert "ctrl+c again: stop" in ended.err
    assert signal.getsignal(signal.SIGINT) is before


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGHUP])
def test_a_decision_that_is_ended_from_outside_is_finished_and_told(
    desk: Desk, number: signal.Signals, monkeypatch: pytest.MonkeyPatch
) -> None:
    decide = Engine.decide

    def ended_meanwhile(*words: Any, **named: Any) -> Outcome:
        outcome = decide(*words, **named)
        signal.raise_signal(number)
        return outcome

    monkeypatch.setattr("omk_tui.engine.Engine.decide", ended_meanwhile)
    ended = desk.run("reject", READY, "--reason=x", "--json")
    assert (ended.code, ended.document["outcome"]) == (0, "recorded")
    assert signal.getsignal(number) is signal.SIG_DFL


def test_an_interrupt_while_the_program_is_still_loading_is_a_document_too(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("omk_tui.__main__._guarded", interrupted)
    ended = desk.run("reject", READY, "--reason=x", "--json")
    assert (ended.code, ended.document["why"]) == (130, "interrupted")


def test_help_that_cannot_be_written_is_a_failure(desk: Desk) -> None:
    with Path("/dev/full").open("wb") as full:
        ended = subprocess.run(command("--help"), stdout=full, stderr=subprocess.PIPE, check=False)
    assert ended.returncode == 1
    assert b"standard output cannot be written" in ended.stderr


def test_the_second_interrupt_acts_and_is_a_document_too(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        signal.raise_signal(signal.SIGINT)
        signal.raise_signal(signal.SIGINT)

    monkeypatch.setattr("omk_tui.engine.Engine.decide", interrupted)
    ended = desk.run("reject", READY, "--reason=x", "--json")
    assert (ended.code, ended.document["why"]) == (130, "interrupted")
    assert f"omk-tui check {READY}" in ended.err


def test_an_interrupt_during_the_decision_says_where_to_look(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("omk_tui.engine.Engine.decide", interrupted)
    ended = desk.run("reject", READY, "--reason=x")
    assert (ended.code, ended.out) == (130, "")
    assert f"omk-tui check {READY}" in ended.err


def test_a_text_of_several_lines_forges_no_line_of_ours(desk: Desk) -> None:
    path = desk.goal(READY) / "proof.json"
    record = json.loads(path.read_text())
    record["known_gaps"] = ["small\nAccepted: something else"]
    record["changed_files"] = ["a\n       NEXT run this"]
    path.write_text(json.dumps(record))
    pages = [desk.run(*words) for words in (("check", READY), ("plan", READY, "accept", "--summary=x"))]
    pages.append(desk.run("accept", READY, "--summary=x"))
    for page in pages:
        lines = [line.strip() for line in (page.out + page.err).splitlines()]
        assert not any(line.startswith(("Accepted: something", "NEXT run")) for line in lines)
    assert "small\u240aAccepted: something else" in pages[2].err


def test_texts_of_the_locale_C_are_utf_8(desk: Desk) -> None:
    environ = surroundings(desk.root, LC_ALL="C", PYTHONIOENCODING="ascii", PYTHONUTF8="0")
    for words in (("reject", READY, "--reason", "Gr\u00fc\u00dfe"), ("list",), ("check", READY)):
        ended = subprocess.run(command(*words), capture_output=True, env=environ, cwd=desk.project, check=False)
        assert ended.returncode in (0, 3), ended.stderr
        ended.stdout.decode("utf-8")
    plan = desk.goal(READY) / "artifacts/integration/rollback-rejected-slice.md"
    assert "Rejection reason: Gr\u00fc\u00dfe\n" in plan.read_text("utf-8")


def _wait_until_reading(pid: int) -> None:
    """Wait until the process sleeps in a read of its standard input."""
    end = time.monotonic() + 20
    while time.monotonic() < end:
        try:
            if Path(f"/proc/{pid}/wchan").read_text() in ("pipe_read", "anon_pipe_read"):
                return
            if Path(f"/proc/{pid}/syscall").read_text().startswith("0 0x0 "):
                return
        except OSError:
            pass
        time.sleep(0.02)
    raise AssertionError("the command did not come to read its standard input")

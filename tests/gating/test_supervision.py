"""A gate can neither say how it ended nor outlive its run, and no half of a secret stays in its log."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import pytest

from omk_tui.core.format.redaction import redact_text
from omk_tui.engine.gating import process
from omk_tui.engine.gating.process import EDGE, KEPT, Ended, Stream, run_supervised

FORGE = """
import os
for number in range(3, 64):
    # root may open the files of every process, so that only those count which it was given
    for path in (f"/proc/self/fd/{number}", f"/proc/{os.getppid()}/fd/{number}")[: 2 if os.geteuid() else 1]:
        try:
            if os.path.exists(path) and os.readlink(path).startswith("pipe:"):
                fd = os.open(path, os.O_WRONLY | os.O_NONBLOCK)
                os.write(fd, b'{"exit": 0, "ms": 1}' + b" " * 4096)
        except OSError:
            pass
raise SystemExit(7)
"""


def run(tmp_path: Path, *words: str, seconds: int = 20) -> Ended:
    environment = {"PATH": os.environ["PATH"]}
    return run_supervised(words, folder=str(tmp_path), environment=environment, seconds=seconds)


def test_the_gate_does_not_get_the_pipe_of_the_report(tmp_path: Path) -> None:
    seen = run(tmp_path, sys.executable, "-c", "import os; print(sorted(os.listdir('/proc/self/fd')))")
    assert seen.stdout == "['0', '1', '2', '3']\n", "the three streams, and the folder that is being listed"


def test_a_report_cannot_be_forged(tmp_path: Path) -> None:
    assert run(tmp_path, sys.executable, "-c", FORGE).exit_code == 7


@pytest.mark.parametrize(
    "written",
    [b'{"exit": 0}{"exit": 7}', b'{"exit": 0}' + b" " * 5000, b"[1]", b"x", b""],
    ids=str.split("two long list none empty"),
)
def test_what_is_not_one_object_is_no_report(written: bytes) -> None:
    reader, writer = os.pipe()
    os.write(writer, written)
    os.close(writer)
    assert process._report(reader) == {}
    os.close(reader)


def test_a_supervisor_whose_parent_is_gone_runs_nothing(tmp_path: Path) -> None:
    reader, writer = os.pipe()
    words = [sys.executable, "-I", "-S", process._SUPERVISOR, str(writer), "1", "--", "touch", str(tmp_path / "ran")]
    assert subprocess.run(words, pass_fds=(writer,), check=False).returncode == 1
    assert not (tmp_path / "ran").exists()
    os.close(reader)
    os.close(writer)


@pytest.mark.parametrize("signal", ["KILL", "STOP"])
def test_a_gate_that_strikes_its_supervisor_does_not_outlive_its_run(
    tmp_path: Path, signal: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(process, "_GRACE", 1.0)
    began = time.monotonic()
    code = f"kill -{signal} $PPID; echo $$ > pid; exec sleep 287"
    ended = run(tmp_path, "sh", "-c", code, seconds=2)
    assert ended.timed_out and ended.exit_code is None
    assert time.monotonic() - began < 20
    pid = int((tmp_path / "pid").read_text())
    for _ in range(100):
        if not os.path.exists(f"/proc/{pid}") or b") Z" in Path(f"/proc/{pid}/stat").read_bytes():
            return
        time.sleep(0.02)
    raise AssertionError("it still runs")


def test_no_half_of_a_secret_stands_beside_what_was_dropped() -> None:
    token = b"ghp_" + b"S3cr3t" * 6
    for shift in range(-60, 60, 7):
        stream = Stream()
        stream.take(b"x" * (KEPT // 2 + EDGE + shift) + b" " + token + b" ")
        stream.take(b"y" * (1 << 20) + b" " + token + b" " + b"z" * (KEPT // 2 + EDGE - 30 + shift))
        text = redact_text(stream.text)
        assert "S3cr3t" not in text
        assert "bytes dropped" in text

"""Processes of git: fed and read at once, even without standard streams of one's own, and ended with their context."""

from __future__ import annotations

import os
import subprocess
import sys
import time
import uuid
from pathlib import Path

import pytest

from omk_tui.engine.files.temporary_folder import temporary_folder
from omk_tui.engine.git.command import find_git
from omk_tui.engine.git.process import Process
from omk_tui.light.fresh_id import fresh_id

_WITHOUT_STREAMS = """
import os, sys, time
from omk_tui.engine.git.process import Process
place = os.open(sys.argv[1], os.O_WRONLY | os.O_CREAT)
place = os.dup2(place, 20)
for stream in (0, 1, 2):
    os.close(stream)
given = b"0123456789" * 30_000
process = Process(["/bin/sh", "-c", "cat; echo why >&2"], {}, given, 1 << 20, time.monotonic() + 20)
code, output, complaint = process.exchange()
os.write(place, repr((code, output == given, complaint)).encode())
"""


def test_it_is_fed_and_read_where_there_are_no_standard_streams(tmp_path: Path) -> None:
    said = tmp_path / "said"
    subprocess.run([sys.executable, "-c", _WITHOUT_STREAMS, str(said)], check=True, timeout=30)
    assert said.read_text() == "(0, True, b'why\\n')"


def test_several_run_at_once_and_those_nobody_waited_for_end(tmp_path: Path) -> None:
    git = find_git(os.environ)
    assert git is not None
    program, marks = tmp_path / "git", tmp_path / "marks"
    marks.mkdir()
    # It says its words only when two others run beside it: it would wait for ever if one came after the other.
    program.write_text(
        f'#!/bin/sh\ncd {marks}\nfor word; do last="$word"; done\n: > "$last"\n'
        'while [ "$(ls | wc -l)" -lt 3 ]; do :; done\necho "$last"\n[ "$last" != three ] || exec sleep 60\n'
    )
    program.chmod(0o755)
    ours = type(git)(str(program), os.environ["PATH"], time.monotonic() + 30)
    began = time.monotonic()
    with (
        ours.start(["one"], folder=str(marks), variables={}) as one,
        ours.start(["two"], folder=str(marks), variables={}) as two,
        ours.start(["three"], folder=str(marks), variables={}),
    ):
        assert (two.answer().text, one.answer().text) == ("two\n", "one\n")
        assert two.answer().code == 0
    assert time.monotonic() - began < 20


def test_what_cannot_be_started_is_told(tmp_path: Path) -> None:
    before = len(os.listdir("/proc/self/fd"))
    with pytest.raises(FileNotFoundError):
        Process([str(tmp_path / "none")], {}, b"", 1, 0.0)
    assert len(os.listdir("/proc/self/fd")) == before


def test_a_temporary_folder_is_private_and_goes_with_all_that_is_in_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept, place = tmp_path / "kept", tmp_path / "place"
    kept.mkdir()
    place.mkdir()
    (kept / "file").write_text("x")
    monkeypatch.setenv("TMPDIR", str(place))
    with temporary_folder("ours-") as folder:
        top = Path(folder)
        assert top.parent == place and top.name.startswith("ours-") and top.stat().st_mode & 0o777 == 0o700
        (top / "a" / "b").mkdir(parents=True)
        (top / "a" / "b" / "file").write_text("x")
        (top / "link").symlink_to(kept)
        (top / "a" / "b").chmod(0o500)
    assert list(place.iterdir()) == [] and (kept / "file").exists()
    monkeypatch.setenv("TMPDIR", str(tmp_path / "none"))
    with temporary_folder("ours-") as folder:
        assert Path(folder).parent != place


def test_a_fresh_id_is_a_uuid_of_version_4() -> None:
    ids = {fresh_id() for _ in range(100)}
    assert len(ids) == 100
    assert all(str(uuid.UUID(each)) == each and uuid.UUID(each).version == 4 for each in ids)
    assert {uuid.UUID(each).variant for each in ids} == {uuid.RFC_4122}

"""What surrounds a gate: its live log, what it may write, what it changed, and how its folder goes away."""

from __future__ import annotations

import os
import sys
import time
from pathlib import Path

import pytest

from omk_tui.engine.files.remove_tree import remove_tree
from omk_tui.engine.gating.disk_limit import DiskLimit, Limits
from omk_tui.engine.gating.live_log import LiveLog
from omk_tui.engine.gating.manifest import Manifest
from omk_tui.engine.gating.process import Ended, Interrupted, run_supervised
from omk_tui.engine.gating.run_folders import lock_folder, remove_leftovers

# The live log


def text_of(log: LiveLog) -> str:
    with open(log.descriptor(), "rb") as file:
        return os.pread(file.fileno(), 1 << 20, 0).decode()


def test_a_live_log_grows_is_redacted_and_forgets_its_middle() -> None:
    log = LiveLog(largest=2_000)
    log.take(0, b"begin \xe2\x82")
    log.take(1, b"warned ghp_" + b"a" * 24)
    log.take(0, b"\xac dots ....")
    assert text_of(log) == "begin warned € dots ....", "half a character and what may be a secret wait"
    log.take(1, b"\n")
    assert text_of(log).endswith("[REDACTED]\n") and log.edition == 1
    reader = log.descriptor()
    for number in range(2_000):
        log.take(0, f"line {number}\n".encode())
    shown = text_of(log)
    assert log.edition > 1 and log.size > 15_000 and len(shown) < 3_100
    assert shown.startswith("begin ") and shown.endswith("line 1999\n") and "bytes dropped" in shown
    assert os.pread(reader, 6, 0) == b"begin ", "who reads an earlier edition reads on"
    os.close(reader)
    log.close()
    log.take(0, b"too late")


# What it may write


def run(tmp_path: Path, code: str, limits: Limits, seconds: int = 30) -> Ended:
    limit = DiskLimit((str(tmp_path),), limits)
    environment = {"PATH": os.environ["PATH"]}
    words = [sys.executable, "-c", code]
    return run_supervised(
        words, folder=str(tmp_path), environment=environment, seconds=seconds, overstepped=limit.overstepped
    )


FILL = "import time\nwith open('full', 'wb', 0) as f:\n    while True: f.write(b'x' * 65536); time.sleep(0.001)"


def test_a_gate_that_fills_the_disk_is_ended_with_the_reason(tmp_path: Path) -> None:
    (tmp_path / "there-before").write_bytes(b"x" * (6 << 20))
    ended = run(tmp_path, FILL, Limits(most_written=4 << 20))
    assert ended.overstepped == "it was ended: it wrote more than 4 MiB" and ended.exit_code is None
    assert not ended.timed_out and ended.duration_ms < 20_000
    assert (tmp_path / "full").stat().st_size < 400 << 20


def test_many_small_files_and_open_deleted_ones_are_bounded_too(tmp_path: Path) -> None:
    ended = run(
        tmp_path,
        "import itertools\nfor n in itertools.count(): open(str(n), 'w').close()",
        Limits(most_files=200),
    )
    assert ended.overstepped == "it was ended: it made more than 200 files"
    assert run(tmp_path, "print('fine')", Limits()).exit_code == 0


def test_room_is_left_on_the_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    free = [10 << 30, 10 << 30, 1 << 30, 100 << 20]
    monkeypatch.setattr("omk_tui.engine.gating.disk_limit._free", lambda _folder: free.pop(0))
    limit = DiskLimit((str(tmp_path),), Limits(least_free=512 << 20))
    assert limit.overstepped() == "" and limit.overstepped() == ""
    assert limit.overstepped() == "it was ended: less than 512 MiB were left on the disk of its checkout"
    free[:] = [100 << 20, 60 << 20, 40 << 20]
    limit = DiskLimit((str(tmp_path),), Limits(least_free=512 << 20))
    assert limit.overstepped() == "", "a disk that was nearly full before is not the gate's fault"
    assert "less than 50 MiB" in limit.overstepped()


def test_what_closes_its_output_is_still_watched(tmp_path: Path) -> None:
    silent = "import os; os.close(1); os.close(2)\n"
    began = time.monotonic()
    ended = run(tmp_path, silent + FILL, Limits(most_written=4 << 20))
    assert "more than 4 MiB" in ended.overstepped and time.monotonic() - began < 20
    with pytest.raises(Interrupted):
        run_supervised(
            [sys.executable, "-c", silent + "import time; time.sleep(60)"],
            folder=str(tmp_path),
            environment={},
            seconds=60,
            wanted=lambda: time.monotonic() - began < 1,
        )
    assert time.monotonic() - began < 30


# What it changed


def test_every_change_of_a_tracked_file_is_told(tmp_path: Path) -> None:
    names = [b"a.txt", b"src/b.txt", b"src/deep/c.txt", b"link", b"run.sh", b"gone", b"sub", b"gr\xfcn.txt"]
    (tmp_path / "src" / "deep").mkdir(parents=True)
    (tmp_path / "sub").mkdir()
    (tmp_path / "link").symlink_to("a.txt")
    for name in names:
        path = os.path.join(os.fsencode(tmp_path), name)
        if not os.path.lexists(path):
            with open(path, "wb") as file:
                file.write(b"content of " + name)
    manifest = Manifest(str(tmp_path), names)
    assert manifest.changed(9) == ()
    about = (tmp_path / "a.txt").stat()
    (tmp_path / "a.txt").write_bytes(b"CONTENT of a.txt")
    os.utime(tmp_path / "a.txt", ns=(about.st_atime_ns, about.st_mtime_ns))
    (tmp_path / "src" / "b.txt").write_bytes(b"content of src/b.txt")  # the same again
    (tmp_path / "run.sh").chmod(0o755)
    (tmp_path / "gone").unlink()
    (tmp_path / "link").unlink()
    (tmp_path / "link").symlink_to("b.txt")
    with open(os.path.join(os.fsencode(tmp_path), b"gr\xfcn.txt"), "ab") as file:
        file.write(b"!")
    (tmp_path / "src" / "deep").rename(tmp_path / "elsewhere")
    (tmp_path / "src" / "deep").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "sub" / "built").write_text("what a submodule's folder gets is not tracked here")
    changed = manifest.changed(9)
    assert changed == ("a.txt", "src/deep/c.txt", "link", "run.sh", "gone", "gr�n.txt")
    assert manifest.changed(2) == ("a.txt", "src/deep/c.txt")


def test_pointers_of_lfs_are_counted(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_text(f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 12\n")
    (tmp_path / "about.md").write_text("version https://git-lfs.github.com/spec/v1\n" + "a text about it\n" * 99)
    assert Manifest(str(tmp_path), [b"model.bin", b"about.md"]).lfs_pointers == 1


# How its folder goes away


def test_a_folder_of_any_depth_and_mode_is_removed(tmp_path: Path) -> None:
    outside = tmp_path / "outside"
    outside.mkdir()
    (outside / "kept").write_text("kept")
    top = tmp_path / "top"
    top.mkdir()
    (top / "link").symlink_to(outside)
    here = os.open(top, os.O_RDONLY)
    for _ in range(3_000):
        os.mkdir("d" * 20, dir_fd=here)
        below = os.open("d" * 20, os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = below
    os.mkdir("beside", dir_fd=here)
    os.fchmod(here, 0o000)
    os.close(here)
    os.chmod(top / ("d" * 20), 0o500)
    assert remove_tree(str(top)) and not os.path.lexists(top)
    assert (outside / "kept").read_text() == "kept"
    assert remove_tree(str(tmp_path / "never-there"))


def test_folders_of_killed_runs_are_removed_and_those_in_use_are_not(tmp_path: Path) -> None:
    names = ("omk-tui-gates-left", "omk-tui-gates-used", "omk-tui-gates-fresh", "another-thing")
    for name in names:
        (tmp_path / name / "checkout").mkdir(parents=True)
        if name != "omk-tui-gates-fresh":
            os.utime(tmp_path / name, (0, 0))
    used = lock_folder(str(tmp_path / "omk-tui-gates-used"))
    remove_leftovers(str(tmp_path))
    assert sorted(os.listdir(tmp_path)) == sorted(names[1:])
    os.close(used)
    remove_leftovers(str(tmp_path))
    assert "omk-tui-gates-used" not in os.listdir(tmp_path)

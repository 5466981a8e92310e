"""A person's own editor: which program runs, what it gets, and what is left when it fails."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from pathlib import Path

import pytest

from omk_tui.core.decision.outcome import Failed
from omk_tui.engine.files import editor as editors
from omk_tui.engine.files.editor import Editor, edited_text, find_editor, open_copy

Make = Callable[..., dict[str, str]]


@pytest.fixture
def make(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Make:
    """Make a program of a shell script in a folder on PATH, with a temporary folder of the test's own."""
    programs, temporary, home = tmp_path / "bin", tmp_path / "tmp", tmp_path / "home"
    for folder in (programs, temporary, home):
        folder.mkdir()
    monkeypatch.setenv("TMPDIR", str(temporary))

    def made(script: str, name: str = "vim", **more: str) -> dict[str, str]:
        program = programs / name
        program.write_text(f"#!/bin/sh\n{script}\n")
        program.chmod(0o755)
        path = f"{programs}:{os.environ['PATH']}"
        return {"PATH": path, "HOME": str(home), "VISUAL": name, "SAID": str(tmp_path / "said"), **more}

    return made


def editor_of(environ: dict[str, str]) -> Editor:
    editor = find_editor(environ)
    assert isinstance(editor, Editor), editor
    return editor


def temporary_files(tmp_path: Path) -> list[str]:
    return os.listdir(tmp_path / "tmp")


def test_no_relative_folder_of_path_counts(make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    environ = make(": > owned")
    monkeypatch.chdir(tmp_path / "bin")
    for path in ("", ".", ":", "../bin", "/nowhere:."):
        assert (
            find_editor({**environ, "PATH": path})
            == "VISUAL names vim, which is no program on PATH; set it to your editor"
        )
    assert "absolute path" in str(find_editor({**environ, "VISUAL": "./vim"}))
    assert "absolute path" in str(find_editor({**environ, "VISUAL": "bin/vim"}))
    assert editor_of({**environ, "PATH": "", "VISUAL": str(tmp_path / "bin/vim")}).program == str(tmp_path / "bin/vim")
    assert "no program" in str(find_editor({**environ, "VISUAL": "/nowhere/vim"}))
    assert "␛" in str(find_editor({**environ, "VISUAL": "/nowhere/\x1b[2J"}))


def test_it_gets_the_persons_environment_and_their_home_as_its_folder(
    make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    project = tmp_path / "project"
    project.mkdir()
    monkeypatch.chdir(project)
    environ = make(
        '{ pwd; echo "$PWD" "$MINE"; for word; do echo "$word"; done; } > "$SAID"', MINE="yes", VISUAL="vim -u 'a b'"
    )
    assert editor_of(environ).open("/w/-c:q", 7) == ""
    home = tmp_path / "home"
    assert (tmp_path / "said").read_text().splitlines() == [str(home), f"{home} yes", "-u", "a b", "+7", "/w/-c:q"]
    assert editor_of({**environ, "HOME": "/nowhere"}).open("/w/a", None) == ""
    assert (tmp_path / "said").read_text().splitlines()[0] == "/"


def test_a_text_goes_through_a_private_file_that_is_removed(make: Make, tmp_path: Path) -> None:
    script = (
        'for file; do :; done; stat -c %a "$file" "${file%/*}" > "$SAID"; cat "$file" >> "$SAID"\n'
        'printf \'new\\033[31m text\\r\\nwith \\000a bell\\007\\n\' > "$file.new"; mv "$file.new" "$file"'
    )
    assert edited_text(editor_of(make(script)), "reason.txt", "old\ntext", 2) == "new text\nwith a bell"
    assert (tmp_path / "said").read_text() == "600\n700\nold\ntext\n"
    assert temporary_files(tmp_path) == []


@pytest.mark.parametrize("text", ["", "a", "a\n", "a\n\n", "\n a"])
def test_an_editor_that_changes_nothing_gives_the_text_back(make: Make, text: str) -> None:
    assert edited_text(editor_of(make("exit 0")), "reason.txt", text, 1) == text


@pytest.mark.parametrize(
    ("script", "why"),
    [
        ('echo changed > "$2"; exit 3', "vim ended with exit code 3"),
        ("kill -9 $$", "vim was ended by signal 9"),
        ('rm "$2"', "No such file or directory"),
        ('rm "$2"; mkfifo "$2"', "no regular file"),
        ('rm "$2"; ln -s /etc/passwd "$2"', "symbolic links"),
        ('rm "$2"; mkdir "$2"', "no regular file"),
        ('head -c 2000000 /dev/zero > "$2"', "longer than 1 MiB"),
    ],
)
def test_an_editor_that_fails_leaves_no_text_and_no_file(make: Make, tmp_path: Path, script: str, why: str) -> None:
    outcome = edited_text(editor_of(make(script)), "reason.txt", "old", 1)
    assert isinstance(outcome, Failed) and why in outcome.why
    assert temporary_files(tmp_path) == []


def test_a_program_that_cannot_be_started_says_so(make: Make, tmp_path: Path) -> None:
    environ = make("")
    (tmp_path / "bin/vim").write_text("#!/nowhere/sh\n")
    outcome = edited_text(editor_of(environ), "reason.txt", "old", 1)
    assert isinstance(outcome, Failed) and "vim cannot be started: No such file" in outcome.why
    assert temporary_files(tmp_path) == []


def test_without_a_place_for_the_file_it_says_so(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(_: str) -> str:
        raise OSError(28, "No space left on device", "/tmp/x")

    monkeypatch.setattr("omk_tui.engine.files.temporary_folder._make", full)
    assert edited_text(editor_of(make("")), "a", "b", 1) == Failed("/tmp/x: No space left on device")


def test_of_a_goals_file_the_editor_gets_a_copy(make: Make, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    log = tmp_path / "unit.log"
    log.write_text("one\ntwo\n")
    environ = make('cat "$2" > "$SAID"; echo "$1 ${2##*/}" >> "$SAID"; echo forged > "$2"')
    with open(log, "rb", buffering=0) as file:
        file.read(3)
        assert open_copy(editor_of(environ), file, "unit.log", 2) == ""
        assert (tmp_path / "said").read_text() == "one\ntwo\n+2 unit.log\n"
        monkeypatch.setattr(editors, "LARGEST_COPY", 4)
        assert "only its first" in open_copy(editor_of(environ), file, "unit.log", 2)
        assert (tmp_path / "said").read_text() == "one\n+2 unit.log\n"
    assert log.read_text() == "one\ntwo\n"
    assert temporary_files(tmp_path) == []


def test_a_hang_up_ends_the_desk_while_the_editor_runs() -> None:
    before = signal.signal(signal.SIGHUP, lambda *_: None)
    try:
        with editors._keys_of_the_editor():
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_DFL
        assert signal.getsignal(signal.SIGHUP) is not signal.SIG_DFL
    finally:
        signal.signal(signal.SIGHUP, before)


def test_the_keys_that_signal_are_the_editors_while_it_runs(make: Make) -> None:
    numbers = (signal.SIGINT, signal.SIGQUIT, signal.SIGTSTP)
    before = [signal.getsignal(number) for number in numbers]
    # Its own ctrl+c is the usual one, and the desk, which is in the same group, goes on.
    environ = make('trap "echo heard > $SAID; exit 0" INT\nkill -INT $PPID; kill -QUIT $PPID; kill -INT $$')
    assert editor_of(environ).open("/w/a", None) == ""
    assert Path(environ["SAID"]).read_text() == "heard\n"
    assert [signal.getsignal(number) for number in numbers] == before

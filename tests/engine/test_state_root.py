"""Where the state is looked for (STATE-FORMAT 1)."""

from __future__ import annotations

import os
import pwd
from collections.abc import Callable
from pathlib import Path

import pytest

from omk_tui.engine import RootError, find_state_root
from omk_tui.engine.files.state_root import VARIABLE

Prepare = Callable[[Path], object]


def plain_home(home: Path) -> None:
    home.mkdir()


def with_legacy(home: Path) -> None:
    (home / ".omk").mkdir(parents=True)


def with_legacy_file(home: Path) -> None:
    home.mkdir()
    (home / ".omk").write_text("")


def with_legacy_link(home: Path) -> None:
    home.mkdir()
    (home.parent / "elsewhere").mkdir()
    (home / ".omk").symlink_to("../elsewhere")


def with_dangling_legacy_link(home: Path) -> None:
    home.mkdir()
    (home / ".omk").symlink_to("nowhere")


@pytest.mark.parametrize(
    ("prepare", "xdg", "expected"),
    [
        (plain_home, None, "HOME/.local/state/omk"),
        (plain_home, "/xdg", "/xdg/omk"),
        (plain_home, "", "omk"),
        (plain_home, "relative", "relative/omk"),
        (with_legacy, None, "HOME/.omk/state"),
        (with_legacy, "/xdg", "HOME/.omk/state"),
        (with_legacy, "", "HOME/.omk/state"),
        (with_legacy_file, "/xdg", "HOME/.omk/state"),
        (with_legacy_link, "/xdg", "HOME/.omk/state"),
        (with_dangling_legacy_link, None, "HOME/.local/state/omk"),
        (with_dangling_legacy_link, "/xdg", "/xdg/omk"),
    ],
)
def test_omks_own_rule(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, prepare: Prepare, xdg: str | None, expected: str
) -> None:
    home = tmp_path / "home"
    prepare(home)
    monkeypatch.chdir(tmp_path)
    environ = {"HOME": str(home)} | ({} if xdg is None else {"XDG_STATE_HOME": xdg})
    root = find_state_root(None, environ)
    assert root.path == expected.replace("HOME", str(home))
    assert root.origin == "omk's default"
    assert not root.exists


def test_a_relative_home_stays_relative(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert find_state_root(None, {"HOME": "here"}).path == "here/.local/state/omk"


@pytest.mark.parametrize("environ", [{}, {"HOME": ""}])
def test_without_home_the_passwd_entry_counts(environ: dict[str, str], monkeypatch: pytest.MonkeyPatch) -> None:
    entry = pwd.struct_passwd(("me", "x", os.getuid(), 0, "", "/a/home/that/is/nowhere", "/bin/sh"))
    monkeypatch.setattr(pwd, "getpwuid", lambda uid: entry)
    assert find_state_root(None, environ).path == "/a/home/that/is/nowhere/.local/state/omk"


def test_without_any_home_tmp_is_it(monkeypatch: pytest.MonkeyPatch) -> None:
    def unknown(uid: int) -> pwd.struct_passwd:
        raise KeyError(uid)

    monkeypatch.setattr(pwd, "getpwuid", unknown)
    monkeypatch.setattr(os.path, "exists", lambda path: False)
    assert find_state_root(None, {}).path == "/tmp/.local/state/omk"
    monkeypatch.setattr(os.path, "exists", lambda path: path == "/tmp/.omk")
    assert find_state_root(None, {}).path == "/tmp/.omk/state"


def test_an_option_goes_before_the_variable_and_the_variable_before_omks_rule(tmp_path: Path) -> None:
    one, two = tmp_path / "one", tmp_path / "two"
    one.mkdir()
    two.mkdir()
    environ = {"HOME": str(tmp_path), VARIABLE: str(two)}
    assert find_state_root(str(one), environ).path == str(one)
    assert find_state_root(None, environ).path == str(two)
    assert find_state_root(None, environ | {VARIABLE: ""}).origin == "omk's default"


@pytest.mark.parametrize("is_file", [False, True])
def test_a_named_root_that_is_not_there_is_an_error_with_its_path(tmp_path: Path, is_file: bool) -> None:
    path = tmp_path / "gone"
    if is_file:
        path.write_text("")
    for named, environ in ((str(path), {}), (None, {VARIABLE: str(path)})):
        with pytest.raises(RootError, match=str(path)):
            find_state_root(named, environ)


def test_looking_for_a_root_makes_none(tmp_path: Path) -> None:
    find_state_root(None, {"HOME": str(tmp_path / "home"), "XDG_STATE_HOME": str(tmp_path / "xdg")})
    assert list(tmp_path.iterdir()) == []


def test_where_the_folder_of_goals_is_named_the_root_is_above_it(tmp_path: Path) -> None:
    (tmp_path / "state/goals").mkdir(parents=True)
    root = find_state_root(str(tmp_path / "state/goals"), {})
    assert root.path == str(tmp_path / "state")
    assert root.origin == "--state-root, which named its goals/"
    (tmp_path / "goals/goals").mkdir(parents=True)
    assert find_state_root(str(tmp_path / "goals"), {}).path == str(tmp_path / "goals"), "it holds goals/ itself"

"""What a gate may see and touch: its environment, and bubblewrap round it where that works."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Literal

from omk_tui.engine.files.programs import find_program
from omk_tui.light.dataclass import dataclass

Level = Literal["bwrap", "none"]
Wish = Literal["auto", "bwrap", "none"]

_PASSED_ON = ("PATH", "LANG", "LANGUAGE", "TZ", "TERM", "USER", "LOGNAME", "SHELL")
_SECRETS = (
    *(".ssh", ".gnupg", ".aws", ".azure", ".kube", ".docker", ".netrc", ".git-credentials", ".npmrc", ".pypirc"),
    *(".config/gcloud", ".config/gh", ".config/git", ".config/hub", ".local/share/keyrings", ".local/state/omk-tui"),
)
"""What of a person's home no gate needs to see."""
_SHARED_MEMORY, _RUN = 256 << 20, 16 << 20
"""Bytes that a gate may write where its files are in memory; all else that it writes is in its own folders."""


class NoIsolation(Exception):
    """Why the wished isolation cannot be had, in a sentence."""


@dataclass(frozen=True, slots=True)
class Isolation:
    """How gates are run: the level, whether they get the network, and the home that they see."""

    level: Level
    net: bool = False
    with_home: bool = False
    pass_env: tuple[str, ...] = ()

    @property
    def sentence(self) -> str:
        """What it protects from, and what not."""
        if self.level == "none":
            return "no sandbox: a gate can read and write whatever you can, and use the network"
        net = "with the network" if self.net else "without network"
        return f"bubblewrap: a gate writes only its checkout, {net}; it can read most of your files"

    def environment(self, home: str, temporary: str, environ: Mapping[str, str]) -> dict[str, str]:
        """The variables that a gate gets: no tokens, no agents, nothing of git's."""
        passed = {
            name: value
            for name, value in environ.items()
            if name in _PASSED_ON or name.startswith("LC_") or name in self.pass_env
        }
        own_home = environ.get("HOME", home) if self.with_home else home
        temporary = "/tmp" if self.level == "bwrap" else temporary
        return {**passed, "HOME": own_home, "TMPDIR": temporary, "CI": "1", "OMK_TUI_GATE": "1"}

    def words(self, command: Sequence[str], checkout: str, home: str, temporary: str) -> list[str]:
        """The command as it is started."""
        if self.level == "none":
            return list(command)
        words = [_bwrap(), "--ro-bind", "/", "/", "--dev", "/dev", *_tmpfs("/dev/shm", _SHARED_MEMORY)]
        words += ["--remount-ro", "/dev", "--proc", "/proc", "--bind", temporary, "/tmp", *_tmpfs("/run", _RUN)]
        own = os.path.expanduser("~")
        if not self.with_home and os.path.isabs(own):
            for name in _SECRETS:
                path = os.path.join(own, name)
                if os.path.isdir(path) and not os.path.islink(path):
                    words += ["--tmpfs", path, "--remount-ro", path]
                elif os.path.lexists(path) and not os.path.islink(path):
                    words += ["--ro-bind", "/dev/null", path]
        for folder in (checkout, home):
            words += ["--bind", folder, folder]
        words += ["--unshare-all", "--die-with-parent", "--new-session", "--cap-drop", "ALL", "--chdir", checkout]
        return [*words, *(["--share-net"] if self.net else []), "--", *command]


def isolation(wish: Wish, *, net: bool, with_home: bool, pass_env: tuple[str, ...]) -> Isolation:
    """The isolation that was wished for. Raises NoIsolation where bubblewrap is wished for and does not work."""
    problem = "" if wish == "none" else bwrap_problem()
    if wish == "bwrap" and problem:
        raise NoIsolation(f"--sandbox bwrap was asked for, and {problem}")
    level: Level = "bwrap" if wish != "none" and not problem else "none"
    return Isolation(level, net, with_home, pass_env)


def _tmpfs(path: str, size: int) -> list[str]:
    """An empty folder in memory, of a bounded size where this bubblewrap can bound it (else half of the memory)."""
    return [*(["--size", str(size)] if _bounds_sizes() else []), "--tmpfs", path]


@cache
def _bwrap() -> str:
    """The absolute path of bubblewrap; empty where there is none.

    By its name alone it would be looked up from inside the checkout, where a relative folder of PATH is the branch's.
    """
    return find_program("bwrap", os.environ) or ""


@cache
def _bounds_sizes() -> bool:
    try:
        ended = subprocess.run(
            [_bwrap(), "--help"], stdin=subprocess.DEVNULL, capture_output=True, timeout=10, check=False
        )
    except (OSError, subprocess.TimeoutExpired):
        return False
    return b"--size " in ended.stdout + ended.stderr


@cache
def bwrap_problem() -> str:
    """Why bubblewrap cannot be used here; empty when a probe shows that it works."""
    if not _bwrap():
        return "bubblewrap (bwrap) is not installed"
    probe = [_bwrap(), "--ro-bind", "/", "/", "--dev", "/dev", "--proc", "/proc", "--unshare-all", "--", "true"]
    try:
        ended = subprocess.run(probe, stdin=subprocess.DEVNULL, capture_output=True, timeout=10, check=False)
    except (OSError, subprocess.TimeoutExpired) as error:
        return f"bubblewrap cannot be started: {error}"
    complaint = ended.stderr.decode("utf-8", "replace").strip().partition("\n")[0]
    return "" if ended.returncode == 0 else f"bubblewrap does not work here: {complaint or f'exit {ended.returncode}'}"

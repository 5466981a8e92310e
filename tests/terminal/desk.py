"""What the tests in terminals share: the sample goals on disk, and what the program is started with."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from omk_tui.demo import goal_id, lay_out
from tests.cli.processes import command, surroundings
from tests.terminal.pseudo import Terminal


@dataclass(frozen=True)
class Desk:
    """The sample goals in a folder of their own, and an empty project."""

    root: Path
    project: Path

    def goal(self, name: str) -> Path:
        """The goal directory of a sample."""
        return self.root / "goals" / goal_id(name)

    def open(self, *words: str, size: tuple[int, int] = (80, 24), **environ: str) -> Terminal:
        """Start `omk-tui WORDS` in a pseudo-terminal."""
        return self.run(command(*words), size, **environ)

    def run(self, line: list[str], size: tuple[int, int] = (80, 24), **environ: str) -> Terminal:
        """Start any command line in a pseudo-terminal."""
        return Terminal(line, surroundings(self.root, **environ), self.project, size)

    def digest(self) -> str:
        """SHA-256 over names, kinds, modes and bytes of everything in the goals' directories."""
        return digest(self.root / "goals")


def lay_out_desk(place: Path) -> Desk:
    """The samples below `place`, with an empty project."""
    desk = Desk(place / "state", place / "project")
    desk.project.mkdir()
    lay_out(desk.root, desk.project)
    return desk


def digest(folder: Path) -> str:
    """SHA-256 over names, kinds, modes and bytes of everything below a folder."""
    total = hashlib.sha256()
    for path in sorted(folder.rglob("*")):
        total.update(f"{path.relative_to(folder)}\0{path.lstat().st_mode}\0".encode("utf-8", "surrogateescape"))
        if path.is_file() and not path.is_symlink():
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def stitched(pages: Iterable[list[str]]) -> list[str]:
    """Pages of a text that was scrolled, as one: what a page repeats of the end of the one before counts once."""
    whole: list[str] = []
    for page in pages:
        overlap = next((size for size in range(min(len(page), len(whole)), 0, -1) if whole[-size:] == page[:size]), 0)
        whole += page[overlap:]
    return whole

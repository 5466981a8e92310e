"""What the tests of the commands share: the samples as a state root, and running a command without a process."""

from __future__ import annotations

import io
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from omk_tui.__main__ import main
from omk_tui.cli.console import Console
from omk_tui.demo import lay_out


@dataclass(frozen=True, slots=True)
class Ended:
    """How a command ended: exit code and what it wrote."""

    code: int
    out: str
    err: str

    @property
    def document(self) -> dict[str, Any]:
        """The one JSON document on standard output."""
        assert self.out.endswith("\n") and self.out.count("\n") == 1, self.out
        assert self.out.isascii() and "\x7f" not in self.out
        document = json.loads(self.out)
        assert isinstance(document, dict)
        return document


class Terminal(io.TextIOWrapper):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


@dataclass(frozen=True, slots=True)
class Desk:
    """A state root, an empty project, and the commands on them."""

    root: Path
    project: Path

    def run(
        self, *words: str, stdin: bytes | None = b"", environ: Mapping[str, str] | None = None, terminal: bool = False
    ) -> Ended:
        """Run one command in this process; the root comes from the environment."""
        make = Terminal if terminal else io.TextIOWrapper
        out, err = make(io.BytesIO(), encoding="utf-8"), make(io.BytesIO(), encoding="utf-8")
        given = None if stdin is None else make(io.BytesIO(stdin), encoding="utf-8")
        surroundings = {"OMK_TUI_STATE_ROOT": str(self.root), "TERM": "xterm"} if environ is None else environ
        code = main(list(words), Console(given, out, err, surroundings))
        return Ended(code, _written(out), _written(err))

    def goal(self, goal_id: str) -> Path:
        """The goal's directory."""
        return self.root / "goals" / goal_id

    def contents(self) -> dict[str, bytes]:
        """Every file below the state root with its bytes."""
        return {str(path): path.read_bytes() for path in sorted(self.root.rglob("*")) if path.is_file()}


def lay_out_desk(place: Path) -> Desk:
    """The samples below `place`, with an empty project."""
    desk = Desk(place / "state", place / "project")
    desk.project.mkdir()
    lay_out(desk.root, desk.project)
    return desk


def _written(stream: io.TextIOWrapper) -> str:
    assert isinstance(stream.buffer, io.BytesIO)
    return stream.buffer.getvalue().decode("utf-8")

"""Runs one git command: an absolute git, an environment of its own, bounded in time and output, killed whole."""

from __future__ import annotations

import os
import time
from collections.abc import Mapping, Sequence

from omk_tui.engine.files.programs import absolute_folders, find_program
from omk_tui.engine.git.process import Process, end_all
from omk_tui.light.dataclass import dataclass

SECONDS_OF_ONE_LOOK = 5.0
"""Seconds that all git commands of one look take together, at most."""
LARGEST_ANSWER = 64 << 20
"""Bytes of standard output that are taken from one command; one with more to say is ended."""
_PASSED_ON = ("HOME", "XDG_CONFIG_HOME", "TMPDIR", "USER", "LOGNAME")
_FIXED = {
    "LC_ALL": "C",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_OPTIONAL_LOCKS": "0",  # looking never writes: without it git renews the index
    "GIT_ALLOW_PROTOCOL": "",  # no transport at all
    "GIT_NO_LAZY_FETCH": "1",
    "GIT_PROTOCOL_FROM_USER": "0",
    "GIT_ASKPASS": "",
    "GIT_PAGER": "",
    "GIT_TRACE2": "0",
    "GIT_TRACE2_EVENT": "0",
    "GIT_TRACE2_PERF": "0",
}


@dataclass(frozen=True, slots=True)
class GitAnswer:
    """How a git command ended: its exit code (None: killed at a limit), its output in bytes, and its complaint."""

    code: int | None
    output: bytes = b""
    complaint: str = ""

    @property
    def text(self) -> str:
        """The output as text, invalid bytes as U+FFFD."""
        return self.output.decode("utf-8", "replace")

    @property
    def names(self) -> str:
        """The output as text in which invalid bytes stay what they are, for names that git is asked about again."""
        return self.output.decode("utf-8", "surrogateescape")


@dataclass(frozen=True, slots=True)
class Git:
    """The git program of one look: its absolute path, the PATH that it sees, and when all its commands must be done.

    `deadline` is a reading of `time.monotonic`.
    """

    program: str
    search_path: str
    deadline: float

    @property
    def out_of_time(self) -> bool:
        """Whether the time of this look is used up."""
        return time.monotonic() >= self.deadline

    def start(
        self,
        words: Sequence[str],
        *,
        folder: str,
        variables: Mapping[str, str],
        stdin: bytes = b"",
        largest: int = LARGEST_ANSWER,
    ) -> RunningGit:
        """Start ``git WORDS`` in `folder` with these variables and nothing of the environment's own git variables.

        `stdin` is what it reads, `largest` the bytes of output that are taken. Something else can be done until its
        answer is asked for. Raises nothing: what cannot be started is an answer without an exit code.
        """
        environment = {name: os.environ[name] for name in _PASSED_ON if name in os.environ}
        environment |= {"PATH": self.search_path, **_FIXED, **variables}
        if self.out_of_time:
            return RunningGit(GitAnswer(None, complaint="out of time"))
        command = [self.program, "--no-pager", "-C", folder, *words]
        try:
            return RunningGit(process=Process(command, environment, stdin, largest, self.deadline))
        except (OSError, ValueError) as error:
            return RunningGit(GitAnswer(None, complaint=str(error)))


class RunningGit:
    """A command of git that runs; a context for whoever may not wait for its answer: leaving it ends the command."""

    def __init__(self, answer: GitAnswer | None = None, process: Process | None = None) -> None:
        self._answer, self._process = answer, process

    def __enter__(self) -> RunningGit:
        return self

    def __exit__(self, *_: object) -> None:
        if self._process is not None:
            self._process.end()

    def answer(self) -> GitAnswer:
        """How it ended, after waiting for that."""
        if self._answer is None and self._process is not None:
            code, output, complaint = self._process.exchange()
            self._answer = GitAnswer(code, output, complaint.decode("utf-8", "replace"))
        return self._answer or GitAnswer(None)


def find_git(environ: Mapping[str, str], seconds: float = SECONDS_OF_ONE_LOOK) -> Git | None:
    """The git of the first absolute folder of PATH that has one; None where there is none."""
    program = find_program("git", environ)
    if program is None:
        return None
    return Git(program, os.pathsep.join(absolute_folders(environ)), time.monotonic() + seconds)


def end_git() -> None:
    """Kill every git command that runs now, with its children: nobody waits for the answers any more."""
    end_all()

"""The process that looks for syntax: a JSON line asks, a JSON line answers. `python -m omk_tui.syntax.server`."""

from __future__ import annotations

import json
import resource
import signal
import sys

from omk_tui.syntax.tokens import spans_of

_MEMORY = 512 << 20
_SECONDS = 600


def main() -> None:
    """Answer until standard input ends; what cannot be understood has no spans."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # a ctrl+c in the terminal is for the desk
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY, _MEMORY))
    resource.setrlimit(resource.RLIMIT_CPU, (_SECONDS, _SECONDS))
    for line in sys.stdin:
        question = json.loads(line)
        try:
            answer = [spans_of(question["name"], code) for code in question["codes"]]
        except Exception:  # lexers are many, and not ours
            answer = []
        sys.stdout.write(json.dumps(answer) + "\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()

"""Signals that end a program (ctrl+c, SIGTERM, a hang-up) while something is done that has to be told to its end."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


@contextmanager
def held_back(tell: Callable[[], None]) -> Iterator[None]:
    """Let the first ending signal pass with a word, so that what was begun is finished and told; the second one acts.

    A signal that is ignored stays ignored. Where this is no main thread, nothing is changed.
    """
    usual = {number: signal.getsignal(number) for number in _ENDING}
    acting = [number for number, action in usual.items() if action not in (signal.SIG_IGN, None)]

    def once(_: int, __: FrameType | None) -> None:
        for number in acting:
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else usual[number])
        tell()

    try:
        for number in acting:
            signal.signal(number, once)
    except ValueError:  # not the main thread
        yield
        return
    try:
        yield
    finally:
        for number in acting:
            signal.signal(number, usual[number])

"""Interrupts (ctrl+c) while something is done that has to be told to its end."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def held_back(tell: Callable[[], None]) -> Iterator[None]:
    """Let the first interrupt pass with a word, so that what was begun is finished and told; the second one acts.

    Where interrupts are ignored, or this is no main thread, nothing is changed.
    """
    usual = signal.getsignal(signal.SIGINT)
    if usual is signal.SIG_IGN:
        yield
        return

    def once(_: int, __: FrameType | None) -> None:
        signal.signal(signal.SIGINT, signal.default_int_handler)
        tell()

    try:
        signal.signal(signal.SIGINT, once)
    except ValueError:  # not the main thread
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, usual)

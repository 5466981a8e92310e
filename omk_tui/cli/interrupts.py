"""Signals that end a program (ctrl+c, SIGTERM, a hang-up) while something is done that has to be told to its end."""

from __future__ import annotations

import signal
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from types import FrameType

_ENDING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_Action = Callable[[int, FrameType | None], object]


@contextmanager
def handled(handler: _Action, numbers: Sequence[signal.Signals] = _ENDING) -> Iterator[None]:
    """Let these signals do something else for a while.

    A signal that is ignored stays ignored. Where this is no main thread, nothing is changed.
    """
    usual = _acting(numbers)
    try:
        for number in usual:
            signal.signal(number, handler)
    except ValueError:  # not the main thread
        yield
        return
    try:
        yield
    finally:
        for number, action in usual.items():
            signal.signal(number, action)


@contextmanager
def held_back(tell: Callable[[], None]) -> Iterator[None]:
    """Let the first ending signal pass with a word, so that what was begun ends and is told; the second one acts."""
    usual = _acting(_ENDING)

    def once(_: int, __: FrameType | None) -> None:
        for number, action in usual.items():
            signal.signal(number, signal.default_int_handler if number == signal.SIGINT else action)
        tell()

    with handled(once):
        yield


def _acting(numbers: Sequence[signal.Signals]) -> dict[signal.Signals, _Action | int]:
    """What each of the signals does now, without those that are ignored."""
    actions = {number: signal.getsignal(number) for number in numbers}
    return {number: action for number, action in actions.items() if action not in (signal.SIG_IGN, None)}


def deaf() -> AbstractContextManager[None]:
    """Ignore further interrupts for a while."""
    return handled(lambda *_: None, (signal.SIGINT,))

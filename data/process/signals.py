"""Signals that end the process: raised as exceptions, or delayed."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

LOST = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
"""The signals of a cluster whose time limit is reached and of a closed terminal."""


class Ended(KeyboardInterrupt):
    """The process received a signal that ends it.

    Args:
        number: Number of the signal.
    """

    def __init__(self, number: int) -> None:
        super().__init__(signal.strsignal(number))
        self.number = number


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Raise `Ended` for the signals in `LOST`, so that files are closed and removed."""

    def end(number: int, frame: FrameType | None) -> None:
        raise Ended(number)

    with _handling(end, LOST):
        yield


@contextmanager
def delayed_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Delay signals until the end of a block that must not be interrupted.

    Args:
        stop: Called when a signal arrives, to make the block end early.
    """
    arrived: list[int] = []

    def note(number: int, frame: FrameType | None) -> None:
        arrived.append(number)
        stop()

    try:
        with _handling(note, (signal.SIGINT, *LOST)):
            yield
    finally:
        if arrived:
            signal.raise_signal(arrived[0])


@contextmanager
def _handling(
    handler: Callable[[int, FrameType | None], None], numbers: tuple[int, ...]
) -> Iterator[None]:
    if (
        threading.current_thread() is not threading.main_thread()
    ):  # other threads may not set handlers
        yield
        return
    # Ignored signals stay ignored: that is how nohup keeps a process alive without a terminal.
    before = {number: signal.getsignal(number) for number in numbers}
    ours = {n: old for n, old in before.items() if old not in (signal.SIG_IGN, None)}
    for number in ours:
        signal.signal(number, handler)
    try:
        yield
    finally:
        for number, old in ours.items():
            signal.signal(number, old)

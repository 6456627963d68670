"""What signals that end a process do for a while."""

import signal
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

LOST = tuple(getattr(signal, name) for name in ("SIGTERM", "SIGHUP") if hasattr(signal, name))
"""What a cluster sends when the time is over, and a terminal that is lost."""


class Ended(KeyboardInterrupt):
    """A signal told the process to end.

    Args:
        number: Of the signal.
    """

    def __init__(self, number: int) -> None:
        super().__init__(signal.strsignal(number))
        self.number = number


@contextmanager
def ended_by_signals() -> Iterator[None]:
    """Let the signals of `LOST` raise `Ended`, so that files are closed and removed."""

    def end(number: int, frame: FrameType | None) -> None:
        raise Ended(number)

    with _handling(end, LOST):
        yield


@contextmanager
def delayed_signals(stop: Callable[[], None]) -> Iterator[None]:
    """Keep signals back until the end of a block that must not be left in the middle.

    Args:
        stop: Called when one arrives, to bring the end of the block about.
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
    if threading.current_thread() is not threading.main_thread():  # others may set no handlers
        yield
        return
    # What is ignored stays so: nohup lets a process outlive its terminal that way.
    before = {number: signal.getsignal(number) for number in numbers}
    ours = {n: old for n, old in before.items() if old not in (signal.SIG_IGN, None)}
    for number in ours:
        signal.signal(number, handler)
    try:
        yield
    finally:
        for number, old in ours.items():
            signal.signal(number, old)

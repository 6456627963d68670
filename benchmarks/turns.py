"""Ways to do the same work by turns, each in its own process: a busy machine slows all alike."""

import multiprocessing
import os
import re
import time
from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, suppress
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any
from unittest.mock import patch


class Contestant(AbstractContextManager["Contestant"]):
    """A way to work, made and asked in a process of its own.

    Frameworks that share a process would share its threads, and Keras has one backend for each.

    Args:
        make: Makes the way.
        *arguments: Of `make`.
        environment: Variables of the process.

    Attributes:
        seconds: That the last work took.
        peak: Largest resident memory of the process so far, in MiB.
    """

    def __init__(
        self, make: Callable[..., Any], *arguments: Any, environment: Mapping[str, str] = {}
    ) -> None:
        context = multiprocessing.get_context("spawn")
        self._connection, theirs = context.Pipe()
        self._process = context.Process(target=_serve, args=(theirs, make, arguments), daemon=True)
        with patch.dict(os.environ, environment):
            self._process.start()
        theirs.close()

    def __call__(self, method: str, *arguments: Any) -> Any:
        """What a method of the way returns."""
        self._connection.send((method, arguments))
        self.seconds, self.peak, came = self._connection.recv()
        return came

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        self._process.join()


def _serve(connection: Connection, make: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    way = make(*arguments)
    with suppress(EOFError):
        while True:
            method, arguments = connection.recv()
            begin = time.perf_counter()
            came = getattr(way, method)(*arguments)
            connection.send((time.perf_counter() - begin, _peak(), came))


def _peak() -> float:
    """Not getrusage: it counts what the process was before it became a new program, too."""
    status = Path("/proc/self/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024

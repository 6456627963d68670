"""An object in a process of its own. Variants of the same work take turns, each in a process."""

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


class Worker(AbstractContextManager["Worker"]):
    """An object that is made and called in a process of its own.

    Frameworks in one process would share its threads, and Keras has one backend for each process.

    Args:
        make: Makes the object.
        *arguments: Arguments of `make`.
        environment: Additional environment variables of the process.

    Attributes:
        seconds: Duration of the last call, in seconds.
        cpu_seconds: Those of the processor that it took, of all its threads.
        peak: Peak resident memory of the process so far, in MiB.
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
        """Call a method of the object and return its result."""
        self._connection.send((method, arguments))
        self.seconds, self.cpu_seconds, self.peak, result = self._connection.recv()
        return result

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        self._process.join()


def _serve(connection: Connection, make: Callable[..., Any], arguments: tuple[Any, ...]) -> None:
    made = make(*arguments)
    with suppress(EOFError):
        while True:
            method, arguments = connection.recv()
            begin, cpu = time.perf_counter(), time.process_time()
            result = getattr(made, method)(*arguments)
            seconds, cpu_seconds = time.perf_counter() - begin, time.process_time() - cpu
            connection.send((seconds, cpu_seconds, _peak(), result))


def _peak() -> float:
    """Peak memory in MiB. getrusage would include the parent, of which the process is a copy."""
    status = Path("/proc/self/status").read_text()
    return int(re.findall(r"VmHWM:\s+(\d+) kB", status)[0]) / 1024

"""The worker processes of this machine: how they start, and how they end with the main process."""

import os
import re
import signal
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from joblib.externals.loky import process_executor
from joblib.externals.loky.backend import resource_tracker

from mdat_data import InputError
from mdat_data.process.signals import LOST
from mdat_train.tables.plan import notices


def prepare(notices_folder: Path, main: int) -> None:
    """Set up a worker process.

    Args:
        notices_folder: The `folder` of the notices of the main process.
        main: The id of the main process.
    """
    # They reach every process of a terminal or a cluster's job; only the main one must handle them.
    for number in (signal.SIGINT, *LOST):
        signal.signal(number, signal.SIG_IGN)
    notices.keep(notices_folder)
    threading.Thread(target=_end_with, args=(main,), daemon=True).start()
    # TensorFlow keeps traced models in memory. loky takes that for a leak and would restart the
    # process after every few jobs, which would then import and trace everything again.
    process_executor._MAX_MEMORY_LEAK_SIZE = sys.maxsize


def _end_with(main: int) -> None:
    """End this process soon after the main one, which cannot say so where it is killed."""
    while os.getppid() == main:
        time.sleep(1)
    os._exit(1)


@contextmanager
def killed_workers_named() -> Iterator[None]:
    """Turn the failure of a grid, one of whose workers was killed, into a message.

    Raises:
        InputError: A worker was killed.
    """
    try:
        yield
    except process_executor.TerminatedWorkerError as error:
        codes = ", ".join(re.findall(r"SIG[A-Z]+", str(error)))
        if "SIGKILL" not in codes:  # a crash of a library
            raise
        raise InputError(
            f"the processes of --jobs must run to their end, but one was killed ({codes}), as "
            "systems do where memory is short. Finished runs are kept; the same command "
            "continues, with fewer --jobs if memory is short."
        ) from error


def start_resource_tracker() -> None:
    """Start the process that cleans up behind the workers, deaf to a lost terminal.

    It must outlive all others, and ignores Ctrl-C and SIGTERM by itself. What is blocked here is
    blocked there for good.
    """
    lost = {signal.SIGHUP} if hasattr(signal, "SIGHUP") else set()
    before = signal.pthread_sigmask(signal.SIG_BLOCK, lost) if lost else set()
    try:
        resource_tracker.ensure_running()
    finally:
        if lost:
            signal.pthread_sigmask(signal.SIG_SETMASK, before)

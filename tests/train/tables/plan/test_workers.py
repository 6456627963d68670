"""Worker processes that are killed, or whose main process is."""

import os
import signal
import subprocess
import sys

import joblib
import pytest
from joblib.externals.loky.process_executor import TerminatedWorkerError

from mdat_data import InputError
from mdat_train.tables.plan import engine, workers

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")

SLEEPING = """
import time, joblib
from mdat_train.tables.plan import engine

def work():
    print("at work", flush=True)
    time.sleep(1000)

with engine._engine(2, "local") as (options, _):
    joblib.Parallel(**options)(joblib.delayed(work)() for _ in range(2))
"""


def killed(number: int) -> None:
    """Let a worker be ended by a signal."""

    def work() -> None:
        os.kill(os.getpid(), number)

    with workers.killed_workers_named(), engine._engine(2, "local") as (options, _):
        joblib.Parallel(**options)(joblib.delayed(work)() for _ in range(2))


def test_a_killed_worker_is_named():
    with pytest.raises(InputError, match=r"killed \(SIGKILL.*Finished runs are kept.*fewer --jobs"):
        killed(signal.SIGKILL)


def test_a_crash_keeps_its_traceback():
    with pytest.raises(TerminatedWorkerError, match="SIGSEGV"):
        killed(signal.SIGSEGV)


def test_workers_end_soon_after_a_main_process_that_was_killed():
    process = subprocess.Popen(
        [sys.executable, "-c", SLEEPING], stdout=subprocess.PIPE, start_new_session=True
    )
    assert process.stdout.readline() == b"at work\n"
    process.kill()
    try:
        process.communicate(timeout=30)  # until nobody has its output open any more
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        raise

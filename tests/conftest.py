"""What all tests share."""

import gc
import os
import signal

# A shell starts what it puts into the background with Ctrl-C ignored, nohup what it starts with
# the loss of its terminal, and children inherit it: tests would wait for what never comes.
signal.signal(signal.SIGINT, signal.default_int_handler)
signal.signal(signal.SIGHUP, signal.SIG_DFL)

# No test cuts the power, and waiting for the disk takes longer than the rest of many a test.
os.fsync = lambda descriptor: None


def pytest_collection_finish() -> None:
    """Spare the garbage collector the million objects of all imports, which stay to the end."""
    gc.collect()
    gc.freeze()

"""Runs mdat-extract repeatedly and kills it at random moments.

    python killing.py KILLS BATCHES OPTION...

Each run is a fork of this process, which has imported everything, so that it starts at once.
Prints, as JSON, for each run how it ended, the number of part files afterwards, and whether the
finished file exists.
"""

import json
import os
import random
import signal
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path

import numpy as np

from mdat_extract import encode, report  # noqa: F401  # for the forks
from mdat_extract.cli.extract import main
from mdat_extract.encoders.char_ngram import CharNgram
from mdat_extract.encoders.logmel import LogMel


def start(options: list[str]) -> int:
    """Start a run and return its process id."""
    pid = os.fork()
    if not pid:
        silent = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silent, sys.stdout.fileno())
        try:
            main(options)
        except SystemExit as ended:
            os._exit(ended.code)  # at once: a normal exit takes longer than the run
    return pid


def end(pid: int, due: Callable[[], bool]) -> str:
    """Kill a run when `due` is true, unless it has ended, and return how it ended."""
    while not due():
        ended, status = os.waitpid(pid, os.WNOHANG)
        if ended:
            return f"exit {os.waitstatus_to_exitcode(status)}"
        time.sleep(0.001)
    os.kill(pid, signal.SIGKILL)
    os.waitpid(pid, 0)
    return "killed"


def seconds(options: list[str]) -> float:
    """Duration of a whole run."""
    began = time.monotonic()
    end(start(options), never)
    return time.monotonic() - began


def never() -> bool:
    return False


def after(delay: float) -> Callable[[], bool]:
    until = time.monotonic() + delay
    return lambda: time.monotonic() >= until


def parts(out: Path) -> int:
    return len(list(out.parent.glob(f"{out.name}.parts/*/*.npz")))


def run_and_kill(kills: int, batches: int, options: list[str]) -> list[tuple[str, int, bool]]:
    """Run until `kills` runs were killed, then once to the end. Finished files are renamed.

    Every second run is killed at a random time, the others when they have a random number of parts:
    a slow machine would seldom reach the last parts before a random time.
    """
    out = Path(options[options.index("--out") + 1])
    rng = random.Random(1)
    whole = min(seconds([*options, "--out", f"{out}.{name}"]) for name in ("whole", "again"))
    runs: list[tuple[str, int, bool]] = []
    while sum(ended == "killed" for ended, *_ in runs) < kills or runs[-1][0] == "killed":
        killed, kept = sum(ended == "killed" for ended, *_ in runs), parts(out)
        if killed >= kills:
            due = never
        elif killed % 2 or kept == batches:
            due = after(rng.uniform(0, whole))
        else:
            due = partial(lambda number: parts(out) >= number, rng.randint(kept + 1, batches))
        ended = end(start(options), due)
        runs.append((ended, parts(out), out.exists()))
        if ended != "killed":
            out.rename(f"{out}.{len(runs)}")
    return runs


if __name__ == "__main__":
    LogMel().encode([np.ones(16_000, np.float32)])
    CharNgram().encode(["warm"])
    print(json.dumps(run_and_kill(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])))

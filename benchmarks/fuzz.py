"""Does any input end in a traceback, hang, or leave something half-written?

    python benchmarks/fuzz.py --inputs 10000

Half of the inputs are damaged files, half are options of the commands. They are tried in process:
through the Python interface, and through click's runner. Every hundredth input, and the next one
after a crash, begins a fresh process. The same seed gives the same inputs.
"""

import multiprocessing
import os
import random
import shutil
import sys
import time
import traceback
import warnings
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from functools import partial
from multiprocessing.connection import Connection
from pathlib import Path
from tempfile import TemporaryDirectory

import click
import fuzz_files
import fuzz_options
from fuzz_files import RefusedError, World, make_world

from mdat_data import InputError
from mdat_data.process.output import MARK

TOGETHER = 100
"""Number of inputs that a process tries."""

LONGEST = 60.0
"""Seconds after which an input counts as one that hangs."""

ACCEPTED, REFUSED, FAULT = "accepted", "refused", "faults"
Result = tuple[int, str, str, str]
"""Number of the input, kind, how it ended, and the words of a fault."""


@click.command()
@click.option("--inputs", default=10_000, show_default=True, help="Number of inputs.")
@click.option("--seed", default=0, show_default=True, help="Seed of all inputs.")
@click.option("--processes", default=2, show_default=True, help="Number of processes at a time.")
@click.option("--number", default=None, type=int, help="Try this input alone, in this process.")
def main(inputs: int, seed: int, processes: int, number: int | None) -> None:
    """Try damaged files and random options. The exit code is 1 if there is a fault."""
    start = time.monotonic()
    with TemporaryDirectory() as folder:
        world = make_world(Path(folder))
        if number is not None:
            click.echo(attempt(number, seed, world))
            return
        results = list(tried(range(inputs), seed, world, processes))
    told = defaultdict(Counter)
    for _, kind, ended, _ in results:
        told[kind][ended] += 1
    click.echo(f"| input | number | {ACCEPTED} | {REFUSED} | {FAULT} |\n|---|---:|---:|---:|---:|")
    for kind, of_kind in sorted(told.items()):
        ends = " | ".join(str(of_kind[end]) for end in (ACCEPTED, REFUSED, FAULT))
        click.echo(f"| {kind} | {of_kind.total()} | {ends} |")
    faults = [result for result in results if result[2] == FAULT]
    click.echo(f"{len(results)} inputs in {time.monotonic() - start:.0f} s: {len(faults)} faults")
    for at, kind, _, words in faults:
        click.echo(f"\n--seed {seed} --number {at} ({kind}): {words}")
    sys.exit(bool(faults))


def tried(numbers: range, seed: int, world: World, processes: int) -> Iterator[Result]:
    """Try inputs in several processes at a time."""
    parts = [numbers[at : at + TOGETHER] for at in range(0, len(numbers), TOGETHER)]
    with ThreadPoolExecutor(processes) as pool:
        for results in pool.map(partial(_part, seed=seed, world=world), parts):
            yield from results


def _part(numbers: range, seed: int, world: World) -> list[Result]:
    """Try some inputs in a process, and in a fresh one after a crash."""
    results: list[Result] = []
    while len(results) < len(numbers):
        ours, theirs = multiprocessing.Pipe()
        process = multiprocessing.get_context("fork").Process(
            target=_serve, args=(theirs, numbers[len(results) :], seed, world)
        )
        process.start()
        theirs.close()
        with suppress(EOFError):
            while len(results) < len(numbers) and ours.poll(LONGEST):
                results.append(ours.recv())
        hangs = process.is_alive() and len(results) < len(numbers)
        process.kill()
        process.join()
        if len(results) < len(numbers):
            words = "hangs" if hangs else f"crash, exit code {process.exitcode}"
            results.append((numbers[len(results)], "?", FAULT, words))
    return results


def _serve(connection: Connection, numbers: range, seed: int, world: World) -> None:
    silent = os.open(os.devnull, os.O_WRONLY)
    for stream in (1, 2):
        os.dup2(silent, stream)
    warnings.simplefilter("ignore")
    for number in numbers:
        connection.send(attempt(number, seed, world))


def attempt(number: int, seed: int, world: World) -> Result:
    """Try one input, in a working directory of its own."""
    rng = random.Random(f"{seed} {number}")
    before = Path.cwd()
    with TemporaryDirectory() as folder:
        os.chdir(folder)
        Path("folder").mkdir()
        shutil.copy(world.features, ".")
        try:
            if number % 2:
                kind, call = fuzz_files.attempt(world, rng)
            else:
                kind, call = fuzz_options.attempt(fuzz_options.commands(world), rng)
            ended, words = _ended(call)
            if ended != FAULT and (left := _left(Path(folder), ended)):
                ended, words = FAULT, f"left behind: {', '.join(left)}"
        finally:
            os.chdir(before)
    return number, kind, ended, words


def _ended(call: Callable[[], None]) -> tuple[str, str]:
    try:
        call()
    except (InputError, RefusedError) as error:
        return REFUSED, str(error)
    except BaseException:
        return FAULT, traceback.format_exc(limit=-4)
    return ACCEPTED, ""


def _left(folder: Path, ended: str) -> list[str]:
    """What is half-written: unfinished files, and finished ones although the input was refused."""
    made = {path.name for path in folder.iterdir()}
    finished = {"made.h5", "merged.h5", "trained"} if ended == REFUSED else set()
    return sorted(str(p) for p in folder.rglob(f"*{MARK}")) + sorted(made & finished)


if __name__ == "__main__":
    main()

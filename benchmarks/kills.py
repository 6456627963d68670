"""Does a kill at any moment damage, change or leave anything?

    python benchmarks/kills.py --extract 200 --train 60 --tables 40

Every run is a real process with the command's own `main`: a fork of one that has imported what the
command imports, so that the moments fall on its work. The process and its workers are killed at a
random moment of the whole run, every fourth time of the last write, and the same command runs
again. What is there after a kill must be whole, and what is finished must be equal to the output of
a run that nobody killed, with nothing beside it.
"""

import os
import random
import signal
import sys
import tempfile
import time
import traceback
from contextlib import suppress
from dataclasses import dataclass
from importlib import import_module
from math import inf
from pathlib import Path

import click
from kills_commands import FAMILIES, Command, Content

from mdat_data.errors import listed
from mdat_data.process.output import MARK

ALONE = dict.fromkeys(("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "TQDM_DISABLE"), "1")
"""One thread of each library: a fork has none of the others."""
TEMPORARY = (MARK, ".lock", ".parts")
"""Ends of the names that a finished command leaves nothing of."""


@dataclass
class Result:
    """Kills of a command, those in its last write, and runs that ended by themselves."""

    words: str
    kills: int = 0
    late: int = 0
    finished: int = 0
    fault: str = ""

    def __str__(self) -> str:
        numbers = (self.kills, self.late, self.kills + self.finished, self.finished)
        cells = (self.words, *map(str, numbers), "no" if self.fault else "yes")
        return f"| {' | '.join(cells)} |"


Ended = tuple[int, float, float]
"""Exit code (-9 after a kill), seconds, and those since the last write began."""


@click.command()
@click.option("--extract", default=200, show_default=True, help="Kills of mdat-extract and merge.")
@click.option("--train", default=60, show_default=True, help="Kills of mdat-train.")
@click.option("--tables", default=40, show_default=True, help="Kills of mdat-tables.")
@click.option("--seed", default=0, show_default=True, help="Seed of the moments.")
@click.option(
    "--root",
    type=click.Path(exists=True, file_okay=False, path_type=Path),
    show_default="short noisy tones",
    help="Folder of EMO-DB, whose recordings are extracted.",
)
def main(seed: int, root: Path | None, **kills: int) -> None:
    """Kill commands at random moments. The exit code is 1 if there is a fault."""
    start, results = time.monotonic(), []
    click.echo("| command | kills | in the last write | runs | finished | equal |")
    click.echo("|---|---:|---:|---:|---:|---|")
    with tempfile.TemporaryDirectory() as folder:
        os.environ.update(ALONE, TMPDIR=folder, JOBLIB_TEMP_FOLDER=folder)
        for family in filter(kills.get, FAMILIES):
            results += tried(family, Path(folder, family), root, kills[family], seed)
    faults = [f"\n{each.words}: {each.fault}" for each in results if each.fault]
    total = sum(each.kills for each in results)
    seconds = time.monotonic() - start
    click.echo("\n".join([f"{total} kills in {seconds:.0f} s: {len(faults)} faults", *faults]))
    sys.exit(bool(faults))


def tried(family: str, folder: Path, root: Path | None, kills: int, seed: int) -> list[Result]:
    """Kill the commands of a family in turn, all about equally often, until one has a fault."""
    folder.mkdir()
    results: list[Result] = []
    commands, number = FAMILIES[family]
    shares = [kills // number + (place < kills % number) for place in range(number)]
    for share, command in zip(filter(None, shares), commands(folder, root), strict=False):
        results.append(killed(command, share, random.Random(f"{seed} {command.words}")))
        click.echo(results[-1])
        if results[-1].fault:
            break
    return results


def killed(command: Command, kills: int, rng: random.Random) -> Result:
    """Kill a command and start it again, until it was killed often enough; then let it finish."""
    result, turn = Result(command.words), rng.randrange(4)
    (_, *whole), expected = undisturbed(command)
    while not result.fault:
        late, ends = result.kills % 4 == turn, result.kills == kills
        delay = inf if ends else rng.uniform(0, whole[late])
        code, _, writing = run(command, delay, late=late)
        if code == -signal.SIGKILL:
            result.kills += 1
            result.late += writing > 0
            found = command.content()
            if not found.items() <= expected.items():
                result.fault = f"damaged by kill {result.kills}: {different(found, expected)}"
            if found == expected and not command.repeats:
                command.clear()
            continue
        result.finished += 1
        result.fault = fault(command, code, expected)
        if ends:
            break
        command.clear()
    return result


def undisturbed(command: Command) -> tuple[Ended, Content]:
    """Run a command to its end, twice: the second fork begins with what the first imported.

    Returns:
        How the second one ended, and what the output must be.
    """
    command.log("modules").touch()
    for _ in range(2):
        for module in command.log("modules").read_text().split():
            with suppress(Exception):
                import_module(module)
        command.clear()
        ended = run(command, inf)
    expected = command.read(command.like) if command.like else command.content()
    if words := fault(command, ended[0], expected):
        raise RuntimeError(f"{command.words}, not killed: {words}")
    command.clear()
    return ended, expected


def fault(command: Command, code: int, expected: Content) -> str:
    """What is wrong after a command has ended by itself; empty if nothing is."""
    if code:
        return f"exit code {code}: {command.log('output').read_text()[-2000:]}"
    if (found := command.content()) != expected:
        return f"not equal: {different(found, expected)}"
    left = [p.name for p in command.out.parent.rglob("*") if p.name.endswith(TEMPORARY)]
    return f"left behind: {', '.join(left)}" if left else ""


def different(found: Content, expected: Content) -> str:
    """Names of what is not equal, or the damage."""
    names = sorted(n for n in {*found, *expected} if found.get(n) != expected.get(n))
    return found.get("damage") or listed(names)


def run(command: Command, delay: float, *, late: bool = False) -> Ended:
    """Run a command; kill it and its workers so long after its start, or its last write's."""
    before, start, last = command.last_write(), time.monotonic(), inf
    pid, reaped = fork(command), 0
    while not reaped:
        time.sleep(0.001)
        now = time.monotonic()
        if last == inf and command.last_write() - before:
            last = now
        if due := now >= (last if late else start) + delay:
            os.killpg(pid, signal.SIGKILL)
        reaped, status = os.waitpid(pid, 0 if due else os.WNOHANG)
    with suppress(ProcessLookupError):
        os.killpg(pid, signal.SIGKILL)  # workers that wait for more work
    for semaphore in Path("/dev/shm").glob(f"sem.loky-{pid}-*"):
        semaphore.unlink()
    return os.waitstatus_to_exitcode(status), now - start, max(0.0, now - last)


def fork(command: Command) -> int:
    """Run a command in a fork, as a process group, and return its process id."""
    pid = os.fork()
    if pid:
        with suppress(OSError):  # it has done so itself
            os.setpgid(pid, pid)
        return pid
    code = 1
    try:
        os.setpgid(0, 0)
        output = os.open(command.log("output"), os.O_WRONLY | os.O_CREAT | os.O_TRUNC)
        [os.dup2(output, stream) for stream in (1, 2)]
        command()
    except SystemExit as ended:
        command.log("modules").write_text("\n".join(sys.modules))
        code = ended.code
    except BaseException:
        traceback.print_exc()
    finally:
        os._exit(code)  # at once: the exit of a fork would end what is its parent's


if __name__ == "__main__":
    main()

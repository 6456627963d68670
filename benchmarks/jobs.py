"""How much running jobs in parallel gains, and what a kill costs.

A small grid of mdat-tables: one run at a time, two, and on a Dask cluster of two workers on this
machine; then killed half-way by SIGKILL and started again. All reports must be the same, except for
the last digits, which depend on the number of threads.

    python benchmarks/jobs.py --caches caches
"""

import subprocess
import sys
import tempfile
import time
from pathlib import Path

import click
from distributed import LocalCluster

COMMAND = "from mdat_train.cli.tables import main; main()"
GRID = (
    *("--only", "II", "--models", "mdat,linear", "--protocol", "paper"),
    *("--seeds", "4", "--epochs", "3"),
)
HALF = 8
"""Finished runs at the kill."""


@click.command()
@click.option("--caches", type=click.Path(exists=True, path_type=Path), required=True)
def main(caches: Path) -> None:
    """Measure the time of a grid of runs, and compare the reports."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder)
        seconds = {f"--jobs {n}": timed(caches, out / f"jobs {n}", f"--jobs={n}") for n in (1, 2)}
        with LocalCluster(
            n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
        ) as cluster:
            engine = cluster.scheduler_address.replace("tcp://", "dask://")
            seconds["Dask, two workers"] = timed(caches, out / "dask", f"--engine={engine}")
        for name, value in seconds.items():
            click.echo(f"{name:20} {value:6.1f} s  {seconds['--jobs 1'] / value:.2f}")
        kept = killed(caches, out / "killed")
        timed(caches, out / "killed", "--jobs=2")
        click.echo(
            f"killed after {kept} runs, then finished: {same(out / 'killed', out / 'jobs 2')}"
        )
        click.echo(f"Dask against --jobs 2: {same(out / 'dask', out / 'jobs 2')}")


def start(caches: Path, out: Path, *options: str) -> subprocess.Popen[bytes]:
    """Start the command in a session of its own."""
    arguments = [f"--caches={caches}", f"--out={out}", *GRID, *options]
    return subprocess.Popen([sys.executable, "-c", COMMAND, *arguments], start_new_session=True)


def timed(caches: Path, out: Path, *options: str) -> float:
    """Duration of the whole command, in seconds."""
    begin = time.monotonic()
    if start(caches, out, *options).wait() != 0:
        raise SystemExit("the command failed")
    return time.monotonic() - begin


def killed(caches: Path, out: Path) -> int:
    """Kill the command and its workers when half of the runs are finished.

    Returns:
        The number of finished runs.
    """
    process = start(caches, out, "--jobs=2")
    while finished(out) < HALF:
        time.sleep(0.2)
    subprocess.run(["pkill", "-KILL", "-s", str(process.pid)], check=True)
    process.wait()
    return finished(out)


def finished(out: Path) -> int:
    """Number of finished runs: the folder of a run has another name until it is complete."""
    return len([path for path in out.glob("runs/*") if path.suffix != ".tmp"])


def same(one: Path, other: Path) -> str:
    """Compare two reports byte by byte."""
    files, others = (
        {p.name: p.read_bytes() for p in folder.iterdir() if p.is_file()} for folder in (one, other)
    )
    if files == others:
        return "the same report"
    differing = sorted(n for n in {*files, *others} if files.get(n) != others.get(n))
    return f"reports differ in {', '.join(differing)}"


if __name__ == "__main__":
    main()

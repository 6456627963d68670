"""Runs jobs side by side, on this machine or on a cluster; what is finished is kept."""

import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import joblib
from joblib.externals.loky import process_executor

from mdat_data import InputError
from mdat_data.process.output import whole_folder
from mdat_train.classifiers import backend
from mdat_train.classifiers.classifier import Epoch, Watch
from mdat_train.runs.folder import read_run, write_run
from mdat_train.runs.run import Run
from mdat_train.tables.plan.grid import Job

LOCAL = "local"
DASK = "dask://"


def pending(jobs: Sequence[Job]) -> list[Job]:
    """The jobs whose runs are not there yet."""
    return [job for job in jobs if not job.config.out.exists()]


def finished(jobs: Sequence[Job]) -> dict[Job, Run]:
    """The runs of jobs that are done.

    Raises:
        InputError: The folder of a run was damaged.
    """
    return {job: read_run(job.config.out) for job in jobs}


def run_jobs(jobs: Sequence[Job], *, at_once: int, engine: str) -> Iterator[tuple[Job, str]]:
    """Run jobs, each into its folder, which appears as a whole.

    A job that cannot be run as asked does not keep the others from running.

    Args:
        jobs: What is to be run.
        at_once: How many at a time, on this machine.
        engine: `local`, or `dask://host:port`, a Dask scheduler whose workers have one thread each
            and see the same files.

    Yields:
        Each job when it is done, in any order, and why it could not be run, empty if it was.

    Raises:
        InputError: The cluster cannot be reached or used.
    """
    with _engine(at_once, engine) as (options, share):
        calls = (joblib.delayed(_run_job)(job, share) for job in jobs)
        yield from joblib.Parallel(return_as="generator_unordered", batch_size=1, **options)(calls)


@contextmanager
def _engine(at_once: int, engine: str) -> Iterator[tuple[dict[str, Any], int]]:
    """Options for joblib, and how many jobs share a machine."""
    if engine == LOCAL:
        share = min(at_once, joblib.cpu_count())
        threads = max(1, joblib.cpu_count() // share)
        with joblib.parallel_config(
            backend="loky", inner_max_num_threads=threads, initializer=_prepare_worker
        ):
            yield {"n_jobs": at_once}, share
        return
    if not engine.startswith(DASK):
        raise InputError(f"--engine must be local or dask://host:port, but is {engine}.")
    from distributed import Client

    try:
        client = Client(engine.replace(DASK, "tcp://"), timeout=5)
    except OSError as error:
        raise InputError(
            f"--engine {engine} must be a running Dask scheduler, but: {error}. Start one with "
            "`dask scheduler`, and workers with `dask worker --nthreads 1`."
        ) from error
    with client:
        hosts = _hosts(client.scheduler_info(n_workers=-1)["workers"], engine)
        with joblib.parallel_config(backend="dask"):
            yield {"n_jobs": -1}, max(hosts.count(host) for host in hosts)


def _hosts(workers: dict[str, Any], engine: str) -> list[str]:
    """The machine of every worker; each has one thread, as Keras' state belongs to a process."""
    if not workers or any(worker["nthreads"] != 1 for worker in workers.values()):
        raise InputError(
            f"--engine {engine} must have workers of one thread each, but has "
            f"{len(workers)} workers of {sorted({w['nthreads'] for w in workers.values()})} "
            "threads. Start them with `dask worker --nthreads 1`, several on a machine."
        )
    return [worker["host"] for worker in workers.values()]


def _prepare_worker() -> None:
    """Make a process of this machine ready for jobs."""
    # Ctrl-C reaches every process of a terminal: only the first is to answer.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # loky takes what TensorFlow keeps of a traced model for a leak, and would start the process
    # anew after every few jobs, to import and trace everything again.
    process_executor._MAX_MEMORY_LEAK_SIZE = sys.maxsize


def _run_job(job: Job, share: int) -> tuple[Job, str]:
    """Run one job and keep the run; `share` jobs at a time run on this machine."""
    backend.start(threads=max(1, joblib.cpu_count() // share))
    from mdat_train.experiments.pipeline import tested
    from mdat_train.inputs.loading import load

    try:
        run = tested(load(job.config), _silent)
    except InputError as error:
        return job, str(error)
    with whole_folder(job.config.out) as folder:
        write_run(run, folder)
    return job, ""


@contextmanager
def _silent(name: str) -> Iterator[Watch]:
    """One bar shows all jobs, so a training shows nothing."""

    def watch(epoch: Epoch, epochs: int) -> None:
        pass

    yield watch

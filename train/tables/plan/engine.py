"""Runs jobs in parallel, on this machine or on a cluster; finished runs are kept."""

import json
import os
import shutil
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import joblib

from mdat_data import InputError
from mdat_data.process import checksum
from mdat_data.process.checksum import write_checksum
from mdat_data.process.output import whole_folder
from mdat_train.classifiers import backend
from mdat_train.classifiers.models import MODELS
from mdat_train.classifiers.threads import limit_backend_threads, threads_of_each
from mdat_train.experiments.kept_trainings import KeptTrainings
from mdat_train.experiments.recorder import silent
from mdat_train.experiments.run_experiment import run_experiment
from mdat_train.inputs.loading import load
from mdat_train.runs.folder import READ, read_run, write_records
from mdat_train.runs.run import Run
from mdat_train.tables.plan import notices, workers
from mdat_train.tables.plan.grid import Job, libraries

if TYPE_CHECKING:
    from mdat_train.classifiers.compiled_models import CompiledModels

LOCAL = "local"
DASK = "dask://"


def pending(jobs: Sequence[Job]) -> list[Job]:
    """The jobs that have no finished run, or one that cannot be used; of equal runs the first."""
    faulty = faults(jobs)
    wanted = [job for job in jobs if job in faulty or not job.out.exists()]
    return list({job.out: job for job in reversed(wanted)}.values())[::-1]


def faults(jobs: Sequence[Job]) -> dict[Job, str]:
    """Find the kept runs that cannot be used.

    A kept run must prove that it is complete, and of the features that its job is of.

    Returns:
        Job -> why its kept run cannot be used.
    """
    found = {job: _fault(job) for job in jobs if job.out.exists()}
    return {job: fault for job, fault in found.items() if fault}


def finished(jobs: Sequence[Job]) -> dict[Job, Run]:
    """Read the runs of finished jobs.

    Their intervals are computed with the seed that the job asks for.

    Raises:
        InputError: The folder of a run is damaged.
    """
    runs = {}
    for job in jobs:
        if fault := _fault(job):
            raise InputError(
                f"{job.out} must be a finished run, but {fault}. Repeat the command: it makes the "
                "run again."
            )
        run = read_run(job.out)
        config = replace(run.config, resampling_seed=job.config.resampling_seed)
        runs[job] = replace(run, config=config)
    return runs


def _fault(job: Job) -> str:
    """Why a kept run cannot be used; empty if it can."""
    if not checksum.exists(job.out):
        return "it has no checksum, like the runs of earlier versions"
    if damage := checksum.damage(job.out, READ):
        return damage
    provenance = json.loads((job.out / "provenance.json").read_text(encoding="utf-8"))
    return _difference(job, provenance)


def _difference(job: Job, provenance: Mapping[str, Any]) -> str:
    """How the features of a run differ from those that its job is of; empty if they do not."""
    made = {path: of_file["digest"] for path, of_file in provenance.items()}
    if not job.digests or tuple(made.values()) == job.digests:
        return ""
    return f"{' or '.join(made)} had other content"


def run_jobs(jobs: Sequence[Job], *, at_once: int, engine: str) -> Iterator[tuple[Job, str]]:
    """Run jobs, each into its folder, which appears whole or not at all.

    A job that fails with an `InputError` does not stop the others.

    Args:
        jobs: The jobs to run.
        at_once: Number of jobs that run at a time on this machine.
        engine: `local`, or `dask://host:port`: a Dask scheduler whose workers have one thread each
            and can read and write the same files.

    Yields:
        Each job when it is finished, in any order, and why it failed; empty if it did not.

    Raises:
        InputError: The cluster cannot be reached or used, or a process was killed.
    """
    named = workers.killed_workers_named()
    with named, _engine(at_once, engine) as (options, share), notices.shown_on_failure():
        calls = (joblib.delayed(_run_job)(job, share) for job in _in_running_order(jobs))
        parallel = joblib.Parallel(return_as="generator_unordered", batch_size=1, **options)
        left = Counter(map(_trainings, jobs))
        for job, failure in parallel(calls):
            left[folder := _trainings(job)] -= 1
            if not left[folder]:  # nobody asks for them any more
                shutil.rmtree(folder, ignore_errors=True)
            yield job, failure


def _in_running_order(jobs: Sequence[Job]) -> list[Job]:
    """Jobs of one compiled model together, and among them those of one source far apart.

    So a worker compiles few models, and workers seldom train the same thing at the same time.
    """
    ranks = {}
    rounds: Counter[Any] = Counter()
    for job in jobs:
        source = _compiled(job), job.config.source, job.config.first_seed
        ranks[job] = *_compiled(job), rounds[source]
        rounds[source] += 1
    return sorted(jobs, key=ranks.__getitem__)


@contextmanager
def _engine(at_once: int, engine: str) -> Iterator[tuple[dict[str, Any], int]]:
    """Start the workers; yields options for joblib and the number of jobs that share a machine."""
    if engine == LOCAL:
        share = min(at_once, joblib.cpu_count())
        workers.start_resource_tracker()
        with joblib.parallel_config(
            backend="loky",
            inner_max_num_threads=threads_of_each(share),
            initializer=workers.prepare,
            initargs=(notices.folder(), os.getpid()),
        ):
            yield {"n_jobs": at_once}, share
        return
    if not engine.startswith(DASK):
        raise InputError(f"--engine must be local or dask://host:port; got {engine}.")
    from distributed import Client

    try:
        client = Client(engine.replace(DASK, "tcp://"), timeout=5)
    except (OSError, ValueError) as error:  # ValueError: it has no port
        raise InputError(
            f"--engine {engine} must be a running Dask scheduler; got: {error}. Start one with "
            "`dask scheduler`, and workers with `dask worker --nthreads 1`."
        ) from error
    with client:
        hosts = _hosts(client.scheduler_info(n_workers=-1)["workers"], engine)
        with joblib.parallel_config(backend="dask"):
            yield {"n_jobs": -1}, max(hosts.count(host) for host in hosts)


def _hosts(workers: dict[str, Any], engine: str) -> list[str]:
    """The machine of every worker. Each must have one thread: Keras has one state per process."""
    if not workers or any(worker["nthreads"] != 1 for worker in workers.values()):
        raise InputError(
            f"--engine {engine} must have workers of one thread each; got "
            f"{len(workers)} workers of {sorted({w['nthreads'] for w in workers.values()})} "
            "threads. Start them with `dask worker --nthreads 1`, several on a machine."
        )
    return [worker["host"] for worker in workers.values()]


def _compiled(job: Job) -> tuple[str, str, int]:
    """What decides which network is compiled: model, disabled modules, number of classes."""
    return job.config.model, "-".join(job.config.disable), len(job.config.classes)


def _trainings(job: Job) -> Path:
    """The folder of what the jobs of one network train alike; it lasts until all have been run."""
    name = "-".join(filter(None, map(str, _compiled(job))))
    return job.out.parent / f".trainings-{name}"


def _run_job(job: Job, share: int) -> tuple[Job, str]:
    """Run one job and keep the run; `share` jobs at a time run on this machine."""
    limit_backend_threads(threads_of_each(share))
    models = kept = None
    if MODELS[job.config.model].has_epochs:
        backend.start()
        models = _models_of_worker()
        kept = KeptTrainings(_trainings(job), libraries())
    try:
        run = _run_of(job, models, kept)
    except InputError as error:
        return job, str(error)
    with whole_folder(job.out, replace=True) as folder:
        write_records(run, folder)
        write_checksum(folder)
    return job, ""


def _run_of(job: Job, models: "CompiledModels | None", kept: KeptTrainings | None) -> Run:
    """Run a job on the features that its key names, and on no others."""
    files = [path for path in (*job.config.source, job.config.target) if path]
    before = list(map(_stamp, files))
    data = load(job.config)
    if not (changed := _difference(job, data.provenance)):
        run = run_experiment(data, silent, models=models, kept=kept, keep_model=False)
    if changed or before != list(map(_stamp, files)):
        raise InputError(
            f"{' and '.join(map(str, files))} must not change while the tables are made; got other "
            "content. Repeat the command."
        )
    return run


def _stamp(path: Path) -> tuple[int, int] | None:
    """When a file was last written, and its size; None if it is missing."""
    try:
        found = path.stat()
    except OSError:
        return None
    return found.st_mtime_ns, found.st_size


@cache
def _models_of_worker() -> "CompiledModels":
    """The compiled models of this worker process, which its jobs share one after the other."""
    from mdat_train.classifiers.compiled_models import CompiledModels

    return CompiledModels()

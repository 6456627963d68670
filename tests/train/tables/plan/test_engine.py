"""Jobs in parallel, and the runs that they keep."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from toy_grids import TEMPLATE, write_corpora

from mdat_data import InputError
from mdat_train.runs.run import Run
from mdat_train.tables.plan import engine, grid
from mdat_train.tables.plan.engine import faults, finished, pending, run_jobs
from mdat_train.tables.plan.grid import Job


@pytest.fixture(scope="module")
def jobs(tmp_path_factory: pytest.TempPathFactory) -> list[Job]:
    """The linear classifier and the SVM, within and across two corpora; made once."""
    corpora = write_corpora(tmp_path_factory.mktemp("caches"), "emodb", "urdu")
    tables = ("II", "V")
    wanted = grid.studies(corpora, tables=tables, models=("linear", "svm"), protocols=("strict",))
    template = replace(TEMPLATE, seeds=1, shots=(0, 5))
    return grid.jobs(wanted, corpora, tables=tables, template=template, folder=Path())


def into(folder: Path, jobs: list[Job]) -> list[Job]:
    return [replace(job, out=folder / job.out.name) for job in jobs]


def numbers(jobs: list[Job]) -> list[bytes]:
    return [(job.out / "predictions.csv").read_bytes() for job in jobs]


@pytest.fixture(scope="module")
def done(jobs, tmp_path_factory: pytest.TempPathFactory) -> list[Job]:
    of = into(tmp_path_factory.mktemp("one") / "runs", jobs)
    assert sorted(str(job.out) for job, _ in run_jobs(of, at_once=1, engine="local")) == (
        sorted(str(job.out) for job in of)
    )
    return of


def test_every_job_leaves_a_run(done):
    assert len(done) == 2 * 4
    assert pending(done) == []
    runs = finished(done)
    assert all(run.config.model == job.study.model for job, run in runs.items())
    assert {path.name for path in done[0].out.parent.iterdir()} == {job.out.name for job in done}


def test_two_at_a_time_give_the_same_numbers(done, jobs, tmp_path):
    of = into(tmp_path, jobs)
    assert [failure for _, failure in run_jobs(of, at_once=2, engine="local")] == [""] * 8
    assert numbers(of) == numbers(done)


def copies(jobs: list[Job], folder: Path) -> list[Job]:
    """The same jobs with copies of their kept runs."""
    of = into(folder / "copies", jobs)
    for job, copy in zip(jobs, of, strict=True):
        shutil.copytree(job.out, copy.out)
    return of


def test_finished_jobs_are_not_pending(done, tmp_path):
    of = copies(done, tmp_path)
    shutil.rmtree(of[2].out)
    assert (pending(of), faults(of)) == ([of[2]], {})


def test_jobs_of_one_folder_run_once(jobs):
    shared = [replace(job, study=replace(job.study, protocol="paper")) for job in jobs]
    assert pending([*jobs, *shared]) == pending(jobs) == jobs


def cut(path: Path) -> None:
    path.write_bytes(b"".join(path.read_bytes().splitlines(keepends=True)[:-5]))


FAULTS: dict[str, tuple[str, Callable[[Path], None]]] = {
    "cut short": (
        "predictions.csv is not as it was written",
        lambda of: cut(of / "predictions.csv"),
    ),
    "empty": ("it has no checksum, like the runs of earlier versions", shutil.rmtree),
    "early": (
        "it has no checksum, like the runs of earlier versions",
        lambda of: (of / "checksum.json").unlink(),
    ),
}


@pytest.mark.parametrize(("fault", "damage"), FAULTS.values(), ids=FAULTS)
def test_a_kept_run_that_is_not_complete_is_made_again(done, tmp_path, fault, damage):
    (job,) = copies(done[:1], tmp_path)
    damage(job.out)
    job.out.mkdir(exist_ok=True)
    assert (pending([job]), faults([job])) == ([job], {job: fault})
    with pytest.raises(InputError, match=f"but {fault}. Repeat the command: it makes the run"):
        finished([job])
    assert [failure for _, failure in run_jobs([job], at_once=1, engine="local")] == [""]
    assert pending([job]) == []
    assert numbers([job]) == numbers(done[:1])
    assert [path.name for path in job.out.parent.iterdir()] == [job.out.name]


def test_a_kept_run_of_other_features_is_made_again(done, tmp_path):
    (job,) = copies(done[:1], tmp_path)
    other = replace(job, digests=("0" * 64,))
    assert faults([job, other]) == {other: f"{job.config.source[0]} had other content"}


@pytest.fixture
def exchanged(done, tmp_path: Path) -> Job:
    """A job whose features file can be exchanged."""
    job = done[0]
    source = tmp_path / "emodb.h5"
    source.write_bytes(job.config.source[0].read_bytes())
    return replace(job, config=replace(job.config, source=(source,)), out=tmp_path / "run")


def test_features_that_were_exchanged_before_they_were_loaded_make_no_run(exchanged, tmp_path):
    other = write_corpora(tmp_path / "other", "urdu", "emodb")["emodb"]
    exchanged.config.source[0].write_bytes(other.path.read_bytes())
    ((_, failure),) = run_jobs([exchanged], at_once=1, engine="local")
    assert "emodb.h5 must not change while the tables are made; got other content" in failure
    assert not exchanged.out.exists()


@pytest.mark.parametrize("memory", [0.0, 1.0])
def test_features_that_are_exchanged_during_the_training_make_no_run(
    exchanged, memory, monkeypatch
):
    job = replace(exchanged, config=replace(exchanged.config, memory=memory))
    (source,) = job.config.source
    run_experiment = engine.run_experiment

    def exchange(*args: Any, **options: Any) -> Run:
        content = source.read_bytes()
        source.write_bytes(content[::-1])
        source.write_bytes(content)  # and put back
        return run_experiment(*args, **options)

    monkeypatch.setattr(engine, "run_experiment", exchange)
    _, failure = engine._run_job(job, 1)
    assert "must not change while the tables are made" in failure
    assert not job.out.exists()


@pytest.mark.parametrize(("share", "expected"), [(1, 6), (3, 2)])
def test_a_worker_has_its_share_of_the_cores(done, share, expected, monkeypatch, tmp_path):
    limits = []
    monkeypatch.setattr(engine, "limit_backend_threads", limits.append)
    monkeypatch.setattr("joblib.cpu_count", lambda: 6)
    (job,) = into(tmp_path, done[:1])
    assert engine._run_job(job, share) == (job, "")
    assert limits == [expected]


def test_intervals_have_the_seed_that_the_job_asks_for(done):
    other = replace(done[0], config=replace(done[0].config, resampling_seed=1))
    runs = finished([done[0], other])
    assert [run.config.resampling_seed for run in runs.values()] == [0, 1]


def test_a_job_that_fails_does_not_stop_the_others(jobs, tmp_path):
    of = into(tmp_path, jobs)[:3]
    of[0] = replace(of[0], config=replace(of[0].config, folds=50))
    failures = {job.out: text for job, text in run_jobs(of, at_once=1, engine="local")}
    assert "needs at least 50 groups" in failures[of[0].out]
    assert pending(of) == of[:1]


def test_a_cluster_of_two_workers_gives_the_same_numbers(done, jobs, tmp_path):
    distributed = pytest.importorskip("distributed")
    of = into(tmp_path, jobs)
    with distributed.LocalCluster(
        n_workers=2, threads_per_worker=1, processes=True, dashboard_address=None
    ) as cluster:
        engine = cluster.scheduler_address.replace("tcp://", "dask://")
        assert [failure for _, failure in run_jobs(of, at_once=1, engine=engine)] == [""] * 8
    assert numbers(of) == numbers(done)


def test_workers_with_several_threads_are_refused(jobs):
    distributed = pytest.importorskip("distributed")
    with (
        distributed.LocalCluster(
            n_workers=1,
            threads_per_worker=2,
            processes=False,
            protocol="tcp",
            dashboard_address=None,
        ) as cluster,
        pytest.raises(InputError, match="workers of one thread each; got 1 workers of .2"),
    ):
        list(run_jobs(jobs, at_once=1, engine=cluster.scheduler_address.replace("tcp", "dask")))

"""Jobs in parallel, and the runs that they keep."""

from dataclasses import replace
from pathlib import Path

import pytest
from toy_grids import TEMPLATE, write_corpora

from mdat_data import InputError
from mdat_train.tables.plan import grid
from mdat_train.tables.plan.engine import finished, pending, run_jobs
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
    assert not list(done[0].out.parent.glob("*.tmp"))


def test_two_at_a_time_give_the_same_numbers(done, jobs, tmp_path):
    of = into(tmp_path, jobs)
    assert [failure for _, failure in run_jobs(of, at_once=2, engine="local")] == [""] * 8
    assert numbers(of) == numbers(done)


def test_finished_jobs_are_not_pending(done, tmp_path):
    of = into(tmp_path, done)
    of[2].out.mkdir()
    assert pending(of) == [*of[:2], *of[3:]]


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


def test_remains_of_a_killed_job_are_removed(jobs, tmp_path):
    (job,) = into(tmp_path, jobs)[:1]
    job.out.with_suffix(".tmp").mkdir()
    (job.out.with_suffix(".tmp") / "half").touch()
    assert [failure for _, failure in run_jobs([job], at_once=1, engine="local")] == [""]
    assert not (job.out / "half").exists()


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

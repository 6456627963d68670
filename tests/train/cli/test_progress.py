"""The bars of the commands move by trainings."""

from dataclasses import replace
from pathlib import Path

import pytest
import tqdm
from small_run import RUN
from toy_grids import TEMPLATE

from mdat_data.process.checksum import write_checksum
from mdat_train.cli.progress import TrainingBar, run_pending, shown_trainings
from mdat_train.experiments.run_experiment import count_trainings
from mdat_train.runs.folder import write_records
from mdat_train.tables.plan import engine
from mdat_train.tables.plan.grid import Job
from mdat_train.tables.plan.study import Study


class Bar:
    """A bar that remembers where it was moved to."""

    def __init__(self, total: int = 0, **_: object) -> None:
        self.total, self.n = total, 0.0
        self.places: list[float] = []
        self.texts: list[str] = []

    def __enter__(self) -> "Bar":
        return self

    def __exit__(self, *_: object) -> None:
        pass

    def update(self, n: float) -> None:
        self.n += n
        self.places.append(round(self.n, 6))

    def set_postfix_str(self, text: str) -> None:
        self.texts.append(text)


@pytest.fixture
def bars(monkeypatch: pytest.MonkeyPatch) -> list[Bar]:
    """The bars that are opened."""
    opened: list[Bar] = []

    def open_bar(**options: object) -> Bar:
        opened.append(Bar(**options))
        return opened[-1]

    monkeypatch.setattr(tqdm, "tqdm", open_bar)
    return opened


def test_every_epoch_moves_the_bar_by_its_share_of_a_training():
    bar = Bar(total=2)
    progress = TrainingBar(bar)
    with progress("seed 0") as callback:
        callback({"epoch": 1, "loss": 2.0}, 4)
        callback({"epoch": 2, "loss": 1.0, "validation_ua": 0.5}, 4)
    with progress("seed 1"):
        pass  # a model without epochs
    assert bar.places == [0.25, 0.5, 1.0, 2.0]
    assert bar.texts == [
        "seed 0: epoch 1 of 4, loss 2.000",
        "seed 0: epoch 2 of 4, loss 1.000, validation UA 50%",
    ]


def test_the_bar_of_a_run_has_all_its_trainings(bars):
    with shown_trainings(7) as progress:
        assert isinstance(progress, TrainingBar)
    assert [bar.total for bar in bars] == [7]


def planned(tmp_path: Path) -> list[Job]:
    study = Study(protocol="strict", source="emodb", target=None, model="linear")
    config = replace(TEMPLATE, model="linear", seeds=1, folds=3)
    jobs = [
        Job(study=replace(study, source=name), config=config, out=tmp_path / name)
        for name in ("emodb", "emovo", "urdu")
    ]
    jobs[0].out.mkdir()
    write_records(RUN, jobs[0].out)
    write_checksum(jobs[0].out)
    return jobs


def test_finished_jobs_are_counted_and_not_run_again(bars, monkeypatch, tmp_path, capsys):
    jobs, options = planned(tmp_path), []

    def run_jobs(pending: list[Job], **given: object):
        options.append(given)
        yield from ((job, "too few" if job.study.source == "urdu" else "") for job in pending)

    monkeypatch.setattr(engine, "run_jobs", run_jobs)
    failures = run_pending(jobs, at_once=2, engine="local")
    assert failures == {jobs[2].study: "too few"}
    assert options == [{"at_once": 2, "engine": "local"}]
    assert capsys.readouterr().out == ""
    trainings = count_trainings(jobs[0].config, keep_model=False)
    assert (bars[0].total, bars[0].places) == (
        3 * trainings,
        [trainings, 2 * trainings, 3 * trainings],
    )


def test_a_kept_run_that_is_damaged_is_made_again_and_named(bars, monkeypatch, tmp_path, capsys):
    jobs, made = planned(tmp_path), []
    (jobs[0].out / "predictions.csv").write_text("")
    monkeypatch.setattr(engine, "run_jobs", lambda jobs, **_: made.extend(jobs) or ())
    run_pending(jobs, at_once=1, engine="local")
    assert made == jobs
    assert capsys.readouterr().out == (
        "linear, EMODB, protocol strict, seed 0, is made again: predictions.csv is not as it was "
        "written\n"
    )

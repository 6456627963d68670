"""The models of Table VI with the user's own options: trained once by the command, then kept."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner, Result
from toy_features import selection, utterances, write_features
from toy_runs import TINY, config

from mdat_data.cache import open_features
from mdat_keras import PRESETS
from mdat_train.classifiers.compiled_models import CompiledModels
from mdat_train.cli.train import main
from mdat_train.config import ABLATIONS, FULL, TrainConfig
from mdat_train.runs.folder import read_run
from mdat_train.runs.run import Run
from mdat_train.tables.formats.ablation import ablation_table
from mdat_train.tables.plan import engine, grid
from mdat_train.tables.plan.ablation import ablation_jobs, by_number
from mdat_train.tables.plan.grid import Job
from mdat_train.tables.plan.protocols import Corpus
from mdat_train.tables.plan.study import Study


@pytest.fixture(scope="module")
def options(
    tmp_path_factory: pytest.TempPathFactory, models: CompiledModels
) -> Iterator[TrainConfig]:
    """The options of the command, with the folder of the table as `out`."""
    folder = tmp_path_factory.mktemp("ablation")
    write_features(folder / "source.h5", selection(utterances(speakers=4, clips=2)))
    made = {"source": (folder / "source.h5",), "out": folder / "out", "model": "mdat", "epochs": 1}
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(PRESETS, "base", TINY)
        patch.setattr(engine, "_models_of_worker", lambda: models)
        yield config(**made, patience=0)


def invoke(options: TrainConfig, numbers: str) -> Result:
    names = ("frames", "frame_stride", "folds", "seeds", "epochs", "learning_rate", "memory", "out")
    names += ("adapt_epochs", "adapt_learning_rate", "shot_draws")
    values = [f"--{name.replace('_', '-')}={getattr(options, name)}" for name in names]
    return CliRunner().invoke(
        main, [f"--source={options.source[0]}", f"--ablation={numbers}", *values]
    )


def jobs(options: TrainConfig, *numbers: int) -> list[Job]:
    with open_features(options.source[0]) as file:
        digest = file.digest
    return ablation_jobs(options, numbers, digests=[digest], folder=options.out / "runs")


@pytest.fixture(scope="module")
def done(options) -> Result:
    return invoke(options, "3,7")


@pytest.fixture(scope="module")
def runs(done, options) -> dict[int, Run]:
    assert done.exit_code == 0, done.output
    return by_number(grid.by_study(engine.finished(jobs(options, 3, 7))))


def test_the_full_model_is_always_among_them(runs, options):
    assert list(runs) == [1, 3, 7]
    assert {path.name for path in options.out.iterdir()} == {"runs", "ablation.md"}
    kept = {path.name for path in (options.out / "runs").iterdir()}
    assert kept == {job.out.name for job in jobs(options, 3, 7)}
    assert len(kept) == 3


def test_each_model_lacks_its_modules(runs):
    disabled = {number: run.config.disable for number, run in runs.items()}
    assert disabled == {number: ABLATIONS[number] for number in (1, 3, 7)}
    assert runs[3].parameters == runs[7].parameters < runs[1].parameters  # TINY has no encoder


def test_they_learn_from_the_same_splits(runs):
    splits = [[t.split for t in run.trainings] for run in runs.values()]
    assert splits[0] == splits[1] == splits[2]
    assert len(splits[0]) == 2  # folds; no model is trained to be kept


def test_the_table_is_printed_and_written(runs, done, options):
    text = (options.out / "ablation.md").read_text()
    assert text == ablation_table(runs) + "\n"
    assert text in done.output
    assert "| model | graph | co | transformer | parameters |" in done.output
    assert "1 epochs, 1 seeds" in text.splitlines()[-1]


def no_training(planned: list[Job], **_: object) -> Iterator[tuple[Job, str]]:
    for job in planned:
        pytest.fail(f"{job.study.label} is trained again")
    yield from ()


def test_a_second_call_trains_nothing(runs, options, monkeypatch):
    table = (options.out / "ablation.md").read_bytes()
    monkeypatch.setattr(engine, "run_jobs", no_training)
    again = invoke(options, "3,7")
    assert again.exit_code == 0, again.output
    assert (options.out / "ablation.md").read_bytes() == table
    fewer = invoke(options, "7")
    assert [line[:4] for line in fewer.output.splitlines() if line.startswith("| ")][1:] == [
        "| 1 ",
        "| 7 ",
    ]


def test_more_models_and_seeds_keep_the_finished_runs(runs, options):
    more = jobs(replace(options, seeds=2), 3, 5, 7)
    missing = engine.pending(more)
    assert {(job.study.disable, job.config.first_seed) for job in missing} == {
        *((ABLATIONS[number], 1) for number in (1, 3, 5, 7)),
        (ABLATIONS[5], 0),
    }


@pytest.mark.parametrize(
    "changed", [{"epochs": 2}, {"model_options": (("graph_heads", 2),)}, {"learning_rate": 0.1}]
)
def test_other_options_are_other_runs(runs, options, changed):
    assert len(engine.pending(jobs(replace(options, **changed), 1))) == 1


def test_a_model_that_fails_is_an_error_and_no_table(options, tmp_path, monkeypatch):
    monkeypatch.setattr(engine, "run_jobs", lambda jobs, **_: [(job, "too few") for job in jobs])
    failed = invoke(replace(options, out=tmp_path / "out"), "6")
    assert failed.exit_code == 2
    assert failed.output.splitlines()[-1] == "Error: too few"
    assert list(tmp_path.iterdir()) == []


def test_every_kept_run_can_be_read(runs, options):
    (job,) = [job for job in jobs(options, 7) if job.study.disable == ABLATIONS[7]]
    assert read_run(job.out).config == runs[7].config


def test_table_six_has_the_same_runs_as_the_command():
    """A run that one command has finished is found by the other: their keys are equal."""
    emotions = frozenset({"angry", "excited", "happy", "neutral", "sad"})
    corpora = {
        name: Corpus(path=Path(f"{name}.h5"), digest=name, emotions=emotions)
        for name in ("iemocap", "emodb")
    }
    wanted = grid.studies(corpora, tables=("VI",), models=("mdat",), protocols=("strict",))
    template = TrainConfig(source=(), seeds=2, model_options=(("graph_heads", 2),))
    of_table = grid.jobs(
        wanted, corpora, tables=("VI",), template=template, folder=Path("report", "runs")
    )
    own = replace(
        template,
        source=(Path("elsewhere", "iemocap.h5"),),
        target=Path("elsewhere", "emodb.h5"),
        merge=(("excited", "happy"),),
        at_most=200,
    )
    of_command = ablation_jobs(
        own, ABLATIONS, digests=["iemocap", "emodb"], folder=Path("report", "runs")
    )
    assert len(of_table) == len(of_command) == 2 * len(ABLATIONS)
    assert [job.out for job in of_table] == [job.out for job in of_command]


def test_runs_are_ordered_by_the_number_of_their_model():
    studies = {
        Study(protocol="own", source="a", target=None, model="mdat", disable=disable): number
        for number, disable in ABLATIONS.items()
    }
    assert by_number(studies) == {number: number for number in ABLATIONS}
    assert ABLATIONS[FULL] == ()

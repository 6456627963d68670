"""The seven models of Table VI, side by side."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
from toy_features import selection, utterances, write_features
from toy_runs import TINY, config, silent

from mdat_data import InputError
from mdat_keras import PRESETS
from mdat_train.config import ABLATIONS, TrainConfig
from mdat_train.experiments.ablation import run_ablations
from mdat_train.inputs.loading import load
from mdat_train.runs.folder import read_run
from mdat_train.runs.run import Run


@contextmanager
def shown(of: TrainConfig) -> Iterator:
    yield silent


@contextmanager
def forbidden(of: TrainConfig) -> Iterator:
    pytest.fail(f"{of.out} was trained again")
    yield silent


@pytest.fixture(scope="module")
def options(tmp_path_factory: pytest.TempPathFactory) -> Iterator[TrainConfig]:
    folder = tmp_path_factory.mktemp("ablation")
    of = selection(utterances(speakers=4, clips=2))
    write_features(folder / "source.h5", of)
    made = {"source": (folder / "source.h5",), "out": folder / "run", "model": "mdat", "epochs": 1}
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(PRESETS, "base", TINY)
        yield config(**made, patience=0)


@pytest.fixture(scope="module")
def runs(options) -> dict[int, Run]:
    return run_ablations(load(options), (3, 7), shown)


def test_the_full_model_is_always_among_them(runs, options):
    assert list(runs) == [1, 3, 7]
    folders = {path.name for path in options.out.iterdir()}
    assert folders == {"model_1", "model_3", "model_7", "ablation.md"}


def test_each_model_lacks_its_modules(runs):
    disabled = {number: tuple(run.config["disable"]) for number, run in runs.items()}
    assert disabled == {number: ABLATIONS[number] for number in (1, 3, 7)}
    assert runs[3].parameters == runs[7].parameters < runs[1].parameters  # TINY has no encoder


def test_they_learn_from_the_same_splits(runs):
    splits = [[t.split for t in run.trainings] for run in runs.values()]
    assert splits[0] == splits[1] == splits[2]


def test_the_table(runs, options):
    lines = (options.out / "ablation.md").read_text().splitlines()
    rows = [[cell.strip() for cell in line.split("|")[1:-1]] for line in lines[2:5]]
    assert [row[:4] for row in rows] == [
        ["1", "✓", "✓", "✓"],
        ["3", "✓", "", ""],
        ["7", "✓", "", "✓"],
    ]
    assert [row[4] for row in rows] == [f"{run.parameters:,}" for run in runs.values()]
    means = [100 * run.results()[0].mean_and_deviation("ua")[0] for run in runs.values()]
    assert [row[7].split()[0] for row in rows] == [f"{mean:.1f}" for mean in means]
    assert [row[8].split()[:1] for row in rows] == [
        [],
        [f"{means[1] - means[0]:+.1f}"],
        [f"{means[2] - means[0]:+.1f}"],
    ]
    assert "1 epochs, 1 seeds" in lines[-1]


def test_finished_models_are_taken_over(runs, options):
    table = (options.out / "ablation.md").read_bytes()
    again = run_ablations(load(options), (3, 7), forbidden)
    assert list(again) == [1, 3, 7]
    assert (options.out / "ablation.md").read_bytes() == table


def test_a_folder_of_other_options_is_refused(runs, options):
    with pytest.raises(InputError, match="model_1 holds a run of other options"):
        run_ablations(load(replace(options, epochs=2)), (1,), forbidden)


def test_every_model_can_be_read(runs, options):
    assert read_run(Path(options.out) / "model_7").config == runs[7].config

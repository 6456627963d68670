"""mdat_train as a program uses it."""

import dataclasses
import subprocess
import sys
from contextlib import contextmanager
from pathlib import Path

import keras
import numpy as np
import pytest
from toy_features import selection, utterances, write_features

import mdat_train
from mdat_data import InputError
from mdat_train.runs.condition import ADAPTED, FOLDS, QUERY, SOURCE, SUPPORT, TARGET

CORPUS = selection(utterances(speakers=5, clips=2))
TARGET_CORPUS = selection(utterances(speakers=6, clips=3), seed=1)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Three features files: two sources and a target."""
    folder = tmp_path_factory.mktemp("files")
    write_features(folder / "emodb.h5", CORPUS)
    more = [dataclasses.replace(u, id=f"more {u.id}") for u in CORPUS.utterances]
    write_features(folder / "nemo.h5", selection(more, seed=2))
    write_features(folder / "urdu.h5", TARGET_CORPUS)
    return folder


@pytest.fixture(scope="module")
def within(folder: Path) -> mdat_train.Run:
    return mdat_train.cross_validate(str(folder / "emodb.h5"), model="linear", seeds=3, folds=2)


@pytest.fixture(scope="module")
def across(folder: Path) -> mdat_train.Run:
    sources = [str(folder / "emodb.h5"), folder / "nemo.h5"]
    return mdat_train.transfer(
        sources, str(folder / "urdu.h5"), model="linear", shots=[0, 5, 15], seeds=1, shot_draws=2
    )


def test_the_names_of_the_package():
    assert set(mdat_train.__all__) == {
        "Run",
        "TrainConfig",
        "cross_validate",
        "read_run",
        "transfer",
    }
    assert set(mdat_train.__all__) <= set(dir(mdat_train))


def test_importing_the_package_loads_nothing_heavy():
    command = (
        "import sys, mdat_train; "
        "print(*(name for name in ('keras', 'numpy', 'pandas', 'sklearn') if name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True)
    assert (done.stdout.strip(), done.returncode) == ("", 0), done.stderr


@pytest.mark.parametrize("model", ["linear", "svm"])
def test_a_model_on_pooled_features_is_trained_and_tested_without_keras(model, folder):
    command = (
        f"import sys, mdat_train; files = [{str(folder / 'emodb.h5')!r}]; "
        f"of = {{'model': {model!r}, 'folds': 2, 'seeds': 1}}; "
        "mdat_train.cross_validate(files, **of).metrics(); "
        f"mdat_train.transfer(files, {str(folder / 'urdu.h5')!r}, shots=5, shot_draws=1, **of); "
        "print(*(name for name in ('keras', 'tensorflow') if name in sys.modules))"
    )
    done = subprocess.run([sys.executable, "-c", command], capture_output=True, text=True)
    assert (done.stdout.strip(), done.returncode) == ("", 0), done.stderr


def test_cross_validation_gives_a_run(within):
    (result,) = within.metrics()
    condition = result.condition
    assert (condition.model, condition.trained_on) == ("linear", SOURCE)
    assert (condition.tested_on, condition.shots) == (FOLDS, 0)
    assert len(result.per_run) == 3
    assert result.ua.mean > 0.9
    assert result.interval.low <= result.ua.mean <= result.interval.high
    assert isinstance(within.config, mdat_train.TrainConfig)
    assert (within.config.seeds, within.config.folds) == (3, 2)


def test_transfer_gives_a_run_with_its_controls(across):
    found = [(c.trained_on, c.tested_on, c.shots) for c in across.conditions()]
    assert found == [
        (SOURCE, TARGET, 0),
        (SOURCE, QUERY, 0),
        *((trained_on, QUERY, shots) for shots in (5, 15) for trained_on in (ADAPTED, SUPPORT)),
    ]
    assert across.utterances == {"source": 80, "target": 72}
    assert across.config.source[0].name == "emodb.h5"


def test_predictions_are_a_table_for_pandas(within):
    frame = within.predictions.to_pandas()
    assert len(frame) == 3 * 40
    assert set(frame.id) == set(CORPUS.ids)
    assert (frame.truth == frame.predicted).mean() == pytest.approx(within.metrics()[0].wa.mean)


def test_a_run_is_saved_and_read(across, tmp_path):
    across.save(str(tmp_path / "run"))
    read = mdat_train.read_run(str(tmp_path / "run"))
    assert read.metrics() == across.metrics()
    assert read.summary() == dataclasses.replace(across, model=None).summary()
    assert read.config == dataclasses.replace(across.config, out=tmp_path / "run")
    model = keras.saving.load_model(tmp_path / "run" / "model.keras")
    assert model.output_shape == (None, 4)


def test_progress_opens_a_display_for_every_training(folder):
    shown = []

    @contextmanager
    def progress(name: str):
        shown.append(name)
        yield lambda epoch, epochs: None

    mdat_train.cross_validate(folder / "emodb.h5", model="svm", seeds=1, folds=2, progress=progress)
    assert shown == ["seed 0, fold 0", "seed 0, fold 1"]  # an SVM cannot be kept


def test_a_run_with_out_is_written_at_once(folder, tmp_path):
    run = mdat_train.cross_validate(
        folder / "emodb.h5", model="svm", seeds=1, folds=2, out=str(tmp_path / "run")
    )
    read = mdat_train.read_run(tmp_path / "run")
    assert read.config == run.config
    np.testing.assert_array_equal(
        read.predictions[0].probabilities, run.predictions[0].probabilities
    )


def test_a_folder_that_appears_while_a_run_is_trained_does_not_cost_it(folder, tmp_path):
    @contextmanager
    def progress(name: str):
        (tmp_path / "run").mkdir(exist_ok=True)
        yield lambda epoch, epochs: None

    with pytest.warns(UserWarning, match="run appeared while the run was trained"):
        run = mdat_train.cross_validate(
            folder / "emodb.h5",
            model="svm",
            seeds=1,
            folds=2,
            out=tmp_path / "run",
            progress=progress,
        )
    assert mdat_train.read_run(tmp_path / "run-2").metrics() == run.metrics()


def test_two_runs_never_write_one_folder(folder, tmp_path):
    @contextmanager
    def progress(name: str):
        with pytest.raises(InputError, match=r"is being written by another process \(pid \d"):
            mdat_train.cross_validate(folder / "emodb.h5", model="svm", out=tmp_path / "run")
        yield lambda epoch, epochs: None

    mdat_train.cross_validate(
        folder / "emodb.h5", model="svm", seeds=1, folds=2, out=tmp_path / "run", progress=progress
    )
    assert [path.name for path in tmp_path.iterdir()] == ["run"]


def test_a_folder_that_exists_is_refused_before_anything_is_trained(folder, tmp_path):
    @contextmanager
    def forbidden(name: str):
        pytest.fail(f"{name} was trained")
        yield

    with pytest.raises(InputError, match="must not exist, but does"):
        mdat_train.cross_validate(
            folder / "emodb.h5", model="svm", out=tmp_path, progress=forbidden
        )
    assert not any(tmp_path.iterdir())


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"source": "no.h5"}, "no.h5"),
        ({"model": "mdta"}, "model must be one of .*; got 'mdta'"),
        ({"shots": 5}, "--target is missing"),
        ({"seeds": 0}, "seeds must be a whole number of at least 1; got 0"),
        ({"classes": ["angry"]}, "at least two emotions; got angry"),
    ],
)
def test_options_that_cannot_be_used_are_errors_of_the_caller(options, message, folder):
    with pytest.raises(InputError, match=message):
        mdat_train.cross_validate(**{"source": folder / "emodb.h5", "model": "svm"} | options)

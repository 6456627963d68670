"""From features files to a finished run, its folder and its saved model."""

import json
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import caches
import keras
import numpy as np
import pytest
from toy_features import selection, utterance, utterances, write_features
from toy_runs import TINY, config

from mdat_data.batches import batches
from mdat_data.cache import FeaturesFile
from mdat_keras import PRESETS
from mdat_train.classifiers.compiled_models import CompiledModels
from mdat_train.classifiers.models import MODELS
from mdat_train.config import TrainConfig
from mdat_train.experiments.recorder import silent
from mdat_train.experiments.run_experiment import count_trainings, run_experiment
from mdat_train.export.description import description
from mdat_train.inputs import loading, stored
from mdat_train.inputs.loading import load
from mdat_train.inputs.selection import Selection
from mdat_train.runs.condition import ADAPTED, QUERY, Condition
from mdat_train.runs.folder import read_run, write_records
from mdat_train.runs.run import Run

SOURCE = selection(utterances(speakers=5, clips=2))
TARGET = selection(utterances(speakers=6, clips=3), seed=1)
CLASSES = ("angry", "happy", "neutral", "sad")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    write_features(folder / "source.h5", SOURCE)
    write_features(folder / "target.h5", TARGET)
    return folder


@pytest.fixture(scope="module")
def models(models: CompiledModels) -> Iterator[CompiledModels]:
    """MDAT is tiny here."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(PRESETS, "base", TINY)
        yield models


def options(files: Path, **changed) -> TrainConfig:
    return config(**{"source": (files / "source.h5",), "target": files / "target.h5"} | changed)


RUNS = {
    "group": {"target": None, "folds": 3, "seeds": 2},
    "random": {"target": None, "split": "random", "folds": 3, "model": "svm"},
    "shots": {"shots": (0, 5), "shot_draws": 2},
    "zero shots": {"model": "svm"},
    "mix of all layers": {"speech_layer": "mix", "normalize": "corpus"},
    "mdat": {"model": "mdat", "shots": (5,), "epochs": 3, "normalize": "corpus"},
    "mdat within": {"model": "mdat", "target": None, "disable": ("co",), "speech_layer": "mix"},
}


Finish = Callable[[str], tuple[Run, Path]]


@pytest.fixture(scope="module")
def finish(files, models, tmp_path_factory: pytest.TempPathFactory) -> Finish:
    """Give a run of `RUNS` and its folder; it is trained once."""

    @cache
    def _finish(name: str) -> tuple[Run, Path]:
        out = tmp_path_factory.mktemp("runs") / "deep" / "run"
        run = run_experiment(load(options(files, out=out, **RUNS[name])), silent, models=models)
        run.save(out, export=False)  # tests/train/export has the exported models
        return run, out

    return _finish


@pytest.fixture(params=RUNS)
def finished(request, finish) -> tuple[Run, Path]:
    return finish(request.param)


@pytest.fixture
def mdat(finish) -> tuple[Run, Path]:
    return finish("mdat")


def test_the_folder_holds_everything(finished):
    of, out = finished
    expected = {"config.json", "provenance.json", "splits.json", "warnings.json", "history.json"}
    expected |= {"size.json", "predictions.csv", "scores.json", "checksum.json", "confusion.png"}
    if MODELS[of.config.model].can_be_saved:
        expected |= {"model.keras", "model.json", "MODEL_CARD.md", "reliability.png"}
    if MODELS[of.config.model].has_epochs:
        expected |= {"curves.png"}
    if any(of.config.shots):
        expected |= {"shots.png"}
    assert {path.name for path in out.iterdir()} == expected
    assert [path.name for path in out.parent.iterdir()] == ["run"]
    pictures = [path.read_bytes() for path in out.glob("*.png")]
    assert all(p.startswith(b"\x89PNG") and len(p) > 5000 for p in pictures)


def test_a_run_is_read_as_it_was_saved(finished):
    of, out = finished
    read = read_run(out)
    assert (read.config, read.provenance, read.classes) == (of.config, of.provenance, of.classes)
    assert (read.utterances, read.parameters) == (of.utterances, of.parameters)
    assert list(read.trainings) == list(of.trainings)
    facts, again = (
        [(p.condition, p.seed, p.draw, p.ids, p.speakers, p.truth.tolist()) for p in r.predictions]
        for r in (of, read)
    )
    assert facts == again
    pairs = zip(of.predictions, read.predictions, strict=True)
    assert all(np.array_equal(a.probabilities, b.probabilities) for a, b in pairs)


def test_a_run_that_was_read_is_written_the_same(finished, tmp_path):
    _, out = finished
    write_records(read_run(out), tmp_path)
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert written == {name: (out / name).read_bytes() for name in written}
    assert "scores.json" in written


def test_every_utterance_is_predicted_once_by_every_seed(finished):
    of, _ = finished
    ids, queries = (SOURCE, 0) if of.config.target is None else (TARGET, 4 * (18 - 15))
    sizes = Counter(len(p.ids) for p in of.predictions if len(set(p.ids)) == len(p.ids))
    assert sum(sizes.values()) == len(of.predictions)
    assert set(sizes) <= {len(ids), queries}
    whole = [p for p in of.predictions if len(p.ids) == len(ids)]
    assert len(whole) == of.config.seeds
    assert all(set(p.ids) == set(ids.ids) for p in whole)


def test_no_test_utterance_is_trained_on(finished):
    _, out = finished
    splits = json.loads((out / "splits.json").read_text())
    assert not any(set(s["test"]) & {*s["train"], *s["validation"]} for s in splits.values())
    assert splits


def test_probabilities_are_probabilities(finished):
    of, _ = finished
    probabilities = np.concatenate([p.probabilities for p in of.predictions])
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    assert probabilities.min() >= 0


def test_classes_that_are_far_apart_are_learned(finished):
    of, _ = finished
    lowest = 0.5 if of.config.model == "mdat" else 0.9
    last = {result.condition.shots: result for result in of.metrics()}
    assert all(result.ua.mean > lowest for result in last.values())


def test_provenance_is_that_of_the_files(finished):
    of, _ = finished
    names = {Path(path).name for path in of.provenance}
    assert names == {"source.h5"} | (set() if of.config.target is None else {"target.h5"})
    assert all(made["speech"]["encoder"] == "ear" for made in of.provenance.values())
    assert all(len(made["digest"]) == 64 for made in of.provenance.values())


def test_the_configuration_of_a_run_is_resolved(finished):
    of, _ = finished
    assert of.config.classes == CLASSES
    assert of.config.speech_layer in ("12", "mix")
    assert of.config.text_layer == "last"
    assert of.config.normalize in ("train", "corpus")
    assert of.config.learning_rate and of.config.adapt_learning_rate


def test_the_number_of_trainings_is_known_before(finished):
    of, _ = finished
    assert len(of.trainings) == count_trainings(of.config)


def as_in_the_file(of: Selection) -> dict[str, np.ndarray]:
    half = replace(of, speech=tuple(rows.astype(np.float16) for rows in of.speech))
    ((_, inputs),) = batches(half.streams, range(len(of)), size=len(of))
    return inputs


@pytest.mark.parametrize(("name", "model"), [("mdat", "mdat"), ("shots", "linear")])
def test_the_saved_model_predicts_the_query_set_from_features_of_the_file(name, model, finish):
    of, out = finish(name)
    condition = Condition(model=model, trained_on=ADAPTED, tested_on=QUERY, shots=5)
    expected, *_ = of.of(condition)  # of the first seed and draw, as the model that is kept
    model = keras.saving.load_model(out / "model.keras")
    queries = TARGET.of(expected.ids)
    found = keras.ops.convert_to_numpy(model(as_in_the_file(queries)))
    order = [queries.ids.index(id) for id in expected.ids]
    np.testing.assert_allclose(found[order], expected.probabilities, atol=5e-3)


def test_the_saved_model_describes_its_inputs(mdat):
    described = json.loads((mdat[1] / "model.json").read_text())
    assert described["learned_from"]["languages"] == ["de"]
    # With normalize=corpus the model standardises by the statistics of the target.
    rows = np.concatenate([rows.astype(np.float16).astype(float) for rows in TARGET.speech])
    speech = described["standardisation"]["speech"]
    np.testing.assert_allclose(speech["mean"], rows.mean(axis=0), rtol=0.01, atol=0.01)
    assert described["calibration"]["fitted_on"] == "a cross-validation inside the support set"
    assert described["classes"] == list(CLASSES)
    assert described["frames"] == 100
    assert (described["speech"]["encoder"], described["speech"]["layer"]) == ("ear", "12")
    assert (described["text"]["encoder"], described["text"]["layer"]) == ("eye", "last")


def test_the_same_run_gives_the_same_numbers(mdat, files, models, tmp_path):
    _, out = mdat
    again = run_experiment(load(options(files, **RUNS["mdat"])), silent, models=models)
    write_records(again, tmp_path)
    names = ["predictions.csv", "scores.json", "splits.json", "history.json"]
    assert all((out / name).read_bytes() == (tmp_path / name).read_bytes() for name in names)


def test_the_order_of_rows_in_the_file_has_no_effect(files, tmp_path):
    order = np.random.default_rng(0).permutation(len(SOURCE)).tolist()
    (tmp_path / "shuffled").mkdir()
    write_features(tmp_path / "shuffled" / "source.h5", SOURCE, order=order)
    changes = {"target": None, "split": "random", "folds": 3}
    of, again = (
        run_experiment(load(options(folder, **changes)), silent, keep_model=False)
        for folder in (files, tmp_path / "shuffled")
    )
    assert [t.split for t in of.trainings] == [t.split for t in again.trainings]
    np.testing.assert_array_equal(
        of.predictions[0].probabilities, again.predictions[0].probabilities
    )


@pytest.mark.parametrize(("model", "normalize"), [("mdat", "train"), ("linear", "corpus")])
def test_features_that_are_read_at_every_use_give_the_same_numbers(model, normalize, files, models):
    made = {"model": model, "normalize": normalize, "shots": (1,), "split": "random"}
    held, read = (load(options(files, memory=memory, **made)) for memory in (1.0, 0.0))
    assert (held.in_memory, read.in_memory) == (model == "mdat", False)
    of_held, of_read = (
        run_experiment(data, silent, models=models, keep_model=False) for data in (held, read)
    )
    assert len(of_held.predictions) == len(of_read.predictions) > 1
    for of, again in zip(of_held.predictions, of_read.predictions, strict=True):
        np.testing.assert_array_equal(of.probabilities, again.probabilities)


def test_pooled_features_are_computed_once_for_all_runs_of_a_process(files, monkeypatch):
    read: Counter[tuple[str, str, int]] = Counter()
    plain = FeaturesFile.read

    def counted(of: FeaturesFile, modality: str, layer: str, row: int, *, steps: int) -> np.ndarray:
        read[of.path.stem, modality, row] += steps > 1  # the first step gives width and type
        return plain(of, modality, layer, row, steps=steps)

    monkeypatch.setattr(FeaturesFile, "read", counted)
    monkeypatch.setattr(loading, "uninformative", lambda *of, **modality: ())
    stored._memos.cache_clear()
    made = {"shots": (1, 5), "shot_draws": 2, "split": "random"}
    run_experiment(load(options(files, model="linear", **made)), silent, keep_model=False)
    sizes = {"source": len(SOURCE), "target": len(TARGET)}
    assert +read == Counter(
        (name, modality, row)
        for name, size in sizes.items()
        for modality in ("speech", "text")
        for row in range(size)
    )
    first = read.copy()
    run_experiment(load(options(files, model="svm", **made)), silent, keep_model=False)
    within = options(files, target=None, model="linear", folds=3)
    run_experiment(load(within), silent, keep_model=False)
    assert read == first


def test_a_rare_class_has_a_single_test_utterance(files, tmp_path):
    # There is one utterance of sad more than the pool has, so each draw tests one of them.
    of = [u for u in TARGET.utterances if u.emotion != "sad"]
    of += [utterance(f"sad {i}", "sad", f"s{i % 3}") for i in range(16)]
    write_features(tmp_path / "few.h5", selection(of))
    made = options(files, target=tmp_path / "few.h5", shots=(1,), split="random")
    of_query = run_experiment(load(made), silent, keep_model=False).predictions[-1]
    assert np.bincount(of_query.truth).tolist() == [3, 3, 3, 1]


def test_a_run_that_keeps_no_model_trains_none_on_the_whole_corpus(files):
    of = options(files, target=None, folds=3)
    run = run_experiment(load(of), silent, keep_model=False)
    assert run.model is None
    assert len(run.trainings) == count_trainings(of, keep_model=False) == 3


@pytest.mark.parametrize("model", ["mdat", "linear", "svm"])
@pytest.mark.parametrize(("absent", "used"), [("speech", "text"), ("text", "speech")])
def test_a_file_of_one_stream_is_learned_from(absent, used, model, tmp_path, models):
    made = replace(caches.PROVENANCE, **{absent: None})
    write_features(tmp_path / "one.h5", SOURCE, provenance=made)
    chosen = config(source=(tmp_path / "one.h5",), target=None, model=model, folds=2, epochs=1)
    run = run_experiment(load(chosen), silent, models=models)
    assert run.config.modality == used
    assert run.metrics()[0].mean_std("ua").mean > 0.5
    if run.model is not None:
        described = description(run, run.model.learned, run.model.calibration)
        assert described[absent] is None
        assert described[used]["layer"]
        assert described["inputs"] == [used, f"{used}_mask"]
        assert absent not in described["standardisation"]

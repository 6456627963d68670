"""The whole way from features files to a run folder and back."""

import json
from collections import Counter
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import caches
import keras
import numpy as np
import pytest
from toy_features import selection, utterance, utterances, write_features
from toy_runs import TINY, config, silent

from mdat_data import InputError
from mdat_data.batches import batches
from mdat_keras import PRESETS
from mdat_train.config import TrainConfig
from mdat_train.experiments import pipeline
from mdat_train.experiments.pipeline import run
from mdat_train.inputs.loading import load
from mdat_train.inputs.selection import Selection
from mdat_train.runs.folder import read_run, write_run
from mdat_train.runs.run import Condition, Run

SOURCE = selection(utterances(speakers=5, clips=2))
TARGET = selection(utterances(speakers=6, clips=3), seed=1)
CLASSES = ("angry", "happy", "neutral", "sad")


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("files")
    write_features(folder / "source.h5", SOURCE)
    write_features(folder / "target.h5", TARGET)
    more = selection([replace(u, id=f"more {u.id}") for u in SOURCE.utterances], seed=3)
    write_features(folder / "more.h5", more)
    other = replace(caches.PROVENANCE, corpus="other")
    write_features(folder / "other.h5", SOURCE, provenance=other)
    return folder


def options(files: Path, out: Path, **changed) -> TrainConfig:
    paths = {"source": (files / "source.h5",), "target": files / "target.h5", "out": out}
    return config(**paths | changed)


RUNS = {
    "group": {"target": None, "folds": 3, "seeds": 2},
    "random": {"target": None, "split": "random", "folds": 3, "model": "svm"},
    "shots": {"shots": (0, 5), "shot_draws": 2},
    "zero shots": {"model": "svm"},
    "mix of all layers": {"speech_layer": "mix", "normalize": "corpus"},
    "mdat": {"model": "mdat", "shots": (5,), "epochs": 3, "normalize": "corpus"},
    "mdat within": {"model": "mdat", "target": None, "disable": ("co",), "speech_layer": "mix"},
}


@pytest.fixture(scope="module")
def tiny_preset() -> Iterator[None]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setitem(PRESETS, "base", TINY)
        yield


@pytest.fixture(scope="module")
def mdat(files, tiny_preset, tmp_path_factory: pytest.TempPathFactory) -> tuple[Run, Path]:
    out = tmp_path_factory.mktemp("mdat") / "deep" / "run"
    return run(load(options(files, out, **RUNS["mdat"])), silent), out


@pytest.fixture(scope="module", params=RUNS)
def finished(
    request, files, tiny_preset, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Run, Path]:
    if request.param == "mdat":
        return request.getfixturevalue("mdat")
    out = tmp_path_factory.mktemp("runs") / "deep" / "run"
    return run(load(options(files, out, **RUNS[request.param])), silent), out


def test_the_folder_holds_everything(finished):
    of, out = finished
    expected = {"config.json", "provenance.json", "splits.json", "warnings.json", "history.json"}
    expected |= {"size.json", "predictions.csv", "scores.json", "confusion.png"}
    if of.config["model"] == "mdat":
        expected |= {"model.keras", "model.json", "curves.png"}
    if any(of.config["shots"]):
        expected |= {"shots.png"}
    assert {path.name for path in out.iterdir()} == expected
    assert [path.name for path in out.parent.iterdir()] == ["run"]
    pictures = [path.read_bytes() for path in out.glob("*.png")]
    assert all(p.startswith(b"\x89PNG") and len(p) > 5000 for p in pictures)


def test_the_run_that_is_read_is_the_run_that_was(finished):
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


def test_a_run_that_is_read_is_written_the_same(finished, tmp_path):
    _, out = finished
    write_run(read_run(out), tmp_path)
    written = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert written == {name: (out / name).read_bytes() for name in written}
    assert "scores.json" in written


def test_every_utterance_is_predicted_as_often_as_it_should(finished):
    of, _ = finished
    ids, queries = (SOURCE, 0) if of.config["target"] is None else (TARGET, 4 * (18 - 15))
    sizes = Counter(len(p.ids) for p in of.predictions if len(set(p.ids)) == len(p.ids))
    assert sum(sizes.values()) == len(of.predictions)
    assert set(sizes) <= {len(ids), queries}
    whole = [p for p in of.predictions if len(p.ids) == len(ids)]
    assert len(whole) == of.config["seeds"]
    assert all(set(p.ids) == set(ids.ids) for p in whole)


def test_no_query_is_learned_from(finished):
    _, out = finished
    splits = json.loads((out / "splits.json").read_text())
    assert not any(set(s["test"]) & {*s["train"], *s["validation"]} for s in splits.values())
    assert splits


def test_probabilities_are_probabilities(finished):
    of, _ = finished
    probabilities = np.concatenate([p.probabilities for p in of.predictions])
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    assert probabilities.min() >= 0


def test_what_can_be_told_apart_is_told_apart(finished):
    of, _ = finished
    means = {result.condition.shots: result.mean_and_deviation("ua")[0] for result in of.results()}
    assert all(ua > (0.5 if of.config["model"] == "mdat" else 0.9) for ua in means.values())


def test_provenance_is_that_of_the_files(finished):
    of, _ = finished
    names = {Path(path).name for path in of.provenance}
    assert names == {"source.h5"} if of.config["target"] is None else {"source.h5", "target.h5"}
    assert all(made["speech"]["encoder"] == "ear" for made in of.provenance.values())
    assert all(len(made["digest"]) == 64 for made in of.provenance.values())


def test_the_configuration_leaves_nothing_to_be_decided(finished):
    of, _ = finished
    assert of.config["classes"] == list(CLASSES)
    assert of.config["speech_layer"] in ("12", "mix")
    assert of.config["normalize"] in ("train", "corpus")


def as_in_the_file(of: Selection) -> dict[str, np.ndarray]:
    half = replace(of, speech=tuple(rows.astype(np.float16) for rows in of.speech))
    ((_, inputs),) = batches(half.streams, range(len(of)), size=len(of))
    return inputs


def test_the_saved_model_predicts_the_queries_from_features_as_they_stand(mdat):
    of, out = mdat
    model = keras.saving.load_model(out / "model.keras")
    of_query = Condition(system="mdat", test="query", shots=5)
    expected, *_ = of.of(of_query)  # of the first seed and draw, as the model that is kept
    queries = TARGET.of(expected.ids)
    found = keras.ops.convert_to_numpy(model(as_in_the_file(queries)))
    order = [queries.ids.index(id) for id in expected.ids]
    np.testing.assert_allclose(found[order], expected.probabilities, atol=5e-3)


def test_the_saved_model_tells_what_it_needs(mdat):
    described = json.loads((mdat[1] / "model.json").read_text())
    assert described["classes"] == list(CLASSES)
    assert described["frames"] == 100
    assert (described["speech"]["encoder"], described["speech"]["layer"]) == ("ear", "12")
    assert (described["text"]["encoder"], described["text"]["layer"]) == ("eye", "last")


def test_the_same_run_gives_the_same_numbers(mdat, files, tmp_path):
    _, out = mdat
    run(load(options(files, tmp_path / "run", **RUNS["mdat"])), silent)
    names = ["predictions.csv", "scores.json", "splits.json", "history.json"]
    assert all(
        (out / name).read_bytes() == (tmp_path / "run" / name).read_bytes() for name in names
    )


def test_the_order_of_rows_in_the_file_plays_no_part(files, tmp_path):
    order = np.random.default_rng(0).permutation(len(SOURCE)).tolist()
    (tmp_path / "shuffled").mkdir()
    write_features(tmp_path / "shuffled" / "source.h5", SOURCE, order=order)
    changes = {"target": None, "split": "random", "folds": 3}
    of, again = (
        run(load(options(folder, tmp_path / name, **changes)), silent)
        for folder, name in ((files, "one"), (tmp_path / "shuffled", "two"))
    )
    assert [t.split for t in of.trainings] == [t.split for t in again.trainings]
    np.testing.assert_array_equal(
        of.predictions[0].probabilities, again.predictions[0].probabilities
    )


def test_several_sources_of_one_corpus_share_their_speakers(files, tmp_path):
    sources = (files / "source.h5", files / "more.h5")
    material = load(options(files, tmp_path / "run", source=sources))
    assert len(material.source) == 80
    assert {u.speaker for u in material.source.utterances} == {f"toy/s{i}" for i in range(5)}


def test_several_sources_of_different_corpora_share_nothing(files, tmp_path):
    sources = (files / "source.h5", files / "other.h5")
    material = load(options(files, tmp_path / "run", source=sources))
    assert len(set(material.source.ids)) == 80
    assert len({u.group for u in material.source.utterances}) == 10


def test_several_sources_of_one_corpus_with_the_same_ids_are_refused(files, tmp_path):
    write_features(tmp_path / "again.h5", SOURCE)
    sources = (files / "source.h5", tmp_path / "again.h5")
    with pytest.raises(InputError, match=r"but 40 ids stand in several, such as toy/s0-angry-0\."):
        load(options(files, tmp_path / "run", source=sources))


def test_each_corpus_is_brought_to_its_own_scale(files, tmp_path):
    sources = (files / "source.h5", files / "other.h5")
    material = load(options(files, tmp_path / "run", source=sources, normalize="corpus"))
    parts = [material.source.speech[:40], material.source.speech[40:], material.target.speech]
    means = [np.concatenate(part).mean(axis=0) for part in parts]
    np.testing.assert_allclose(means, 0, atol=1e-3)
    assert material.statistics["speech"].mean.shape == (8,)


@pytest.mark.parametrize("normalize", ["train", "none"])
def test_features_stay_as_they_are_in_the_file(normalize, files, tmp_path):
    material = load(options(files, tmp_path / "run", normalize=normalize))
    assert material.statistics is None
    by_id = dict(zip(SOURCE.ids, SOURCE.speech, strict=True))
    first = material.source.speech[0]
    np.testing.assert_array_equal(first, by_id[material.source.ids[0]].astype(np.float16))


@pytest.mark.parametrize(("model", "normalize"), [("mdat", "train"), ("linear", "corpus")])
def test_features_that_are_read_anew_give_the_same_numbers(
    model, normalize, files, tiny_preset, tmp_path
):
    made = {"model": model, "normalize": normalize, "shots": (1,), "split": "random"}
    held, read = (
        load(options(files, tmp_path / str(memory), memory=memory, **made)) for memory in (1.0, 0.0)
    )
    assert (held.held, read.held) == (True, False)
    assert not any(isinstance(rows, np.ndarray) for rows in read.source.speech)
    of_held, of_read = (pipeline.tested(material, silent).predictions for material in (held, read))
    assert len(of_held) == len(of_read) > 1
    for of, again in zip(of_held, of_read, strict=True):
        np.testing.assert_array_equal(of.probabilities, again.probabilities)


@pytest.mark.parametrize("failing", ["write_run", "draw_figures"])
def test_a_failure_leaves_nothing(failing, files, tmp_path, monkeypatch):
    def fail(*_: object) -> None:
        raise OSError("no space left")

    monkeypatch.setattr(pipeline, failing, fail)
    with pytest.raises(OSError, match="no space left"):
        run(load(options(files, tmp_path / "run", target=None)), silent)
    assert list(tmp_path.iterdir()) == []


def test_what_a_killed_run_left_is_in_nobodys_way(files, tmp_path):
    (tmp_path / "run.tmp").mkdir()
    (tmp_path / "run.tmp" / "half").touch()
    run(load(options(files, tmp_path / "run", target=None)), silent)
    assert not (tmp_path / "run.tmp").exists()
    assert not (tmp_path / "run" / "half").exists()


def test_a_class_without_a_test_clip_is_named_all_the_way(files, tmp_path):
    # The clips of sad are as many as the pool and one, so each draw tests one of them.
    of = [u for u in TARGET.utterances if u.emotion != "sad"]
    of += [utterance(f"sad {i}", "sad", f"s{i % 3}") for i in range(16)]
    write_features(tmp_path / "few.h5", selection(of))
    made = options(files, tmp_path / "run", target=tmp_path / "few.h5", shots=(1,), split="random")
    of_query = run(load(made), silent).predictions[-1]
    assert np.bincount(of_query.truth).tolist() == [3, 3, 3, 1]

"""What a run trains on and is tested on, from its features files."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import caches
import numpy as np
import pytest
from toy_features import CLASSES, modality, selection, utterances, write_features
from toy_runs import config

from mdat_data import InputError
from mdat_train.inputs.balance import judged_among
from mdat_train.inputs.loading import TrainingData, load
from mdat_train.runs.summary import data_summary

SOURCE = selection(utterances(speakers=5, clips=2))
TARGET = selection(utterances(speakers=6, clips=3), seed=1)


@pytest.fixture(scope="module")
def files(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A source, a target, more utterances of the source's corpus, and another corpus."""
    folder = tmp_path_factory.mktemp("files")
    write_features(folder / "source.h5", SOURCE)
    write_features(folder / "target.h5", TARGET)
    more = selection([replace(u, id=f"more {u.id}") for u in SOURCE.utterances], seed=3)
    write_features(folder / "more.h5", more)
    other = replace(caches.PROVENANCE, corpus="other")
    write_features(folder / "other.h5", SOURCE, provenance=other)
    return folder


def loaded(files: Path, *sources: str, **changed: Any) -> TrainingData:
    source = tuple(files / f"{name}.h5" for name in sources or ("source",))
    return load(config(**{"source": source, "target": files / "target.h5"} | changed))


def test_several_sources_of_one_corpus_share_their_speakers(files):
    data = loaded(files, "source", "more")
    assert len(data.source) == 80
    assert {u.speaker for u in data.source.utterances} == {f"toy/s{i}" for i in range(5)}


def test_several_sources_of_different_corpora_share_nothing(files):
    data = loaded(files, "source", "other")
    assert len(set(data.source.ids)) == 80
    assert len({u.group for u in data.source.utterances}) == 10


def test_several_sources_of_one_corpus_with_the_same_ids_are_refused(files, tmp_path):
    again = write_features(tmp_path / "again.h5", SOURCE)
    with pytest.raises(InputError, match=r"got 40 ids .* several files, such as toy/s0-angry-0\."):
        loaded(files, source=(files / "source.h5", again))


def test_each_corpus_is_standardised_by_its_own_statistics(files):
    data = loaded(files, "source", "other", normalize="corpus")
    target = data.scale.scaled(())
    of_each = [data.source.speech[:40], data.source.speech[40:], target.selection.speech]
    means = [np.concatenate(rows).mean(axis=0) for rows in of_each]
    np.testing.assert_allclose(means, 0, atol=1e-3)
    assert data.statistics(target)["speech"].mean.shape == (8,)
    assert target.recordings == len(TARGET)


@pytest.mark.parametrize("normalize", ["train", "none"])
def test_features_stay_as_they_are_in_the_file(normalize, files):
    data = loaded(files, normalize=normalize)
    target = data.scale.scaled(TARGET.ids)
    assert data.statistics(target) is None
    assert target.selection is data.target
    by_id = dict(zip(SOURCE.ids, SOURCE.speech, strict=True))
    first = data.source.speech[0]
    np.testing.assert_array_equal(first, by_id[data.source.ids[0]].astype(np.float16))


@pytest.mark.parametrize("memory", [1.0, 0.0])
def test_features_larger_than_the_memory_stay_in_their_files(memory, files):
    data = loaded(files, memory=memory, model="mdat")
    assert data.in_memory == bool(memory)
    features = (*data.source.speech, *data.target.text)
    assert {np.asarray(rows) is np.asarray(rows) for rows in features} == {data.in_memory}
    np.testing.assert_array_equal(data.source.speech[0], SOURCE.speech[0].astype(np.float16))


@pytest.mark.parametrize(("layer", "layers"), [("12", 1), ("mix", 2)])
def test_the_number_of_speech_layers(layer, layers, files):
    assert loaded(files, speech_layer=layer).speech_layers == layers


def test_without_a_common_text_layer_the_stored_ones_are_named(files, tmp_path):
    only_6 = write_features(tmp_path / "6.h5", TARGET, provenance=modality("text", layers=("6",)))
    with pytest.raises(InputError, match="no layer last .* its layers are 6"):
        loaded(files, target=only_6)


@pytest.mark.parametrize(("absent", "used"), [("speech", "text"), ("text", "speech")])
def test_files_of_one_stream_are_used_with_this_stream_alone(absent, used, tmp_path):
    made = replace(caches.PROVENANCE, **{absent: None})
    [write_features(tmp_path / f"{n}.h5", SOURCE, provenance=made) for n in ("source", "target")]
    data = loaded(tmp_path, target=None)
    assert (data.config.modality, data.speech_layers) == (used, 1)
    assert {np.shape(rows) for rows in getattr(data.source, absent)} == {(1, 1)}
    assert {np.shape(rows)[-1] for rows in getattr(data.source, used)} == {getattr(made, used).dim}
    assert f"{absent} was not encoded: the model uses {used} alone" in data_summary(data)
    with pytest.raises(InputError, match=f"--modality {absent} uses .* Use --modality {used}"):
        loaded(tmp_path, target=None, modality=absent)


def test_files_with_different_streams_are_refused(files, tmp_path):
    alone = write_features(
        tmp_path / "alone.h5", TARGET, provenance=replace(caches.PROVENANCE, text=None)
    )
    for source, target in ((files / "source.h5", alone), (alone, files / "source.h5")):
        with pytest.raises(InputError, match="encoded: speech"):
            load(config(source=(source,), target=target))


def test_a_target_without_labels_has_the_scale_of_the_training_set_under_support(files):
    data = loaded(files, "source", "other", normalize="support")
    of_each = [data.source.speech[:40], data.source.speech[40:]]
    np.testing.assert_allclose([np.concatenate(o).mean(axis=0) for o in of_each], 0, atol=1e-3)
    target = data.scale.scaled(())
    both = [rows.astype(np.float16).astype(float) for rows in SOURCE.speech] * 2
    expected = np.concatenate(both).mean(axis=0)
    np.testing.assert_allclose(target.statistics["speech"].mean, expected, atol=1e-3)
    assert target.recordings == 80


@pytest.fixture(scope="module")
def three(files: Path) -> str:
    """A source that has three of the four classes."""
    of = selection(utterances(speakers=2, clips=2, classes=CLASSES[:3]), seed=4)
    other = replace(caches.PROVENANCE, corpus="three")
    write_features(files / "three.h5", of, provenance=other)
    return "three"


def test_one_of_several_sources_may_lack_a_class(files, three):
    data = loaded(files, "source", three)
    lacking = {origin.name: origin.lacking for origin in data.source.origins}
    assert lacking == {str(files / "source.h5"): (), str(files / "three.h5"): ("sad",)}
    sentence = f"{files / 'three.h5'} has no utterance of sad: its utterances are judged among the"
    assert sentence in data_summary(data)
    assert judged_among(data.source).sum() == 40 * 4 + 12 * 3


@pytest.mark.parametrize(
    ("sources", "changed", "message"),
    [
        (("three",), {}, "three.h5 has no utterance of sad"),
        (("three", "source"), {"model": "svm"}, "three.h5 has no utterance of sad"),
        (("source", "three"), {"classes": ("sad", "angry")}, "three.h5 has no utterance of sad"),
        (("source", "three"), {"classes": (*CLASSES, "fear")}, "target.h5 has no utterance of fea"),
    ],
)
def test_a_class_that_a_file_must_have(files, three, sources, changed, message):
    """The only source, that of an SVM, one with a single class, and the target."""
    with pytest.raises(InputError, match=message):
        loaded(files, *sources, **changed)


def test_a_class_that_no_source_has_is_refused(files, three, tmp_path):
    again = selection(utterances(speakers=2, clips=2, classes=CLASSES[:3]), seed=6)
    other = replace(caches.PROVENANCE, corpus="again")
    path = write_features(tmp_path / "again.h5", again, provenance=other)
    with pytest.raises(InputError, match="in a file of --source; got sad, which is in none"):
        loaded(files, source=(files / "three.h5", path))


def test_speakers_of_a_source_that_tell_the_emotion_have_no_scale_of_their_own(files, tmp_path):
    single = [replace(u, speaker=f"{u.speaker} {u.emotion}") for u in SOURCE.utterances]
    other = replace(caches.PROVENANCE, corpus="single")
    path = write_features(tmp_path / "single.h5", selection(single), provenance=other)
    data = loaded(files, source=(files / "source.h5", path), normalize="speaker")
    (warning,) = data.warnings
    assert warning.startswith(
        f"{path}: speakers have no scale of their own, but that of the corpus"
    )
    speech = np.concatenate(data.source.speech[40:])
    np.testing.assert_allclose(speech.mean(axis=0), 0, atol=1e-3)

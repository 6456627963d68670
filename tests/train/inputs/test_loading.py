"""What a run trains on and is tested on, from its features files."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import caches
import numpy as np
import pytest
from toy_features import modality, selection, utterances, write_features
from toy_runs import config

from mdat_data import InputError
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
    of_each = [data.source.speech[:40], data.source.speech[40:], data.target.speech]
    means = [np.concatenate(rows).mean(axis=0) for rows in of_each]
    np.testing.assert_allclose(means, 0, atol=1e-3)
    assert data.statistics["speech"].mean.shape == (8,)


@pytest.mark.parametrize("normalize", ["train", "none"])
def test_features_stay_as_they_are_in_the_file(normalize, files):
    data = loaded(files, normalize=normalize)
    assert data.statistics is None
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

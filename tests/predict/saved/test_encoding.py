"""Encoders of a saved model, from its description."""

from pathlib import Path

import numpy as np
import pytest
from predictable import by_keras, save_run
from tiny_models import save_speech_model, save_text_model

import mdat_predict
from mdat_data import InputError
from mdat_extract import extract

SPEECH = {"whisper-tiny": "mix", "wav2vec2-base": "1", "hubert-large": "last", "w2v-bert": "last"}
"""Speech encoder -> the layer that the model reads."""
TEXT = ("roberta", "llama")


@pytest.fixture(scope="module")
def models(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    folder = tmp_path_factory.mktemp("models")
    speech = {name: save_speech_model(name, folder) for name in SPEECH}
    return speech | {name: save_text_model(name, folder) for name in TEXT}


def encoded(toy, out: Path, **encoders: object) -> Path:
    extract("emodb", root=toy.root, out=out, **encoders)
    return out


@pytest.mark.parametrize("name", SPEECH)
def test_recordings_get_what_their_features_get(name, toy, models, tmp_path):
    features = encoded(
        toy,
        tmp_path / "a.h5",
        speech_encoder=str(models[name]),
        speech_layer=("1", "last"),
        text_encoder="none",
    )
    run = save_run(tmp_path / "run", features, layer=SPEECH[name])
    model = mdat_predict.load(run, speech_encoder=str(models[name]))
    found = model.predict(toy.root, segments="whole", batch_seconds=2)
    expected = by_keras(run, features)
    given = {Path(of.recording).stem: of.segments[0].probabilities for of in found}
    assert given.keys() == expected.keys()
    assert max(np.abs(expected[id] - given[id]).max() for id in given) < 1e-4


@pytest.mark.parametrize("prefix", ["", "query: "])
@pytest.mark.parametrize("name", TEXT)
def test_words_get_what_their_features_get(name, prefix, toy, models, tmp_path):
    features = encoded(
        toy,
        tmp_path / "a.h5",
        speech_encoder="none",
        text_encoder=str(models[name]),
        text_prefix=prefix,
    )
    run = save_run(tmp_path / "run", features)
    model = mdat_predict.load(run, text_encoder=str(models[name]))
    found = model.predict(toy.root, transcripts=toy.transcripts)
    expected = by_keras(run, features)
    given = {Path(of.recording).stem: of.segments[0].probabilities for of in found}
    assert max(np.abs(expected[id] - given[id]).max() for id in given) < 1e-4


def test_an_encoder_in_a_folder_must_be_given_and_be_the_one(toy, models, tmp_path):
    features = encoded(
        toy,
        tmp_path / "a.h5",
        speech_encoder=str(models["wav2vec2-base"]),
        speech_layer="last",
        text_encoder="none",
    )
    run = save_run(tmp_path / "run", features)
    with pytest.raises(InputError, match="Give it with --speech-encoder FOLDER"):
        mdat_predict.load(run).predict(toy.recordings[0], segments="whole")
    other = mdat_predict.load(run, speech_encoder=str(models["hubert-large"]))
    with pytest.raises(InputError, match=r"features of wav2vec2-base.* got hubert-large"):
        other.predict(toy.recordings[0], segments="whole")


def test_longer_recordings_are_cut_as_in_extraction(toy, tmp_path):
    features = encoded(
        toy,
        tmp_path / "a.h5",
        speech_encoder="logmel",
        text_encoder="none",
        max_seconds=0.25,
    )
    run = save_run(tmp_path / "run", features)
    expected = by_keras(run, features)
    found = mdat_predict.load(run).predict(toy.root, segments="whole")
    given = {Path(of.recording).stem: of.segments[0].probabilities for of in found}
    assert max(np.abs(expected[id] - given[id]).max() for id in given) < 1e-4
    assert {of.segments[0].end for of in found if of.duration > 0.25} == {0.25}


def test_features_are_rounded_as_in_their_file(toy, tmp_path):
    for store in ("float16", "float32"):
        features = encoded(
            toy,
            tmp_path / f"{store}.h5",
            speech_encoder="logmel",
            text_encoder="char-ngram",
            store=store,
        )
        run = save_run(tmp_path / store, features)
        [member] = mdat_predict.load(run).members
        waveform = np.random.default_rng(1).normal(size=8000).astype(np.float32)
        found = member.features([waveform], ["Der Lappen"])
        assert {rows.dtype for [rows] in found.values()} == {np.dtype(store)}

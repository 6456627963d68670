"""A saved model is tested on a labelled corpus."""

from dataclasses import replace

import numpy as np
import pytest
from predictable import CLASSES, by_keras, save_run

import mdat_predict
from mdat_data import InputError, open_features
from mdat_data.corpora import read_corpus
from mdat_predict import PredictConfig
from mdat_predict.inputs.sources import Source
from mdat_predict.scoring.score import score
from mdat_predict.scoring.scored import Scored

PLAIN = PredictConfig()


@pytest.fixture
def sources(toy) -> list[Source]:
    corpus = read_corpus("emodb", toy.root)
    return [Source(u.id, u.audio, u, u.transcript) for u in corpus.utterances]


def test_a_features_file_and_its_recordings_get_the_same_scores(toy, sources):
    model = mdat_predict.load(toy.run)
    stored, heard = score(model, toy.features, PLAIN), score(model, sources, PLAIN)
    expected = by_keras(toy.run, toy.features)
    assert stored.ids == heard.ids
    for found in (stored, heard):
        for id, given in zip(found.ids, found.probabilities, strict=True):
            np.testing.assert_allclose(given, expected[id], atol=1e-4)
    assert stored.distances == pytest.approx(heard.distances, abs=1e-3)
    assert max(stored.distances.values()) < 0.15  # the model has the statistics of this file


def test_emotions_of_the_model_alone_are_scored(toy):
    found = score(mdat_predict.load(toy.run), toy.features, PLAIN)
    with open_features(toy.features) as file:
        emotions = [u.emotion for u in file.utterances]
    assert len(found.ids) == sum(emotion in CLASSES for emotion in emotions)
    assert found.left_out["of neutral, which the model does not know"] == emotions.count("neutral")
    assert [CLASSES[n] for n in found.truth] == [e for e in emotions if e in CLASSES]


def test_merged_emotions_are_those_of_the_model(toy, tmp_path):
    learned = {"languages": [], "corpora": [], "merged": {"neutral": "sad"}}
    merging = save_run(tmp_path / "run", toy.features, learned_from=learned)
    plain, merged = (score(mdat_predict.load(r), toy.features, PLAIN) for r in (toy.run, merging))
    number = CLASSES.index("sad")
    assert (merged.truth == number).sum() == 2 * (plain.truth == number).sum()


def test_a_file_that_the_model_learned_from_is_no_test(toy, tmp_path):
    with open_features(toy.features) as file:
        learned = {"languages": [], "corpora": [{"digest": file.digest}], "merged": {}}
    run = save_run(tmp_path / "run", toy.features, learned_from=learned)
    found = score(mdat_predict.load(run), toy.features, PLAIN)
    assert "these scores are no test of it" in found.summary()
    assert "no test" not in score(mdat_predict.load(toy.run), toy.features, PLAIN).summary()


@pytest.mark.parametrize(
    "changed", [{"encoder": "ear"}, {"revision": "2"}, {"crop": 9.0}, {"layers": ("7",)}]
)
def test_features_that_were_made_in_another_way_are_refused(changed, toy):
    model = mdat_predict.load(toy.run)
    [member] = model.members
    speech = replace(member.description.streams["speech"], **changed)
    streams = member.description.streams | {"speech": speech}
    member.description = replace(member.description, streams=streams)
    with pytest.raises(InputError, match="must have speech features like those of"):
        score(model, toy.features, PLAIN)


def test_recordings_without_labels_cannot_be_scored(toy):
    with pytest.raises(InputError, match="--score needs recordings with their emotions"):
        score(mdat_predict.load(toy.run), [Source("a", toy.recordings[0])], PLAIN)


def test_rescaled_features_are_scored(toy):
    model = mdat_predict.load(toy.run)
    plain, rescaled = (
        score(model, toy.features, PredictConfig(rescale=rescale)) for rescale in (False, True)
    )
    # Neutral utterances are no part of the input, but of the statistics of the model.
    assert np.abs(plain.probabilities - rescaled.probabilities).max() > 1e-4
    assert plain.distances == pytest.approx(rescaled.distances)


def scored(said: list[int], truth: list[int], **changed: object) -> Scored:
    values = {
        "label": "run",
        "classes": CLASSES,
        "ids": tuple(map(str, range(len(said)))),
        "speakers": tuple("ab" * len(said))[: len(said)],
        "truth": np.array(truth),
        "probabilities": 0.1 + 0.7 * np.eye(3)[said],
        "left_out": {"unlabelled": 3},
        "failures": {},
        "distances": {"speech": 0.1},
    }
    return Scored(**values | changed)


def test_a_summary_has_what_a_run_prints_and_more():
    lines = scored([0, 0, 1, 2], [0, 0, 1, 1]).summary(reject=0.5).splitlines()
    assert lines[:2] == ["4 utterances of 2 speakers", "  left out: 3 unlabelled"]
    assert lines[3].startswith("run  input       0   75.0 ±  0.0")
    assert any(line.split() == ["happy", "2", "1", "50.0"] for line in lines)
    assert any(line.split() == ["sad", "0", "1"] for line in lines)
    assert "--reject 0.5 answers 100.0 %; 75.0 % of these are right" in lines
    assert not any("warning" in line for line in lines)


def test_a_model_that_says_one_word_to_everything_is_seen():
    text = scored([0] * 6, [0, 1, 2] * 2).summary()
    assert "warning: 100 % of the answers are angry, but only 33 % of the utterances" in text
    assert "warning" not in scored([0] * 6, [0] * 6).summary()


def test_recordings_far_from_the_training_are_named():
    text = scored([0], [0], distances={"speech": 1.5, "text": 0.0}).summary()
    assert "warning: speech lie" not in text
    assert "warning: speech is far from what the model learned from" in text

"""Where there is nothing to learn the UA is at chance, and the splits show it."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from toy_features import CLASSES, selection, utterance, utterances
from toy_runs import config

from mdat_data.corpora import demo_de, demo_en, demo_it, demo_ur
from mdat_data.metrics import compute_metrics
from mdat_data.readers.demo import VOICES
from mdat_extract.encoders.char_ngram import CharNgram
from mdat_train.classifiers.sklearn_classifier import SklearnClassifier
from mdat_train.experiments.cross_validation import run_folds
from mdat_train.experiments.recorder import Recorder, silent
from mdat_train.experiments.transfer import run_transfer
from mdat_train.inputs.scales import Scale
from mdat_train.inputs.selection import Selection
from mdat_train.runs.condition import SUPPORT


def ua(of: Selection, model: str = "linear", **changed: Any) -> float:
    """UA of a classifier within a corpus."""
    modality = changed.get("modality", "both")
    classifier = SklearnClassifier(model, standardize=True, modality=modality)
    recorder = Recorder(classifier, config(model=model, **changed), silent)
    run_folds(recorder, of)
    (predictions,) = recorder.predictions
    return compute_metrics(predictions.truth, predictions.predicted, of.classes).ua


def shuffled(seed: int) -> Selection:
    """Features of one emotion under the label of another."""
    of = selection(utterances(speakers=8, clips=6))
    emotions = np.random.default_rng(seed).permutation([u.emotion for u in of.utterances])
    pairs = zip(of.utterances, emotions.tolist(), strict=True)
    return replace(of, utterances=tuple(replace(u, emotion=e) for u, e in pairs))


def one_emotion_per_speaker(seed: int, clips: int = 4) -> Selection:
    """Every speaker has a voice and a single emotion, on which the voice does not depend."""
    rng = np.random.default_rng(seed)
    of = [
        utterance(f"{s}-{clip}", CLASSES[s % 4], f"s{s}")
        for s in range(16)
        for clip in range(clips)
    ]
    voices = {u.speaker: rng.normal(scale=3, size=8) for u in of}
    noise = selection(of, separation=0, seed=seed)
    voiced = zip(noise.speech, noise.utterances, strict=True)
    return replace(noise, speech=tuple(rows + voices[u.speaker] for rows, u in voiced))


def test_emotions_that_are_far_apart_are_learned():
    assert ua(selection(utterances(speakers=4, clips=3))) > 0.95


def test_shuffled_labels_score_at_chance():
    # 192 utterances, six times: the mean of the UAs has a standard deviation of 1.3 %.
    mean = np.mean([ua(shuffled(seed)) for seed in range(6)])
    assert 0.25 - 0.05 < mean < 0.25 + 0.05


def test_recognising_the_speaker_gives_no_score_where_speakers_are_held_out():
    # 16 speakers, twelve times: the mean has a standard deviation of 3 % at most.
    corpora = [one_emotion_per_speaker(seed) for seed in range(12)]
    held_out = np.mean([ua(of, folds=4) for of in corpora])
    assert held_out < 0.25 + 0.06


def test_recognising_the_speaker_gives_no_score_where_the_query_has_other_speakers():
    # 16 speakers with 16 utterances each, twelve times: the mean has a standard deviation of 3 %.
    found = []
    for seed in range(12):
        corpus = one_emotion_per_speaker(seed, clips=16)
        options = config(model="linear", shots=(5,), seeds=1, target=Path("t.h5"), first_seed=seed)
        recorder = Recorder(SklearnClassifier("linear", standardize=True), options, silent)
        run_transfer(recorder, shuffled(seed), Scale(corpus, "train"))
        found += [
            compute_metrics(p.truth, p.predicted, corpus.classes).ua
            for p in recorder.predictions
            if p.condition.trained_on == SUPPORT
        ]
    assert len(found) == 12
    assert np.mean(found) < 0.25 + 0.06


@pytest.mark.parametrize("model", ["linear", "svm"])
@pytest.mark.parametrize("language", [demo_de, demo_it, demo_en, demo_ur], ids=lambda m: m.LANGUAGE)
def test_text_gives_no_score_where_every_sentence_is_said_in_every_emotion(model, language):
    of = [
        utterance(f"{s}-{e}-{n}", e, s, transcript=sentence)
        for s in VOICES
        for e in CLASSES
        for n, sentence in enumerate(language.SENTENCES)
    ]
    text = tuple(f["last"] for f in CharNgram().encode([u.transcript for u in of]))
    corpus = replace(selection(of), text=text)
    assert ua(corpus, model, folds=4, modality="text") < 0.25 + 0.05


def test_random_folds_reward_recognising_the_speaker():
    assert ua(one_emotion_per_speaker(0), "svm", split="random", folds=4) > 0.6

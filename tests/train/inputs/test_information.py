"""Streams without information are left out."""

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from toy_features import CLASSES, SPEECH_DIM, TEXT_DIM, selection, utterances, write_features
from toy_runs import config

from mdat_data import InputError
from mdat_train.experiments.recorder import silent
from mdat_train.experiments.run_experiment import run_experiment
from mdat_train.inputs.information import uninformative, without
from mdat_train.inputs.loading import load
from mdat_train.inputs.selection import Selection
from mdat_train.runs.summary import data_summary, summary

SOURCE = selection(utterances(speakers=5, clips=2))
TARGET = selection(utterances(speakers=6, clips=3), seed=1)


def texts(of: Selection, rows: Any) -> Selection:
    """The selection with other text features; `rows` makes those of one utterance."""
    return replace(of, text=tuple(np.float16(rows(number)) for number in range(len(of))))


def noise(number: int, size: float, steps: int = 1) -> np.ndarray:
    return np.random.default_rng(number).normal(scale=size, size=(steps, TEXT_DIM))


WITHOUT = {
    "zeros": lambda _: np.zeros((1, TEXT_DIM)),
    "zeros of several lengths": lambda number: np.zeros((1 + number % 5, TEXT_DIM)),
    "two tokens": lambda _: np.array([[0.5, -1.0, 2.0, 0.1], [0.5, 1.0, -2.0, 0.1006]]),
    "rounding": lambda number: 0.5 + noise(number, 3e-4),
    "nearly zero, beside the target": lambda number: noise(number, 1e-3),
    "nearly one, of several lengths": lambda number: 1 + noise(number, 1e-3, 1 + number % 5),
}
WITH = {
    "of the toy": lambda number: SOURCE.text[number],
    "one utterance": lambda number: np.eye(4)[[0]] if number == 7 else np.zeros((1, TEXT_DIM)),
    "a longer text with the same beginning": lambda number: np.eye(4)[: 1 + (number == 7)],
    "equal means": lambda number: noise(number, 1, 8) - noise(number, 1, 8).mean(axis=0),
}


@pytest.mark.parametrize("rows", WITHOUT.values(), ids=WITHOUT)
def test_a_stream_that_is_alike_everywhere_is_found(rows):
    assert uninformative([texts(SOURCE, rows)], TARGET, modality="both") == ("text",)
    assert uninformative([texts(SOURCE, rows)], TARGET, modality="speech") == ()


@pytest.mark.parametrize("rows", WITH.values(), ids=WITH)
def test_a_stream_that_differs_anywhere_is_used(rows):
    assert uninformative([texts(SOURCE, rows)], TARGET, modality="both") == ()


def test_small_features_are_features():
    small = texts(SOURCE, lambda number: SOURCE.text[number] / 1000)
    assert uninformative([small], None, modality="both") == ()


def test_a_second_source_may_have_the_transcripts():
    silent_source = texts(SOURCE, WITHOUT["zeros"])
    assert uninformative([silent_source, TARGET], None, modality="both") == ()


def test_a_run_needs_a_stream_with_information():
    with pytest.raises(InputError, match="--modality text must use features that differ between"):
        uninformative([texts(SOURCE, WITHOUT["zeros"])], None, modality="text")


def test_what_is_left_out_is_a_row_of_zeros():
    left = without(TARGET, ["text"])
    assert {rows.shape for rows in left.text} == {(1, TEXT_DIM)}
    assert not np.any(left.text)
    assert left.speech == TARGET.speech


@pytest.fixture
def files(tmp_path):
    write_features(tmp_path / "source.h5", texts(SOURCE, WITHOUT["nearly zero, beside the target"]))
    write_features(tmp_path / "target.h5", TARGET)
    shifted = texts(TARGET, lambda number: 100 * TARGET.text[number] - 50)
    write_features(tmp_path / "shifted.h5", shifted)
    return tmp_path


def run(files, target: str, **changed: Any):
    paths = {"source": (files / "source.h5",), "target": files / target}
    made = config(shots=(0, 1), split="random", classes=CLASSES, **paths | changed)
    data = load(made)
    return data, run_experiment(data, silent, keep_model=False)


@pytest.mark.parametrize("normalize", ["train", "corpus", "none"])
@pytest.mark.parametrize("model", ["linear", "svm"])
def test_the_text_of_the_target_has_no_effect(files, model, normalize):
    runs = [
        run(files, target, model=model, normalize=normalize)[1].predictions
        for target in ("target.h5", "shifted.h5")
    ]
    for one, other in zip(*runs, strict=True):
        np.testing.assert_array_equal(one.probabilities, other.probabilities)


def test_it_is_said(files):
    data, made = run(files, "target.h5", model="linear")
    sentence = "text is left out: all 40 utterances of the source have the same text features"
    assert f"warning: {sentence}" in data_summary(data)
    assert sentence in summary(made)
    assert all(sentence in training.warnings[0] for training in made.trainings)


def test_a_saved_model_ignores_it_in_new_recordings(files):
    data, _ = run(files, "target.h5", model="linear")
    (statistics,) = data.hidden.values()
    (scaled,) = statistics.applied([np.full((2, TEXT_DIM), 60_000.0)])
    np.testing.assert_allclose(scaled, 0, atol=1e-30)


def test_speech_can_be_left_out_too(tmp_path):
    same = replace(SOURCE, speech=(np.ones((7, SPEECH_DIM), np.float16),) * len(SOURCE))
    write_features(tmp_path / "source.h5", same)
    data = load(config(source=(tmp_path / "source.h5",), classes=CLASSES))
    assert data.warnings == (
        "speech is left out: all 40 utterances of the source have the same speech features",
    )

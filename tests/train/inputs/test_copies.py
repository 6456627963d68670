"""A recording that is there several times is used once: no model is tested on what it knows."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import h5py
import pytest
from toy_features import CLASSES, selection, utterance, write_features
from toy_runs import config

from mdat_data import InputError
from mdat_data.metrics import compute_metrics
from mdat_train.classifiers.sklearn_classifier import SklearnClassifier
from mdat_train.experiments.cross_validation import run_folds
from mdat_train.experiments.recorder import Recorder, silent
from mdat_train.inputs.loading import TrainingData, load
from mdat_train.inputs.selection import CONTRADICTED, COPIES
from mdat_train.runs.summary import data_summary

NUMBER = 64
FIRST = tuple(utterance(f"a{n:02}", CLASSES[n % 4], f"s{n % 8}") for n in range(NUMBER))
AGAIN = tuple(utterance(f"b{n:02}", CLASSES[n % 4], f"t{n % 7}") for n in range(NUMBER))


def corpus(path: Path, column: str = "audio_sha256", **emotions: str) -> Path:
    """Noise without emotion, each recording under two ids and speakers.

    Args:
        path: The file.
        column: Where copies have the same checksum; `""` for nowhere.
        emotions: Ids -> emotions that differ.
    """
    once = selection(FIRST, separation=0)
    of = [replace(u, emotion=emotions.get(u.id, u.emotion)) for u in (*FIRST, *AGAIN)]
    twice = replace(once, utterances=tuple(of), speech=once.speech * 2, text=once.text * 2)
    write_features(path, twice)
    with h5py.File(path, "a") as file:
        if column == "samples_sha256":
            file[column] = [*file["audio_sha256"][:NUMBER]] * 2
        elif column:
            file[column][NUMBER:] = file[column][:NUMBER]
    return path


def loaded(path: Path, **options: Any) -> TrainingData:
    return load(config(**{"source": (path,)} | options))


def ua(data: TrainingData) -> float:
    recorder = Recorder(SklearnClassifier("svm", standardize=True), data.config, silent)
    run_folds(recorder, data.source)
    (predictions,) = recorder.predictions
    return compute_metrics(predictions.truth, predictions.predicted, CLASSES).ua


@pytest.mark.parametrize("split", ["group", "random"])
def test_copies_under_another_speaker_give_no_score(split, tmp_path):
    options = {"split": split, "folds": 4}
    assert ua(loaded(corpus(tmp_path / "unknown.h5", ""), **options)) > 0.6
    assert ua(loaded(corpus(tmp_path / "known.h5"), **options)) < 0.25 + 0.15


@pytest.mark.parametrize("column", ["audio_sha256", "samples_sha256"])
def test_the_first_of_several_copies_is_used_and_the_others_are_counted(column, tmp_path):
    data = loaded(corpus(tmp_path / "toy.h5", column))
    assert data.source.ids == tuple(u.id for u in FIRST)
    assert data.source.left_out == {COPIES: dict.fromkeys(CLASSES, NUMBER // 4)}
    assert (
        "  left out: angry 16, happy 16, neutral 16, sad 16 (copies of other recordings)"
        in data_summary(data).splitlines()
    )


def test_copies_with_several_emotions_are_left_out(tmp_path):
    # b00 is a copy of a00, which is angry; b01 one of a01, which is happy.
    data = loaded(corpus(tmp_path / "toy.h5", b00="sad", b01="disgust"))
    assert not {"a00", "b00", "a01", "b01"} & set(data.source.ids)
    assert data.source.left_out[CONTRADICTED] == {"angry": 1, "sad": 1, "happy": 1}
    assert "disgust 1 (not among the classes)" in data_summary(data)


def test_emotions_that_are_merged_do_not_contradict(tmp_path):
    data = loaded(corpus(tmp_path / "toy.h5", b00="rage"), merge=(("rage", "angry"),))
    assert "a00" in data.source.ids
    assert CONTRADICTED not in data.source.left_out


@pytest.mark.parametrize("column", ["audio_sha256", "samples_sha256"])
def test_files_that_share_a_recording_are_refused(column, tmp_path):
    source = corpus(tmp_path / "source.h5", column)
    target = write_features(tmp_path / "target.h5", selection(seed=1))
    with h5py.File(source) as one, h5py.File(target, "a") as other:
        if column == "samples_sha256":
            other[column] = [text + b"x" for text in other["audio_sha256"][:]]
        other[column][3] = one[column][5]
    with pytest.raises(InputError, match="must have different recordings; got 1 .*tested on its"):
        loaded(source, target=target)


def test_recordings_without_a_checksum_are_no_copies(tmp_path):
    files = [corpus(tmp_path / "source.h5"), corpus(tmp_path / "target.h5")]
    for path in files:
        with h5py.File(path, "a") as file:
            file["audio_sha256"][:] = ""
    assert len(loaded(files[0], target=files[1]).source) == 2 * NUMBER

"""What a person is told."""

from dataclasses import replace

import numpy as np
import pytest
from toy_features import selection, utterances
from toy_runs import config

from mdat_train.inputs.loading import Material
from mdat_train.runs.run import Condition, Predictions, Run, Training
from mdat_train.runs.summary import after, before
from mdat_train.splits.folds import Split

ABC = ("a", "b", "c")


def predictions(speakers: str = "xxyy", shots: int = 0) -> Predictions:
    return Predictions(
        condition=Condition(system="linear", test="query", shots=shots),
        seed=0,
        draw=None,
        ids=("1", "2", "3", "4"),
        speakers=tuple(speakers),
        truth=np.array([0, 1, 0, 1]),
        probabilities=np.eye(3)[[0, 1, 0, 0]],
    )


def run(*of: Predictions, trainings: tuple[Training, ...] = ()) -> Run:
    return Run(
        config={"patience": 1},
        provenance={},
        classes=ABC,
        utterances={},
        trainings=trainings,
        predictions=of,
    )


def training(validation: str = "", epochs: int = 1, *warnings: str) -> Training:
    history = ({"epoch": 1.0, "loss": 1.0},) * epochs
    split = Split(train=("1",), validation=tuple(validation))
    return Training(name="seed 0", split=split, history=history, warnings=warnings)


def test_scores_stand_under_their_names():
    header, line, *_ = after(run(predictions(shots=5))).splitlines()
    assert line.split() == (
        ["linear", "query", "5", "75.0", "±", "0.0", "[50.0,", "100.0]", "75.0", "±", "0.0"]
        + ["73.3", "±", "0.0"]
    )
    places = [header.index(name) + len(name) for name in ("UA %", "WA %", "macro-F1 %")]
    ends = [line.index("75.0") + 11, line.rindex("75.0") + 11, len(line)]
    assert all(abs(place - end) <= 6 for place, end in zip(places, ends, strict=True))


def test_what_the_numbers_are_is_said():
    told = after(run(predictions()))
    assert "chance 33.3 %; mean ± standard deviation over seeds and draws" in told
    assert "without a test clip, and so left out of the UA: c" in told


def test_one_speaker_has_no_interval():
    assert "one speaker" in after(run(predictions("xxxx")))


def test_redrawn_resamples_are_counted():
    told = after(run(predictions("xxxy")))
    assert "resamples that lacked a class were drawn again" in told
    assert "drawn again" not in after(run(predictions()))


def test_the_training_with_the_most_warnings_is_quoted():
    warned = (training("2"), training("2", 1, "one"), training("2", 1, "one", "two"))
    told = after(run(predictions(), trainings=warned))
    assert "warning (2 of 3 splits), seed 0: one; two" in told


def test_trainings_of_a_fixed_number_of_epochs_are_counted():
    of = (training("2"), training(), training(epochs=0))
    assert "1 of 3 trainings ran for a fixed number of epochs" in after(
        run(predictions(), trainings=of)
    )
    assert "fixed" not in after(run(predictions(), trainings=of[:1]))


@pytest.mark.parametrize("held", [True, False])
@pytest.mark.parametrize("normalize", ["train", "corpus"])
def test_before_tells_what_is_learned_from(normalize, held):
    material = Material(
        config=replace(config(), normalize=normalize, speech_layer="12"),
        provenance={},
        source=selection(),
        target=selection(utterances(speakers=3, clips=1)),
        statistics=None,
        held=held,
    )
    source, target, how, *more = before(material).splitlines()
    assert source.startswith("source: 32 utterances of 4 speakers (angry 8, happy 8, neutral 8,")
    assert target.startswith("target: 12 utterances of 3 speakers (angry 3")
    assert how == f"speech layer 12, normalisation {normalize}"
    told = ["transductive"] * (normalize == "corpus") + ["more than 1 GiB of"] * (not held)
    assert [line.startswith(start) for line, start in zip(more, told, strict=True)] == [True] * len(
        told
    )

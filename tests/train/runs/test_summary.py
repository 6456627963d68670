"""What the command prints before and after a run."""

import re
from dataclasses import replace

import numpy as np
import pytest
from toy_features import selection, utterances
from toy_runs import config

from mdat_data.metrics import METRICS, bootstrap
from mdat_data.splits.split import Split
from mdat_train.adaptation import Choice
from mdat_train.inputs.loading import TrainingData
from mdat_train.inputs.scales import Scale
from mdat_train.inputs.selection import COPIES, NO_CLASS
from mdat_train.runs.condition import ADAPTED, QUERY, SUPPORT, Condition
from mdat_train.runs.predictions import Predictions, PredictionTable
from mdat_train.runs.run import Run, Training
from mdat_train.runs.summary import data_summary, summary

ABC = ("a", "b", "c")


def predictions(speakers: str = "xxyy", shots: int = 0, trained_on: str = ADAPTED) -> Predictions:
    return Predictions(
        condition=Condition(model="linear", trained_on=trained_on, tested_on=QUERY, shots=shots),
        seed=0,
        draw=None,
        ids=("1", "2", "3", "4"),
        speakers=tuple(speakers),
        truth=np.array([0, 1, 0, 1]),
        probabilities=np.eye(3)[[0, 1, 0, 0]],
    )


def run(*of: Predictions, trainings: tuple[Training, ...] = ()) -> Run:
    return Run(
        config=config(patience=1),
        provenance={},
        classes=ABC,
        utterances={},
        trainings=trainings,
        predictions=PredictionTable(ABC, of),
    )


def training(validation: str = "", epochs: int = 1, *warnings: str) -> Training:
    history = ({"epoch": 1.0, "loss": 1.0},) * epochs
    split = Split(train=("1",), validation=tuple(validation))
    return Training(name="seed 0", split=split, history=history, warnings=warnings)


def test_metrics_are_below_their_names():
    header, line, *_ = summary(run(predictions(shots=5))).splitlines()
    assert line.split()[:14] == (
        ["linear", "query", "5", "75.0", "±", "0.0", "[50.0,", "100.0]", "75.0", "±", "0.0"]
        + ["73.3", "±", "0.0"]
    )
    assert list(METRICS.values())[:3] == ["UA", "WA", "macro-F1"]

    places = [header.index(f"{label} %") + len(f"{label} %") for label in METRICS.values()]
    ends = [number.end() for number in re.finditer(r"± +\d+\.\d", line)]
    assert places == ends


def test_the_surest_predictions_of_all_seeds_are_scored():
    unsure = replace(predictions(), probabilities=np.full((4, 3), [0.5, 0.3, 0.2]))
    of_both = "accuracy % of the surest 100 % (from 0.50): 62.5, 100 % (from 0.50): 62.5, "
    assert of_both + "75 % (from 0.50): 66.7, 50 % (from 1.00): 75.0" in summary(
        run(predictions(), unsure)
    )


def test_a_control_has_its_printed_name():
    header, line, *_ = summary(run(predictions(shots=5, trained_on=SUPPORT))).splitlines()
    assert line.startswith("linear, support only  query ")
    assert header.startswith("model                 test ")


def test_the_numbers_are_explained():
    printed = summary(run(predictions()))
    assert "chance 33.3 %; mean ± standard deviation over seeds and draws" in printed
    assert "without a test utterance, and not in the UA: c" in printed


def test_groups_and_their_largest_gap_are_below_the_metrics():
    of = predictions(shots=5)
    facts = {"sex": {"1": "f", "2": "f", "3": "m", "4": "m"}, "age": {}}
    told = summary(run(*PredictionTable(ABC, (of,)).with_facts(facts)))
    assert (
        "UA % by sex, linear on query with 5 shots: f 100.0 (1 speaker, without c); "
        "m 50.0 (1 speaker, without c); largest gap 50.0" in told.splitlines()
    )
    assert "by age" not in told


def test_groups_of_several_speakers_have_intervals():
    of = predictions("xyxy")
    facts = {"half": {"1": "one", "2": "two", "3": "one", "4": "two"}}
    facts["part"] = {"1": "a", "4": "a", "2": "b", "3": "b"}
    told = summary(run(*PredictionTable(ABC, (of,)).with_facts(facts)))
    assert (
        "by part, linear on query: b 100.0 [100.0, 100.0] (2 speakers, without c); a 50.0" in told
    )


def test_one_speaker_has_no_interval():
    assert "one speaker" in summary(run(predictions("xxxx")))


def test_rare_classes_have_no_interval_and_the_reason(monkeypatch):
    monkeypatch.setattr(bootstrap, "MOST_DRAWS", 100)
    printed = summary(run(predictions("xxxy")))
    assert "  rare classes  " in printed
    assert (
        "rare classes: there is no interval, because fewer than 1,000 of 2,000,000 res" in printed
    )


def test_redrawn_resamples_are_counted():
    printed = summary(run(predictions("xxxy")))
    assert "resamples that lacked a class were drawn again" in printed
    assert "drawn again" not in summary(run(predictions()))


def test_the_training_with_the_most_warnings_is_shown():
    warned = (training("2"), training("2", 1, "one"), training("2", 1, "one", "two"))
    printed = summary(run(predictions(), trainings=warned))
    assert "warning (2 of 3 splits), seed 0: one; two" in printed


def test_trainings_without_early_stopping_are_counted():
    of = (training("2"), training(), training(epochs=0))
    assert "1 of 3 trainings ran without early stopping" in summary(
        run(predictions(), trainings=of)
    )
    assert "early stopping" not in summary(run(predictions(), trainings=of[:1]))


def test_what_is_left_out_and_words_that_look_alike_are_told():
    of = selection()
    counts = {f"e{n:02}": n for n in range(1, 25)} | {"Angry": 3}
    source = replace(of, left_out={NO_CLASS: counts, COPIES: {"sad": 2}})
    data = TrainingData(
        config=config(),
        provenance={"toy.h5": {"speech": {"dim": 8}, "text": {"dim": 4}}},
        source=source,
        target=None,
        scale=Scale(source, "train"),
        hidden={},
        in_memory=True,
    )
    _, classes, copies, alike, *_ = data_summary(data).splitlines()
    assert classes.startswith("  left out: Angry 3, e01 1, e02 2, ")
    assert classes.endswith(" and 5 more (not among the classes)")
    assert copies == "  left out: sad 2 (copies of other recordings)"
    assert "emotions that differ only in case or spelling: 'Angry' (3) and 'angry' (8)." in alike


@pytest.mark.parametrize(
    ("model", "in_memory"), [("mdat", True), ("mdat", False), ("linear", False)]
)
@pytest.mark.parametrize("normalize", ["train", "support", "corpus"])
def test_the_data_of_a_run_are_described(normalize, model, in_memory):
    data = TrainingData(
        config=config(model=model, normalize=normalize, speech_layer="12", text_layer="last"),
        provenance={"toy.h5": {"speech": {"dim": 8}, "text": {"dim": 4}}},
        source=selection(),
        target=selection(utterances(speakers=3, clips=1)),
        scale=Scale(selection(), normalize),
        hidden={},
        in_memory=in_memory,
    )
    source, target, how, *more = data_summary(data).splitlines()
    assert source.startswith("source: 32 utterances of 4 speakers (angry 8, happy 8, neutral 8,")
    assert target.startswith("target: 12 utterances of 3 speakers (angry 3")
    assert how == f"speech layer 12, text layer last, normalisation {normalize}"
    expected = ["transductive"] * (normalize == "corpus")
    # The linear classifier reads them once, whatever their size.
    expected += ["features are larger than 1 GiB"] * (model == "mdat" and not in_memory)
    assert all(line.startswith(start) for line, start in zip(more, expected, strict=True))


@pytest.mark.parametrize(
    ("normalize", "expected"),
    [
        ("train", ["", ""]),
        ("corpus", ["transductive", "transductive"]),
        ("support", ["scale of the training set", "scale of the support set"]),
        (
            "speaker",
            [
                "transductive: scale of the corpus",
                "transductive: scale of speakers, unless a warning says otherwise",
            ],
        ),
    ],
)
def test_every_row_says_what_it_owes_to_the_scale_of_the_target(normalize, expected):
    of = run(predictions(shots=0), predictions(shots=5))
    lines = summary(replace(of, config=config(normalize=normalize))).splitlines()
    for line, said in zip(lines[1:3], expected, strict=True):
        assert line.endswith(f"  {said}" if said else "±  0.0")


@pytest.mark.parametrize(
    ("scores", "expected"),
    [
        ({"none": 0.501, "prior, pull 1.0": 0.4}, "none (UA % among the sources: none 50.1; prior"),
        ({}, "none (no game: one speaker)"),
    ],
)
def test_what_was_chosen_is_told_with_its_scores(scores, expected):
    choice = Choice(chosen="none", scores=scores, played_on="one speaker")
    text = summary(replace(run(predictions()), choices={"seed 0, 5 shots": choice}))
    assert f"auto, seed 0, 5 shots: {expected}" in text

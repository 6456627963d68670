"""A run on the disk and back."""

import csv
import json
from pathlib import Path

import numpy as np
import pytest

from mdat_data import InputError
from mdat_train.runs.folder import read_run, write_run
from mdat_train.runs.run import Condition, Predictions, Run, Training
from mdat_train.splits.folds import Split

CLASSES = ("ängstlich", "froh", "müde")


def predictions(system: str, shots: int, seed: int, draw: int | None) -> Predictions:
    rng = np.random.default_rng([shots, seed])
    probabilities = rng.dirichlet(np.ones(3), size=6).astype(np.float32)
    return Predictions(
        condition=Condition(system=system, test="query", shots=shots),
        seed=seed,
        draw=draw,
        ids=tuple(f'{i}, "quoted"' for i in range(6)),
        speakers=("a", "a", "b", "b", "c", "c"),
        truth=np.array([0, 1, 0, 1, 0, 1]),
        probabilities=probabilities,
    )


RUN = Run(
    config={"model": "mdat", "classes": list(CLASSES), "merge": [["a", "b"]], "target": None},
    provenance={"a.h5": {"digest": "ab", "corpus": "größe"}},
    classes=CLASSES,
    utterances={"source": 3, "target": 2},
    parameters=7,
    trainings=[
        Training(
            name="seed 0, source",
            split=Split(train=("1", "2"), validation=("3",)),
            history=({"epoch": 1, "loss": 0.1, "validation_ua": 1 / 3},),
        ),
        Training(
            name="seed 0, draw 0, 5 shots, mdat, clips alone",
            split=Split(train=("4",), test=("5",)),
            history=(),
            warnings=("1 of 1 test speakers …",),
        ),
    ],
    predictions=[
        predictions("mdat", 0, 0, None),
        predictions("mdat", 5, 0, 0),
        predictions("mdat, clips alone", 5, 0, 0),
        predictions("mdat", 5, 0, 1),
        predictions("mdat", 5, 1, 0),
    ],
)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_run(RUN, tmp_path)
    return tmp_path


def test_what_was_written_is_read(folder):
    run = read_run(folder)
    assert (run.config, run.provenance, run.classes) == (RUN.config, RUN.provenance, RUN.classes)
    assert run.trainings == RUN.trainings
    assert run.conditions() == RUN.conditions()
    facts = [(p.condition, p.seed, p.draw, p.ids, p.speakers) for p in run.predictions]
    assert facts == [(p.condition, p.seed, p.draw, p.ids, p.speakers) for p in RUN.predictions]


@pytest.mark.parametrize("number", range(len(RUN.predictions)))
def test_probabilities_are_read_to_the_last_bit(folder, number):
    read, written = read_run(folder).predictions[number], RUN.predictions[number]
    np.testing.assert_array_equal(read.probabilities, written.probabilities)
    np.testing.assert_array_equal(read.truth, written.truth)
    assert read.probabilities.dtype == np.float32


def test_the_table_of_predictions_is_for_people_too(folder):
    with (folder / "predictions.csv").open(newline="", encoding="utf-8") as file:
        first = next(csv.DictReader(file))
    of = RUN.predictions[0]
    assert (first["id"], first["speaker"], first["truth"]) == ('0, "quoted"', "a", "ängstlich")
    assert first["predicted"] == CLASSES[of.predicted[0]]
    assert float(first["p_müde"]) == pytest.approx(of.probabilities[0, 2])
    assert first["draw"] == ""


def test_scores_are_those_of_the_predictions(folder):
    written = json.loads((folder / "scores.json").read_text(encoding="utf-8"))
    results = read_run(folder).results()
    assert len(written) == len(results) == 3
    ua = [result.mean_and_deviation("ua") for result in results]
    assert [(s["ua"]["mean"], s["ua"]["std"]) for s in written] == ua
    assert written[1] | {"per_run": []} == {
        "system": "mdat",
        "test": "query",
        "shots": 5,
        "runs": 3,
        "speakers": 3,
        "chance": 1 / 3,
        "undefined_classes": ["müde"],
        "per_run": [],
        **{
            name: dict(zip(("mean", "std"), results[1].mean_and_deviation(name), strict=True))
            for name in ("ua", "wa", "macro_f1")
        },
        "ua_interval_95": {
            "low": results[1].interval.low,
            "high": results[1].interval.high,
            "redrawn": 0,
        },
    }


@pytest.mark.parametrize("lost", ["config.json", "splits.json", "predictions.csv"])
def test_a_folder_that_is_no_run_says_what_it_lacks(folder, lost):
    (folder / lost).unlink()
    with pytest.raises(InputError, match=f"must be the folder of a run, but lacks {lost}"):
        read_run(folder)


def test_mean_and_deviation_by_hand():
    results = RUN.results()
    uas = [s.ua for s in results[1].scores]
    mean, deviation = results[1].mean_and_deviation("ua")
    assert mean == pytest.approx(sum(uas) / 3)
    assert deviation == pytest.approx((sum((ua - mean) ** 2 for ua in uas) / 2) ** 0.5)
    assert results[0].mean_and_deviation("ua")[1] == 0

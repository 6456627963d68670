"""A finished run within a corpus and one across corpora, whose model nobody trained."""

import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from exported import exported
from small_networks import SPEECH_DIM, TEXT_DIM
from toy_runs import config

from mdat_data.splits.split import Split
from mdat_train.evaluation.calibration import out_of_fold
from mdat_train.export.kept_model import TrainedModel
from mdat_train.export.learned import Learned
from mdat_train.inputs.scaling import Statistics
from mdat_train.runs.condition import ADAPTED, FOLDS, QUERY, SOURCE, SUPPORT, TARGET, Condition
from mdat_train.runs.predictions import Predictions, PredictionTable
from mdat_train.runs.run import Run, Training

CLASSES = ("angry", "fro|h", "sad")
IDS = tuple(f"u{number}" for number in range(30))


def predictions(condition: Condition, *, seed: int = 0, draw: int | None = None) -> Predictions:
    """Predictions of 30 utterances of five speakers, three of them women."""
    truth = np.arange(30) % 3
    said = np.where(np.arange(30) % 7 % 4, truth, (truth + 1) % 3)
    return Predictions(
        condition=condition,
        seed=seed,
        draw=draw,
        ids=IDS,
        speakers=tuple(f"s{number % 5}" for number in range(30)),
        truth=truth,
        probabilities=(0.02 + 0.94 * np.eye(3)[said]).astype(np.float32),
        facts={"sex": tuple("female" if n % 5 < 3 else "male" for n in range(30))},
    )


def of_corpus(**changed: Any) -> Run:
    """Cross-validation in two folds with two seeds; corpus emodb."""
    condition = Condition(model="linear", trained_on=SOURCE, tested_on=FOLDS, shots=0)
    return _run(
        config(classes=CLASSES, seeds=2, merge=(("boredom", "sad"),), **changed),
        [predictions(condition, seed=seed) for seed in range(2)],
        {"/private/emodb.h5": "emodb"},
    )


def of_transfer(shots: int) -> Run:
    """Transfer from a manifest to urdu, zero-shot or with one number of shots."""
    tests = [Condition(model="linear", trained_on=SOURCE, tested_on=TARGET, shots=0)]
    for trained_on in (ADAPTED, SUPPORT) if shots else ():
        tests.append(Condition(model="linear", trained_on=trained_on, tested_on=QUERY, shots=shots))
    draws = [0, 1] if shots else [None]
    return _run(
        config(classes=CLASSES, target=Path("/private/urdu.h5"), shots=(0, shots), split="random"),
        [predictions(test, draw=draw) for test in tests for draw in draws],
        {"/private/own.h5": "own", "/private/urdu.h5": "urdu"},
    )


def _run(of: Any, made: list[Predictions], corpora: dict[str, str]) -> Run:
    encoded = {
        "speech": {"encoder": "ear", "revision": "1", "layers": ["12", "last"], "dim": SPEECH_DIM},
        "text": {"encoder": "eye", "revision": "2", "layers": ["last"], "dim": TEXT_DIM},
    }
    provenance = {
        path: {"digest": "ab", "corpus": name, "language": "de", **encoded}
        for path, name in corpora.items()
    }
    resolved = replace(
        of,
        source=tuple(map(Path, list(corpora)[:1])),
        speech_layer="12",
        text_layer="last",
        normalize="train",
        out=Path("/private/run"),
    )
    trainings = [
        Training(
            name=f"seed {seed}, fold {fold}",
            split=Split(train=IDS[1 - fold :: 2], test=IDS[fold::2]),
            history=(),
            warnings=("a *speaker* is on both sides",) if fold else (),
        )
        for seed in range(2)
        for fold in range(2)
    ]
    return Run(
        config=resolved,
        provenance=provenance,
        classes=CLASSES,
        utterances={"source": 30},
        predictions=PredictionTable(CLASSES, tuple(made)),
        trainings=trainings,
        model=trained(made, trainings),
    )


def trained(made: list[Predictions], trainings: list[Training]) -> TrainedModel:
    """The linear model that `exported` saved, as if the run had trained it."""
    return TrainedModel(
        save=lambda path: shutil.copyfile(exported("linear").saved, path),
        learned=Learned(
            languages=("de", "ur"),
            statistics={"speech": Statistics(*np.full((2, SPEECH_DIM), 1 / 3, np.float32))},
            ignored=("text",),
        ),
        calibration=out_of_fold(made, trainings),
    )

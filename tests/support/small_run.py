"""A finished run of three classes that nobody trained."""

from pathlib import Path

import numpy as np
from toy_runs import config

from mdat_data.splits.split import Split
from mdat_train.runs.condition import ADAPTED, QUERY, SOURCE, SUPPORT, Condition
from mdat_train.runs.predictions import Predictions, PredictionTable
from mdat_train.runs.run import Run, Training

CLASSES = ("ängstlich", "froh", "müde")


def predictions(trained_on: str, shots: int, seed: int, draw: int | None) -> Predictions:
    """Predictions of six utterances of three speakers; none is of the last class."""
    rng = np.random.default_rng([shots, seed])
    return Predictions(
        condition=Condition(model="mdat", trained_on=trained_on, tested_on=QUERY, shots=shots),
        seed=seed,
        draw=draw,
        ids=tuple(f'{i}, "quoted"' for i in range(6)),
        speakers=("a", "a", "b", "b", "c", "c"),
        truth=np.array([0, 1, 0, 1, 0, 1]),
        probabilities=rng.dirichlet(np.ones(3), size=6).astype(np.float32),
    )


RUN = Run(
    config=config(
        model="mdat",
        target=Path("t.h5"),
        classes=CLASSES,
        merge=(("a", "b"),),
        model_options=(("graph_heads", 2), ("units", None)),
        shots=(0, 5),
    ),
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
            name="seed 0, draw 0, 5 shots, MDAT, support only",
            split=Split(train=("4",), test=("5",)),
            history=(),
            warnings=("1 of 1 test speakers …",),
        ),
    ],
    predictions=PredictionTable(
        CLASSES,
        (
            predictions(SOURCE, 0, 0, None),
            predictions(ADAPTED, 5, 0, 0),
            predictions(SUPPORT, 5, 0, 0),
            predictions(ADAPTED, 5, 0, 1),
            predictions(ADAPTED, 5, 1, 0),
        ),
    ),
)

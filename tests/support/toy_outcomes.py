"""Outcomes of studies that nobody ran: every model is right as often as its skill."""

import itertools
from collections.abc import Iterable
from typing import Any

import numpy as np

from mdat_data.splits.split import Split
from mdat_train.config import TrainConfig
from mdat_train.runs.condition import (
    ADAPTED,
    FOLDS,
    HELD_OUT,
    QUERY,
    SOURCE,
    SUPPORT,
    TARGET,
    Condition,
)
from mdat_train.runs.predictions import Predictions, PredictionTable
from mdat_train.runs.run import Run, Training
from mdat_train.tables.plan.study import Outcome, Outcomes, Study

CLASSES = ("angry", "happy", "neutral", "sad")
SKILL = {"mdat": 0.7, "bilstm": 0.6, "safrlm": 0.5, "hcam": 0.5, "linear": 0.5, "svm": 0.5}
UTTERANCES = {"iemocap": 5531, "emodb": 420, "emovo": 336, "urdu": 400}


def predictions(
    model: str,
    tested_on: str,
    shots: int = 0,
    *,
    skill: float,
    trained_on: str = SOURCE,
    draws: Iterable[int | None] = (None,),
) -> list[Predictions]:
    """Two seeds, and for each the draws; 48 utterances, 2 of each class for each of 6 speakers."""
    condition = Condition(model=model, trained_on=trained_on, tested_on=tested_on, shots=shots)
    truth = np.tile([0, 0, 1, 1, 2, 2, 3, 3], 6)
    noise = f"{model}, {trained_on}" if trained_on == SUPPORT else model
    made = []
    for seed, draw in itertools.product(range(2), draws):
        rng = np.random.default_rng([seed, draw or 0, shots, *noise.encode()])
        guessed = np.where(rng.random(48) < skill, truth, rng.integers(4, size=48))
        made.append(
            Predictions(
                condition=condition,
                seed=seed,
                draw=draw,
                ids=tuple(f"u{number}" for number in range(48)),
                speakers=tuple(f"s{number // 8}" for number in range(48)),
                truth=truth,
                probabilities=np.eye(4)[guessed],
            )
        )
    return made


def outcome(study: Study, *, notes: tuple[str, ...] = (), **changed: Any) -> Outcome:
    """The outcome of a study: within a corpus, or a curve of 0 and 5 shots with its controls.

    Args:
        study: What it is about.
        notes: On its metrics.
        changed: Options that differ from those of the other studies.
    """
    roles = {"source": study.source, "target": study.target}
    options = {"normalize": "train", "merge": (("boredom", "sad"),), "adapt_epochs": 3} | changed
    predicted = _within(study) if study.target is None else _across(study)
    run = Run(
        config=TrainConfig(source=(), model=study.model, **options),
        provenance={},
        classes=CLASSES,
        utterances={role: UTTERANCES[corpus] for role, corpus in roles.items() if corpus},
        parameters=None if study.model in ("linear", "svm") else 1_234_567,
        trainings=[
            Training(
                name="seed 0",
                split=Split(train=("1",)),
                history=(),
                warnings=("speaker s1 is in both parts",) if study.protocol == "paper" else (),
            )
        ],
        predictions=PredictionTable(CLASSES, tuple(predicted)),
    )
    return Outcome(run=run, notes=notes)


def outcomes(
    corpora: Iterable[str] = ("iemocap", "emodb"),
    *,
    protocol: str = "strict",
    models: Iterable[str] = tuple(SKILL),
    **changed: Any,
) -> Outcomes:
    """Everything that a grid would run with some of the features files."""
    corpora = tuple(corpora)
    studies = [
        Study(protocol=protocol, source=source, target=target, model=model)
        for source in corpora
        for target in (None, *corpora)
        for model in models
        if source != target
    ]
    for target in sorted({*corpora} & {"emodb", "emovo", "urdu"}):
        for disable in (("transformer",), ("co",), ("transformer", "graph")):
            if "iemocap" in corpora:
                study = Study(
                    protocol=protocol,
                    source="iemocap",
                    target=target,
                    model="mdat",
                    disable=disable,
                )
                studies.append(study)
    return {study: outcome(study, **changed) for study in studies}


def _within(study: Study) -> list[Predictions]:
    tested_on = FOLDS if study.protocol == "strict" else HELD_OUT
    return predictions(study.model, tested_on, skill=SKILL[study.model])


def _across(study: Study) -> list[Predictions]:
    """All of the target and, for the models of Table V, the query set with its controls."""
    model, skill = study.model, SKILL[study.model] - 0.1 * len(study.disable)
    made = predictions(model, TARGET, skill=skill)
    if study.disable or model in ("safrlm", "hcam"):
        return made
    made += predictions(model, QUERY, skill=skill, draws=range(2))
    ways = ((model, ADAPTED), (model, SUPPORT), ("linear", SUPPORT))
    for name, trained_on in dict.fromkeys(ways):
        made += predictions(
            name, QUERY, 5, skill=skill + 0.1, trained_on=trained_on, draws=range(2)
        )
    return made

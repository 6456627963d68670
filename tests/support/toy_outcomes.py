"""Outcomes of studies that nobody ran: every system guesses right as often as told."""

import itertools
from collections.abc import Iterable
from typing import Any

import numpy as np

from mdat_train.runs.run import Condition, Predictions, Run, Training
from mdat_train.splits.folds import Split
from mdat_train.tables.plan.study import Outcome, Outcomes, Study

CLASSES = ("angry", "happy", "neutral", "sad")
SKILL = {"mdat": 0.7, "bilstm": 0.6, "safrlm": 0.5, "hcam": 0.5, "linear": 0.5, "svm": 0.5}
UTTERANCES = {"iemocap": 5531, "emodb": 420, "emovo": 336, "urdu": 400}


def predictions(
    system: str, test: str, shots: int, *, skill: float, draws: Iterable[int | None] = (None,)
) -> list[Predictions]:
    """Two seeds, and for each the draws; 48 clips of 6 speakers, 2 of each class a speaker."""
    truth = np.tile([0, 0, 1, 1, 2, 2, 3, 3], 6)
    made = []
    for seed, draw in itertools.product(range(2), draws):
        rng = np.random.default_rng([seed, draw or 0, shots, *system.encode()])
        guessed = np.where(rng.random(48) < skill, truth, rng.integers(4, size=48))
        made.append(
            Predictions(
                condition=Condition(system=system, test=test, shots=shots),
                seed=seed,
                draw=draw,
                ids=tuple(f"u{number}" for number in range(48)),
                speakers=tuple(f"s{number // 8}" for number in range(48)),
                truth=truth,
                probabilities=np.eye(4)[guessed],
            )
        )
    return made


def outcome(study: Study, *, normalize: str = "train", notes: tuple[str, ...] = ()) -> Outcome:
    """What came of a study: within a corpus, or a curve of 0 and 5 shots with its controls."""
    roles = {"source": study.source, "target": study.target}
    run = Run(
        config={
            "model": study.model,
            "preset": "base",
            "normalize": normalize,
            "merge": (("boredom", "sad"),),
            "epochs": 10,
            "adapt_epochs": 3,
        },
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
        predictions=_within(study) if study.target is None else _across(study),
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
    test = "folds" if study.protocol == "strict" else "20 %"
    return predictions(study.model, test, 0, skill=SKILL[study.model])


def _across(study: Study) -> list[Predictions]:
    skill = SKILL[study.model] - 0.1 * len(study.disable)
    made = predictions(study.model, "target", 0, skill=skill)
    if study.disable or study.model in ("safrlm", "hcam"):
        return made
    systems = (study.model, f"{study.model}, clips alone", "linear, clips alone")
    for system, shots in itertools.product(dict.fromkeys(systems), (0, 5)):
        if shots or system == study.model:
            better = skill + shots / 50
            made += predictions(system, "query", shots, skill=better, draws=range(2))
    return made

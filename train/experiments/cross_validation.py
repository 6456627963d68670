"""Cross-validation: every utterance is predicted by a model that was not trained on its fold."""

import numpy as np

from mdat_data.splits.split import Split
from mdat_train.classifiers.classifier import Fitted
from mdat_train.config import TrainConfig
from mdat_train.experiments.recorder import Recorder
from mdat_train.inputs.selection import Selection
from mdat_train.runs.condition import FOLDS, HELD_OUT, SOURCE, Condition
from mdat_train.splits.folds import by_group, stratified

PARTS_OF_80_20 = 5


def run_folds(recorder: Recorder, corpus: Selection) -> None:
    """Test a corpus by folds, with new folds for every seed.

    Args:
        recorder: Trains the classifier, and records its predictions.
        corpus: The utterances.
    """
    config = recorder.config
    tested_on = HELD_OUT if config.split == "80-20" else FOLDS
    condition = Condition(model=config.model, trained_on=SOURCE, tested_on=tested_on, shots=0)
    for seed in config.all_seeds:
        probabilities = np.empty((len(corpus), len(corpus.classes)), np.float32)
        splits = _splits(corpus, config, seed=seed)
        for number, split in enumerate(splits):
            fitted = recorder.fit(f"seed {seed}, fold {number}", corpus, split, seed)
            rows = np.isin(corpus.ids, split.test)
            probabilities[rows] = recorder.classifier.predict(fitted, corpus.of(split.test))
        tested = corpus.of([id for split in splits for id in split.test])
        rows = np.isin(corpus.ids, tested.ids)
        recorder.record(condition, tested, probabilities[rows], seed=seed)


def fit_whole(recorder: Recorder, corpus: Selection) -> Fitted:
    """Train on a whole corpus, with the first seed: the model that a run keeps.

    Args:
        recorder: Trains the classifier.
        corpus: The utterances.

    Returns:
        The model, whose performance `run_folds` estimates.
    """
    split = Split(train=corpus.ids)
    return recorder.fit("whole corpus", corpus, split, recorder.config.first_seed)


def count_folds(config: TrainConfig) -> int:
    """Number of models that `run_folds` trains."""
    return config.seeds * (1 if config.split == "80-20" else config.folds)


def _splits(corpus: Selection, config: TrainConfig, *, seed: int) -> list[Split]:
    if config.split == "80-20":
        return stratified(corpus.utterances, folds=PARTS_OF_80_20, seed=seed)[:1]
    divide = by_group if config.split == "group" else stratified
    return divide(corpus.utterances, folds=config.folds, seed=seed)

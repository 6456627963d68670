"""Transfer: train on the source, test on the target, adapt with a few labelled utterances of it."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from mdat_data.splits.split import Split
from mdat_train.adaptation import method
from mdat_train.classifiers.classifier import EpochCallback, Fitted
from mdat_train.classifiers.sklearn_classifier import SklearnClassifier
from mdat_train.config import TrainConfig
from mdat_train.experiments.recorder import Recorder
from mdat_train.inputs.selection import Selection
from mdat_train.runs.condition import ADAPTED, QUERY, SOURCE, SUPPORT, TARGET, Condition
from mdat_train.runs.labels import condition_label
from mdat_train.splits.k_shot import POOL, k_shot, k_shot_by_group

Predict = Callable[[Fitted, Selection], np.ndarray]
"""From what was learned and test utterances to their class probabilities, (N, C)."""


@dataclass(frozen=True, kw_only=True)
class Transferred:
    """A model of the first seed, adapted with the most shots of the first draw.

    Attributes:
        fitted: The model.
        of_source: The model before it was adapted; the same without shots.
        support: Ids of the labelled utterances of the target that it learned from.
    """

    fitted: Fitted
    of_source: Fitted
    support: tuple[str, ...] = ()


def run_transfer(recorder: Recorder, source: Selection, target: Selection) -> Transferred:
    """Test zero-shot on the whole target, and adapted on its query set.

    Beside each adapted model there are two controls: the same model and the linear classifier,
    trained on the support set alone. Without them a curve does not show transfer.

    Args:
        recorder: Trains the classifier, and records its predictions.
        source: The utterances to train on.
        target: The utterances to test on.

    Returns:
        The model that a run keeps.
    """
    config = recorder.config
    zero_shot = Condition(model=config.model, trained_on=SOURCE, tested_on=TARGET, shots=0)
    # Before any training: the target may be too small.
    draws = {seed: _draws(target, config, seed=seed) for seed in config.all_seeds}
    kept = []
    for seed in config.all_seeds:
        split = Split(train=source.ids)
        fitted = recorder.fit(f"seed {seed}, source", source, split, seed)
        probabilities = recorder.classifier.predict(fitted, target)
        recorder.record(zero_shot, target, probabilities, seed=seed)
        adapted = [
            _Draw(recorder, source, target, fitted, seed, number).run(splits)
            for number, splits in enumerate(draws[seed])
        ]
        kept.append(adapted[0] if adapted else Transferred(fitted=fitted, of_source=fitted))
    return kept[0]


def adapt(
    recorder: Recorder,
    fitted: Fitted,
    support: Selection,
    source: Selection,
    seed: int,
    callback: EpochCallback,
) -> Fitted:
    """Adapt a model to a support set by the method of the configuration.

    Args:
        recorder: Has the classifier.
        fitted: What it learned from the source.
        support: Labelled utterances of the target.
        source: What it was trained on.
        seed: Of all that is random.
        callback: Called after every epoch.

    Returns:
        The adapted model.
    """
    return method(recorder.config.adaptation)(
        recorder.classifier,
        fitted,
        support=support,
        unlabelled=None,
        source=source,
        strengths=recorder.config.strengths,
        seed=seed,
        callback=callback,
    )


def count_transfer(config: TrainConfig) -> int:
    """Number of models that `run_transfer` trains."""
    models = 2 if config.model == "linear" else 3
    curve = models * len({*config.shots} - {0})
    return config.seeds * (1 + config.shot_draws * curve)


def _draws(target: Selection, config: TrainConfig, *, seed: int) -> list[dict[int, Split]]:
    """For each draw of a seed the split of each number of shots, ascending from 0."""
    shots = sorted({0, *config.shots})
    pool = max(POOL, shots[-1])
    draw_split = k_shot_by_group if config.split == "group" else k_shot
    return [
        {k: draw_split(target.utterances, shots=k, seed=(seed, draw), pool=pool) for k in shots}
        for draw in range(config.shot_draws if shots[-1] else 0)
    ]


@dataclass
class _Draw:
    """One draw of one seed: the curve over the number of shots."""

    recorder: Recorder
    source: Selection
    target: Selection
    fitted: Fitted
    seed: int
    number: int

    def run(self, splits: dict[int, Split]) -> Transferred:
        """Adapt with each number of shots; returns the model of the most."""
        model = self.recorder.config.model
        kept = Transferred(fitted=self.fitted, of_source=self.fitted)
        for shots, split in splits.items():
            query = self.target.of(split.test)
            if not shots:
                zero_shot = Condition(model=model, trained_on=SOURCE, tested_on=QUERY, shots=0)
                self._record(zero_shot, self.recorder.classifier.predict, self.fitted, query)
                continue
            for condition, (fit, predict) in self._ways(split, shots).items():
                name = f"seed {self.seed}, draw {self.number}, {shots} shots, "
                name += condition_label(condition)
                fitted = self.recorder.train(name, split, self.target, fit)
                self._record(condition, predict, fitted, query)
                if condition.trained_on == ADAPTED:
                    kept = replace(kept, fitted=fitted, support=split.train)
        return kept

    def _ways(
        self, split: Split, shots: int
    ) -> dict[Condition, tuple[Callable[[EpochCallback], Fitted], Predict]]:
        """The adapted model and its two controls."""
        config = self.recorder.config
        support = self.target.of(split.train)
        linear = SklearnClassifier(
            "linear", standardize=config.standardize, modality=config.modality
        )

        def condition(model: str, trained_on: str) -> Condition:
            return Condition(model=model, trained_on=trained_on, tested_on=QUERY, shots=shots)

        return {
            condition(config.model, ADAPTED): (
                lambda callback: adapt(
                    self.recorder,
                    self.fitted,
                    support,
                    self.source,
                    seed=self.seed,
                    callback=callback,
                ),
                self.recorder.classifier.predict,
            ),
            condition(config.model, SUPPORT): self._on_support_alone(support, split),
            condition("linear", SUPPORT): (
                lambda callback: linear.fit(support, None, seed=self.seed, callback=callback),
                linear.predict,
            ),
        }

    def _on_support_alone(
        self, support: Selection, split: Split
    ) -> tuple[Callable[[EpochCallback], Fitted], Predict]:
        """The control, which is the same whatever the source is."""
        classifier, kept = self.recorder.classifier, self.recorder.kept
        if kept is None:
            fit = partial(classifier.fit, support, None, seed=self.seed)
            return lambda callback: fit(callback=callback), classifier.predict
        of_query = partial(
            kept.fit_and_predict, classifier, support, self.target.of(split.test), seed=self.seed
        )
        return lambda callback: of_query(callback=callback), lambda fitted, query: fitted.state

    def _record(
        self, condition: Condition, predict: Predict, fitted: Fitted, query: Selection
    ) -> None:
        probabilities = predict(fitted, query)
        self.recorder.record(condition, query, probabilities, seed=self.seed, draw=self.number)

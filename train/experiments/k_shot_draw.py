"""One draw of the support set: the curve over the number of shots, with its controls."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np

from mdat_data.splits.split import Split
from mdat_train.adaptation import Adaptation
from mdat_train.classifiers.classifier import Fitted
from mdat_train.classifiers.sklearn_classifier import SklearnClassifier
from mdat_train.experiments.adapting import Fit, Transferred, adaptation_of, adapting
from mdat_train.experiments.recorder import Recorder
from mdat_train.inputs.scales import Scale
from mdat_train.inputs.selection import Selection
from mdat_train.runs.condition import ADAPTED, QUERY, SOURCE, SUPPORT, Condition
from mdat_train.runs.labels import condition_label

Predict = Callable[[Fitted, Selection], np.ndarray]
"""From what was learned and test utterances to their class probabilities, (N, C)."""


@dataclass
class Draw:
    """A draw of a seed.

    Args:
        recorder: Trains the classifier, and records its predictions.
        source: The utterances that were trained on.
        target: The utterances to test on, and their scale.
        fitted: What was learned from the source.
        seed: The seed.
        number: Of the draw.
    """

    recorder: Recorder
    source: Selection
    target: Scale
    fitted: Fitted
    seed: int
    number: int

    def run(self, splits: dict[int, Split]) -> Transferred:
        """Adapt with each number of shots.

        Args:
            splits: Number of shots -> support and query, ascending from 0.

        Returns:
            The model of the most shots.
        """
        kept = Transferred(
            fitted=self.fitted,
            of_source=self.fitted,
            target=self.target.scaled(()),
            adaptation=self.recorder.config.adapted_by,
        )
        for shots, split in splits.items():
            target = self.target.scaled(split.train)
            query = target.selection.of(split.test)
            if not shots:
                condition = self._condition(SOURCE, 0)
                self._record(condition, self.recorder.classifier.predict, self.fitted, query)
                continue
            support, adaptation = (
                target.selection.of(split.train),
                adaptation_of(self.recorder, self.source, shots, self.seed),
            )
            for condition, (fit, predict) in self._ways(support, query, adaptation, shots).items():
                name = f"seed {self.seed}, draw {self.number}, {shots} shots, "
                name += condition_label(condition)
                fitted = self.recorder.train(
                    name, split, self.target.corpus, fit, warning=target.warning
                )
                self._record(condition, predict, fitted, query)
                if condition.trained_on == ADAPTED:
                    kept = replace(
                        kept,
                        fitted=fitted,
                        target=target,
                        adaptation=adaptation,
                        support=split.train,
                    )
        return kept

    def _ways(
        self, support: Selection, query: Selection, adaptation: Adaptation, shots: int
    ) -> dict[Condition, tuple[Fit, Predict]]:
        """The adapted model and its two controls."""
        config, classifier = self.recorder.config, self.recorder.classifier
        linear = SklearnClassifier(
            "linear", standardize=config.standardize, modality=config.modality
        )
        return {
            self._condition(ADAPTED, shots): (
                adapting(
                    self.recorder,
                    adaptation,
                    fitted=self.fitted,
                    source=self.source,
                    support=support,
                    unlabelled=query,
                    seed=self.seed,
                ),
                classifier.predict,
            ),
            self._condition(SUPPORT, shots): self._on_support_alone(support, query),
            self._condition(SUPPORT, shots, model="linear"): (
                lambda callback: linear.fit(support, None, seed=self.seed, callback=callback),
                linear.predict,
            ),
        }

    def _on_support_alone(self, support: Selection, query: Selection) -> tuple[Fit, Predict]:
        """The control, which is the same whatever the source is."""
        classifier, kept = self.recorder.classifier, self.recorder.kept
        if kept is None:
            fit = partial(classifier.fit, support, None, seed=self.seed)
            return lambda callback: fit(callback=callback), classifier.predict
        of_query = partial(kept.fit_and_predict, classifier, support, query, seed=self.seed)
        return lambda callback: of_query(callback=callback), lambda fitted, query: fitted.state

    def _condition(self, trained_on: str, shots: int, *, model: str = "") -> Condition:
        name = model or self.recorder.config.model
        return Condition(model=name, trained_on=trained_on, tested_on=QUERY, shots=shots)

    def _record(
        self, condition: Condition, predict: Predict, fitted: Fitted, query: Selection
    ) -> None:
        probabilities = predict(fitted, query)
        self.recorder.record(condition, query, probabilities, seed=self.seed, draw=self.number)

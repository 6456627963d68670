"""The two experiments: within a corpus, and from source to target."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, field

import numpy as np

from mdat_train.classifiers.classifier import Fitted, System, Watch
from mdat_train.classifiers.sklearn_classifier import Baseline
from mdat_train.config import TrainConfig
from mdat_train.inputs.selection import Selection
from mdat_train.runs.run import Condition, Predictions, Training
from mdat_train.splits.folds import Split, by_group, stratified, with_validation
from mdat_train.splits.k_shot import POOL, k_shot, k_shot_by_group
from mdat_train.splits.leakage import leaks, untaught

Progress = Callable[[str], AbstractContextManager[Watch]]
"""Opens the display of one training, by its name."""


@dataclass
class Experiment:
    """Trains and tests one system, and remembers how.

    Args:
        system: What is trained.
        config: How, and how often.
        progress: Shows the trainings.

    Attributes:
        trainings: Every model that was trained, so far.
        predictions: Of every condition, seed and draw, so far.
    """

    system: System
    config: TrainConfig
    progress: Progress
    trainings: list[Training] = field(default_factory=list)
    predictions: list[Predictions] = field(default_factory=list)

    def within(self, corpus: Selection) -> Fitted:
        """Test a corpus by folds, and train on the whole of it.

        Args:
            corpus: The utterances.

        Returns:
            A model of the first seed trained on the whole corpus, whose worth the folds estimate.
        """
        self.folds(corpus)
        return self._fit("whole corpus", corpus, Split(train=corpus.ids), self.config.first_seed)

    def folds(self, corpus: Selection) -> None:
        """Predict utterances by a model that did not see their fold; for every seed anew.

        Args:
            corpus: The utterances.
        """
        test = "20 %" if self.config.split == "80-20" else "folds"
        condition = Condition(system=self.config.model, test=test, shots=0)
        for seed in self._seeds:
            probabilities = np.empty((len(corpus), len(corpus.classes)), np.float32)
            folds = self._folds(corpus, seed)
            for number, split in enumerate(folds):
                fitted = self._fit(f"seed {seed}, fold {number}", corpus, split, seed)
                rows = np.isin(corpus.ids, split.test)
                probabilities[rows] = self.system.predict(fitted, corpus.of(split.test))
            tested = corpus.of([id for split in folds for id in split.test])
            rows = np.isin(corpus.ids, tested.ids)
            self._remember(condition, tested, probabilities[rows], seed)

    def across(self, source: Selection, target: Selection) -> Fitted:
        """Train on the source, test on the target, adapt with a few clips of it.

        Beside each adapted model stand the same model and the linear classifier, trained on the
        clips alone: without them a curve does not show transfer.

        Args:
            source: The utterances to learn from.
            target: The utterances to test on.

        Returns:
            The model of the first seed, adapted with the most clips of the first draw.
        """
        zero_shot = Condition(system=self.config.model, test="target", shots=0)
        # Before any training: the target may be too small.
        draws = {seed: self._draws(target, seed) for seed in self._seeds}
        kept = []
        for seed in self._seeds:
            fitted = self._fit(f"seed {seed}, source", source, Split(train=source.ids), seed)
            self._remember(zero_shot, target, self.system.predict(fitted, target), seed)
            adapted = [
                self._curve(fitted, target, splits, seed, draw)
                for draw, splits in enumerate(draws[seed])
            ]
            kept.append(adapted[0] if adapted else fitted)
        return kept[0]

    @property
    def _seeds(self) -> range:
        return range(self.config.first_seed, self.config.first_seed + self.config.seeds)

    def _folds(self, corpus: Selection, seed: int) -> list[Split]:
        """The divisions of a corpus within itself."""
        if self.config.split == "80-20":
            return stratified(corpus.utterances, folds=5, seed=seed)[:1]
        divide = by_group if self.config.split == "group" else stratified
        return divide(corpus.utterances, folds=self.config.folds, seed=seed)

    def _draws(self, target: Selection, seed: int) -> list[dict[int, Split]]:
        """For each draw of a seed the split of each number of shots, ascending from 0."""
        shots = sorted({0, *self.config.shots})
        pool = max(POOL, shots[-1])
        draw_clips = k_shot_by_group if self.config.split == "group" else k_shot
        return [
            {k: draw_clips(target.utterances, shots=k, seed=(seed, draw), pool=pool) for k in shots}
            for draw in range(self.config.shot_draws if shots[-1] else 0)
        ]

    def _curve(
        self, fitted: Fitted, target: Selection, splits: dict[int, Split], seed: int, draw: int
    ) -> Fitted:
        """Adapt with each number of shots of one draw; returns the model of the most."""
        model = self.config.model
        for shots, split in splits.items():
            name = f"seed {seed}, draw {draw}, {shots} shots"
            learned = {model: (self.system, fitted)}
            if shots:
                learned = self._learn_from_clips(name, fitted, target, split, seed)
            query = target.of(split.test)
            for label, (system, of_system) in learned.items():
                condition = Condition(system=label, test="query", shots=shots)
                self._remember(condition, query, system.predict(of_system, query), seed, draw)
        return learned[model][1]

    def _learn_from_clips(
        self, name: str, fitted: Fitted, target: Selection, split: Split, seed: int
    ) -> dict[str, tuple[System, Fitted]]:
        """The adapted model and its two controls, by the names of their conditions."""
        model, support = self.config.model, target.of(split.train)
        linear = Baseline(
            "linear",
            standardize=self.config.normalize != "none",
            modality=self.config.modality,
        )
        ways: dict[str, tuple[System, Callable[[Watch], Fitted]]] = {
            model: (
                self.system,
                lambda watch: self.system.adapt(fitted, support, seed=seed, watch=watch),
            ),
            f"{model}, clips alone": (
                self.system,
                lambda watch: self.system.fit(support, None, seed=seed, watch=watch),
            ),
            "linear, clips alone": (
                linear,
                lambda watch: linear.fit(support, None, seed=seed, watch=watch),
            ),
        }
        return {
            label: (system, self._train(f"{name}, {label}", split, target, learn))
            for label, (system, learn) in ways.items()
        }

    def _fit(self, name: str, corpus: Selection, split: Split, seed: int) -> Fitted:
        """Train on a part of a corpus; with patience, some groups are held out to stop early."""
        if self.config.patience:
            split = with_validation(split, corpus.utterances, seed=seed)
        train, validation = corpus.of(split.train), corpus.of(split.validation)
        return self._train(
            name,
            split,
            corpus,
            lambda watch: self.system.fit(train, validation or None, seed=seed, watch=watch),
        )

    def _train(
        self, name: str, split: Split, corpus: Selection, learn: Callable[[Watch], Fitted]
    ) -> Fitted:
        """Train, shown and remembered."""
        with self.progress(name) as watch:
            fitted = learn(watch)
        warnings = tuple(
            warning for check in (leaks, untaught) for warning in check(split, corpus.utterances)
        )
        self.trainings.append(
            Training(name=name, split=split, history=fitted.history, warnings=warnings)
        )
        return fitted

    def _remember(
        self,
        condition: Condition,
        tested: Selection,
        probabilities: np.ndarray,
        seed: int,
        draw: int | None = None,
    ) -> None:
        self.predictions.append(
            Predictions(
                condition=condition,
                seed=seed,
                draw=draw,
                ids=tested.ids,
                speakers=tuple(u.speaker for u in tested.utterances),
                truth=tested.labels,
                probabilities=probabilities,
            )
        )


def planned_trainings(config: TrainConfig) -> int:
    """How many models a run trains."""
    if config.target is None:
        return config.seeds * (1 if config.split == "80-20" else config.folds) + 1
    ways = 2 if config.model == "linear" else 3
    curve = ways * len({*config.shots} - {0})
    return config.seeds * (1 + config.shot_draws * curve)

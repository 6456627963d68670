"""Linear classifier and SVM on pooled features: what the features alone are worth."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy.special import softmax
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.svm import SVC
from sklearn.utils.class_weight import compute_sample_weight

from mdat_data import InputError
from mdat_train.classifiers.classifier import EpochCallback, Fitted
from mdat_train.classifiers.threads import blas_threads_limited
from mdat_train.inputs.deferred import MOMENTS
from mdat_train.inputs.scaling import Statistics, lowest
from mdat_train.inputs.selection import Selection, joined, streams_of

ABSENT = -1e4
"""Logit of a class that the training set lacks: its probability is 0."""


@dataclass(frozen=True, kw_only=True)
class _State:
    """A fitted pipeline, the number of classes, and the width of each stream."""

    pipeline: Any
    classes: int
    widths: Mapping[str, int]


class SklearnClassifier:
    """A classifier on mean and standard deviation over time of the streams.

    Classes have equal weight. Fine-tuning fits source and support together: both have equal weight,
    and the classes within each.

    Args:
        name: `linear` (logistic regression, C = 1) or `svm` (RBF kernel, C = 1).
        standardize: Standardise each pooled feature over the training set first.
        modality: `both`, or the one stream that is used.
    """

    parameters = None  # counted for networks only

    def __init__(self, name: str, *, standardize: bool, modality: str = "both") -> None:
        self.name = name
        self.standardize = standardize
        self.modality = modality
        self._streams = streams_of(modality)

    @property
    def recipe(self) -> str:
        """All that what `fit` learns depends on; see `Classifier.recipe`."""
        return repr((self.name, self.standardize, self.modality))

    def fit(
        self, train: Selection, validation: Selection | None, *, seed: int, callback: EpochCallback
    ) -> Fitted:
        """Fit to the training set, and to the validation set where there is one.

        Nothing is random here and nothing is stopped early, so a validation set is training data.
        """
        learned = train if validation is None else joined([train, validation])
        return self._fitted(learned, _balanced(learned))

    def fine_tune(
        self,
        fitted: Fitted,
        support: Selection,
        *,
        source: Selection,
        seed: int,
        callback: EpochCallback,
    ) -> Fitted:
        """Fit to source and support together; see `Classifier.fine_tune`."""
        of_support = _balanced(support) * len(source) / len(support)
        return self._fitted(
            joined([source, support]), np.concatenate([_balanced(source), of_support])
        )

    def predict(self, fitted: Fitted, selection: Selection) -> np.ndarray:
        """Class probabilities, (N, C) float32; 0 for a class that the training set lacked.

        Those of the SVM are the softmax of its decision values.
        """
        pipeline = fitted.state.pipeline
        with blas_threads_limited():
            values = self._values(pipeline, selection.pooled(self._streams))
        probabilities = np.zeros((len(selection), len(selection.classes)), np.float32)
        probabilities[:, pipeline.classes_] = values
        return probabilities

    def save(
        self, fitted: Fitted, path: Path, *, statistics: Mapping[str, Statistics] | None = None
    ) -> None:
        """Save the linear classifier as a Keras model; see `Classifier.save`."""
        if self.name != "linear":
            raise InputError(
                f"only a linear classifier or a network can be saved; got {self.name}."
            )
        _as_keras_model(fitted.state, modality=self.modality, statistics=statistics).save(path)

    def _values(self, pipeline: Any, pooled: np.ndarray) -> np.ndarray:
        """Probabilities of the classes that the training set has, (N, C or fewer)."""
        if self.name == "linear":
            return np.asarray(pipeline.predict_proba(pooled))
        decisions = pipeline.decision_function(pooled)
        binary = decisions.ndim == 1  # scikit-learn gives two classes one column
        both = np.stack([-decisions, decisions], 1) if binary else decisions
        return np.asarray(softmax(both, axis=1))

    def _fitted(self, learned: Selection, weights: np.ndarray) -> Fitted:
        if len(present := {u.emotion for u in learned.utterances if u.emotion}) < 2:
            raise InputError(
                f"a training set must have at least two emotions; one has only "
                f"{', '.join(present)}, because speakers (or sessions) differ too much in their "
                "emotions. Use more --folds, or --split random, whose scores then reward "
                "recognising the speaker."
            )
        if self.name == "linear":
            classifier = LogisticRegression(max_iter=2000)
        else:
            classifier = SVC(break_ties=True)
        pooled = learned.pooled(self._streams)
        widths = {name: rows[0].shape[-1] for name, rows in learned.streams.items()}
        scaler = self._scaler(pooled, widths)
        with blas_threads_limited():
            classifier.fit(scaler.transform(pooled), learned.labels, sample_weight=weights)
        return Fitted(
            state=_State(
                pipeline=make_pipeline(scaler, classifier),
                classes=len(learned.classes),
                widths=widths,
            )
        )

    def _scaler(self, pooled: np.ndarray, widths: Mapping[str, int]) -> Any:
        """Standardises pooled features, by scales that have a floor; or leaves them as they are."""
        if not self.standardize:
            return FunctionTransformer()
        scaler = StandardScaler().fit(pooled)
        blocks = np.cumsum([widths[name] for name in self._streams for _ in MOMENTS])[:-1]
        moments = zip(np.split(scaler.mean_, blocks), np.split(scaler.var_, blocks), strict=True)
        floor = np.concatenate([lowest(mean, variance) for mean, variance in moments])
        scaler.scale_ = np.maximum(scaler.scale_, floor)
        return scaler


def _balanced(selection: Selection) -> np.ndarray:
    """Weight of every utterance, (N,) float32, such that each class has the same; mean 1."""
    weights: Any = compute_sample_weight("balanced", selection.labels)
    return np.asarray(weights, np.float32)


def _as_keras_model(
    state: _State, *, modality: str, statistics: Mapping[str, Statistics] | None
) -> Any:
    """The fitted linear classifier as a Keras model with the same probabilities."""
    from mdat_keras import build_model
    from mdat_keras.models.linear import LinearConfig, set_linear_weights
    from mdat_train.classifiers.keras_classifier import set_statistics

    scaler, regression = (step for _, step in state.pipeline.steps)
    features = regression.n_features_in_
    binary = len(regression.classes_) == 2  # scikit-learn has one row for two classes
    coefficients, intercepts = regression.coef_, regression.intercept_
    if binary:
        coefficients = np.concatenate([np.zeros((1, features)), coefficients])
        intercepts = np.concatenate([[0.0], intercepts])
    weights = np.zeros((features, state.classes))
    weights[:, regression.classes_] = coefficients.T
    bias = np.full(state.classes, ABSENT)
    bias[regression.classes_] = intercepts
    config = LinearConfig(
        classes=state.classes, standardize=statistics is not None, modality=modality
    )
    model = build_model(config, state.widths["speech"], state.widths["text"])
    set_statistics(model, statistics or {})
    set_linear_weights(
        model,
        mean=getattr(scaler, "mean_", np.zeros(features)),
        scale=getattr(scaler, "scale_", np.ones(features)),
        weights=weights,
        bias=bias,
    )
    return model

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

from mdat_data import InputError
from mdat_data.steps import lowest
from mdat_train.classifiers.classifier import EpochCallback, Fitted
from mdat_train.classifiers.logistic import fit_logistic, weights_of, with_weights
from mdat_train.classifiers.threads import blas_threads_limited
from mdat_train.inputs.balance import balanced, judged_among
from mdat_train.inputs.deferred import MOMENTS
from mdat_train.inputs.scaling import Statistics
from mdat_train.inputs.selection import Selection, joined, streams_of

ABSENT = -1e4
"""Logit of a class that the training set lacks: its probability is 0."""


@dataclass(frozen=True, kw_only=True)
class PipelineState:
    """A fitted pipeline, the number of classes, and the width of each stream."""

    pipeline: Any
    classes: int
    widths: Mapping[str, int]


class SklearnClassifier:
    """A classifier on mean and standard deviation over time of the streams.

    Args:
        name: `linear` (logistic regression) or `svm` (RBF kernel, C = 1).
        standardize: Standardise each pooled feature over the training set first.
        modality: `both`, or the one stream that is used.
        l2: Strength of the penalty of `linear`, as a part of the mean loss of an utterance. None is
            that of scikit-learn (C = 1): one divided by the number of utterances.
    """

    parameters = None  # counted for networks only
    starts_over = True

    def __init__(
        self, name: str, *, standardize: bool, modality: str = "both", l2: float | None = None
    ) -> None:
        self.name = name
        self.standardize = standardize
        self.modality = modality
        self.l2 = l2
        self._streams = streams_of(modality)

    @property
    def recipe(self) -> str:
        """All that what `fit` learns depends on; see `Classifier.recipe`."""
        return repr((self.name, self.standardize, self.modality, self.l2))

    def fit(
        self,
        train: Selection,
        validation: Selection | None,
        *,
        weights: np.ndarray | None = None,
        seed: int,
        callback: EpochCallback,
    ) -> Fitted:
        """Fit to the training set, and to the validation set where there is one.

        Nothing is random here and nothing is stopped early, so a validation set is training data.
        """
        learned = train if validation is None else joined([train, validation])
        return self._fitted(learned, balanced(learned) if weights is None else weights)

    def continue_from(
        self,
        fitted: Fitted,
        train: Selection,
        *,
        weights: np.ndarray | None = None,
        pull: float = 0.0,
        seed: int,
        callback: EpochCallback,
    ) -> Fitted:
        """Fit, with the penalty around the weights of `fitted` where there is a pull."""
        if pull and self.name != "linear":
            raise InputError(
                f"--adaptation prior pulls weights to those of the source, but {self.name} has "
                "none. Use --adaptation joint, or --model linear."
            )
        used = balanced(train) if weights is None else weights
        return self._fitted(train, used, pulled_to=fitted.state if pull else None, pull=pull)

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

    def _fitted(
        self,
        learned: Selection,
        weights: np.ndarray,
        *,
        pulled_to: PipelineState | None = None,
        pull: float = 0.0,
    ) -> Fitted:
        present = {u.emotion for u in learned.utterances if u.emotion}
        if len(present) < 2 and pulled_to is None:
            raise InputError(
                f"a training set must have at least two emotions; one has only "
                f"{', '.join(present)}, because speakers (or sessions) differ too much in their "
                "emotions. Use more --folds, or --split random, whose scores then reward "
                "recognising the speaker."
            )
        pooled = learned.pooled(self._streams)
        widths = {name: rows[0].shape[-1] for name, rows in learned.streams.items()}
        scaler = pulled_to.pipeline[0] if pulled_to else self._scaler(pooled, widths)
        with blas_threads_limited():
            scaled = scaler.transform(pooled)
            if self.name == "svm":
                classifier = SVC(break_ties=True)
                classifier.fit(scaled, learned.labels, sample_weight=weights)
            else:
                centre = pulled_to and pulled_to.pipeline[1]
                classifier = self._regression(scaled, learned, weights, centre, pull)
        return Fitted(
            state=PipelineState(
                pipeline=make_pipeline(scaler, classifier),
                classes=len(learned.classes),
                widths=widths,
            )
        )

    def _regression(
        self,
        scaled: np.ndarray,
        learned: Selection,
        weights: np.ndarray,
        centre: LogisticRegression | None,
        pull: float,
    ) -> LogisticRegression:
        """Logistic regression by scikit-learn, as far as that can do it."""
        labels, allowed = learned.labels, judged_among(learned)
        l2 = 1 / weights.sum(dtype=float) if self.l2 is None else self.l2
        if centre is None and allowed is None:
            regression = LogisticRegression(max_iter=2000)
            if self.l2 is not None:
                regression.C = 1 / (l2 * weights.sum(dtype=float))
            return regression.fit(scaled, labels, sample_weight=weights)
        known = np.unique(labels)
        middle = None
        if centre is not None:
            known = np.union1d(known, centre.classes_)
            middle = np.zeros((scaled.shape[1] + 1, len(known)))
            middle[:, np.searchsorted(known, centre.classes_)] = weights_of(centre)
        model = fit_logistic(
            scaled,
            np.searchsorted(known, labels),
            weights,
            classes=len(known),
            penalty=l2 if centre is None else pull,
            centre=middle,
            allowed=None if allowed is None else allowed[:, known],
        )
        return with_weights(model, known)

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


def _as_keras_model(
    state: PipelineState, *, modality: str, statistics: Mapping[str, Statistics] | None
) -> Any:
    """The fitted linear classifier as a Keras model with the same probabilities."""
    from mdat_keras import build_model
    from mdat_keras.models.linear import LinearConfig, set_linear_weights
    from mdat_train.classifiers.compiled_models import set_statistics

    config = LinearConfig(
        classes=state.classes, standardize=statistics is not None, modality=modality
    )
    model = build_model(config, state.widths["speech"], state.widths["text"])
    set_statistics(model, statistics or {})
    set_linear_weights(model, **arrays_of(state))
    return model


def arrays_of(state: PipelineState) -> dict[str, np.ndarray]:
    """What `set_linear_weights` sets, of a fitted linear classifier."""
    scaler, regression = (step for _, step in state.pipeline.steps)
    features = regression.n_features_in_
    known = weights_of(regression)
    weights = np.zeros((features, state.classes))
    weights[:, regression.classes_] = known[:-1]
    bias = np.full(state.classes, ABSENT)
    bias[regression.classes_] = known[-1]
    return {
        "mean": getattr(scaler, "mean_", np.zeros(features)),
        "scale": getattr(scaler, "scale_", np.ones(features)),
        "weights": weights,
        "bias": bias,
    }


def state_of(arrays: Mapping[str, np.ndarray], widths: Mapping[str, int]) -> PipelineState:
    """The fitted linear classifier that `arrays_of` gave arrays of.

    Args:
        arrays: As `linear_weights` reads them from a model.
        widths: Of the features of each stream.
    """
    scaler = StandardScaler()
    scaler.mean_, scaler.scale_ = arrays["mean"], arrays["scale"]
    known = np.flatnonzero(arrays["bias"] > ABSENT)
    weights = np.vstack([arrays["weights"], arrays["bias"]])
    return PipelineState(
        pipeline=make_pipeline(scaler, with_weights(weights[:, known], known)),
        classes=len(arrays["bias"]),
        widths=widths,
    )

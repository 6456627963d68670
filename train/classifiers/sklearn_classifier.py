"""The linear classifier and the SVM as systems: what the features alone are worth."""

import numpy as np
from scipy.special import softmax
from sklearn.linear_model import LogisticRegression
from sklearn.pipeline import make_pipeline
from sklearn.preprocessing import FunctionTransformer, StandardScaler
from sklearn.svm import SVC

from mdat_data import InputError
from mdat_data.cache import MODALITIES
from mdat_train.classifiers.classifier import Fitted, Watch, balanced_weights
from mdat_train.inputs.selection import Selection, joined

KINDS = ("linear", "svm")


class Baseline:
    """A classifier on the mean and standard deviation over time of both streams.

    Classes weigh the same. Adaptation fits source and support together: both corpora weigh the
    same, and the classes within each.

    Args:
        kind: `linear` (logistic regression, C = 1) or `svm` (RBF kernel, C = 1).
        standardize: Bring each pooled feature to zero mean and unit variance over the training
            part first.
        modality: `both`, or the one stream that is classified.
    """

    parameters = None  # speaks of networks

    def __init__(self, kind: str, *, standardize: bool, modality: str = "both") -> None:
        self.kind = kind
        self.standardize = standardize
        self.modalities = MODALITIES if modality == "both" else (modality,)

    def fit(
        self, train: Selection, validation: Selection | None, *, seed: int, watch: Watch
    ) -> Fitted:
        """Fit to the training part, and to the validation part where there is one.

        Nothing is drawn and nothing stopped here, so that a part held out to stop a network is
        simply learned from.
        """
        learned = train if validation is None else joined([train, validation])
        return self._fitted(learned, _weights(learned))

    def adapt(self, fitted: Fitted, support: Selection, *, seed: int, watch: Watch) -> Fitted:
        """Fit to what was learned and to the support together."""
        _, source = fitted.state
        of_support = _weights(support) * len(source) / len(support)
        weights = np.concatenate([_weights(source), of_support])
        return self._fitted(joined([source, support]), weights)

    def predict(self, fitted: Fitted, selection: Selection) -> np.ndarray:
        """Class probabilities, 0 for a class that the training part lacked.

        Those of the SVM are the softmax of its decision values.
        """
        pipeline, _ = fitted.state
        pooled = self._pooled(selection)
        if self.kind == "linear":
            values = pipeline.predict_proba(pooled)
        else:
            decisions = pipeline.decision_function(pooled)
            binary = decisions.ndim == 1  # scikit-learn gives two classes one column
            values = softmax(np.stack([-decisions, decisions], 1) if binary else decisions, axis=1)
        probabilities = np.zeros((len(selection), len(selection.classes)), np.float32)
        probabilities[:, pipeline.classes_] = values
        return probabilities

    def _fitted(self, learned: Selection, weights: np.ndarray) -> Fitted:
        if len(present := {u.emotion for u in learned.utterances}) < 2:
            raise InputError(
                f"a training part must hold two emotions, but one holds only {', '.join(present)}: "
                "speakers (or sessions) differ too much in their emotions. Use more --folds, or "
                "--split random, whose scores then reward recognising the speaker."
            )
        if self.kind == "linear":
            classifier = LogisticRegression(max_iter=2000)
        else:
            classifier = SVC(break_ties=True)
        scaler = StandardScaler() if self.standardize else FunctionTransformer()
        pipeline = make_pipeline(scaler, classifier)
        step = type(classifier).__name__.lower()
        pipeline.fit(self._pooled(learned), learned.labels, **{f"{step}__sample_weight": weights})
        return Fitted(state=(pipeline, learned))

    def _pooled(self, selection: Selection) -> np.ndarray:
        """Mean and standard deviation over time of each stream, side by side."""
        streams = [getattr(selection, modality) for modality in self.modalities]
        return np.stack(
            [
                np.concatenate(
                    [f(rows, axis=0, dtype=float) for rows in of_one for f in (np.mean, np.std)]
                )
                for of_one in zip(*streams, strict=True)
            ]
        )


def _weights(selection: Selection) -> np.ndarray:
    return balanced_weights(selection.labels, len(selection.classes))

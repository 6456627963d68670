"""Logistic regression with what scikit-learn's has not: a centre of the penalty, and masks.

Its penalty may pull the weights towards those of another model instead of zero (L2-SP, Li et al.,
2018), and an utterance may be judged among some of the classes only.
"""

from typing import Any

import numpy as np
from scipy.optimize import minimize
from scipy.special import logsumexp, softmax
from sklearn.linear_model import LogisticRegression

MOST_STEPS = 2000
TOLERANCE = 1e-6
"""Largest slope of the loss, which is a mean over utterances, where the search ends."""


def fit_logistic(
    features: np.ndarray,
    labels: np.ndarray,
    weights: np.ndarray,
    *,
    classes: int,
    penalty: float,
    centre: np.ndarray | None = None,
    allowed: np.ndarray | None = None,
) -> np.ndarray:
    """Minimise the mean loss of the utterances plus penalty / 2 · ‖weights − centre‖².

    Where there is no centre, the intercepts are not penalised, as in scikit-learn.

    Args:
        features: (N, F).
        labels: Class numbers, (N,).
        weights: Of the utterances in the mean loss, (N,); only their ratios count.
        classes: Number of classes C.
        penalty: Strength of the penalty. scikit-learn's is 1 / (C · the sum of the weights).
        centre: The weights that the penalty pulls to, (F + 1, C); None pulls to 0.
        allowed: The classes that an utterance is judged among, (N, C) bool; None takes all.

    Returns:
        The weights of the features and, in the last row, the intercepts, (F + 1, C).
    """
    shape = (features.shape[1] + 1, classes)
    middle = np.zeros(shape) if centre is None else centre
    share = weights / weights.sum(dtype=float)
    rows = np.arange(len(labels))

    def loss(flat: np.ndarray) -> tuple[float, np.ndarray]:
        model = flat.reshape(shape)
        logits = scores(features, model)
        if allowed is not None:
            logits[~allowed] = -np.inf
        away = model - middle
        if centre is None:
            away[-1] = 0
        likelihoods = logits[rows, labels] - logsumexp(logits, axis=1)
        errors = softmax(logits, axis=1)
        errors[rows, labels] -= 1
        errors *= share[:, None]
        slope = np.vstack([features.T @ errors, errors.sum(axis=0)]) + penalty * away
        return penalty / 2 * (away**2).sum() - share @ likelihoods, slope.ravel()

    found: Any = minimize(
        loss,
        middle.ravel(),
        jac=True,
        method="L-BFGS-B",
        options={"maxiter": MOST_STEPS, "gtol": TOLERANCE, "ftol": 0.0},
    )
    return np.asarray(found.x.reshape(shape))


def scores(features: np.ndarray, model: np.ndarray) -> np.ndarray:
    """The logits of a model, (N, C), of features (N, F)."""
    return np.asarray(features @ model[:-1] + model[-1])


def weights_of(regression: LogisticRegression) -> np.ndarray:
    """The weights and, in the last row, the intercepts of each class, (F + 1, C).

    scikit-learn has one row for two classes: the first class has no weights then.
    """
    model = np.column_stack([regression.coef_, regression.intercept_]).T
    binary = len(regression.classes_) == 2
    return np.hstack([np.zeros_like(model), model]) if binary else model


def with_weights(model: np.ndarray, classes: np.ndarray) -> LogisticRegression:
    """A fitted regression of scikit-learn.

    Args:
        model: Weights and intercepts, (F + 1, C).
        classes: The numbers of its classes, (C,).
    """
    regression = LogisticRegression()
    rows = model[:, 1:] - model[:, :1] if len(classes) == 2 else model
    regression.coef_, regression.intercept_ = rows[:-1].T, rows[-1]
    regression.classes_, regression.n_features_in_ = classes, len(model) - 1
    return regression

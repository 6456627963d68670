"""Contrastive loss that moves utterances of one class closer together."""

from typing import Any

import keras
from keras import KerasTensor, ops

from mdat_keras import checks
from mdat_keras.mask_bias import mask_bias


@keras.saving.register_keras_serializable(package="mdat")
class SupervisedContrastive(keras.losses.Loss):
    """Supervised contrastive loss over the views of a batch.

    A view is one vector of an utterance, for example its speech or its text. The rows z are all
    views of all utterances, divided by their length; P(i) are the other rows of the same class
    (Khosla et al., equation 2, L_out):

        loss_i = -1/|P(i)| sum_{p in P(i)} log softmax_p(z_i . z / tau)

    The softmax is over all rows except i. The loss of an utterance is the mean over its views. A
    row whose class has no other row in the batch has the loss 0.

    Args:
        temperature: Temperature tau, greater than 0.
        **kwargs: Arguments of `keras.losses.Loss`, such as `name` and `reduction`.

    Call arguments:
        y_true: Integer tensor of shape `(B,)`, the class of each utterance.
        y_pred: Tensor of shape `(B, V, D)`, the V views of each utterance.

    Returns:
        The B losses, reduced as `reduction` says.

    Example:
    >>> views = keras.ops.array([[[1.0, 0.0], [2.0, 0.0]], [[0.0, 1.0], [0.0, 3.0]]])
    >>> loss = SupervisedContrastive(temperature=0.1)(keras.ops.array([0, 1]), views)
    >>> round(float(loss), 4)
    0.0001

    References:
        [Khosla et al., Supervised Contrastive Learning, 2020](https://arxiv.org/abs/2004.11362)
    """

    def __init__(self, temperature: float = 0.1, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        checks.positive("temperature", temperature)
        self.temperature = temperature

    def call(self, y_true: KerasTensor, y_pred: KerasTensor) -> KerasTensor:
        views, width = y_pred.shape[1:]
        rows = _unit_length(ops.reshape(y_pred, (-1, width)))
        labels = ops.repeat(ops.reshape(y_true, (-1,)), views)
        other = ops.logical_not(ops.cast(ops.eye(ops.shape(rows)[0]), "bool"))
        scores = ops.matmul(rows, ops.transpose(rows)) / self.temperature + mask_bias(other)
        positive = ops.logical_and(labels[:, None] == labels[None, :], other)
        likelihoods = ops.where(positive, ops.log_softmax(scores, axis=-1), 0.0)
        count = ops.sum(ops.cast(positive, "float32"), axis=-1)
        losses = -ops.sum(likelihoods, axis=-1) / ops.maximum(count, 1.0)
        return ops.mean(ops.reshape(losses, (-1, views)), axis=-1)

    def get_config(self) -> dict[str, Any]:
        return {**super().get_config(), "temperature": self.temperature}


def _unit_length(rows: KerasTensor) -> KerasTensor:
    """Divide rows by their length; a row of zeros stays zero, with a finite gradient."""
    squares = ops.sum(ops.square(rows), axis=-1, keepdims=True)
    return rows * ops.rsqrt(ops.maximum(squares, 1e-12))

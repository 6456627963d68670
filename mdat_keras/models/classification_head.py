"""Classification heads: from a vector to class probabilities."""

import keras
from keras import KerasTensor, layers, ops, regularizers


def classification_head(
    utterance: KerasTensor, *, units: int, dropout: float, classes: int, l2: float = 0.0
) -> KerasTensor:
    """Classify utterances with one hidden layer, dropout and a softmax layer.

    Args:
        utterance: Tensor of shape `(B, D)`.
        units: Width of the hidden layer.
        dropout: Fraction of the hidden units dropped in training.
        classes: Number C of emotions.
        l2: Factor of the L2 penalty on the kernel of the hidden layer.

    Returns:
        Class probabilities of shape `(B, C)`, float32 under every dtype policy.
    """
    penalty = regularizers.L2(l2) if l2 else None
    dense = layers.Dense(units, "relu", kernel_regularizer=penalty, name="hidden")
    hidden = layers.Dropout(dropout, name="hidden_dropout")(dense(utterance))
    return softmax_layer(hidden, classes)


def softmax_layer(vector: KerasTensor, classes: int, name: str = "emotion") -> KerasTensor:
    """Classify vectors with one softmax layer.

    Args:
        vector: Tensor of shape `(B, D)`.
        classes: Number C of emotions.
        name: Name of the layer.

    Returns:
        Class probabilities of shape `(B, C)`, float32 under every dtype policy.
    """
    return layers.Dense(classes, "softmax", dtype="float32", name=name)(vector)


def geometric_mean(first: KerasTensor, second: KerasTensor, *, weight: float) -> KerasTensor:
    """Combine two classifications: the weighted geometric mean, divided by its sum.

    Args:
        first: Class probabilities of shape `(B, C)`.
        second: Class probabilities of shape `(B, C)`.
        weight: Of the second, between 0 and 1; the first has the rest.

    Returns:
        Class probabilities of shape `(B, C)`, float32 under every dtype policy.
    """
    logs = [ops.log(ops.maximum(p, keras.config.epsilon())) for p in (first, second)]
    mean = (1 - weight) * logs[0] + weight * logs[1]
    return layers.Softmax(dtype="float32", name="geometric_mean")(mean)

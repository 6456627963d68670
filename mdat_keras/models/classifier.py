"""The way from a vector to the emotions."""

from keras import KerasTensor, layers, regularizers


def classify(
    utterance: KerasTensor, *, units: int, dropout: float, classes: int, l2: float = 0.0
) -> KerasTensor:
    """Choose among the classes: one hidden layer, dropout, softmax.

    Args:
        utterance: Tensor of shape `(B, D)`.
        units: Width of the hidden layer.
        dropout: Share of the hidden layer dropped in training.
        classes: Number C of emotions.
        l2: Factor of the hidden layer's squared weights in the loss.

    Returns:
        Probabilities of shape `(B, C)`, float32 under every dtype policy.
    """
    penalty = regularizers.L2(l2) if l2 else None
    dense = layers.Dense(units, "relu", kernel_regularizer=penalty, name="hidden")
    hidden = layers.Dropout(dropout, name="hidden_dropout")(dense(utterance))
    return emotion(hidden, classes)


def emotion(vector: KerasTensor, classes: int, name: str = "emotion") -> KerasTensor:
    """Choose among the classes with one layer.

    Args:
        vector: Tensor of shape `(B, D)`.
        classes: Number C of emotions.
        name: Of the layer.

    Returns:
        Probabilities of shape `(B, C)`, float32 under every dtype policy.
    """
    return layers.Dense(classes, "softmax", dtype="float32", name=name)(vector)

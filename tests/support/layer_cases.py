"""Every layer of the package with what it is called with, in the ways that differ."""

from dataclasses import dataclass, field
from typing import Any

import keras
import numpy as np

from mdat_keras import (
    AttentivePooling,
    BatchedAttention,
    CoAttention,
    ExplicitBidirectional,
    GraphAttention,
    LayerMix,
    MaskedMean,
    MaskedStatistics,
    SplitStreams,
    Standardize,
    TransformerEncoder,
)

WIDTH = 8


def arrays(outputs: Any) -> list[np.ndarray]:
    return [keras.ops.convert_to_numpy(output) for output in keras.tree.flatten(outputs)]


@dataclass(frozen=True)
class Case:
    """A layer, its arguments and what it is called with.

    Attributes:
        layer: Class of the layer.
        arguments: Of its constructor.
        steps: Number of steps of each stream; they differ, so that a swap is noticed.
        masks: Names of the arguments for the masks of the streams; empty for a layer without masks.
        weights: Number of trained weights.
    """

    layer: type[keras.Layer]
    arguments: dict[str, Any] = field(default_factory=dict)
    steps: tuple[int, ...] = (5,)
    masks: tuple[str, ...] = ()
    weights: int = 0

    def build(self, **kwargs: Any) -> keras.Layer:
        return self.layer(**self.arguments, **kwargs)

    def streams(self) -> list[np.ndarray]:
        rng = np.random.default_rng(3)
        return [rng.normal(size=(2, steps, WIDTH)).astype("float32") for steps in self.steps]

    def real(self) -> list[np.ndarray]:
        """The masks: the first utterance is complete, the second lacks the last step."""
        return [np.arange(steps) < [[steps], [steps - 1]] for steps in self.steps]

    def call(
        self, layer: keras.Layer, streams: list[Any], masks: list[Any] | None = None
    ) -> list[Any]:
        named = dict(zip(self.masks, masks or [], strict=False))
        return keras.tree.flatten(layer(*streams, **named))

    def outputs(self, layer: keras.Layer) -> list[np.ndarray]:
        return arrays(self.call(layer, self.streams(), self.real()))

    def inputs(self) -> list[np.ndarray]:
        return self.streams() + self.real() * bool(self.masks)

    def model(self) -> keras.Model:
        streams = [keras.Input((None, WIDTH)) for _ in self.steps]
        masks = [keras.Input((None,), dtype="bool") for _ in self.masks]
        return keras.Model(streams + masks, self.call(self.build(), streams, masks))


@dataclass(frozen=True)
class RecurrentCase(Case):
    """A layer around a recurrent one, which has a dtype policy of its own."""

    def build(self, **kwargs: Any) -> keras.Layer:
        policy = {key: value for key, value in kwargs.items() if key == "dtype"}
        return self.layer(keras.layers.GRU(**self.arguments, **policy), **kwargs)


ONE = ("sequence_mask",)
BOTH = ("speech_mask", "text_mask")

CASES = {
    "graph, pairwise": Case(
        GraphAttention, {"units": 6, "heads": 2}, masks=("node_mask",), weights=8 * 6 + 2 * 6
    ),
    "graph, broadcast": Case(
        GraphAttention,
        {"units": 6, "scores": "broadcast"},
        masks=("node_mask",),
        weights=8 * 6 + 6,
    ),
    "graph, residual": Case(
        GraphAttention,
        {"units": 8, "residual": True, "dropout": 0.1},
        masks=("node_mask",),
        weights=8 * 8 + 2 * 8,
    ),
    "co, cross": Case(CoAttention, {"units": 6}, (5, 3), BOTH, weights=2 * (8 * 6 + 6)),
    "co, own": Case(
        CoAttention,
        {"units": 6, "context": "own", "scale": True},
        (5, 3),
        BOTH,
        weights=2 * (8 * 6 + 6),
    ),
    "co, own, long text": Case(
        CoAttention, {"units": 6, "context": "own"}, (3, 5), BOTH, weights=2 * (8 * 6 + 6)
    ),
    "co, no projection": Case(CoAttention, {"units": None, "scale": True}, (5, 3), BOTH),
    "attention": Case(
        BatchedAttention,
        {"num_heads": 2, "key_dim": 3},
        (5, 3),
        ("query_mask", "key_mask"),
        weights=3 * (8 * 6 + 6) + 6 * 8 + 8,
    ),
    "transformer": Case(
        TransformerEncoder, {"heads": 2}, masks=ONE, weights=4 * (64 + 8) + 2 * 16 + 2 * (64 + 8)
    ),
    "transformer, narrow": Case(
        TransformerEncoder,
        {"heads": 2, "feed_forward": 5, "dropout": 0.2},
        masks=ONE,
        weights=4 * (64 + 8) + 2 * 16 + (8 * 5 + 5) + (5 * 8 + 8),
    ),
    "mean": Case(MaskedMean, masks=ONE),
    "statistics": Case(MaskedStatistics, masks=ONE),
    "pooling": Case(AttentivePooling, masks=ONE, weights=8 + 1),
    "bidirectional": RecurrentCase(
        ExplicitBidirectional,
        # By default the initializer is orthogonal, which TensorFlow lacks in bfloat16.
        {"units": 4, "return_sequences": True, "recurrent_initializer": "glorot_uniform"},
        masks=("mask",),
        weights=2 * 3 * (8 * 4 + 4 * 4 + 2 * 4),
    ),
    "standardize": Case(Standardize),
    "mix": Case(LayerMix, {"layers": 2}, weights=2),
    "split": Case(SplitStreams, steps=(8, 5)),
}

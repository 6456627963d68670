"""The compiled step against what it stands for."""

from dataclasses import replace

import keras
import numpy as np
import pytest
from small_networks import MDAT, SPEECH_DIM, TEXT_DIM

from mdat_data.batches import Inputs, batches
from mdat_train.classifiers.compilation import Parts, compiled, train_on_batch
from mdat_train.inputs.selection import Selection

STILL = replace(MDAT, attention_dropout=0.0, encoder_dropout=0.0, head_dropout=0.0)
"""Without dropout, whose draws depend on how far a batch is padded."""


@pytest.fixture(scope="module")
def parts() -> Parts:
    keras.utils.set_random_seed(0)
    return compiled(STILL, SPEECH_DIM, TEXT_DIM)


def trimmed(lengths: list[int]) -> Inputs:
    rng = np.random.default_rng(0)
    speech, text = (
        tuple(rng.normal(size=(n + more, dim)) for n in lengths)
        for more, dim in ((3, SPEECH_DIM), (0, TEXT_DIM))
    )
    of = Selection(classes=("a",), utterances=(None,) * len(lengths), speech=speech, text=text)
    ((_, inputs),) = batches(of.streams, range(len(lengths)), size=len(lengths))
    return inputs


def learned(parts: Parts, state: list[np.ndarray], inputs: Inputs) -> tuple[list, np.ndarray]:
    """The losses of some steps, and the probabilities after them."""
    parts.restore(state)
    for variable in parts.whole.model.optimizer.variables:
        variable.assign(np.zeros(variable.shape))
    parts.whole.model.optimizer.learning_rate.assign(1e-2)
    batch = inputs, np.array([0, 1, 2]), np.ones(3, np.float32)
    losses = [train_on_batch(parts.whole, *batch) for _ in range(5)]
    return losses, parts.model.predict_on_batch(inputs)


def test_padding_changes_nothing_that_is_learned(parts):
    inputs, state = trimmed([2, 9, 5]), parts.state
    padded = {
        name: np.pad(array, [(0, 0), (0, 20)] + [(0, 0)] * (array.ndim - 2))
        for name, array in inputs.items()
    }
    (losses, after), (expected, of_padded) = (learned(parts, state, x) for x in (inputs, padded))
    assert losses[-1] < losses[0] - 0.1
    np.testing.assert_allclose(losses, expected, atol=1e-4)
    np.testing.assert_allclose(after, of_padded, atol=1e-4)

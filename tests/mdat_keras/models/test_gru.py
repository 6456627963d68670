import math

import numpy as np
import pytest

from mdat_keras import build_model
from mdat_keras.models.gru import GRUConfig


@pytest.mark.parametrize(("units", "weights"), [(64, 369_408 + 8_516), (1, 5_394 + 11)])
def test_weights(units: int, weights: int) -> None:
    """Each GRU has 3 U (D + U + 2), the head (2 U + 1) U + (U + 1) C."""
    model = build_model(GRUConfig(units=units), speech_dim=1024, text_dim=768)
    assert sum(math.prod(weight.shape) for weight in model.trainable_weights) == weights


def test_the_order_of_the_steps_matters() -> None:
    model = build_model(GRUConfig(modality="speech"), speech_dim=2, text_dim=1)
    speech = np.random.default_rng(1).normal(size=(1, 6, 2)).astype("float32")
    mask, nothing = np.ones((1, 6), bool), np.zeros((1, 6, 1), "float32")
    forwards, backwards = (
        np.array(model({"speech": s, "speech_mask": mask, "text": nothing, "text_mask": mask}))
        for s in (speech, speech[:, ::-1])
    )
    assert np.abs(forwards - backwards).max() > 1e-4

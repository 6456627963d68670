import math

import keras
import numpy as np
import pytest

from mdat_keras import BiLSTMConfig, build_model


@pytest.mark.parametrize(("units", "weights"), [(128, 2_165_380), (64, 1_017_476)])
def test_weights(units: int, weights: int) -> None:
    model = build_model(BiLSTMConfig(units=units), speech_dim=1024, text_dim=768)
    assert sum(math.prod(weight.shape) for weight in model.trainable_weights) == weights


@pytest.mark.parametrize(("l2", "loss"), [(0.5, 0.5 * 4 * 6 * 9), (0.0, None)])
def test_only_the_hidden_layer_has_a_penalty(l2: float, loss: float | None) -> None:
    config = BiLSTMConfig(units=1, dense_units=6, l2=l2)
    model = build_model(config, speech_dim=3, text_dim=2)
    dense = model.get_layer("hidden")
    dense.kernel.assign(np.full((4, 6), 3.0))
    assert [float(penalty) for penalty in model.losses] == ([loss] if loss else [])


def test_each_direction_reads_the_whole_sequence() -> None:
    """The last step changes the forward state most, the first step the backward state."""
    keras.utils.set_random_seed(7)
    model = build_model(BiLSTMConfig(units=2, modality="speech"), speech_dim=1, text_dim=1)
    mask, nothing = np.ones((3, 20), bool), np.zeros((3, 20, 1), "float32")
    speech = nothing.copy()
    speech[1, 0] = speech[2, -1] = 5
    inputs = {"speech": speech, "speech_mask": mask, "text": nothing, "text_mask": mask}
    states = keras.Model(model.input, model.get_layer("speech_lstm").output)(inputs)
    forward, backward = np.split(np.array(states), 2, axis=1)
    assert np.abs(forward[2] - forward[0]).max() > 0.05 > np.abs(forward[1] - forward[0]).max()
    assert np.abs(backward[1] - backward[0]).max() > 0.05 > np.abs(backward[2] - backward[0]).max()

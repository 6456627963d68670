"""The shares of attention as further outputs of a model."""

from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest
from small_networks import MDAT, MODELS, SPEECH_DIM, TEXT_DIM, VARIANTS

from mdat_keras import build_model, with_attention

ALL = ["speech", "speech_mask", "text", "text_mask"]
FRAMES, TOKENS = 5, 3
REAL = ((5, 3), (4, 2))
"""Real frames and tokens of each of the first two utterances of `batch`."""


def outputs(name: str, batch: Any) -> tuple[keras.Model, dict[str, np.ndarray]]:
    """A model, and what it gives together with its attention."""
    config = replace(VARIANTS[name], speech_layers=1)
    model = build_model(config, SPEECH_DIM, TEXT_DIM)
    made = with_attention(model, ALL)(batch())
    return model, {key: keras.ops.convert_to_numpy(value) for key, value in made.items()}


def streams(shares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    assert shares.shape == (3, FRAMES + TOKENS)
    return shares[:2, :FRAMES], shares[:2, FRAMES:]


@pytest.mark.parametrize("name", ["mdat", "mdat, modality", "mdat, broadcast", "mdat, own"])
def test_shares_are_of_real_nodes_and_sum_to_1(name, batch):
    model, given = outputs(name, batch)
    assert set(given) == {"probabilities", "graph_attention", "co_attention"}
    np.testing.assert_array_equal(given["probabilities"], model(batch()))
    one_graph = name != "mdat, modality"
    for output, total in (("graph_attention", 1 if one_graph else 2), ("co_attention", 2)):
        frames, tokens = streams(given[output])
        np.testing.assert_allclose(frames.sum(1) + tokens.sum(1), total, atol=1e-5)
        for shares, lengths in zip((frames, tokens), zip(*REAL, strict=True), strict=True):
            real = np.arange(shares.shape[1]) < np.array(lengths)[:, None]
            np.testing.assert_array_equal(shares > 0, real)
        if total == 2:
            np.testing.assert_allclose(frames.sum(1), 1, atol=1e-5)
    assert np.isfinite(given["graph_attention"]).all()  # the third utterance has no real step


def test_a_share_is_the_mean_weight_over_those_that_attend(batch):
    model, given = outputs("mdat", batch)
    layers = [model.get_layer(name) for name in ("graph_attention", "co_attention")]
    graph, co = (keras.Model(model.input, layer.input)(batch()) for layer in layers)
    weights = np.array(layers[0].attention(*graph))[1].mean(axis=0)  # of the second utterance
    frames, tokens = REAL[1]
    real = [*range(frames), *range(FRAMES, FRAMES + tokens)]
    np.testing.assert_allclose(given["graph_attention"][1], weights[real].mean(axis=0), atol=1e-6)
    to_text, to_speech = (np.array(of)[1] for of in layers[1].attention(*co))
    expected = [*to_speech[:tokens].mean(axis=0), *to_text[:frames].mean(axis=0)]
    np.testing.assert_allclose(given["co_attention"][1], expected, atol=1e-6)


def test_padding_changes_no_share(batch):
    model = with_attention(build_model(MDAT, SPEECH_DIM, TEXT_DIM), ALL)
    short, long = model(batch()), model(batch(speech_padding=2, text_padding=5))
    nodes = [*range(FRAMES), *range(FRAMES + 2, FRAMES + 2 + TOKENS)]
    for name in ("graph_attention", "co_attention"):
        padded = np.array(long[name])[:2]
        np.testing.assert_allclose(padded[:, nodes], np.array(short[name])[:2], atol=1e-6)


@pytest.mark.parametrize("name", MODELS)
def test_a_model_of_one_stream_needs_that_stream_alone(name, batch):
    model = build_model(replace(MODELS[name], modality="speech"), SPEECH_DIM, TEXT_DIM)
    extended = with_attention(model, ALL[:2])
    given = extended({name: batch()[name] for name in ALL[:2]})
    assert list(extended.input) == ALL[:2]
    assert set(given) == {"probabilities"} | ({"graph_attention"} if name == "mdat" else set())
    np.testing.assert_allclose(given["probabilities"], model(batch()), atol=1e-6)

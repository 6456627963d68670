"""Small random batches of speech and text, in the form that models take."""

from collections.abc import Callable

import keras
import numpy as np
import pytest

Batch = dict[str, np.ndarray]


@pytest.fixture(autouse=True)
def fixed_weights() -> None:
    keras.utils.set_random_seed(7)


@pytest.fixture(scope="session")
def batch() -> Callable[..., Batch]:
    """A function that makes a batch of three utterances with some more steps of padding.

    The last utterance has no real step. Steps that are not real are 7.
    """

    def make(speech_padding: int = 0, text_padding: int = 0) -> Batch:
        speech, speech_mask = stream(12, (5, 4, 0), speech_padding)
        text, text_mask = stream(10, (3, 2, 0), text_padding)
        return {"speech": speech, "speech_mask": speech_mask, "text": text, "text_mask": text_mask}

    return make


def stream(width: int, lengths: tuple[int, ...], padding: int) -> tuple[np.ndarray, np.ndarray]:
    values = np.random.default_rng(width).normal(size=(len(lengths), max(lengths), width))
    values = np.pad(values, [(0, 0), (0, padding), (0, 0)])
    mask = np.arange(values.shape[1]) < np.array(lengths)[:, None]
    return np.where(mask[..., None], values, 7).astype("float32"), mask

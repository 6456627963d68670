"""Small random streams, as the batches of the trainer bring them."""

from collections.abc import Callable

import keras
import numpy as np
import pytest

Batch = dict[str, np.ndarray]


@pytest.fixture(autouse=True)
def fixed_weights() -> None:
    keras.utils.set_random_seed(7)


@pytest.fixture
def batch() -> Callable[..., Batch]:
    return make_batch


def make_batch(
    speech_dim: int = 12, text_dim: int = 10, padding: tuple[int, int] = (0, 0)
) -> Batch:
    """Three utterances, the last without a real step; padding and masked steps hold 7."""
    speech, speech_mask = _stream(speech_dim, (9, 6, 0), padding[0])
    text, text_mask = _stream(text_dim, (4, 3, 0), padding[1])
    return {"speech": speech, "speech_mask": speech_mask, "text": text, "text_mask": text_mask}


def _stream(dim: int, lengths: tuple[int, ...], padding: int) -> tuple[np.ndarray, np.ndarray]:
    values = np.random.default_rng(dim).normal(size=(len(lengths), max(lengths), dim))
    values = np.pad(values, [(0, 0), (0, padding), (0, 0)])
    mask = np.arange(values.shape[1]) < np.array(lengths)[:, None]
    return np.where(mask[..., None], values, 7).astype("float32"), mask

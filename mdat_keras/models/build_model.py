"""Builds every model from its configuration."""

from functools import singledispatch

import keras


@singledispatch
def build_model(config: object, speech_dim: int, text_dim: int) -> keras.Model:
    """Build the model that a configuration describes.

    Args:
        config: The configuration; its type decides which model is built.
        speech_dim: Width D_s of the speech features.
        text_dim: Width D_t of the text features.

    Returns:
        An untrained model from `{"speech": (B, T_s, D_s), "speech_mask": (B, T_s),
        "text": (B, T_t, D_t), "text_mask": (B, T_t)}` to class probabilities `(B, C)`, which are
        float32 under every dtype policy. Masks are boolean, True where a step is real; T_s and T_t
        may differ from batch to batch.

    Raises:
        TypeError: If no model is registered for the type of `config`.

    Example:
    >>> from mdat_keras import PRESETS
    >>> build_model(PRESETS["base"], speech_dim=1024, text_dim=768).count_params()
    425608
    """
    known = [kind.__name__ for kind in build_model.registry if kind is not object]
    raise TypeError(
        f"config must be of one of the types {', '.join(known)}; got {type(config).__name__}."
    )

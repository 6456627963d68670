"""Attention between speech and text."""

from typing import Any

import keras
from keras import KerasTensor, ops

from mdat_keras import checks
from mdat_keras.mask_bias import mask_bias

CONTEXTS = ("cross", "own")


def softmax_of_real(scores: KerasTensor, value_mask: KerasTensor | None) -> KerasTensor:
    """Compute the softmax of the scores over the real values, in float32.

    Args:
        scores: Tensor of shape `(B, T, S)`.
        value_mask: Boolean tensor of shape `(B, S)`, True where a value is real, or None.

    Returns:
        Tensor of shape `(B, T, S)`; each row sums to 1.
    """
    if value_mask is not None:
        scores = scores + mask_bias(value_mask)[:, None, :]
    return ops.softmax(scores, axis=-1)


def truncate_or_pad(
    context: KerasTensor, context_mask: KerasTensor | None, stream: KerasTensor
) -> KerasTensor:
    """Truncate a context to the length of a stream, or pad it with zeros.

    Args:
        context: Tensor of shape `(B, S, D)`.
        context_mask: Boolean tensor of shape `(B, S)`, or None. Masked rows become zeros: the
            result does not depend on the padding of the batch.
        stream: Tensor of shape `(B, T, U)`; only its length T is used.

    Returns:
        Tensor of shape `(B, T, D)`.
    """
    if context_mask is not None:
        context = ops.where(context_mask[:, :, None], context, 0)
    batch, steps, _ = ops.shape(stream)
    rest = ops.zeros((batch, steps, context.shape[-1]), dtype=context.dtype)
    return ops.concatenate([context, rest], axis=1)[:, :steps]


@keras.saving.register_keras_serializable(package="mdat")
class CoAttention(keras.Layer):
    """Attention in both directions between speech and text.

    Each step of a stream is concatenated with a context from the other stream. Both directions use
    the same matrix of scores (MDAT, equations 7 to 15):

        C        = dense(speech) dense(text)^T   (/ sqrt(U) with `scale`)
        c_speech = softmax(C) text               one row for each step of the speech
        c_text   = softmax(C^T) speech           one row for each step of the text

    The softmax is over the steps of the stream that is averaged. Lu et al. apply a tanh to C and
    pool the streams afterwards; MDAT does neither.

    Args:
        units: Width U to which both streams are projected before the scores are computed. None
            uses no projection; both streams must then have the same width.
        context: `"cross"` gives `[speech ; c_speech]` and `[text ; c_text]`. `"own"` follows
            equations 12 and 13 as printed: each stream is averaged with its own weights, which is
            the context of the other stream. The layer then gives `[speech ; c_text]` and
            `[text ; c_speech]`; the contexts are truncated, or padded with zeros, to the length of
            the stream.
        scale: Whether to divide the scores by the square root of the width U.
        **kwargs: Arguments of `keras.Layer`, such as `name` and `dtype`.

    Call arguments:
        speech: Tensor of shape `(B, T_s, D_s)`.
        text: Tensor of shape `(B, T_t, D_t)`; the lengths may differ.
        speech_mask: Boolean tensor of shape `(B, T_s)`, True where a step is real. Masked steps are
            ignored; their rows of the output have no meaning.
        text_mask: Boolean tensor of shape `(B, T_t)`, likewise.

    Returns:
        Two tensors of shapes `(B, T_s, D_s + D_t)` and `(B, T_t, D_t + D_s)`; with `context="own"`
        `(B, T_s, 2 * D_s)` and `(B, T_t, 2 * D_t)`.

    Example:
    >>> speech, text = keras.ops.ones((2, 7, 16)), keras.ops.ones((2, 3, 16))
    >>> [keras.ops.shape(stream) for stream in CoAttention(units=8)(speech, text)]
    [(2, 7, 32), (2, 3, 32)]

    References:
        [Lu et al., Hierarchical Question-Image Co-Attention, 2016](https://arxiv.org/abs/1606.00061)
    """

    def __init__(
        self, units: int | None, context: str = "cross", scale: bool = False, **kwargs: Any
    ) -> None:
        super().__init__(**kwargs)
        if units is not None:
            checks.at_least("units", units, 1)
        checks.one_of("context", context, CONTEXTS)
        self.units = units
        self.context = context
        self.scale = scale
        if units is not None:
            self.speech_dense = keras.layers.Dense(units, dtype=self.dtype_policy)
            self.text_dense = keras.layers.Dense(units, dtype=self.dtype_policy)

    def build(
        self, speech_shape: tuple[int | None, ...], text_shape: tuple[int | None, ...]
    ) -> None:
        if self.units is not None:
            self.speech_dense.build(speech_shape)
            self.text_dense.build(text_shape)
        elif speech_shape[-1] != text_shape[-1]:
            raise ValueError(
                "with units=None both streams must have the same width; got "
                f"{speech_shape[-1]} and {text_shape[-1]}. Use units={text_shape[-1]}, for example."
            )

    def call(
        self,
        speech: KerasTensor,
        text: KerasTensor,
        speech_mask: KerasTensor | None = None,
        text_mask: KerasTensor | None = None,
    ) -> tuple[KerasTensor, KerasTensor]:
        to_text, to_speech = self.attention(speech, text, speech_mask, text_mask)
        for_speech = ops.matmul(ops.cast(to_text, text.dtype), text)
        for_text = ops.matmul(ops.cast(to_speech, speech.dtype), speech)
        if self.context == "own":
            for_speech, for_text = (
                truncate_or_pad(for_text, text_mask, speech),
                truncate_or_pad(for_speech, speech_mask, text),
            )
        return (
            ops.concatenate([speech, for_speech], axis=-1),
            ops.concatenate([text, for_text], axis=-1),
        )

    def compute_output_shape(
        self, speech_shape: tuple[Any, ...], text_shape: tuple[Any, ...]
    ) -> tuple[tuple[int | None, ...], tuple[int | None, ...]]:
        (*speech_steps, speech), (*text_steps, text) = speech_shape, text_shape
        of_speech, of_text = (text, speech) if self.context == "cross" else (speech, text)
        return (*speech_steps, speech + of_speech), (*text_steps, text + of_text)

    def attention(
        self,
        speech: KerasTensor,
        text: KerasTensor,
        speech_mask: KerasTensor | None = None,
        text_mask: KerasTensor | None = None,
    ) -> tuple[KerasTensor, KerasTensor]:
        """Compute the attention weights of a call with the same arguments.

        Returns:
            The weights of the text for each step of the speech, `(B, T_s, T_t)`, and those of the
            speech for each step of the text, `(B, T_t, T_s)`; each row sums to 1.
        """
        scores = self._scores(speech, text)
        return (
            softmax_of_real(scores, text_mask),
            softmax_of_real(ops.transpose(scores, (0, 2, 1)), speech_mask),
        )

    def get_config(self) -> dict[str, Any]:
        return {
            **super().get_config(),
            "units": self.units,
            "context": self.context,
            "scale": self.scale,
        }

    def _scores(self, speech: KerasTensor, text: KerasTensor) -> KerasTensor:
        if self.units is not None:
            speech, text = self.speech_dense(speech), self.text_dense(text)
        if self.scale:
            # Before the product, which could overflow in float16.
            speech = speech / speech.shape[-1] ** 0.5
        return ops.cast(ops.matmul(speech, ops.transpose(text, (0, 2, 1))), "float32")

"""Text features from language models: RoBERTa, BERT, ModernBERT, sentence encoders, decoders."""

import inspect
import math
from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import torch
from transformers import AutoTokenizer

from mdat_data import InputError
from mdat_extract.encoders.computing import choose_device, computing, to_numpy
from mdat_extract.encoders.encoder import resolve_layers
from mdat_extract.encoders.locate import Pretrained
from mdat_extract.encoders.packed_linear import pack_linear_layers
from mdat_extract.encoders.pretrained import PACKAGES, load_model, load_processor

NO_LIMIT = 10**9
"""Tokenizers without a limit give a larger one."""

SAME = 1e-4
"""Relative difference up to which two states are the same."""


class LanguageModel:
    """The hidden states of a language model: one row for each token, special tokens included.

    Of a sentence encoder these are the tokens before pooling. A text without any token is replaced
    by the token of beginning, or of end where the model has no other.

    Args:
        source: The model on the disk.
        tokenizer: Its tokenizer. It is changed.
        model: The model, on its device. It is changed.
        layers: `last`, `middle` or numbers of hidden states.
        precision: `float32` or `bfloat16`.
        prefix: Put before every text; its tokens have rows as well.

    Attributes:
        causal: Whether a token sees only the tokens before it, as in decoders.

    Raises:
        InputError: The model is of another kind, or has no such layer.
    """

    modality = "text"
    packages = PACKAGES

    def __init__(
        self,
        source: Pretrained,
        tokenizer: Any,
        model: Any,
        *,
        layers: Sequence[str],
        precision: str,
        prefix: str = "",
    ) -> None:
        self.name, self.revision, self.prefix = source.name, source.revision, prefix
        self.device: torch.device = model.device
        self.precision = precision
        self._tokenizer = _prepared(source, tokenizer, model)
        self._model = model
        model.config.use_cache = False  # decoders would keep keys and values for a next token
        states, self.causal = _tried(source, model)
        self._depth = len(states) - 1
        self.layers = resolve_layers(layers, depth=self._depth)
        self.dim: int = states[-1].shape[-1]
        limit = min(_positions(model), tokenizer.model_max_length)
        self.max_tokens: int | None = int(limit) if limit < NO_LIMIT else None
        self._cut = {"truncation": self.max_tokens is not None, "max_length": self.max_tokens}
        pack_linear_layers(model, precision)

    @classmethod
    def load(
        cls,
        source: Pretrained,
        *,
        layers: Sequence[str],
        device: str,
        precision: str,
        prefix: str = "",
    ) -> Self:
        """Load an encoder.

        Args:
            source: The model on the disk.
            layers: `last`, `middle` or numbers of hidden states.
            device: `auto`, or a device that torch knows.
            precision: `float32` or `bfloat16`.
            prefix: Put before every text.

        Returns:
            The encoder.

        Raises:
            InputError: The model cannot be loaded, is of another kind, or has no such layer.
        """
        where = choose_device(device)
        tokenizer, model = load_processor(source, AutoTokenizer), load_model(source, where)
        return cls(source, tokenizer, model, layers=layers, precision=precision, prefix=prefix)

    def encode(self, batch: Sequence[str]) -> list[dict[str, np.ndarray]]:
        """Encode texts. The result for one does not depend on the others.

        Args:
            batch: The texts. An empty text has only the tokens of beginning and end.

        Returns:
            For each text its features by layer, (tokens, dim) float32.
        """
        seen = [self._seen(text) for text in batch]
        tokens = self._tokenizer(seen, padding=True, return_tensors="pt", **self._cut)
        tokens = tokens.to(self.device)
        with computing(self.device, self.precision):
            output = self._model(**tokens, output_hidden_states=True)
            states = dict(zip(map(str, range(self._depth + 1)), output.hidden_states, strict=True))
            states["last"] = output.last_hidden_state
            arrays = {layer: to_numpy(states[layer]) for layer in self.layers}
        mask = tokens.attention_mask.bool().cpu().numpy()
        return [
            {layer: arrays[layer][row, valid] for layer in self.layers}
            for row, valid in enumerate(mask)
        ]

    def tokens(self, text: str) -> tuple[str, ...]:
        """The token of each row, as in the vocabulary; those of beginning and end included."""
        ids = self._tokenizer(self._seen(text), **self._cut).input_ids
        return tuple(self._tokenizer.convert_ids_to_tokens(ids))

    def cuts(self, text: str) -> bool:
        """Whether a text has more tokens than the model accepts."""
        return self.max_tokens is not None and len(self._ids(self.prefix + text)) > self.max_tokens

    def _seen(self, text: str) -> str:
        """The text that is given to the model, never one without a token."""
        seen = self.prefix + text
        kept = self._tokenizer
        return seen if self._ids(seen) else str(kept.bos_token or kept.eos_token or kept.pad_token)

    def _ids(self, text: str) -> list[int]:
        ids: list[int] = self._tokenizer(text, truncation=False, verbose=False).input_ids
        return ids


def _prepared(source: Pretrained, tokenizer: Any, model: Any) -> Any:
    """The tokenizer, set to pad after the text and to give only what the model takes."""
    tokenizer.pad_token = tokenizer.pad_token or tokenizer.eos_token or tokenizer.bos_token
    if model.config.is_encoder_decoder or tokenizer.pad_token is None:
        raise _refusal(source, model)
    tokenizer.padding_side = "right"
    takes = inspect.signature(model.forward).parameters
    tokenizer.model_input_names = [name for name in tokenizer.model_input_names if name in takes]
    return tokenizer


def _tried(source: Pretrained, model: Any) -> tuple[Sequence[torch.Tensor], bool]:
    """Hidden states of two short inputs, and whether their ends leave what is before unchanged."""
    try:
        end = model.config.vocab_size - 1
        ids = torch.tensor([[2, 3, end], [2, 3, end - 1]], device=model.device)
        with computing(model.device, "float32"):
            output = model(input_ids=ids, output_hidden_states=True)
        states, rows = tuple(output.hidden_states), output.last_hidden_state[:, :2]
    except (AttributeError, TypeError, ValueError) as error:  # it is made for something else
        raise _refusal(source, model) from error
    return states, bool((rows[0] - rows[1]).norm() < SAME * rows[0].norm())


def _refusal(source: Pretrained, model: Any) -> InputError:
    return InputError(
        f"expected a language model such as XLM-RoBERTa or BERT, got {source.name} of the kind "
        f"{model.config.model_type}. Use another model."
    )


def _positions(model: Any) -> float:
    """Number of positions: RoBERTa counts them from after the padding index, BERT from 0."""
    embeddings = getattr(model, "embeddings", None)
    table = getattr(embeddings, "position_embeddings", None)
    if table is None:
        stated = getattr(model.config, "max_position_embeddings", None)
        return stated if stated and stated > 0 else math.inf  # relative positions have no limit
    unused = 0 if table.padding_idx is None else table.padding_idx + 1
    return int(table.num_embeddings) - unused

"""Text features from RoBERTa, XLM-RoBERTa, BERT and similar models."""

from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import torch
from transformers import AutoTokenizer

from mdat_data import InputError
from mdat_extract.encoders.computing import choose_device, computing, to_numpy
from mdat_extract.encoders.encoder import resolve_layers
from mdat_extract.encoders.packed_linear import pack_linear_layers
from mdat_extract.encoders.pretrained import (
    PACKAGES,
    Pretrained,
    load_model,
    load_processor,
)


class LanguageModel:
    """The hidden states of a language model: one row for each token, special tokens included.

    Args:
        source: The model on the disk.
        tokenizer: Its tokenizer.
        model: The model, on its device.
        layers: `last`, `middle` or numbers of hidden states.
        device: The device of the model.
        precision: `float32` or `bfloat16`.

    Raises:
        InputError: The model has no such layer.
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
        device: torch.device,
        precision: str,
    ) -> None:
        self.name, self.revision = source.name, source.revision
        self.device, self.precision = device, precision
        self.layers = resolve_layers(layers, depth=model.config.num_hidden_layers)
        self._depth: int = model.config.num_hidden_layers
        self.dim: int = model.config.hidden_size
        self.max_tokens: int | None = min(_positions(model), tokenizer.model_max_length)
        self._tokenizer = tokenizer
        self._model = model

    @classmethod
    def load(
        cls, source: Pretrained, *, layers: Sequence[str], device: str, precision: str
    ) -> Self:
        """Load an encoder.

        Args:
            source: The model on the disk.
            layers: `last`, `middle` or numbers of hidden states.
            device: `auto`, or a device that torch knows.
            precision: `float32` or `bfloat16`.

        Returns:
            The encoder.

        Raises:
            InputError: The model cannot be loaded, is of another kind, or has no such layer.
        """
        where = choose_device(device)
        tokenizer = load_processor(source, AutoTokenizer)
        model = load_model(source, where)
        if model.config.is_encoder_decoder or tokenizer.pad_token is None:
            raise InputError(
                f"expected a text encoder such as RoBERTa or BERT, got {source.name} of the type "
                f"{model.config.model_type}. Use another model."
            )
        pack_linear_layers(model, precision)
        return cls(source, tokenizer, model, layers=layers, device=where, precision=precision)

    def encode(self, batch: Sequence[str]) -> list[dict[str, np.ndarray]]:
        """Encode texts. The result for one does not depend on the others.

        Args:
            batch: The texts. An empty text has only the tokens of beginning and end.

        Returns:
            For each text its features by layer, (tokens, dim) float32.
        """
        tokens = self._tokenizer(
            list(batch),
            padding=True,
            truncation=True,
            max_length=self.max_tokens,
            return_tensors="pt",
        ).to(self.device)
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
        ids = self._tokenizer(text, truncation=True, max_length=self.max_tokens).input_ids
        return tuple(self._tokenizer.convert_ids_to_tokens(ids))

    def cuts(self, text: str) -> bool:
        """Whether a text has more tokens than the model accepts."""
        tokens = self._tokenizer(text, truncation=False, verbose=False).input_ids
        return self.max_tokens is not None and len(tokens) > self.max_tokens


def _positions(model: Any) -> int:
    """Number of positions: RoBERTa counts them from after the padding index, BERT from 0."""
    embeddings = getattr(model, "embeddings", None)
    table = getattr(embeddings, "position_embeddings", None)
    if table is None:
        return int(model.config.max_position_embeddings)
    unused = 0 if table.padding_idx is None else table.padding_idx + 1
    return int(table.num_embeddings) - unused

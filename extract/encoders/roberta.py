"""Text through RoBERTa, XLM-RoBERTa, BERT and their like."""

from collections.abc import Sequence

import numpy as np
from transformers import AutoTokenizer

from mdat_data import InputError
from mdat_extract.encoders.encoder import resolve_layers
from mdat_extract.encoders.packed_linear import pack_linear_layers
from mdat_extract.encoders.pretrained import (
    PACKAGES,
    choose_device,
    computing,
    hidden_state,
    load_model,
    load_processor,
    locate,
)


class Roberta:
    """The hidden states of a language model, one row a token, those of beginning and end included.

    Args:
        model: The id or the folder of a model.
        layers: `last`, `middle` or numbers of hidden states.
        device: `auto`, or a device that torch knows.
        precision: `float32` or `bfloat16`.

    Raises:
        InputError: The model cannot be loaded, is of another kind, or has no such layer.
    """

    packages = PACKAGES

    def __init__(self, model: str, *, layers: Sequence[str], device: str, precision: str) -> None:
        self.device = choose_device(device)
        self.precision = precision
        source = locate(model)
        self.name, self.revision = source.name, source.revision
        self._tokenizer = load_processor(source, AutoTokenizer)
        self._model = load_model(source, self.device)
        pack_linear_layers(self._model, precision)
        config = self._model.config
        if config.is_encoder_decoder or self._tokenizer.pad_token is None:
            raise InputError(
                f"expected a text encoder such as RoBERTa or BERT, but {self.name} is of the type "
                f"{config.model_type}."
            )
        self.layers = resolve_layers(layers, depth=config.num_hidden_layers)
        self.dim: int = config.hidden_size
        self.max_tokens: int | None = min(self._positions(), self._tokenizer.model_max_length)

    def encode(self, batch: Sequence[str]) -> list[dict[str, np.ndarray]]:
        """Encode texts; the result for one does not depend on the others.

        Args:
            batch: The texts; an empty one has the tokens of beginning and end.

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
            states = {layer: hidden_state(output, layer) for layer in self.layers}
        mask = tokens.attention_mask.bool().cpu().numpy()
        return [
            {layer: states[layer][row, valid] for layer in self.layers}
            for row, valid in enumerate(mask)
        ]

    def tokens(self, text: str) -> tuple[str, ...]:
        """The entries of the vocabulary behind the rows, those of beginning and end included."""
        ids = self._tokenizer(text, truncation=True, max_length=self.max_tokens).input_ids
        return tuple(self._tokenizer.convert_ids_to_tokens(ids))

    def cuts(self, text: str) -> bool:
        """Whether a text has more tokens than the model takes."""
        tokens = self._tokenizer(text, truncation=False, verbose=False).input_ids
        return self.max_tokens is not None and len(tokens) > self.max_tokens

    def _positions(self) -> int:
        """RoBERTa counts its positions from behind the padding index, BERT from 0."""
        embeddings = getattr(self._model, "embeddings", None)
        table = getattr(embeddings, "position_embeddings", None)
        if table is None:
            return int(self._model.config.max_position_embeddings)
        unused = 0 if table.padding_idx is None else table.padding_idx + 1
        return int(table.num_embeddings) - unused

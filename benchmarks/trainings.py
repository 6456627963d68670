"""Ways to train MDAT on the same batches: ours, and as it is written in PyTorch.

Each is made and asked in a process of its own, which alone imports its framework.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from typing import Any
from unittest.mock import patch

import numpy as np

from mdat_data.batches import Inputs, batches
from mdat_train.inputs.selection import Selection

FRAMES = 256
"""The paper's number of steps: longer streams are cropped, shorter padded."""

RATE = 1e-6
"""So low that random features cannot make a training diverge."""

SIDE = 4096
"""Of the square matrices by which the achievable rate is measured."""

Batches = Sequence[np.ndarray]
"""Rows of a selection, batch by batch."""


class Ours:
    """The step of mdat-train, over batches as it makes them.

    Args:
        selection: The utterances.
        weights: By the names of the layers; None leaves those that were drawn.
        xla: Let XLA compile the step, anew for every shape of a batch.
        policy: Keras' name of the types to compute and to store in.
        einsum: Take Keras' own attention instead of ours.
        fixed: Pad both streams of every batch to the paper's number of steps.

    Attributes:
        compilation: Seconds of building, compiling and tracing the model.
    """

    def __init__(
        self,
        selection: Selection,
        weights: Mapping[str, list[np.ndarray]] | None = None,
        *,
        xla: bool = False,
        policy: str = "float32",
        einsum: bool = False,
        fixed: bool = False,
    ) -> None:
        from mdat_train.classifiers import backend

        backend.start()
        import keras

        from mdat_keras import PRESETS, BatchedAttention, transformer_encoder
        from mdat_train.classifiers.compilation import compiled

        keras.config.set_dtype_policy(policy)
        self.selection, self.fixed = selection, fixed
        self.widths = selection.speech[0].shape[1], selection.text[0].shape[1]
        plain = keras.Model.compile
        how = {"jit_compile": xla}
        begin = time.perf_counter()
        attention = keras.layers.MultiHeadAttention if einsum else BatchedAttention
        with (
            patch.object(keras.Model, "compile", lambda *a, **k: plain(*a, **k | how)),
            patch.object(transformer_encoder, "BatchedAttention", attention),
        ):
            self.parts = compiled(PRESETS["base"], *self.widths)
        self.compilation = time.perf_counter() - begin
        self.parts.whole.model.optimizer.learning_rate.assign(RATE)
        for name, arrays in (weights or {}).items():
            self.parts.model.get_layer(name).set_weights(arrays)

    def train(self, work: Batches) -> None:
        """Train on batches."""
        from mdat_train.classifiers.compilation import train_on_batch

        labels = self.selection.labels
        for rows, inputs in self._inputs(work):
            weights = np.ones(len(rows), np.float32)
            train_on_batch(self.parts.whole, inputs, labels[rows], weights)

    def outputs(self, work: Batches) -> np.ndarray:
        """Class probabilities, (utterances, classes)."""
        ask = self.parts.model.predict_on_batch
        return np.concatenate([ask(inputs) for _, inputs in self._inputs(work)])

    def weights(self) -> dict[str, list[np.ndarray]]:
        """Those of every layer, by its name."""
        return {layer.name: layer.get_weights() for layer in self.parts.model.layers}

    def compilation_seconds(self) -> tuple[float, float]:
        """Of the first network of a process, and of one more."""
        from mdat_keras import PRESETS
        from mdat_train.classifiers.compilation import Parts

        begin = time.perf_counter()
        Parts(PRESETS["base"], *self.widths)
        return self.compilation, time.perf_counter() - begin

    def matrix_rate(self) -> float:
        """Multiply-adds a second in a product of large matrices."""
        import keras

        a = keras.ops.ones((SIDE, SIDE))
        seconds = []
        for _ in range(4):
            begin = time.perf_counter()
            keras.ops.convert_to_numpy(keras.ops.matmul(a, a)[0, 0])
            seconds.append(time.perf_counter() - begin)
        return SIDE**3 / float(np.median(seconds[1:]))

    def _inputs(self, work: Batches) -> Iterator[tuple[np.ndarray, Inputs]]:
        for rows in work:
            for of_rows, inputs in batches(self.selection.streams, rows, size=len(rows)):
                yield of_rows, widened(inputs) if self.fixed else inputs


class Torch:
    """MDAT in PyTorch.

    Args:
        selection: The utterances.
        weights: Of ours, by the names of the layers.
        research: As research code usually has it: every utterance padded to the paper's number of
            steps, a DataLoader, attention as it is written down, an optimiser that is not fused.
    """

    def __init__(
        self, selection: Selection, weights: Mapping[str, Any], *, research: bool = False
    ) -> None:
        import torch
        from torch_mdat import TorchMDAT, take_weights

        widths = selection.speech[0].shape[1], selection.text[0].shape[1]
        self.selection, self.research = selection, research
        self.model = TorchMDAT(*widths, classes=len(selection.classes))
        take_weights(self.model, weights)
        self.optimizer = torch.optim.AdamW(
            self.model.parameters(), RATE, weight_decay=1e-4, fused=not research
        )

    def train(self, work: Batches) -> None:
        """Train on batches."""
        from torch.nn.functional import cross_entropy
        from torch.nn.utils import clip_grad_norm_

        self.model.train()
        with self._attention():
            for inputs, labels in self._inputs(work):
                loss = cross_entropy(self.model(**inputs), labels)
                loss.backward()
                clip_grad_norm_(self.model.parameters(), 1.0)
                self.optimizer.step()
                self.optimizer.zero_grad()
                loss.item()

    def outputs(self, work: Batches) -> np.ndarray:
        """Class probabilities, (utterances, classes)."""
        import torch

        self.model.eval()
        with torch.inference_mode(), self._attention():
            logits = [self.model(**inputs) for inputs, _ in self._inputs(work)]
        return torch.cat(logits).softmax(-1).numpy()

    def _attention(self) -> Any:
        from torch.nn.attention import SDPBackend, sdpa_kernel

        return sdpa_kernel(SDPBackend.MATH) if self.research else nullcontext()

    def _inputs(self, work: Batches) -> Iterator[tuple[Any, Any]]:
        import torch
        from torch.utils.data import DataLoader

        labels = torch.from_numpy(self.selection.labels.astype(np.int64))
        if self.research:
            padded = Padded(self.selection)
            for inputs in DataLoader(padded, batch_sampler=[rows.tolist() for rows in work]):
                yield inputs, labels[inputs.pop("row")]
            return
        for rows in work:
            for _, inputs in batches(self.selection.streams, rows, size=len(rows)):
                tensors = {name: torch.from_numpy(array) for name, array in inputs.items()}
                yield tensors, labels[rows]


class Padded:
    """A data set of padded utterances, as a DataLoader takes it."""

    def __init__(self, selection: Selection) -> None:
        self.selection = selection

    def __len__(self) -> int:
        return len(self.selection)

    def __getitem__(self, row: int) -> dict[str, Any]:
        ((_, inputs),) = batches(self.selection.streams, [row], size=1)
        return {"row": row} | {name: array[0] for name, array in widened(inputs).items()}


def widened(inputs: Inputs) -> Inputs:
    """A batch with both streams padded to the paper's number of steps."""
    return {
        name: np.pad(array, [(0, 0), (0, FRAMES - array.shape[1])] + [(0, 0)] * (array.ndim - 2))
        for name, array in inputs.items()
    }

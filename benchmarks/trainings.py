"""Variants of training MDAT on the same batches: ours, and as it is written in PyTorch.

Each lives in a process of its own, and only that process imports its framework.
"""

import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import nullcontext
from dataclasses import replace
from typing import Any
from unittest.mock import patch

import numpy as np

from mdat_data.batches import Inputs, batches
from mdat_train.inputs.selection import Selection

FRAMES = 256
"""The paper's number of steps: longer streams are cropped, shorter ones padded."""

RATE = 1e-6
"""Learning rate; so low that a training on random features cannot diverge."""

SIDE = 4096
"""Side of the square matrices whose product gives the rate that the machine can reach."""

Batches = Sequence[np.ndarray]
"""For each batch the rows of a selection."""


class KerasTraining:
    """The step of mdat-train, on batches as mdat-train makes them.

    Args:
        selection: The utterances.
        weights: Name of a layer -> its weights; None keeps the random ones.
        preset: Of MDAT, without the linear classifier beside the network.
        xla: XLA compiles the step, again for every shape of a batch.
        precision: Of the multiplications.
        einsum: Use Keras' own attention instead of ours.
        fixed: Pad both streams of every batch to the paper's number of steps.

    Attributes:
        compilation: Seconds for building, compiling and tracing the model.
    """

    def __init__(
        self,
        selection: Selection,
        weights: Mapping[str, list[np.ndarray]] | None = None,
        *,
        preset: str = "base",
        xla: bool = False,
        precision: str = "float32",
        einsum: bool = False,
        fixed: bool = False,
    ) -> None:
        from mdat_train.classifiers import backend

        backend.start()
        import keras

        from mdat_keras import PRESETS, BatchedAttention
        from mdat_keras.layers import transformer_encoder
        from mdat_train.classifiers.compiled_models import TrainableModel

        self.selection, self.fixed = selection, fixed
        widths = selection.speech[0].shape[1], selection.text[0].shape[1]
        self.shape = (replace(PRESETS[preset], linear=0.0), *widths, precision)
        plain = keras.Model.compile
        how = {"jit_compile": xla}
        begin = time.perf_counter()
        attention = keras.layers.MultiHeadAttention if einsum else BatchedAttention
        with (
            patch.object(keras.Model, "compile", lambda *a, **k: plain(*a, **k | how)),
            patch.object(transformer_encoder, "BatchedAttention", attention),
        ):
            self.trainable = TrainableModel(*self.shape)
            self.trainable.compile(self.trainable.whole)
        self.compilation = time.perf_counter() - begin
        self.trainable.whole.model.optimizer.learning_rate.assign(RATE)
        for name, arrays in (weights or {}).items():
            self.trainable.model.get_layer(name).set_weights(arrays)

    def train(self, work: Batches) -> None:
        """Train on batches."""
        from mdat_train.classifiers.compiled_models import train_on_batch

        labels = self.selection.labels
        for rows, inputs in self._inputs(work):
            weights = np.ones(len(rows), np.float32)
            train_on_batch(self.trainable.whole, inputs, labels[rows], weights)

    def outputs(self, work: Batches) -> np.ndarray:
        """Class probabilities, (utterances, classes)."""
        predict = self.trainable.model.predict_on_batch
        return np.concatenate([predict(inputs) for _, inputs in self._inputs(work)])

    def weights(self) -> dict[str, list[np.ndarray]]:
        """Name of each layer -> its weights."""
        return {layer.name: layer.get_weights() for layer in self.trainable.model.layers}

    def compilation_seconds(self) -> tuple[float, float]:
        """Seconds for the first model of a process, and for the new weights of each later one."""
        from mdat_train.classifiers.compiled_models import TrainableModel

        begin = time.perf_counter()
        TrainableModel(*self.shape)
        return self.compilation, time.perf_counter() - begin

    def matrix_rate(self) -> float:
        """Multiply-adds per second in a product of large matrices."""
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


class TorchTraining:
    """MDAT in PyTorch.

    Args:
        selection: The utterances.
        weights: Name of a layer of ours -> its weights.
        research: As in typical research code: every utterance is padded to the paper's number of
            steps, a DataLoader, attention by its formula, an optimiser that is not fused.
    """

    def __init__(
        self, selection: Selection, weights: Mapping[str, Any], *, research: bool = False
    ) -> None:
        import torch
        from torch_mdat import TorchMDAT, take_weights

        widths = selection.speech[0].shape[1], selection.text[0].shape[1]
        self.selection, self.research = selection, research
        units = weights["graph_attention"][0].shape[1]
        self.model = TorchMDAT(*widths, units=units, classes=len(selection.classes))
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
    """A data set of padded utterances, for a DataLoader."""

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

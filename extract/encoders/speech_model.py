"""What the encoders of all speech models of the transformers library share."""

import sys
from abc import ABC, abstractmethod
from collections.abc import Sequence
from typing import Any, Self

import numpy as np
import torch

from mdat_data import InputError
from mdat_extract.encoders.computing import choose_device, computing
from mdat_extract.encoders.encoder import resolve_layers
from mdat_extract.encoders.locate import Pretrained
from mdat_extract.encoders.packed_linear import pack_linear_layers
from mdat_extract.encoders.pretrained import PACKAGES, load_feature_extractor, load_model


class SpeechModel(ABC):
    """A speech model with its feature extractor; a class for each kind inherits from it.

    Args:
        source: The model on the disk.
        extractor: Its feature extractor.
        model: The model, on its device. It is changed.
        layers: `last`, `middle` or numbers of hidden states.
        precision: `float32` or `bfloat16`.
        together: Number of inputs in one pass of the model. None: `cpu_together` on a CPU,
            `gpu_together` on a graphics card.

    Attributes:
        model_types: The model types, in the words of the transformers library, that the kind takes.

    Raises:
        InputError: The model has no such layer, or an adapter that shortens its last layer.
    """

    model_types: tuple[str, ...]
    packages = PACKAGES
    cpu_together = 8
    """Of similar length. XLS-R-300M is then 1.2 (float32) to 1.5 (bfloat16) times as fast as with
    one; with more, padding takes back the gain where lengths vary."""
    gpu_together = sys.maxsize

    def __init__(
        self,
        source: Pretrained,
        extractor: Any,
        model: Any,
        *,
        layers: Sequence[str],
        precision: str,
        together: int | None = None,
    ) -> None:
        if getattr(model.config, "add_adapter", False):
            raise InputError(
                f"{source.name} has an adapter that shortens its last layer. Use a model without "
                "one."
            )
        self.name, self.revision = source.name, source.revision
        self.device: torch.device = model.device
        self.precision = precision
        on_cpu = self.device.type == "cpu"
        self.together = together or (self.cpu_together if on_cpu else self.gpu_together)
        self.layers = resolve_layers(layers, depth=model.config.num_hidden_layers)
        self.dim: int = model.config.hidden_size
        self._extractor = extractor
        pack_linear_layers(model, precision)
        self._set_up(model)

    @classmethod
    def load(
        cls,
        source: Pretrained,
        *,
        layers: Sequence[str],
        device: str,
        precision: str,
        together: int | None = None,
    ) -> Self:
        """Load an encoder.

        Args:
            source: The model on the disk.
            layers: `last`, `middle` or numbers of hidden states.
            device: `auto`, or a device that torch knows.
            precision: `float32` or `bfloat16`.
            together: Number of inputs in one pass of the model, as above.

        Returns:
            The encoder.

        Raises:
            InputError: The model cannot be loaded, has an adapter, or has no such layer.
        """
        where = choose_device(device)
        extractor, model = load_feature_extractor(source), cls._load_model(source, where)
        return cls(source, extractor, model, layers=layers, precision=precision, together=together)

    @abstractmethod
    def _set_up(self, model: Any) -> None:
        """Set `frames_per_second`, and prepare the model."""

    @staticmethod
    def _load_model(source: Pretrained, device: torch.device) -> Any:
        return load_model(source, device)

    def encode(self, batch: Sequence[np.ndarray]) -> list[dict[str, np.ndarray]]:
        """Encode waveforms. The result for one does not depend on the others.

        Args:
            batch: Waveforms, (samples,) float32 at 16 kHz.

        Returns:
            For each waveform its features by layer, (steps, dim) float32.
        """
        with computing(self.device, self.precision):
            return [
                features for part in parts(batch, self.together) for features in self._pass(part)
            ]

    @abstractmethod
    def _pass(self, batch: Sequence[np.ndarray]) -> list[dict[str, np.ndarray]]:
        """Encode what the model takes at once."""


def parts(batch: Sequence[np.ndarray], size: int) -> list[Sequence[np.ndarray]]:
    """Divide a batch into parts of a size; the last one may be smaller."""
    return [batch[start : start + size] for start in range(0, len(batch), size)]

"""A saved run: its encoders and its network."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from mdat_predict.saved.description import Description, read_description
from mdat_predict.saved.encoding import Encoding
from mdat_predict.saved.network import Network
from mdat_predict.saved.rescaling import Rescaling, Streams


class SavedModel:
    """The model of a run.

    Args:
        folder: Of the run.
        device: Of the encoders: `auto`, or a device that torch knows.
        encoders: Name of a stream -> folder of its encoder, where it is not found by its id.

    Attributes:
        description: What `model.json` says.
        rescaling: Applied to features before the network reads them; None for none.

    Raises:
        InputError: The folder has no model, or a damaged one.
    """

    def __init__(
        self, folder: Path, *, device: str = "auto", encoders: Mapping[str, str] | None = None
    ) -> None:
        self.description: Description
        self.description, content = read_description(folder)
        self.rescaling: Rescaling | None = None
        self._network = Network(self.description, content)
        self._encoding = Encoding(self.description, device=device, folders=encoders)

    def features(self, waveforms: Sequence[np.ndarray], texts: Sequence[str]) -> Streams:
        """Encode utterances, as `Encoding.features` does."""
        return self._encoding.features(waveforms, texts)

    def probabilities(self, streams: Streams) -> np.ndarray:
        """Predict utterances.

        Args:
            streams: Name of a stream -> features (T, D) of each of N utterances.

        Returns:
            Calibrated probabilities (N, C) float64.
        """
        if self.rescaling:
            streams = self.rescaling.applied(streams)
        return self._network.probabilities(streams)

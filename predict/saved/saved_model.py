"""A saved run: its encoders and its network."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from mdat_data import InputError
from mdat_data.process import checksum
from mdat_predict.saved.description import FILES, Description, read_description
from mdat_predict.saved.encoding import Encoding
from mdat_predict.saved.network import Network
from mdat_predict.saved.scales import Scales, Streams


class SavedModel:
    """The model of a run.

    Args:
        folder: Of the run.
        device: Of the encoders: `auto`, or a device that torch knows.
        encoders: Name of a stream -> folder of its encoder, where it is not found by its id.

    Attributes:
        description: What `model.json` says.
        scales: Of the features that `probabilities` was given.
        rescaling: Applied to features before the network reads them; None for none.

    Raises:
        InputError: The folder has no model, or a damaged one.
    """

    def __init__(
        self, folder: Path, *, device: str = "auto", encoders: Mapping[str, str] | None = None
    ) -> None:
        self.description: Description
        self.description, content = read_description(folder)
        _refuse_damage(folder)
        self.scales = Scales(self.description)
        self.rescaling: Scales | None = None
        self._network = Network(self.description, content)
        self._encoding = Encoding(self.description, device=device, folders=encoders)

    def features(self, waveforms: Sequence[np.ndarray], texts: Sequence[str]) -> Streams:
        """Encode utterances, as `Encoding.features` does."""
        return self._encoding.features(waveforms, texts)

    def tokens(self, text: str) -> tuple[str, ...]:
        """Divide a text as the features are, see `TextEncoder.tokens`; none without this stream."""
        return self._encoding.tokens(text)

    def forget_scales(self, *, rescale: bool) -> None:
        """Begin with other recordings.

        Args:
            rescale: Their features will be rescaled, by the scales of those that `note` is given.
        """
        self.scales = Scales(self.description)
        self.rescaling = Scales(self.description) if rescale else None

    def note(self, streams: Streams) -> None:
        """Take note of features that will be rescaled."""
        if self.rescaling:
            self.rescaling.add(streams)

    def probabilities(self, streams: Streams) -> np.ndarray:
        """Predict utterances.

        Args:
            streams: Name of a stream -> features (T, D) of each of N utterances.

        Returns:
            Calibrated probabilities (N, C) float64.
        """
        self.scales.add(streams)
        return self._network.probabilities(self._scaled(streams))

    def masked(self, streams: Streams, keep: Mapping[str, np.ndarray]) -> np.ndarray:
        """Predict one utterance with different steps masked, as `Network.masked` does."""
        return self._network.masked(self._of_one(streams), keep)

    def attention(self, streams: Streams) -> dict[str, np.ndarray]:
        """Read what is attended to in one utterance, as `Network.attention` does."""
        return self._network.attention(self._of_one(streams))

    def _scaled(self, streams: Streams) -> Streams:
        return self.rescaling.applied(streams) if self.rescaling else streams

    def _of_one(self, streams: Streams) -> dict[str, np.ndarray]:
        return {name: rows for name, [rows] in self._scaled(streams).items()}


def _refuse_damage(folder: Path) -> None:
    """Compare the two files with the checksums of the run. A copy of them alone has none."""
    if checksum.exists(folder) and (damage := checksum.damage(folder, FILES)):
        raise InputError(
            f"{folder} must be a run as it was written, but {damage}. Restore it from a copy, or "
            "make it again."
        )

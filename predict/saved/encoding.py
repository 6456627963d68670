"""From speech and words to the features that a saved model reads."""

from collections.abc import Mapping, Sequence
from functools import cached_property, partial
from pathlib import Path
from typing import Any

import numpy as np

from mdat_data import InputError
from mdat_data.steps import averaged
from mdat_extract.config import SAMPLING_RATE
from mdat_extract.encoders import (
    SpeechEncoder,
    TextEncoder,
    is_offline,
    speech_encoder,
    text_encoder,
)
from mdat_extract.encoders.encoder import Encoder
from mdat_predict.saved.description import Description, Stream

CHECKSUM = "sha256:"
"""Begin of the revision of an encoder that lay in a folder."""


class Encoding:
    """Makes features as the run's were made. Encoders are loaded when they are first used.

    Args:
        description: Of the model.
        device: `auto`, or a device that torch knows.
        folders: Name of a stream -> folder of its encoder, where it is not found by its id.
    """

    def __init__(
        self, description: Description, *, device: str, folders: Mapping[str, str] | None = None
    ) -> None:
        self.description = description
        self._device = device
        self._folders = folders or {}

    def features(
        self, waveforms: Sequence[np.ndarray], texts: Sequence[str]
    ) -> dict[str, list[np.ndarray]]:
        """Encode utterances. What one gets does not depend on the others.

        Args:
            waveforms: (samples,) float32 at 16 kHz.
            texts: The transcript of each.

        Returns:
            Name of a stream that the model reads -> features (T, D) of each utterance, in the type
            in which a features file stores them.

        Raises:
            InputError: An encoder cannot be found, or is not the one that the model learned with.
        """
        found = {}
        if "speech" in self.description.streams:
            found["speech"] = self._speech(waveforms)
        if "text" in self.description.streams:
            encoded = self._text_encoder.encode(texts)
            found["text"] = [self._side_by_side("text", layers) for layers in encoded]
        return found

    def tokens(self, text: str) -> tuple[str, ...]:
        """The token of each step of a text's features; none where the model reads no text."""
        return self._text_encoder.tokens(text) if "text" in self.description.streams else ()

    def _speech(self, waveforms: Sequence[np.ndarray]) -> list[np.ndarray]:
        of = self.description
        crop = of.streams["speech"].crop
        samples = None if crop is None else round(crop * SAMPLING_RATE)
        encoded = self._speech_encoder.encode([waveform[:samples] for waveform in waveforms])
        rows = (self._side_by_side("speech", layers)[: of.frames] for layers in encoded)
        return [averaged(each, of.frame_stride) for each in rows]

    def _side_by_side(self, stream: str, layers: dict[str, np.ndarray]) -> np.ndarray:
        wanted = [layers[name] for name in self.description.streams[stream].layers]
        return np.concatenate(wanted, axis=-1).astype(self.description.store)

    @cached_property
    def _speech_encoder(self) -> SpeechEncoder:
        made: SpeechEncoder = self._loaded("speech", speech_encoder)
        return made

    @cached_property
    def _text_encoder(self) -> TextEncoder:
        prefix = self.description.streams["text"].prefix
        made: TextEncoder = self._loaded("text", partial(text_encoder, prefix=prefix))
        return made

    def _loaded(self, stream: str, load: Any) -> Any:
        of = self.description.streams[stream]
        encoder = load(
            self._place(stream, of),
            layers=of.layers,
            device=self._device,
            precision=of.precision,
        )
        self._refuse_another(stream, of, encoder)
        return encoder

    def _place(self, stream: str, of: Stream) -> str:
        """Where the encoder is found: a folder, or an id with its revision."""
        if stream in self._folders:
            return self._folders[stream]
        if is_offline(of.encoder, stream):
            return of.encoder
        if not of.revision.startswith(CHECKSUM):
            return f"{of.encoder}@{of.revision}"
        if not Path(of.encoder).is_dir():
            raise InputError(
                f"{self.description.folder} was trained with an encoder from the folder "
                f"{of.encoder} ({of.revision}), which is not here. Give it with "
                f"--{stream}-encoder FOLDER."
            )
        return of.encoder

    def _refuse_another(self, stream: str, of: Stream, encoder: Encoder[Any]) -> None:
        if (encoder.revision, encoder.dim) != (of.revision, of.dim):
            raise InputError(
                f"{self.description.folder} was trained with {stream} features of {of.encoder}, "
                f"revision {of.revision}; got {encoder.name}, revision {encoder.revision}. Give "
                f"that one with --{stream}-encoder FOLDER, or encode and train again."
            )

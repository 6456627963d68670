"""Speech features from w2v-BERT 2.0 models."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from mdat_extract.config import SAMPLING_RATE
from mdat_extract.encoders.computing import hidden_states, to_numpy
from mdat_extract.encoders.speech_model import SpeechModel

WINDOW = 400
"""Samples of one frame of the feature extractor."""
HOP = 160
"""Samples from one frame of the feature extractor to the next. It stacks several in a step."""


class Wav2Vec2Bert(SpeechModel):
    """The hidden states of a w2v-BERT 2.0 model.

    Its input are log-mel bands, standardised for each utterance. A mask keeps the padding of a
    batch out of the attention and out of the convolutions, which see only the past. A waveform that
    is too short for a step is filled up with silence.
    """

    modality = "speech"
    model_types = ("wav2vec2-bert",)

    def _set_up(self, model: Any) -> None:
        self.frames_per_second = SAMPLING_RATE / HOP / self._extractor.stride
        self._model = model

    def _pass(self, batch: Sequence[np.ndarray]) -> list[dict[str, np.ndarray]]:
        prepared = self._extractor(
            [self._at_least_a_step(waveform) for waveform in batch],
            sampling_rate=SAMPLING_RATE,
            padding=True,
            return_tensors="pt",
        )
        with hidden_states(self._model.encoder.layers, self.layers) as states:
            output = self._model(**prepared.to(self.device))
        states["last"] = output.last_hidden_state
        arrays = {layer: to_numpy(states[layer]) for layer in self.layers}
        return [
            {layer: arrays[layer][row, :steps] for layer in self.layers}
            for row, steps in enumerate(prepared.attention_mask.sum(dim=1).tolist())
        ]

    def _at_least_a_step(self, waveform: np.ndarray) -> np.ndarray:
        needed = WINDOW + HOP * (self._extractor.stride - 1)
        return np.pad(waveform, (0, max(0, needed - len(waveform))))

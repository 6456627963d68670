"""A naive loop, as it is usually written: one file at a time, and a dataset for each."""

from collections.abc import Sequence
from pathlib import Path

import h5py
import torch
from stopwatch import now
from transformers import AutoFeatureExtractor, Wav2Vec2Model

from mdat_data import Utterance
from mdat_extract.config import SAMPLING_RATE
from mdat_extract.inputs.audio import load


class NaiveLoop:
    """A speech model and its feature extractor.

    Args:
        model: Folder or id of the model.
        layers: The layers to store: `last` and numbers of hidden states.
        device: The device of the model.
    """

    def __init__(self, model: str, *, layers: Sequence[str], device: str) -> None:
        self.layers = layers
        self.device = device
        self.extractor = AutoFeatureExtractor.from_pretrained(model)
        self.model = Wav2Vec2Model.from_pretrained(model, dtype=torch.float32).to(device).eval()

    def __call__(self, utterances: Sequence[Utterance], out: Path) -> float:
        """Encode the utterances in their order; returns the duration in seconds."""
        start = now()
        with h5py.File(out, "w") as file:
            for utterance in utterances:
                waveform = load(utterance.audio)
                inputs = self.extractor(
                    waveform, sampling_rate=SAMPLING_RATE, return_tensors="pt"
                ).to(self.device)
                with torch.no_grad():
                    output = self.model(**inputs, output_hidden_states=True)
                states = dict(enumerate(output.hidden_states))
                for layer in self.layers:
                    state = output.last_hidden_state if layer == "last" else states[int(layer)]
                    file.create_dataset(f"{utterance.id}/{layer}", data=state[0].cpu().numpy())
        return now() - start

"""A naive loop, as it is usually written: one file at a time, and a dataset for each."""

from collections.abc import Sequence
from pathlib import Path

import h5py
import torch
from stopwatch import now
from transformers import AutoFeatureExtractor, AutoModel
from transformers.models.whisper.modeling_whisper import WhisperEncoder

from mdat_data import Utterance
from mdat_extract.config import SAMPLING_RATE
from mdat_extract.encoders.locate import locate
from mdat_extract.encoders.pretrained import load_model, model_type
from mdat_extract.encoders.whisper import IN_CHECKPOINT
from mdat_extract.inputs.audio import load

HOP = 320
"""Samples of a frame of Whisper's encoder."""


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
        source = locate(model)
        whisper = {"kind": WhisperEncoder, "key_mapping": IN_CHECKPOINT}
        self.whole = model_type(source) != "whisper"  # whose frames are those of 30 s
        how = {"kind": AutoModel} if self.whole else whisper
        self.model = load_model(source, torch.device(device), **how)

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
                    rows = state[0] if self.whole else state[0, : -(-len(waveform) // HOP)]
                    file.create_dataset(f"{utterance.id}/{layer}", data=rows.cpu().numpy())
        return now() - start

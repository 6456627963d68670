"""Speech recognition by models of the transformers library: CTC and Whisper."""

from typing import Protocol

import numpy as np
import torch
from transformers import AutoConfig, AutoModelForCTC, AutoModelForSpeechSeq2Seq, AutoTokenizer

from mdat_data import InputError
from mdat_extract.encoders.pretrained import (
    Pretrained,
    choose_device,
    computing,
    load_feature_extractor,
    load_model,
    load_processor,
    quiet,
)
from mdat_extract.inputs.audio import SAMPLING_RATE

PRECISION = "float32"
"""Of the computation: a transcript shall not depend on the machine that found it."""


class Recognizer(Protocol):
    """Writes down what is said; one recording at a time, so that none depends on another."""

    def check_language(self, language: str) -> None:
        """Refuse a language, as ISO 639-1 code, that the model cannot write.

        Raises:
            InputError: It is none of the model's.
        """

    def transcribe(self, waveform: np.ndarray, language: str) -> str:
        """Recognise a recording.

        Args:
            waveform: (samples,) float32 at 16 kHz.
            language: What is spoken, as ISO 639-1 code.

        Returns:
            The words on one line; empty where none is recognised.
        """


def load_recognizer(source: Pretrained, *, device: str) -> Recognizer:
    """Load a recogniser.

    Args:
        source: A model that `locate` found.
        device: `auto`, or a device that torch knows.

    Returns:
        The recogniser.

    Raises:
        InputError: The model cannot be loaded, or is of another kind.
    """
    config = load_processor(source, AutoConfig)
    kind = Whisper if config.model_type == "whisper" else Ctc
    return kind(source, choose_device(device))


class Ctc:
    """A wav2vec2 or another model that names a character in every frame: the likeliest ones.

    Args:
        source: Where it lies.
        device: Where it computes.

    Raises:
        InputError: The model cannot be loaded, is of another kind, or has a part for each language.
    """

    def __init__(self, source: Pretrained, device: torch.device) -> None:
        self.device = device
        self._extractor = load_feature_extractor(source)
        self._tokenizer = load_processor(source, AutoTokenizer)
        self._model = load_model(source, device, kind=AutoModelForCTC)
        if getattr(self._model.config, "adapter_attn_dim", None):
            raise InputError(
                f"{source.name} has an adapter for each language, which is not supported. Use a "
                "CTC model of one language, or a Whisper model."
            )

    def check_language(self, language: str) -> None:
        """Accept any: a CTC model writes what it was trained on, and does not say what that is."""

    def transcribe(self, waveform: np.ndarray, language: str) -> str:
        """Recognise a recording, as `Recognizer` says; the language plays no part."""
        prepared = self._extractor(waveform, sampling_rate=SAMPLING_RATE, return_tensors="pt")
        with computing(self.device, PRECISION):
            logits = self._model(**prepared.to(self.device)).logits[0]  # (frames, characters)
        # Repeats are joined here: the tokenizer would also join what a special token keeps apart.
        found = logits.argmax(dim=-1).unique_consecutive().cpu()
        text: str = self._tokenizer.decode(found, skip_special_tokens=True, group_tokens=False)
        return " ".join(text.split())


class Whisper:
    """A Whisper model, told to transcribe (not to translate) the language of the corpus.

    It hears pieces of 30 s. Where a recording is longer, each piece is recognised alone.

    Args:
        source: Where it lies.
        device: Where it computes.

    Raises:
        InputError: The model cannot be loaded.
    """

    def __init__(self, source: Pretrained, device: torch.device) -> None:
        self.name = source.name
        self.device = device
        self._extractor = load_feature_extractor(source)
        self._tokenizer = load_processor(source, AutoTokenizer)
        self._model = load_model(source, device, kind=AutoModelForSpeechSeq2Seq)
        codes = getattr(self._model.generation_config, "lang_to_id", {})
        self._multilingual = bool(codes)
        self._languages = {code.strip("<|>") for code in codes} or {"en"}

    def check_language(self, language: str) -> None:
        """Refuse a language that the model does not know, as `Recognizer` says."""
        if language not in self._languages:
            raise InputError(
                f"expected recordings in a language that {self.name} writes, but the corpus says "
                f"{language!r}. It writes: {', '.join(sorted(self._languages))}. Use another "
                "model, or name the language in a manifest."
            )

    def transcribe(self, waveform: np.ndarray, language: str) -> str:
        """Recognise a recording, as `Recognizer` says."""
        length = self._extractor.n_samples
        pieces = [waveform[start : start + length] for start in range(0, len(waveform), length)]
        return " ".join(word for piece in pieces for word in self._piece(piece, language).split())

    def _piece(self, waveform: np.ndarray, language: str) -> str:
        prepared = self._extractor(
            waveform, sampling_rate=SAMPLING_RATE, return_attention_mask=True, return_tensors="pt"
        )
        forced = {"language": language, "task": "transcribe"} if self._multilingual else {}
        with computing(self.device, PRECISION), quiet():
            [tokens] = self._model.generate(
                **prepared.to(self.device),
                **forced,
                max_length=self._model.config.max_target_positions,
                return_timestamps=False,
                do_sample=False,
                num_beams=1,
            )
        text: str = self._tokenizer.decode(tokens.cpu(), skip_special_tokens=True)
        return text

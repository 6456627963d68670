"""Speech recognition by models of the transformers library: CTC and Whisper."""

from typing import Any, Protocol

import numpy as np
import torch
from transformers import AutoConfig, AutoModelForCTC, AutoModelForSpeechSeq2Seq, AutoTokenizer

from mdat_data import InputError
from mdat_extract.config import SAMPLING_RATE
from mdat_extract.encoders.computing import choose_device, computing
from mdat_extract.encoders.locate import Pretrained
from mdat_extract.encoders.pretrained import (
    load_feature_extractor,
    load_model,
    load_processor,
    quiet,
)

PRECISION = "float32"
"""Precision of the computation, fixed so that a transcript does not depend on the machine."""


class Recognizer(Protocol):
    """Recognises speech, one recording at a time, so that no result depends on other recordings."""

    def check_language(self, language: str) -> None:
        """Refuse a language that the model does not know.

        Args:
            language: ISO 639-1 code.

        Raises:
            InputError: The model does not know it.
        """

    def transcribe(self, waveform: np.ndarray, language: str) -> str:
        """Recognise a recording.

        Args:
            waveform: (samples,) float32 at 16 kHz.
            language: The spoken language, as ISO 639-1 code.

        Returns:
            The words on one line; empty if none is recognised.
        """


def load_recognizer(source: Pretrained, *, device: str) -> Recognizer:
    """Load a recogniser.

    Args:
        source: The model on the disk, from `locate`.
        device: `auto`, or a device that torch knows.

    Returns:
        The recogniser.

    Raises:
        InputError: The model cannot be loaded, is of another kind, or has an adapter for each
            language.
    """
    config = load_processor(source, AutoConfig)
    kind = Whisper if config.model_type == "whisper" else Ctc
    return kind.load(source, choose_device(device))


class Ctc:
    """A wav2vec2 or other CTC model: it writes the most likely character of each frame.

    Args:
        extractor: Its feature extractor.
        tokenizer: Its tokenizer.
        model: The model, on its device.
    """

    def __init__(self, extractor: Any, tokenizer: Any, model: Any) -> None:
        self._extractor = extractor
        self._tokenizer = tokenizer
        self._model = model

    @classmethod
    def load(cls, source: Pretrained, device: torch.device) -> "Ctc":
        """Load a model, as `load_recognizer` describes."""
        extractor = load_feature_extractor(source)
        tokenizer = load_processor(source, AutoTokenizer)
        model = load_model(source, device, kind=AutoModelForCTC)
        if getattr(model.config, "adapter_attn_dim", None):
            raise InputError(
                f"{source.name} has an adapter for each language, which is not supported. Use a "
                "CTC model of one language, or a Whisper model."
            )
        return cls(extractor, tokenizer, model)

    def check_language(self, language: str) -> None:
        """Accept any language: a CTC model does not state in which language it was trained."""

    def transcribe(self, waveform: np.ndarray, language: str) -> str:
        """Recognise a recording, as in `Recognizer`. The language has no effect."""
        prepared = self._extractor(waveform, sampling_rate=SAMPLING_RATE, return_tensors="pt")
        device = self._model.device
        with computing(device, PRECISION):
            logits = self._model(**prepared.to(device)).logits[0]  # (frames, characters)
        # Repeats are joined here: the tokenizer would also join what a special token separates.
        found = logits.argmax(dim=-1).unique_consecutive().cpu()
        text: str = self._tokenizer.decode(found, skip_special_tokens=True, group_tokens=False)
        return " ".join(text.split())


class Whisper:
    """A Whisper model, set to transcribe (not to translate) the language of the utterance.

    It processes pieces of 30 s. The pieces of a longer recording are recognised one by one.

    Args:
        name: Name of the model, for messages.
        extractor: Its feature extractor.
        tokenizer: Its tokenizer.
        model: The model, on its device.
    """

    def __init__(self, name: str, extractor: Any, tokenizer: Any, model: Any) -> None:
        self.name = name
        self._extractor = extractor
        self._tokenizer = tokenizer
        self._model = model
        codes = getattr(model.generation_config, "lang_to_id", {})
        self._multilingual = bool(codes)
        self._languages = {code.strip("<|>") for code in codes} or {"en"}

    @classmethod
    def load(cls, source: Pretrained, device: torch.device) -> "Whisper":
        """Load a model, as `load_recognizer` describes."""
        return cls(
            source.name,
            load_feature_extractor(source),
            load_processor(source, AutoTokenizer),
            load_model(source, device, kind=AutoModelForSpeechSeq2Seq),
        )

    def check_language(self, language: str) -> None:
        """Refuse a language that the model does not know, as in `Recognizer`."""
        if language not in self._languages:
            raise InputError(
                f"expected a language that {self.name} knows "
                f"({', '.join(sorted(self._languages))}), got {language!r}. Use another model, or "
                "give the language in a manifest; mdat-predict has --language."
            )

    def transcribe(self, waveform: np.ndarray, language: str) -> str:
        """Recognise a recording, as in `Recognizer`."""
        length = self._extractor.n_samples
        pieces = [waveform[start : start + length] for start in range(0, len(waveform), length)]
        return " ".join(word for piece in pieces for word in self._piece(piece, language).split())

    def _piece(self, waveform: np.ndarray, language: str) -> str:
        prepared = self._extractor(
            waveform, sampling_rate=SAMPLING_RATE, return_attention_mask=True, return_tensors="pt"
        )
        forced = {"language": language, "task": "transcribe"} if self._multilingual else {}
        device = self._model.device
        with computing(device, PRECISION), quiet():
            [tokens] = self._model.generate(
                **prepared.to(device),
                **forced,
                max_length=self._model.config.max_target_positions,
                return_timestamps=False,
                do_sample=False,
                num_beams=1,
            )
        text: str = self._tokenizer.decode(tokens.cpu(), skip_special_tokens=True)
        return text

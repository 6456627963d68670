"""Recognises what is said in segments that have no transcript."""

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from mdat_extract.asr.recognizer import Recognizer


class Recognition:
    """A recogniser that is loaded when it is first used.

    Args:
        model: Id or folder of a CTC or Whisper model.
        device: `auto`, or a device that torch knows.
    """

    def __init__(self, model: str, *, device: str) -> None:
        self._model = model
        self._device = device

    def load(self) -> None:
        """Load it now.

        Raises:
            InputError: The model cannot be used.
        """
        _ = self._recognizer

    def transcript(self, waveform: np.ndarray, language: str) -> str:
        """Recognise a segment.

        Args:
            waveform: (samples,) float32 at 16 kHz.
            language: ISO 639-1 code.

        Raises:
            InputError: The model cannot be used, or does not know the language.
        """
        self._recognizer.check_language(language)
        return self._recognizer.transcribe(waveform, language)

    @cached_property
    def _recognizer(self) -> "Recognizer":
        from mdat_extract.asr.recognizer import load_recognizer
        from mdat_extract.asr.transcribe import OTHERWISE
        from mdat_extract.encoders.locate import locate

        return load_recognizer(locate(self._model, otherwise=OTHERWISE), device=self._device)

"""The encoders by name; every other name is a model of the transformers library."""

from collections.abc import Callable, Sequence

from mdat_extract.encoders.encoder import SpeechEncoder, TextEncoder

__all__ = [
    "OFFLINE_SPEECH",
    "OFFLINE_TEXT",
    "SpeechEncoder",
    "TextEncoder",
    "speech_encoder",
    "text_encoder",
]

# The imports stand inside: who uses the offline encoders needs no torch.


def _logmel(layers: Sequence[str]) -> SpeechEncoder:
    from mdat_extract.encoders.logmel import LogMel

    return LogMel(layers)


def _char_ngram(layers: Sequence[str]) -> TextEncoder:
    from mdat_extract.encoders.char_ngram import CharNgram

    return CharNgram(layers)


OFFLINE_SPEECH: dict[str, Callable[[Sequence[str]], SpeechEncoder]] = {"logmel": _logmel}
OFFLINE_TEXT: dict[str, Callable[[Sequence[str]], TextEncoder]] = {"char-ngram": _char_ngram}


def speech_encoder(
    name: str, *, layers: Sequence[str], device: str, precision: str
) -> SpeechEncoder:
    """Load an encoder of speech.

    Args:
        name: One of `OFFLINE_SPEECH`, or the id or folder of a wav2vec2, HuBERT, WavLM or
            data2vec-audio model.
        layers: `last`, `middle` or numbers of hidden states.
        device: `auto`, `cpu`, `cuda` or another that torch knows.
        precision: Of the computation, `float32` or `bfloat16`.

    Returns:
        The encoder.

    Raises:
        InputError: The model cannot be reached or used, or has no such layer.
    """
    if name in OFFLINE_SPEECH:
        return OFFLINE_SPEECH[name](layers)
    from mdat_extract.encoders.wav2vec2 import Wav2Vec2

    return Wav2Vec2(name, layers=layers, device=device, precision=precision)


def text_encoder(name: str, *, layers: Sequence[str], device: str, precision: str) -> TextEncoder:
    """Load an encoder of text.

    Args:
        name: One of `OFFLINE_TEXT`, or the id or folder of a RoBERTa, XLM-RoBERTa, BERT or other
            text encoder.
        layers: `last`, `middle` or numbers of hidden states.
        device: `auto`, `cpu`, `cuda` or another that torch knows.
        precision: Of the computation, `float32` or `bfloat16`.

    Returns:
        The encoder.

    Raises:
        InputError: The model cannot be reached or used, or has no such layer.
    """
    if name in OFFLINE_TEXT:
        return OFFLINE_TEXT[name](layers)
    from mdat_extract.encoders.roberta import Roberta

    return Roberta(name, layers=layers, device=device, precision=precision)

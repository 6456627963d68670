"""What an extraction can be told; nothing heavy is imported here."""

from dataclasses import dataclass
from pathlib import Path

PRECISIONS = ("float32", "bfloat16")
STORES = ("float16", "float32")
LONG = ("cut", "error")


@dataclass(frozen=True, kw_only=True)
class ExtractSettings:
    """All there is to choose; every field is the option of the same name.

    Attributes:
        corpus: A corpus by name, the path of a manifest, or the folder of an audformat database.
        out: The features file to write.
        root: Folder of the recordings; None is the default place.
        emotion_column: Of an audformat database, as `<table>.<column>`; None finds it by name.
        speech_encoder: `logmel`, or the id or folder of a wav2vec2, HuBERT, WavLM or
            data2vec-audio model.
        text_encoder: `char-ngram`, or the id or folder of a text encoder.
        speech_layer: `last`, `middle` or numbers of hidden states; all come from one pass.
        text_layer: Likewise.
        transcripts: A table of transcripts that replace those of the corpus.
        asr: Id or folder of a CTC or Whisper model that recognises what is still missing.
        device: `auto` is the graphics card where there is one.
        precision: Of the computation.
        store: Type of the stored numbers.
        batch_seconds: Audio in a batch, padding included, in seconds.
        max_seconds: Longer recordings are cut there, or refused.
        long: Which of the two, `cut` or `error`.
        max_failures: So many unusable recordings may be left out.
        limit: Encode only so many utterances.
        shard: Such as `3/8`: encode only the third of eight parts.
    """

    corpus: str
    out: Path
    root: Path | None = None
    emotion_column: str | None = None
    speech_encoder: str = "facebook/wav2vec2-xls-r-300m"
    text_encoder: str = "FacebookAI/xlm-roberta-base"
    speech_layer: tuple[str, ...] = ("middle", "last")
    text_layer: tuple[str, ...] = ("last",)
    transcripts: Path | None = None
    asr: str | None = None
    device: str = "auto"
    precision: str = "float32"
    store: str = "float16"
    batch_seconds: float = 60.0
    max_seconds: float = 30.0
    long: str = "cut"
    max_failures: int = 0
    limit: int | None = None
    shard: str | None = None

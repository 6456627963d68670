"""Reads the recordings of a corpus."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from mdat_audit.inputs.item import Item, Material, Progress, pooled
from mdat_audit.inputs.measures import LONGEST, Measures, measure
from mdat_data import InputError
from mdat_data.corpora import read_corpus
from mdat_data.errors import listed
from mdat_extract import encoders
from mdat_extract.inputs.audio import THREADS, AudioInfo, inspect_audio, load
from mdat_extract.inputs.prefetch import prefetch

ENCODER = "logmel"
"""Encoder of the features of a corpus that has none yet."""


@dataclass(frozen=True, kw_only=True)
class Heard:
    """What was found in a recording.

    Attributes:
        info: Its duration and checksums.
        measures: Its measures.
        pooled: Its pooled features, (2 D,); empty where they are not needed.
    """

    info: AudioInfo
    measures: Measures
    pooled: np.ndarray


def read_recordings(
    corpus: str,
    root: str | None,
    emotion_column: str | None,
    layer: str | None,
    progress: Progress,
) -> Material:
    """Read a corpus that has no features file yet.

    Args:
        corpus: Name of a corpus, a manifest, or the folder of an audformat database.
        root: Folder of the recordings; None for the default folder.
        emotion_column: As in `AuditConfig`.
        layer: None or `last`, for `ENCODER` has no other layer.
        progress: Shows how far the work is.

    Returns:
        Its utterances, with features of `ENCODER`.

    Raises:
        InputError: The corpus cannot be read, no recording can be used, or there is no such layer.
    """
    read = read_corpus(corpus, root, emotion_column=emotion_column)
    layers = ["last" if layer is None else layer]
    encoder = encoders.speech_encoder(ENCODER, layers=layers, device="cpu", precision="float32")

    def encode(waveform: np.ndarray) -> np.ndarray:
        return pooled(encoder.encode([waveform])[0]["last"])

    heard = hear([u.audio for u in read.utterances], encode, read.name, progress)
    found = dict(zip(read.utterances, heard, strict=True))
    unusable = {u.id: str(h) for u, h in found.items() if isinstance(h, InputError)}
    items = tuple(
        Item(
            utterance=u,
            corpus=read.name,
            duration=h.info.duration,
            fingerprint=h.info.samples_sha256,
            measures=h.measures,
            pooled=h.pooled,
        )
        for u, h in found.items()
        if isinstance(h, Heard)
    )
    if not items:
        reasons = listed((f"{id}: {why}" for id, why in unusable.items()), separator="\n  ")
        raise InputError(
            f"{read.name}: expected recordings, but none of {len(found)} can be used. Repair or "
            f"replace them:\n  {reasons}"
        )
    return Material(
        corpora=(read.name,),
        items=items,
        features={read.name: ENCODER},
        unusable=unusable,
        unread={},
    )


def hear(
    paths: Sequence[Path],
    encode: Callable[[np.ndarray], np.ndarray],
    corpus: str,
    progress: Progress,
) -> Iterable[Heard | InputError]:
    """Inspect and measure recordings, in a few threads.

    Args:
        paths: The files.
        encode: From a waveform (samples,) at 16 kHz to pooled features (2 D,).
        corpus: Name of the corpus.
        progress: Shows how far the work is.

    Returns:
        For each file what was found, or why it cannot be used.
    """
    work = prefetch(partial(_heard, encode=encode), paths, ahead=THREADS)
    return progress(work, f"recordings of {corpus}", len(paths))


def _heard(path: Path, encode: Callable[[np.ndarray], np.ndarray]) -> Heard | InputError:
    try:
        return Heard(
            info=inspect_audio(path, max_seconds=LONGEST),
            measures=measure(path),
            pooled=encode(load(path, max_seconds=LONGEST)),
        )
    except InputError as error:
        return error

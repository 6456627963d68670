"""Reads a features file, and its recordings where they are."""

from collections.abc import Iterator, Sequence
from pathlib import Path

import numpy as np

from mdat_audit.inputs.item import Item, Material, Progress, pooled
from mdat_audit.inputs.measures import Measures
from mdat_audit.inputs.recordings import Heard, hear
from mdat_data import InputError, open_features
from mdat_data.cache import FeaturesFile, Recording
from mdat_data.corpora import default_root, names

NOT_ENCODED = np.zeros(0)


def read_features(path: Path, root: str | None, layer: str | None, progress: Progress) -> Material:
    """Read a features file.

    Args:
        path: The file.
        root: Folder of the recordings; None for the default folder of the corpus. Where that does
            not exist, the recordings are not read.
        layer: Layer of the features; None for the middle one.
        progress: Shows how far the work is.

    Returns:
        Its utterances.

    Raises:
        InputError: The file or its recordings cannot be used, or it has no such layer.
    """
    with open_features(path) as file:
        corpus = file.provenance.corpus
        folder = _folder(corpus, root)
        measures = _measures(file, folder, progress) if folder else [None] * len(file)
        stream, chosen = _layer(file, layer)
        rows = progress(_pooled(file, stream, chosen), f"features of {corpus}", len(file))
        items = tuple(
            Item(
                utterance=recording.utterance,
                corpus=corpus,
                duration=recording.duration,
                fingerprint=recording.fingerprint,
                measures=measured,
                pooled=row,
            )
            for recording, measured, row in zip(file.recordings, measures, rows, strict=True)
        )
        encoder = getattr(file.provenance, stream).encoder
    return Material(
        corpora=(corpus,),
        items=items,
        features={corpus: f"{encoder}, {stream} layer {chosen}"},
        unusable={},
        unread={} if folder else {corpus: f"the folder of the recordings of {path}: --root"},
    )


def _folder(corpus: str, root: str | None) -> Path | None:
    """The folder of the recordings; None where nobody knows it."""
    if root is not None:
        return Path(root)
    usual = default_root(corpus)
    return usual if corpus in names() and usual.is_dir() else None


def _measures(file: FeaturesFile, root: Path, progress: Progress) -> list[Measures]:
    paths = [root / utterance.audio for utterance in file.utterances]
    corpus = file.provenance.corpus
    heard = hear(paths, lambda waveform: NOT_ENCODED, corpus, progress)
    return [_same(*each) for each in zip(file.recordings, paths, heard, strict=True)]


def _same(recording: Recording, path: Path, heard: Heard | InputError) -> Measures:
    """The measures of a recording, if it is the one that the features were made of."""
    if isinstance(heard, InputError):
        raise InputError(f"{path}: {heard}. Give the folder of the recordings: --root.")
    if heard.info.sha256 != recording.sha256:
        raise InputError(
            f"{path} is not the recording that the features were made from. Restore it, or give "
            "another folder of recordings: --root."
        )
    return heard.measures


def _layer(file: FeaturesFile, layer: str | None) -> tuple[str, str]:
    """The stream of the map, and its layer."""
    made = file.provenance
    stream = "speech" if made.speech else "text"
    stored: Sequence[str] = getattr(made, stream).layers
    numbered = sorted((name for name in stored if name.isdecimal()), key=int)
    middle = numbered[(len(numbered) - 1) // 2] if numbered else "last"
    if (chosen := middle if layer is None else layer) not in stored:
        raise InputError(
            f"{file.path}: expected --layer to be one of the {stream} layers {', '.join(stored)}, "
            f"got {chosen!r}. Choose one of them."
        )
    return stream, chosen


def _pooled(file: FeaturesFile, stream: str, layer: str) -> Iterator[np.ndarray]:
    for row in range(len(file)):
        yield pooled(file.read(stream, layer, row))

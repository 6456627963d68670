"""Writes the HDF5 file that `mdat_data.cache.schema` describes."""

import io
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict

import h5py
import numpy as np

from mdat_data.cache.disk import ErrorKeepingFile
from mdat_data.cache.schema import (
    FORMAT,
    MODALITIES,
    SAMPLES,
    SEX,
    TOKENS,
    UTTERANCE_STRINGS,
    VERSION,
    Features,
    Provenance,
    Recording,
    utterance_digest,
)
from mdat_data.cache.seal import SEAL, seal_of
from mdat_data.process.signals import delayed_signals

CHUNK_STEPS = 16
"""Number of steps in a chunk. A chunk belongs to one utterance, so small chunks waste little on
short texts: at URDU's lengths a file is 1.16 times as large as its features with 16 steps, and 1.5
times with 64."""


def write_features_file(
    target: io.RawIOBase,
    *,
    provenance: Provenance,
    recordings: Sequence[Recording],
    lengths: Mapping[str, np.ndarray],
    features: Iterable[tuple[int, Features]],
) -> None:
    """Write a features file.

    Args:
        target: The file to write to.
        provenance: How the features were made.
        recordings: The utterances in the order of the file.
        lengths: Modality -> number of steps of every utterance, (N,) int32.
        features: The index of each utterance and its features, in any order.

    Raises:
        OSError: The file cannot be written.
    """
    kept = ErrorKeepingFile(target)
    # An exception that a signal raises inside `kept` would be a failed write for HDF5.
    with delayed_signals(kept.stop):
        _write(kept, provenance, recordings, lengths, features)


def _write(
    kept: ErrorKeepingFile,
    provenance: Provenance,
    recordings: Sequence[Recording],
    lengths: Mapping[str, np.ndarray],
    features: Iterable[tuple[int, Features]],
) -> None:
    # Attributes of more than 64 KiB, such as a long list of names, need the HDF5 1.8 format.
    with h5py.File(kept, "w", libver=("v108", "latest")) as file:
        _write_attributes(file, provenance)
        _create_features(file, provenance, lengths)
        digests = [""] * len(recordings)
        for index, of_one in features:
            digests[index] = utterance_digest(recordings[index].utterance, of_one)
            _write_rows(file, index, of_one)
            kept.check()
        _write_columns(file, recordings, digests)
        file.attrs[SEAL] = seal_of(file)
    kept.check()


def _write_attributes(file: h5py.File, provenance: Provenance) -> None:
    file.attrs["format"] = FORMAT
    file.attrs["version"] = VERSION
    for name, value in asdict(provenance).items():
        file.attrs[name] = value if isinstance(value, str) else json.dumps(value)


def _create_features(
    file: h5py.File, provenance: Provenance, lengths: Mapping[str, np.ndarray]
) -> None:
    for modality in provenance.modalities:
        file[f"{modality}_length"] = lengths[modality]
        made = getattr(provenance, modality)
        steps = int(lengths[modality].max())
        for layer in made.layers:
            file.create_dataset(
                f"{modality}/{layer}",
                shape=(len(lengths[modality]), steps, made.dim),
                dtype=provenance.store,
                chunks=(1, min(CHUNK_STEPS, steps), made.dim),
            )
    if provenance.text is None:
        return
    steps = int(lengths["text"].max())
    file.create_dataset(
        TOKENS,
        shape=(len(lengths["text"]), steps),
        dtype=h5py.string_dtype(),
        chunks=(1, min(CHUNK_STEPS, steps)),
    )


def _write_rows(file: h5py.File, index: int, features: Features) -> None:
    """Write the steps of an utterance. The padding is not written and takes no space."""
    for modality in MODALITIES:
        for layer, rows in getattr(features, modality).items():
            file[f"{modality}/{layer}"][index, : len(rows)] = rows
    if features.tokens:
        file[TOKENS][index, : len(features.tokens)] = features.tokens


def _write_columns(
    file: h5py.File, recordings: Sequence[Recording], digests: Sequence[str]
) -> None:
    utterances = [recording.utterance for recording in recordings]
    columns = {name: [str(getattr(u, name)) for u in utterances] for name in UTTERANCE_STRINGS}
    columns["emotion"] = [utterance.emotion or "" for utterance in utterances]
    columns["audio"] = [utterance.audio.as_posix() for utterance in utterances]
    columns["audio_sha256"] = [recording.sha256 for recording in recordings]
    columns["digest"] = list(digests)
    if any(samples := [recording.samples_sha256 for recording in recordings]):
        columns[SAMPLES] = samples
    if any(sexes := [utterance.sex for utterance in utterances]):
        columns[SEX] = sexes
    for name, values in columns.items():
        file.create_dataset(name, data=values, dtype=h5py.string_dtype())
    file["duration"] = np.array([r.duration for r in recordings], np.float32)

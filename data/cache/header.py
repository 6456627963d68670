"""Opens a features file: checks its format, reads its provenance and its utterances."""

import json
from dataclasses import fields
from pathlib import Path
from typing import Any

import h5py

from mdat_data.cache.disk import reporting_damage
from mdat_data.cache.schema import (
    FORMAT,
    MODALITIES,
    STRINGS,
    UTTERANCE_STRINGS,
    VERSION,
    Modality,
    Provenance,
    Recording,
    crop_from_words,
)
from mdat_data.errors import InputError
from mdat_data.utterance import Utterance

WAY_OUT = "Make the file with mdat-extract."

MAPPINGS = {"versions", "left_out", "failures", "options"}
"""Fields of the provenance that are stored as JSON."""

LATER = {"options", "shard", "shard_of"}
"""Fields of the provenance that files of the first release lack. They have their defaults."""


def open_checked(path: Path) -> tuple[h5py.File, Provenance]:
    """Open a features file, check its format and read its provenance.

    Args:
        path: The file.

    Returns:
        The open HDF5 file and the provenance.

    Raises:
        InputError: The file is missing, is not a features file, has another version of the format,
            lacks something or is damaged.
    """
    try:
        file = h5py.File(path, "r")
    except FileNotFoundError:
        raise InputError(
            f"{path}: expected a features file, but it is missing. {WAY_OUT}"
        ) from None
    except OSError as error:
        raise InputError(
            f"{path}: expected a features file (HDF5), but it has another format, or it was cut "
            f"short: {error}. {WAY_OUT}"
        ) from error
    try:
        with reporting_damage(path):
            _check_format(file, path)
            return file, _provenance(file, path)
    except InputError:
        file.close()
        raise


def read_recordings(file: h5py.File) -> tuple[Recording, ...]:
    """Read the utterances with duration and checksum of their audio files.

    Args:
        file: The open HDF5 file.

    Returns:
        The recordings in the order of the rows; `audio` is relative to the corpus root.
    """
    columns: dict[str, list[Any]] = {name: _strings(file, name) for name in UTTERANCE_STRINGS}
    columns["audio"] = [Path(audio) for audio in columns["audio"]]
    utterances = [
        Utterance(**dict(zip(columns, values, strict=True)))
        for values in zip(*columns.values(), strict=True)
    ]
    durations, checksums = file["duration"][:].tolist(), _strings(file, "audio_sha256")
    return tuple(
        Recording(utterance=utterance, duration=duration, sha256=sha256)
        for utterance, duration, sha256 in zip(utterances, durations, checksums, strict=True)
    )


def _strings(file: h5py.File, name: str) -> list[str]:
    return list(file[name].asstr()[:])


def _check_format(file: h5py.File, path: Path) -> None:
    got = file.attrs.get("format")
    if got != FORMAT:
        raise InputError(
            f"{path}: expected a features file (format {FORMAT}), but its format is "
            f"{got or 'not given'}. {WAY_OUT}"
        )
    version = int(file.attrs.get("version", 0))
    if version != VERSION:
        raise InputError(
            f"{path}: expected version {VERSION} of the format, but got version {version}. Make "
            "the file again with this release's mdat-extract, or use the release that made it."
        )


def _provenance(file: h5py.File, path: Path) -> Provenance:
    # Looked up one by one: HDF5 can crash when it lists the content of a damaged file.
    stored = {field.name for field in fields(Provenance) if field.name in file.attrs}
    _check_complete(file, path, stored)
    values = {name: file.attrs[name] for name in stored}
    for name in MAPPINGS & stored:
        values[name] = json.loads(values[name])
    for modality in MODALITIES:
        values[modality] = _modality(json.loads(values[modality]))
    return Provenance(**values | {"cut": tuple(json.loads(values["cut"]))})


def _check_complete(file: h5py.File, path: Path, stored: set[str]) -> None:
    datasets = (*STRINGS, "duration", *(f"{modality}_length" for modality in MODALITIES))
    missing = sorted({field.name for field in fields(Provenance)} - LATER - stored)
    missing += sorted(name for name in datasets if name not in file)
    if missing:
        raise InputError(f"{path} lacks {', '.join(missing)}. {WAY_OUT}")


def _modality(stored: dict[str, Any]) -> Modality:
    crop = stored["crop"]
    if isinstance(crop, str):  # files of the first releases hold it in words
        crop = crop_from_words(crop)
    return Modality(**stored | {"layers": tuple(stored["layers"]), "crop": crop})

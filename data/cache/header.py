"""Opens a features file: checks its format, reads its provenance and its utterances."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any, get_type_hints

import h5py

from mdat_data.cache.disk import reporting_damage
from mdat_data.cache.hdf5.attributes import attribute, conforms
from mdat_data.cache.hdf5.datasets import dataset, find_dataset
from mdat_data.cache.hdf5.structure import length_faults, structure_faults
from mdat_data.cache.hdf5.texts import texts
from mdat_data.cache.schema import (
    FORMAT,
    MODALITIES,
    SAMPLES,
    SEX,
    STORES,
    STRINGS,
    UTTERANCE_STRINGS,
    VERSION,
    Modality,
    Provenance,
    Recording,
    crop_from_words,
)
from mdat_data.errors import InputError, listed
from mdat_data.utterance import Utterance

WAY_OUT = "Make the file with mdat-extract."

SEPARATOR = "\n  "

MAPPINGS = {"versions", "left_out", "failures", "options"}
"""Fields of the provenance that are stored as JSON."""

LATER = {"options", "shard", "shard_of"}
"""Fields of the provenance that files of the first release lack. They have their defaults."""

SHARD = re.compile(r"([0-9]{1,6}/[0-9]{1,6})?")
"""The shard of a provenance."""


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
    except PermissionError:
        raise InputError(
            f"{path}: expected a features file, got no permission to read it. Change its "
            "permissions, or choose another file."
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


def refuse_faults(file: h5py.File, provenance: Provenance, path: Path) -> None:
    """Refuse a file whose datasets do not fit together, before anything large is allocated.

    Args:
        file: The open HDF5 file.
        provenance: What it states about itself.
        path: Its path, for the message.

    Raises:
        InputError: Shapes, types or lengths do not fit. `mdat-features check` lists them too.
    """
    with reporting_damage(path):
        # Lengths are read only where their shapes are right.
        faults = [*structure_faults(file, provenance)] or [*length_faults(file, provenance)]
    if faults:
        raise InputError(
            f"{path} is damaged, or another program has changed it:\n  "
            f"{listed(faults, separator=SEPARATOR)}\nRestore it from a copy, or make it again with "
            "mdat-extract."
        )


def read_recordings(file: h5py.File) -> tuple[Recording, ...]:
    """Read the utterances with duration and checksum of their audio files.

    Args:
        file: The open HDF5 file.

    Returns:
        The recordings in the order of the rows; `audio` is relative to the corpus root.

    Raises:
        InputError: Two utterances have the same id.
    """
    columns: dict[str, list[Any]] = {name: _strings(file, name) for name in UTTERANCE_STRINGS}
    repeated = [id for id, count in Counter(columns["id"]).items() if count > 1]
    if repeated:
        raise InputError(
            f"{file.filename}: expected one utterance for each id, but {listed(repeated)} are "
            "there several times. Make the file again with mdat-extract."
        )
    if find_dataset(file, SEX) is not None:
        columns[SEX] = _strings(file, SEX)
    columns["audio"] = [Path(audio) for audio in columns["audio"]]
    columns["emotion"] = [emotion or None for emotion in columns["emotion"]]
    utterances = [
        Utterance(**dict(zip(columns, values, strict=True)))
        for values in zip(*columns.values(), strict=True)
    ]
    known = find_dataset(file, SAMPLES) is not None
    facts = zip(
        utterances,
        dataset(file, "duration")[:].tolist(),
        _strings(file, "audio_sha256"),
        _strings(file, SAMPLES) if known else [""] * len(utterances),
        strict=True,
    )
    return tuple(
        Recording(utterance=utterance, duration=duration, sha256=sha256, samples_sha256=samples)
        for utterance, duration, sha256, samples in facts
    )


def _strings(file: h5py.File, name: str) -> list[str]:
    return list(texts(file, name).asstr()[:])


def _check_format(file: h5py.File, path: Path) -> None:
    got = attribute(file, "format")
    if got != FORMAT:
        raise InputError(
            f"{path}: expected a features file (format {FORMAT}), but its format is "
            f"{got or 'not given'}. {WAY_OUT}"
        )
    version = attribute(file, "version")
    if version != VERSION:
        raise InputError(
            f"{path}: expected version {VERSION} of the format, but got version {version}. Make "
            "the file again with this release's mdat-extract, or use the release that made it."
        )


def _provenance(file: h5py.File, path: Path) -> Provenance:
    kinds = get_type_hints(Provenance)
    stored = {name: attribute(file, name) for name in kinds}
    values: dict[str, Any] = {name: value for name, value in stored.items() if value is not None}
    _refuse_missing(path, {*kinds} - LATER - {*values})
    for name in {*MAPPINGS, *MODALITIES, "cut"} & set(values):
        values[name] = _from_json(values[name])
    for modality in MODALITIES:
        values[modality] = values[modality] and _modality(values[modality])
    wrong = [name for name, value in values.items() if not conforms(value, kinds[name])]
    if wrong or not SHARD.fullmatch(values.get("shard", "")) or values["store"] not in STORES:
        raise InputError(
            f"{path}: expected a provenance as mdat-extract writes it, but "
            f"{', '.join(wrong) or 'shard or store'} has other values. {WAY_OUT}"
        )
    made = Provenance(**values | {"cut": tuple(values["cut"])})
    datasets = (*STRINGS, "duration", *(f"{modality}_length" for modality in made.modalities))
    _refuse_missing(path, {name for name in datasets if find_dataset(file, name) is None})
    return made


def _from_json(text: str) -> Any:
    value = json.loads(text)
    json.dumps(value, ensure_ascii=False).encode()  # fails here, not in the folder of a run
    return value


def _refuse_missing(path: Path, names: set[str]) -> None:
    if missing := sorted(names):
        raise InputError(f"{path} lacks {', '.join(missing)}. {WAY_OUT}")


def _modality(stored: Any) -> Modality:
    """A modality of the provenance; its fields have the types of the record."""
    crop = stored["crop"]
    if isinstance(crop, str):  # files of the first releases hold it in words
        crop = crop_from_words(crop)
    made = Modality(**stored | {"layers": tuple(stored["layers"]), "crop": crop})
    if wrong := [
        n for n, kind in get_type_hints(Modality).items() if not conforms(getattr(made, n), kind)
    ]:
        raise ValueError(f"the provenance of a modality has other values for {', '.join(wrong)}")
    return made

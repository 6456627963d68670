"""Reads a features file; nothing is loaded that was not asked for."""

import hashlib
import json
from dataclasses import fields
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import h5py
import numpy as np

from mdat_data.cache.damage import reporting_damage
from mdat_data.cache.schema import (
    FORMAT,
    MODALITIES,
    STRINGS,
    TOKENS,
    UTTERANCE_STRINGS,
    VERSION,
    Features,
    Modality,
    Provenance,
    Recording,
    crop_from_words,
)
from mdat_data.errors import InputError
from mdat_data.utterance import Utterance

REMEDY = "Make it with mdat-extract."

MAPPINGS = {"versions", "left_out", "failures", "options"}
"""Fields of the provenance that are stored as JSON."""

LATER = {"options", "shard", "shard_of"}
"""Fields of the provenance that files of the first release lack; their defaults hold."""


class Cache:
    """A features file, open for reading.

    Example:
        ```python
        with Cache(Path("urdu.h5")) as cache:
            first = cache.utterances[0]
            rows = cache.read("speech", "last", 0)  # (steps, dim)
        ```

    Args:
        path: The file.

    Attributes:
        file: The HDF5 file, for what has no method here.
        provenance: How the features came to be.

    Raises:
        InputError: There is no such file, it is no features file of ours, is of another version,
            or was cut short.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        # h5py takes longer to find a dataset than to read an utterance.
        self._found: dict[str, h5py.Dataset] = {}
        try:
            self.file = h5py.File(path, "r")
        except FileNotFoundError:
            raise InputError(f"there is no features file {path}. {REMEDY}") from None
        except OSError as error:
            raise InputError(
                f"{path} must be a features file (HDF5), but it is none, or it was cut short: "
                f"{error}. {REMEDY}"
            ) from error
        try:
            with reporting_damage(self.path):
                self._check_format()
                self.provenance = self._provenance()
        except InputError:
            self.close()
            raise

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self.file.close()

    @cached_property
    def recordings(self) -> tuple[Recording, ...]:
        """The utterances with the facts about their audio files, in the order of the rows."""
        columns: dict[str, list[Any]] = {name: self._strings(name) for name in UTTERANCE_STRINGS}
        columns["audio"] = [Path(audio) for audio in columns["audio"]]
        utterances = [
            Utterance(**dict(zip(columns, values, strict=True)))
            for values in zip(*columns.values(), strict=True)
        ]
        facts = zip(
            utterances,
            self.file["duration"][:].tolist(),
            self._strings("audio_sha256"),
            strict=True,
        )
        return tuple(Recording(utterance=u, duration=d, sha256=s) for u, d, s in facts)

    @cached_property
    def utterances(self) -> tuple[Utterance, ...]:
        """The utterances in the order of the rows; `audio` is relative to the corpus root."""
        return tuple(recording.utterance for recording in self.recordings)

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the digests of all utterances: equal if, and only if, the content is."""
        return hashlib.sha256("".join(self.digests).encode()).hexdigest()

    @cached_property
    def digests(self) -> tuple[str, ...]:
        """Of every utterance: `utterance_digest` of what was written."""
        return tuple(self._strings("digest"))

    def lengths(self, modality: str) -> np.ndarray:
        """Valid steps of every utterance.

        Args:
            modality: `speech` or `text`.

        Returns:
            (N,) int32.
        """
        return np.asarray(self.file[f"{modality}_length"][:])

    def read(self, modality: str, layer: str, row: int, *, steps: int | None = None) -> np.ndarray:
        """Features of one utterance.

        Args:
            modality: `speech` or `text`.
            layer: One of `provenance.<modality>.layers`.
            row: Number of the utterance.
            steps: Read at most so many steps, from the start.

        Returns:
            (steps, dim) in the stored type, valid steps only.

        Raises:
            InputError: The layer is not in the file.
        """
        rows = self._rows(modality, layer)
        with reporting_damage(self.path):
            length = int(self._steps[modality][row])
            return np.asarray(rows[row, : length if steps is None else min(steps, length)])

    def features(self, row: int) -> Features:
        """All features of one utterance.

        Args:
            row: Number of the utterance.

        Returns:
            Every layer, in the stored type, valid steps only; and the tokens.

        Raises:
            InputError: The file is damaged, or was made before tokens were kept.
        """
        by_modality = {
            modality: {
                layer: self.read(modality, layer, row)
                for layer in getattr(self.provenance, modality).layers
            }
            for modality in MODALITIES
        }
        return Features(**by_modality, tokens=self.tokens(row))

    def _strings(self, name: str) -> list[str]:
        with reporting_damage(self.path):
            return list(self.file[name].asstr()[:])

    def tokens(self, row: int) -> tuple[str, ...]:
        """What stands behind each step of an utterance's text features.

        Args:
            row: Number of the utterance.

        Returns:
            As many strings as the text has steps.

        Raises:
            InputError: The file was made before tokens were kept.
        """
        if TOKENS not in self.file:
            raise InputError(
                f"{self.path} was made by an earlier release, which kept no tokens. Make it again "
                "with this release's mdat-extract."
            )
        with reporting_damage(self.path):
            length = int(self.file["text_length"][row])
            return tuple(self.file[TOKENS].asstr()[row, :length])

    @cached_property
    def _steps(self) -> dict[str, np.ndarray]:
        return {modality: self.lengths(modality) for modality in MODALITIES}

    def _rows(self, modality: str, layer: str) -> h5py.Dataset:
        name = f"{modality}/{layer}"
        if name not in self._found:
            if name not in self.file:
                stored = ", ".join(getattr(self.provenance, modality).layers)
                raise InputError(
                    f"{self.path} holds no layer {layer} of the {modality} encoder; it holds: "
                    f"{stored}. Choose one of these, or extract with --{modality}-layer {layer}."
                )
            with reporting_damage(self.path):
                self._found[name] = self.file[name]
        return self._found[name]

    def _check_format(self) -> None:
        came = self.file.attrs.get("format")
        if came != FORMAT:
            raise InputError(
                f"{self.path} must be a features file (format {FORMAT}), but its format is "
                f"{came or 'not said'}. {REMEDY}"
            )
        version = int(self.file.attrs.get("version", 0))
        if version != VERSION:
            raise InputError(
                f"{self.path} must be of version {VERSION}, but is of version {version}. Make it "
                "again with this release's mdat-extract, or use the release that made it."
            )

    def _provenance(self) -> Provenance:
        # Looked up one by one: HDF5 can crash when it lists what a damaged file holds.
        stored = {field.name for field in fields(Provenance) if field.name in self.file.attrs}
        datasets = (*STRINGS, "duration", *(f"{modality}_length" for modality in MODALITIES))
        missing = sorted({field.name for field in fields(Provenance)} - LATER - stored)
        missing += sorted(name for name in datasets if name not in self.file)
        if missing:
            raise InputError(f"{self.path} lacks {', '.join(missing)}. {REMEDY}")
        values = {name: self.file.attrs[name] for name in stored}
        for name in MAPPINGS & stored:
            values[name] = json.loads(values[name])
        for modality in MODALITIES:
            values[modality] = _modality(json.loads(values[modality]))
        return Provenance(**values | {"cut": tuple(json.loads(values["cut"]))})


def _modality(stored: dict[str, Any]) -> Modality:
    crop = stored["crop"]
    if isinstance(crop, str):  # files of the first releases hold it in words
        crop = crop_from_words(crop)
    return Modality(**stored | {"layers": tuple(stored["layers"]), "crop": crop})

"""Reads a features file. Nothing is loaded before it is used."""

import hashlib
from collections.abc import Iterator
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Self

import h5py
import numpy as np

from mdat_data.cache.hdf5.rows import StoredRows
from mdat_data.cache.hdf5.texts import texts
from mdat_data.cache.header import open_checked, read_recordings, refuse_faults
from mdat_data.cache.schema import Features, Provenance, Recording
from mdat_data.data_frame import data_frame
from mdat_data.encoded_utterance import EncodedUtterance, StoredLayers
from mdat_data.errors import InputError, listed
from mdat_data.printable import one_line
from mdat_data.utterance import Utterance

if TYPE_CHECKING:
    import pandas


def open_features(path: str | Path) -> "FeaturesFile":
    """Open a features file for reading.

    Example:
        ```python
        with mdat_data.open_features("emodb.h5") as features:
            table = features.to_pandas()
            rows = features["03a01Fa"].speech["last"]  # (steps, dim)
        ```

    Args:
        path: The file.

    Returns:
        The open file.

    Raises:
        InputError: The file is missing, is not a features file, has another version of the format
            or is damaged.
    """
    file, provenance = open_checked(Path(path))
    try:
        refuse_faults(file, provenance, Path(path))
    except InputError:
        file.close()
        raise
    return FeaturesFile(Path(path), file, provenance)


class FeaturesFile:
    """A features file that is open for reading; `open_features` opens one.

    It has a length and is iterated over by id, and `features[id]` is an `EncodedUtterance`. The
    methods with a row, numbered from 0 in the order of the file, are for reading many utterances.

    Attributes:
        path: Path of the file.
        file: The open HDF5 file, for what has no method here.
        provenance: How the features were made.
    """

    def __init__(self, path: Path, file: h5py.File, provenance: Provenance) -> None:
        self.path = path
        self.file = file
        self.provenance = provenance
        self._stored = StoredRows(path, file, provenance)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self.file.close()

    def __len__(self) -> int:
        return len(self.recordings)

    def __iter__(self) -> Iterator[str]:
        return iter(self.ids)

    def __contains__(self, id: object) -> bool:
        return id in self._row_of

    def __getitem__(self, id: str) -> EncodedUtterance:
        row = self._row_of.get(id)
        if row is None:
            raise InputError(
                f"{self.path} has no utterance {id!r}. Choose one of its ids: "
                f"{listed(self.ids, shown=3)}."
            )
        return EncodedUtterance(
            utterance=self.utterances[row],
            duration=self.recordings[row].duration,
            speech_length=self._stored.length("speech", row),
            text_length=self._stored.length("text", row),
            speech=self._layers("speech", row),
            text=self._layers("text", row),
            _read_tokens=partial(self.tokens, row),
        )

    @cached_property
    def ids(self) -> tuple[str, ...]:
        """The ids of the utterances, in the order of the rows."""
        return tuple(utterance.id for utterance in self.utterances)

    @cached_property
    def utterances(self) -> tuple[Utterance, ...]:
        """The utterances in the order of the rows; `audio` is relative to the corpus root."""
        return tuple(recording.utterance for recording in self.recordings)

    @cached_property
    def recordings(self) -> tuple[Recording, ...]:
        """The utterances with duration and checksum of their audio files, in the same order."""
        with self._stored.reading():
            return read_recordings(self.file)

    @cached_property
    def digests(self) -> tuple[str, ...]:
        """The digest of every utterance as it was written, see `utterance_digest`."""
        with self._stored.reading():
            return tuple(texts(self.file, "digest").asstr()[:])

    @cached_property
    def digest(self) -> str:
        """SHA-256 over the digests of all utterances: equal if, and only if, the content is."""
        return hashlib.sha256("".join(self.digests).encode()).hexdigest()

    def lengths(self, modality: str) -> np.ndarray:
        """Number of steps of every utterance.

        Args:
            modality: `speech` or `text`.

        Returns:
            (N,) int32.

        Raises:
            InputError: The file has no features of this modality.
        """
        return self._stored.lengths(modality)

    def read(self, modality: str, layer: str, row: int, *, steps: int | None = None) -> np.ndarray:
        """Read the features of one utterance.

        Args:
            modality: `speech` or `text`.
            layer: One of `provenance.<modality>.layers`.
            row: Row of the utterance.
            steps: Greatest number of steps to read, from the start. Default: all.

        Returns:
            (steps, dim) in the stored type, without padding.

        Raises:
            InputError: The file has no such layer, or a value is not finite.
        """
        read = self._stored.read(modality, layer, row, steps=steps)
        if not np.isfinite(read).all():
            raise InputError(
                f"{self.path}: expected finite features, but {modality}/{layer} of utterance "
                f"{one_line(self.ids[row])} has others. Restore the file from a copy, or make it "
                "again with mdat-extract."
            )
        return read

    def tokens(self, row: int) -> tuple[str, ...]:
        """Read the token of each step of an utterance's text features.

        Args:
            row: Row of the utterance.

        Returns:
            As many strings as the text has steps; none where text was not encoded.

        Raises:
            InputError: The file was made before tokens were stored.
        """
        return self._stored.tokens(row)

    def features(self, row: int) -> Features:
        """Read all layers and the tokens of one utterance.

        Args:
            row: Row of the utterance.

        Returns:
            The features, in the stored type and without padding.

        Raises:
            InputError: The file is damaged, or was made before tokens were stored.
        """
        return Features(
            speech=dict(self._layers("speech", row)),
            text=dict(self._layers("text", row)),
            tokens=self.tokens(row),
        )

    def to_pandas(self) -> "pandas.DataFrame":
        """Return a table of the utterances; pandas must be installed.

        Returns:
            One row for each utterance, in the order of the file: id, emotion, speaker, group,
            language, transcript, sex (only where it is known of a speaker), audio, duration
            (seconds), speech_length and text_length (steps; only of streams that were encoded).

        Raises:
            InputError: pandas is not installed.
        """
        names = ["id", "emotion", "speaker", "group", "language", "transcript"]
        names += ["sex"] if any(utterance.sex for utterance in self.utterances) else []
        rows = zip(
            *([getattr(utterance, name) for utterance in self.utterances] for name in names),
            [utterance.audio.as_posix() for utterance in self.utterances],
            [recording.duration for recording in self.recordings],
            *(self.lengths(modality).tolist() for modality in self.provenance.modalities),
            strict=True,
        )
        lengths = [f"{modality}_length" for modality in self.provenance.modalities]
        return data_frame(list(rows), [*names, "audio", "duration", *lengths])

    @cached_property
    def _row_of(self) -> dict[str, int]:
        return {id: row for row, id in enumerate(self.ids)}

    def _layers(self, modality: str, row: int) -> StoredLayers:
        made = getattr(self.provenance, modality)

        def read(layer: str) -> np.ndarray:
            return self.read(modality, layer, row)

        return StoredLayers(made.layers if made else (), read)

"""Reads the features of single utterances, by their rows."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import cached_property
from pathlib import Path

import h5py
import numpy as np

from mdat_data.cache.disk import reporting_damage
from mdat_data.cache.hdf5.datasets import dataset, find_dataset
from mdat_data.cache.hdf5.texts import texts
from mdat_data.cache.schema import TOKENS, Provenance
from mdat_data.errors import InputError


class StoredRows:
    """The lengths, features and tokens of a file, read when they are used.

    Args:
        path: Path of the file.
        file: The open HDF5 file.
        provenance: What it states about itself.
    """

    def __init__(self, path: Path, file: h5py.File, provenance: Provenance) -> None:
        self._path = path
        self._file = file
        self._provenance = provenance
        # h5py takes longer to find a dataset than to read an utterance.
        self._found: dict[str, h5py.Dataset] = {}

    def lengths(self, modality: str) -> np.ndarray:
        """Number of steps of every utterance, (N,) int32."""
        self._refuse_not_encoded(modality)
        with self.reading():
            return np.asarray(dataset(self._file, f"{modality}_length")[:])

    def length(self, modality: str, row: int) -> int:
        """Number of steps of an utterance; 0 where the modality was not encoded."""
        return int(self._steps[modality][row]) if modality in self._steps else 0

    def read(self, modality: str, layer: str, row: int, *, steps: int | None) -> np.ndarray:
        """Read the features of an utterance, as `FeaturesFile.read` describes."""
        rows = self._dataset(modality, layer)
        with self.reading():
            length = self.length(modality, row)
            return np.asarray(rows[row, : length if steps is None else min(steps, length)])

    def tokens(self, row: int) -> tuple[str, ...]:
        """Read the tokens of an utterance, as `FeaturesFile.tokens` describes."""
        if self._provenance.text is None:
            return ()
        with self.reading():
            return tuple(self._tokens.asstr()[row, : self.length("text", row)])

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Turn what fails while the file is read into a message.

        Raises:
            InputError: The file is damaged, or was closed.
        """
        try:
            with reporting_damage(self._path):
                yield
        except InputError as error:
            if self._file:
                raise
            raise InputError(
                f"{self._path}: expected an open features file, but it was closed. Read from it "
                "before the end of its `with` statement."
            ) from error

    @cached_property
    def _steps(self) -> dict[str, np.ndarray]:
        return {modality: self.lengths(modality) for modality in self._provenance.modalities}

    @cached_property
    def _tokens(self) -> h5py.Dataset:
        if find_dataset(self._file, TOKENS) is None:
            raise InputError(
                f"{self._path} has no tokens, because it was made by an earlier release. Make it "
                "again with this release's mdat-extract."
            )
        return texts(self._file, TOKENS)

    def _dataset(self, modality: str, layer: str) -> h5py.Dataset:
        name = f"{modality}/{layer}"
        if name not in self._found:
            self._refuse_not_encoded(modality)
            with self.reading():
                if (found := find_dataset(self._file, name)) is None:
                    stored = ", ".join(getattr(self._provenance, modality).layers)
                    raise InputError(
                        f"{self._path} has no layer {layer} of the {modality} encoder; its layers "
                        f"are {stored}. Choose one of these, or extract with --{modality}-layer "
                        f"{layer}."
                    )
                self._found[name] = found
        return self._found[name]

    def _refuse_not_encoded(self, modality: str) -> None:
        if getattr(self._provenance, modality) is None:
            raise InputError(
                f"{self._path} has no {modality} features: it was made with --{modality}-encoder "
                "none. Make it again with an encoder, or use the other stream alone."
            )

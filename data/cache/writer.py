"""Writes a features file batch by batch, so that an interruption costs at most one batch.

Each finished batch is one part file in `<out>.parts/`; the last step assembles them. A killed
process can leave an open HDF5 file unreadable, so no HDF5 file stays open between batches.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Self

import numpy as np

from mdat_data.cache.assembly import write_features_file
from mdat_data.cache.identity import digest_of, identity, refuse_differences, sexes
from mdat_data.cache.parts import Parts
from mdat_data.cache.reader import open_features
from mdat_data.cache.schema import (
    SEX,
    TOKENS,
    UTTERANCE_STRINGS,
    Features,
    Provenance,
    Recording,
)
from mdat_data.corpus import UNWRITABLE
from mdat_data.errors import InputError, listed
from mdat_data.process.output import whole_file


@dataclass(frozen=True, kw_only=True)
class FeaturesWriter:
    """Writes one features file; `open` makes one.

    Only one process may write a file at a time: hold `exclusive(out)` around it.

    Example:
        ```python
        with exclusive(out):
            writer = FeaturesWriter.open(
                out, root=root, recordings=recordings, provenance=provenance, plan=plan
            )
            if not writer.finished:
                for batch in writer.pending():
                    writer.write(batch, encode(plan[batch]))
                writer.assemble()
        ```

    Attributes:
        out: The file to write.
        root: Root of the corpus. The paths of the recordings are stored relative to it.
        recordings: The utterances in the order of the file.
        provenance: How the features are made.
        plan: The batch plan: the indices of the recordings of each batch.
        parts: The part files, one for each finished batch.
        finished: The file exists already, made with the same settings.
    """

    out: Path
    root: Path
    recordings: Sequence[Recording]
    provenance: Provenance
    plan: Sequence[Sequence[int]]
    parts: Parts
    finished: bool

    @classmethod
    def open(
        cls,
        out: Path,
        *,
        root: Path,
        recordings: Sequence[Recording],
        provenance: Provenance,
        plan: Sequence[Sequence[int]],
    ) -> Self:
        """Begin to write a file, or continue after an interruption.

        Args:
            out: The file to write.
            root: Root of the corpus.
            recordings: The utterances in the order of the file.
            provenance: How the features are made.
            plan: The batch plan.

        Returns:
            The writer.

        Raises:
            InputError: `out` was made with other settings, or a text cannot be stored.
        """
        _refuse_unwritable(recordings)
        settings = identity(provenance, recordings)
        # A batch depends on more than the finished file: on the versions and on its neighbours.
        of_parts = settings | {
            **{f"version of {name}": version for name, version in provenance.versions.items()},
            "batches": digest_of([[recordings[i].utterance.id for i in batch] for batch in plan]),
            "tokens": "kept",  # parts of earlier releases have none
        }
        parts = Parts(out, of_parts)
        if finished := out.exists():
            with open_features(out) as file:
                existing = identity(file.provenance, file.recordings)
                stated = sexes(file.recordings)
            # A file of an earlier release states none, and is finished all the same.
            wanted = sexes(recordings) if stated else {}
            refuse_differences(out, existing | stated, settings | wanted)
            parts.remove_leftovers(settings)
        return cls(
            out=out,
            root=root,
            recordings=recordings,
            provenance=provenance,
            plan=plan,
            parts=parts,
            finished=finished,
        )

    def pending(self) -> list[int]:
        """Make the folder of the part files and return the batches that are not written yet.

        Returns:
            Their numbers in the plan, ascending. A damaged part file counts as missing.

        Raises:
            InputError: The folder has parts that were made with other settings.
        """
        self.parts.open()
        return [batch for batch in range(len(self.plan)) if not self.parts.intact(batch)]

    def write(self, batch: int, features: Sequence[Features]) -> None:
        """Write the features of one batch to its part file.

        Args:
            batch: Number of the batch in the plan.
            features: The features of its utterances, in the order of the plan.

        Raises:
            InputError: A value is not finite in the stored type.
        """
        stored = [self._stored(i, f) for i, f in zip(self.plan[batch], features, strict=True)]
        arrays = {
            f"{modality}/{layer}": np.concatenate([getattr(f, modality)[layer] for f in stored])
            for modality in self._modalities
            for layer in getattr(self.provenance, modality).layers
        }
        arrays |= {f"{m}_length": _lengths(stored, m) for m in self._modalities}
        if "text" in self._modalities:
            arrays[TOKENS] = np.array([token for f in stored for token in f.tokens])
        self.parts.write(batch, arrays)

    def assemble(self) -> None:
        """Join the parts into the features file and remove them."""
        with whole_file(self.out) as file:
            write_features_file(
                file.raw,
                provenance=self.provenance,
                recordings=[self._inside(recording) for recording in self.recordings],
                lengths=self._lengths(),
                features=self._features(),
            )
        self.parts.remove()

    def _stored(self, index: int, features: Features) -> Features:
        """The features in the stored type; all are finite."""
        stored = {
            modality: {
                layer: self._cast(index, f"{modality}/{layer}", rows)
                for layer, rows in getattr(features, modality).items()
            }
            for modality in self._modalities
        }
        return Features(**stored, tokens=features.tokens)

    def _cast(self, index: int, dataset: str, rows: np.ndarray) -> np.ndarray:
        with np.errstate(over="ignore"):  # reported below, with the utterance
            stored = rows.astype(self.provenance.store)
        if not np.isfinite(stored).all():
            raise InputError(
                f"the features {dataset} of utterance {self.recordings[index].utterance.id}: "
                f"expected finite numbers within the range of {self.provenance.store}, but the "
                f"largest magnitude is {np.abs(rows).max()}. Use --store float32 if the range of "
                "float16 is too small, and --precision float32 if the computation overflowed."
            )
        return stored

    def _lengths(self) -> dict[str, np.ndarray]:
        """Modality -> number of steps of every utterance."""
        lengths = {m: np.zeros(len(self.recordings), np.int32) for m in self._modalities}
        for batch, indices in enumerate(self.plan):
            with self.parts.read(batch) as part:
                for modality in self._modalities:
                    lengths[modality][list(indices)] = part[f"{modality}_length"]
        return lengths

    def _features(self) -> Iterator[tuple[int, Features]]:
        """The index and the features of every utterance, batch by batch."""
        for batch, indices in enumerate(self.plan):
            with self.parts.read(batch) as part:
                yield from zip(indices, _split(part, self.provenance), strict=True)

    @property
    def _modalities(self) -> tuple[str, ...]:
        return self.provenance.modalities

    def _inside(self, recording: Recording) -> Recording:
        """The recording with its path relative to the root, where it is below the root."""
        audio = recording.utterance.audio
        if not audio.is_relative_to(self.root):
            return recording
        utterance = replace(recording.utterance, audio=audio.relative_to(self.root))
        return replace(recording, utterance=utterance)


def _refuse_unwritable(recordings: Sequence[Recording]) -> None:
    """Refuse before any encoding what would fail when the file is assembled."""
    faults = [
        f"{name} of {recording.utterance.id!r}"
        for recording in recordings
        for name in (*UTTERANCE_STRINGS, SEX)
        if UNWRITABLE.search(str(getattr(recording.utterance, name)))
    ]
    if faults:
        raise InputError(
            "expected texts that a features file can hold, without NUL and halves of characters, "
            f"but got {len(faults)} others: {listed(faults)}. Correct them and repeat the command."
        )


def _split(part: Mapping[str, np.ndarray], provenance: Provenance) -> Iterator[Features]:
    """The features of each utterance of a part file."""
    columns: dict[str, list[Any]] = {}
    for modality in provenance.modalities:
        ends = np.cumsum(part[f"{modality}_length"])[:-1]
        layers = getattr(provenance, modality).layers
        rows = zip(*(np.split(part[f"{modality}/{layer}"], ends) for layer in layers), strict=True)
        columns[modality] = [dict(zip(layers, of_one, strict=True)) for of_one in rows]
        if modality == "text":
            columns["tokens"] = [tuple(of_one.tolist()) for of_one in np.split(part[TOKENS], ends)]
    for values in zip(*columns.values(), strict=True):
        yield Features(**dict(zip(columns, values, strict=True)))


def _lengths(features: Sequence[Features], modality: str) -> np.ndarray:
    return np.array([len(next(iter(getattr(f, modality).values()))) for f in features], np.int32)

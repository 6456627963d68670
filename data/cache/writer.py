"""Writes a features file batch by batch, so that an interruption costs at most one batch.

Each finished batch is one part file in `<out>.parts/`; the last step assembles them. HDF5 promises
nothing about a file whose writer was killed, so no HDF5 file stays open across batches.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from mdat_data.cache.assembly import write_features_file
from mdat_data.cache.identity import digest_of, identity, refuse_differences
from mdat_data.cache.parts import Parts
from mdat_data.cache.reader import Cache
from mdat_data.cache.schema import MODALITIES, TOKENS, Features, Provenance, Recording
from mdat_data.errors import InputError
from mdat_data.process.output import whole_file


class CacheWriter:
    """Writes one features file.

    Only one process may do so at a time: hold `exclusive(out)` around it.

    Example:
        ```python
        with exclusive(out):
            writer = CacheWriter(
                out, root=root, recordings=recordings, provenance=provenance, plan=plan
            )
            if not writer.finished:
                for batch in writer.pending():
                    writer.write(batch, encode(plan[batch]))
                writer.assemble()
        ```

    Args:
        out: The file to write.
        root: Root of the corpus, to which the paths of the recordings are made relative.
        recordings: The utterances in the order of the file.
        provenance: How the features come to be.
        plan: For each batch the indices of its recordings.

    Attributes:
        finished: The file is there already, made with the same settings.

    Raises:
        InputError: `out`, or what lies in `<out>.parts/`, was made with other settings.
    """

    def __init__(
        self,
        out: Path,
        *,
        root: Path,
        recordings: Sequence[Recording],
        provenance: Provenance,
        plan: Sequence[Sequence[int]],
    ) -> None:
        self.out = out
        self.root = root
        self.recordings = recordings
        self.provenance = provenance
        self.plan = plan
        self.finished = out.exists()
        settings = identity(provenance, recordings)
        # A batch depends on more than the finished file does: on who computed it and with whom.
        of_parts = settings | {
            **{f"version of {name}": version for name, version in provenance.versions.items()},
            "batches": digest_of([[recordings[i].utterance.id for i in batch] for batch in plan]),
            "tokens": "kept",  # not so in parts of earlier releases
        }
        self._parts = Parts(out, of_parts)
        if self.finished:
            with Cache(out) as cache:
                existing = identity(cache.provenance, cache.recordings)
            refuse_differences(out, existing, settings)
            self._parts.remove_leftovers(settings)

    def pending(self) -> list[int]:
        """Open the folder of parts and tell which batches are still to be written.

        Returns:
            Their numbers in the plan, ascending. A part file that was cut short counts as missing.

        Raises:
            InputError: Parts made with other settings lie there.
        """
        self._parts.open()
        return [batch for batch in range(len(self.plan)) if not self._parts.intact(batch)]

    def write(self, batch: int, features: Sequence[Features]) -> None:
        """Write the features of one batch to the disk, as a whole or not at all.

        Args:
            batch: Number in the plan.
            features: Of its utterances, in the order of the plan.

        Raises:
            InputError: A value is not finite in the stored type; the utterance is named.
        """
        stored = [self._stored(i, f) for i, f in zip(self.plan[batch], features, strict=True)]
        arrays = {
            f"{modality}/{layer}": np.concatenate([getattr(f, modality)[layer] for f in stored])
            for modality in MODALITIES
            for layer in getattr(self.provenance, modality).layers
        }
        arrays |= {f"{modality}_length": _lengths(stored, modality) for modality in MODALITIES}
        arrays[TOKENS] = np.array([token for f in stored for token in f.tokens])
        self._parts.write(batch, arrays)

    def assemble(self) -> None:
        """Join the parts into the features file, which appears as a whole, and remove them."""
        with whole_file(self.out) as file:
            write_features_file(
                file.raw,
                provenance=self.provenance,
                recordings=[self._inside(recording) for recording in self.recordings],
                lengths=self._lengths(),
                features=self._features(),
            )
        self._parts.remove()

    def _stored(self, index: int, features: Features) -> Features:
        """The features in the stored type, checked."""
        stored = {
            modality: {
                layer: self._cast(index, f"{modality}/{layer}", rows)
                for layer, rows in getattr(features, modality).items()
            }
            for modality in MODALITIES
        }
        return Features(**stored, tokens=features.tokens)

    def _cast(self, index: int, dataset: str, rows: np.ndarray) -> np.ndarray:
        with np.errstate(over="ignore"):  # reported below, with the utterance's name
            stored = rows.astype(self.provenance.store)
        if not np.isfinite(stored).all():
            raise InputError(
                f"the features {dataset} of utterance {self.recordings[index].utterance.id} must "
                f"be finite numbers that {self.provenance.store} can hold, but the largest "
                f"magnitude is {np.abs(rows).max()}. Use --store float32 if float16 is too "
                "narrow, and --precision float32 if the computation overflowed."
            )
        return stored

    def _lengths(self) -> dict[str, np.ndarray]:
        """Modality -> steps of every utterance."""
        lengths = {m: np.zeros(len(self.recordings), np.int32) for m in MODALITIES}
        for batch, indices in enumerate(self.plan):
            with self._parts.read(batch) as part:
                for modality in MODALITIES:
                    lengths[modality][list(indices)] = part[f"{modality}_length"]
        return lengths

    def _features(self) -> Iterator[tuple[int, Features]]:
        """The index and the features of every utterance, batch after batch."""
        for batch, indices in enumerate(self.plan):
            with self._parts.read(batch) as part:
                yield from zip(indices, _split(part, self.provenance), strict=True)

    def _inside(self, recording: Recording) -> Recording:
        """With the path below the root of the corpus; as it is where it lies elsewhere."""
        audio = recording.utterance.audio
        if not audio.is_relative_to(self.root):
            return recording
        utterance = replace(recording.utterance, audio=audio.relative_to(self.root))
        return replace(recording, utterance=utterance)


def _split(part: Mapping[str, np.ndarray], provenance: Provenance) -> Iterator[Features]:
    """The features of each utterance of a part file."""
    per_modality: list[Any] = []
    for modality in MODALITIES:
        ends = np.cumsum(part[f"{modality}_length"])[:-1]
        layers = getattr(provenance, modality).layers
        rows = zip(*(np.split(part[f"{modality}/{layer}"], ends) for layer in layers), strict=True)
        per_modality.append([dict(zip(layers, of_one, strict=True)) for of_one in rows])
    per_modality.append(np.split(part[TOKENS], np.cumsum(part["text_length"])[:-1]))
    for speech, text, tokens in zip(*per_modality, strict=True):
        yield Features(speech=speech, text=text, tokens=tuple(tokens.tolist()))


def _lengths(features: Sequence[Features], modality: str) -> np.ndarray:
    return np.array([len(next(iter(getattr(f, modality).values()))) for f in features], np.int32)

"""Writes a features file batch by batch, so that an interruption costs at most one batch.

Each finished batch is one part file in `<out>.parts/`; the last step assembles them. HDF5 promises
nothing about a file whose writer was killed, so no HDF5 file stays open across batches.
"""

import json
import os
import shutil
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from pathlib import Path
from typing import Any, BinaryIO

import h5py
import numpy as np

from mdat_data.cache.identity import digest_of, identity, refuse_differences
from mdat_data.cache.reader import Cache
from mdat_data.cache.schema import (
    FORMAT,
    MODALITIES,
    VERSION,
    Features,
    Provenance,
    Recording,
    utterance_digest,
)
from mdat_data.errors import InputError

# Rows of a chunk. A chunk holds steps of one utterance only, so small chunks waste little on
# short texts: with 16 rows a file is 1.16 times its payload at URDU's lengths, with 64 rows 1.5.
CHUNK_STEPS = 16


class CacheWriter:
    """Writes one features file.

    Example:
        ```python
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
        if self.finished:
            with Cache(out) as cache:
                existing = identity(cache.provenance, cache.recordings)
            refuse_differences(out, existing, settings)
        # A batch depends on more than the finished file does: on who computed it and with whom.
        self._settings = settings | {
            **{f"version of {name}": version for name, version in provenance.versions.items()},
            "batches": digest_of([[recordings[i].utterance.id for i in batch] for batch in plan]),
            "tokens": "kept",  # not so in parts of earlier releases
        }
        self._parts = out.with_name(f"{out.name}.parts") / digest_of(self._settings)

    def pending(self) -> list[int]:
        """Open the folder of parts and tell which batches are still to be written.

        Returns:
            Their numbers in the plan, ascending. A part file that was cut short counts as missing.

        Raises:
            InputError: Parts made with other settings lie there.
        """
        for other in {part.parent for part in self._parts.parent.glob("*/*.npz")}:
            theirs = json.loads((other / "settings.json").read_text())
            refuse_differences(self._parts.parent, theirs, self._settings)
        self._parts.mkdir(parents=True, exist_ok=True)
        with _published(self._parts / "settings.json") as file:
            file.write(json.dumps(self._settings, indent=1).encode())
        return [batch for batch in range(len(self.plan)) if not _intact(self._part(batch))]

    def write(self, batch: int, features: Sequence[Features]) -> None:
        """Write the features of one batch to the disk, as a whole or not at all.

        Args:
            batch: Number in the plan.
            features: Of its utterances, in the order of the plan.

        Raises:
            InputError: A value is not finite in the stored type; the utterance is named.
        """
        stored = [self._stored(i, f) for i, f in zip(self.plan[batch], features, strict=True)]
        arrays: dict[str, Any] = {
            f"{modality}/{layer}": np.concatenate([getattr(f, modality)[layer] for f in stored])
            for modality in MODALITIES
            for layer in getattr(self.provenance, modality).layers
        }
        arrays |= {f"{modality}_length": _lengths(stored, modality) for modality in MODALITIES}
        arrays["text_token"] = np.array([token for f in stored for token in f.tokens])
        with _published(self._part(batch)) as file:
            np.savez(file, **arrays)

    def assemble(self) -> None:
        """Join the parts into the features file, which appears as a whole, and remove them."""
        temporary = self.out.with_name(f"{self.out.name}.tmp")
        # Attributes of more than 64 KiB, such as a long list of names, need the format of HDF5 1.8.
        with h5py.File(temporary, "w", libver=("v108", "latest")) as file:
            self._write_attributes(file)
            lengths = self._write_lengths(file)
            self._create_features(file, {m: int(lengths[m].max()) for m in MODALITIES})
            digests = self._write_features(file)
            self._write_columns(file, digests)
        with temporary.open("rb") as file:
            os.fsync(file.fileno())
        temporary.replace(self.out)
        shutil.rmtree(self._parts.parent)

    def _part(self, batch: int) -> Path:
        return self._parts / f"{batch:06d}.npz"

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

    def _batches(self) -> Iterator[tuple[Sequence[int], Mapping[str, np.ndarray]]]:
        """For each batch the indices of its recordings and the arrays of its part file."""
        for batch, indices in enumerate(self.plan):
            with np.load(self._part(batch)) as part:
                yield indices, part

    def _write_attributes(self, file: h5py.File) -> None:
        file.attrs["format"] = FORMAT
        file.attrs["version"] = VERSION
        for name, value in asdict(self.provenance).items():
            file.attrs[name] = value if isinstance(value, str) else json.dumps(value)

    def _write_lengths(self, file: h5py.File) -> dict[str, np.ndarray]:
        lengths = {m: np.zeros(len(self.recordings), np.int32) for m in MODALITIES}
        for indices, part in self._batches():
            for modality in MODALITIES:
                lengths[modality][list(indices)] = part[f"{modality}_length"]
        for modality in MODALITIES:
            file[f"{modality}_length"] = lengths[modality]
        return lengths

    def _create_features(self, file: h5py.File, steps: Mapping[str, int]) -> None:
        for modality in MODALITIES:
            made: Any = getattr(self.provenance, modality)
            for layer in made.layers:
                file.create_dataset(
                    f"{modality}/{layer}",
                    shape=(len(self.recordings), steps[modality], made.dim),
                    dtype=self.provenance.store,
                    chunks=(1, min(CHUNK_STEPS, steps[modality]), made.dim),
                )
        file.create_dataset(
            "text_token",
            shape=(len(self.recordings), steps["text"]),
            dtype=h5py.string_dtype(),
            chunks=(1, min(CHUNK_STEPS, steps["text"])),
        )

    def _write_features(self, file: h5py.File) -> list[str]:
        """Write the valid rows of every utterance, and return the digests."""
        digests = [""] * len(self.recordings)
        for indices, part in self._batches():
            for index, features in zip(indices, _split(part, self.provenance), strict=True):
                digests[index] = utterance_digest(self.recordings[index].utterance, features)
                for modality in MODALITIES:
                    for layer, rows in getattr(features, modality).items():
                        file[f"{modality}/{layer}"][index, : len(rows)] = rows
                file["text_token"][index, : len(features.tokens)] = features.tokens
        return digests

    def _write_columns(self, file: h5py.File, digests: list[str]) -> None:
        utterances = [recording.utterance for recording in self.recordings]
        columns = {
            name: [getattr(utterance, name) for utterance in utterances]
            for name in ("id", "speaker", "group", "emotion", "language", "transcript")
        }
        columns["audio"] = [self._relative(utterance.audio) for utterance in utterances]
        columns["audio_sha256"] = [recording.sha256 for recording in self.recordings]
        columns["digest"] = digests
        for name, values in columns.items():
            file.create_dataset(name, data=values, dtype=h5py.string_dtype())
        file["duration"] = np.array([r.duration for r in self.recordings], np.float32)

    def _relative(self, audio: Path) -> str:
        """Path of a recording below the root of the corpus; as it is where it lies elsewhere."""
        inside = audio.is_relative_to(self.root)
        return (audio.relative_to(self.root) if inside else audio).as_posix()


def _split(part: Mapping[str, np.ndarray], provenance: Provenance) -> Iterator[Features]:
    """The features of each utterance of a part file."""
    per_modality: list[Any] = []
    for modality in MODALITIES:
        ends = np.cumsum(part[f"{modality}_length"])[:-1]
        layers = getattr(provenance, modality).layers
        rows = zip(*(np.split(part[f"{modality}/{layer}"], ends) for layer in layers), strict=True)
        per_modality.append([dict(zip(layers, of_one, strict=True)) for of_one in rows])
    per_modality.append(np.split(part["text_token"], np.cumsum(part["text_length"])[:-1]))
    for speech, text, tokens in zip(*per_modality, strict=True):
        yield Features(speech=speech, text=text, tokens=tuple(tokens.tolist()))


def _lengths(features: Sequence[Features], modality: str) -> np.ndarray:
    return np.array([len(next(iter(getattr(f, modality).values()))) for f in features], np.int32)


def _intact(part: Path) -> bool:
    """Whether a part file is there and whole: the zip format keeps a checksum of every array."""
    try:
        with zipfile.ZipFile(part) as file:
            return file.testzip() is None
    except (FileNotFoundError, zipfile.BadZipFile):
        return False


@contextmanager
def _published(path: Path) -> Iterator[BinaryIO]:
    """A new file that appears under its name whole and flushed to the disk, or not at all."""
    temporary = path.with_suffix(".tmp")
    with temporary.open("wb") as file:
        yield file
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)

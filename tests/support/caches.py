"""Toy features files."""

import json
from collections.abc import Sequence
from pathlib import Path

import h5py
import numpy as np

from mdat_data import Utterance
from mdat_data.cache import Features, FeaturesWriter, Modality, Provenance, Recording
from mdat_data.cache.schema import crop_in_words
from mdat_data.cache.seal import SEAL, seal_of

PROVENANCE = Provenance(
    corpus="toy",
    language="de",
    created="2026-01-01T00:00:00+00:00",
    versions={"torch": "2.13.0"},
    speech=Modality(
        encoder="ear",
        revision="1",
        layers=("12", "last"),
        dim=8,
        precision="float32",
        crop=30.0,
        sampling_rate=16000,
        frames_per_second=50.0,
    ),
    text=Modality(
        encoder="eye", revision="1", layers=("last",), dim=4, precision="float32", crop=512
    ),
    left_out={"label xxx": 2},
    failures={"broken": "not audio"},
    cut=("4",),
)


def recordings() -> list[Recording]:
    """Five recordings of five speakers."""
    return [
        Recording(
            utterance=Utterance(
                id=str(i),
                audio=Path(f"/corpus/wav/{i}.wav"),
                transcript="größer" if i == 3 else "",
                emotion="angry",
                speaker=f"s{i}",
                group=f"s{i}",
                language="de",
            ),
            duration=i / 10,
            sha256=str(i),
            samples_sha256=f"samples {i}",
        )
        for i in range(5)
    ]


def features(index: int) -> Features:
    """Random features of 10 (index + 1) frames and index + 2 tokens."""
    rng = np.random.default_rng(index)
    speech = rng.normal(size=(2, 10 * (index + 1), 8)).astype("float32")
    text = rng.normal(size=(index + 2, 4)).astype("float32")
    tokens = tuple(f"tök{step}" for step in range(len(text)))
    return Features(speech={"12": speech[0], "last": speech[1]}, text={"last": text}, tokens=tokens)


def encoded(all: Features, provenance: Provenance) -> Features:
    """The features of the streams that a provenance has."""
    kept = {modality: getattr(all, modality) for modality in provenance.modalities}
    return Features(**kept, tokens=all.tokens if "text" in kept else ())


def write_cache(
    path: Path,
    *,
    recordings: Sequence[Recording] = tuple(recordings()),
    provenance: Provenance = PROVENANCE,
    plan: Sequence[Sequence[int]] = ((0, 1, 2, 3, 4),),
) -> Path:
    """Write the toy file at once."""
    writer = FeaturesWriter.open(
        path, root=Path("/corpus"), recordings=recordings, provenance=provenance, plan=plan
    )
    for batch in writer.pending():
        writer.write(batch, [encoded(features(i), provenance) for i in plan[batch]])
    writer.assemble()
    return path


def store_crop_in_words(path: Path) -> None:
    """Give a features file the provenance of the first releases, whose crop was "30 s"."""
    with h5py.File(path, "a") as file:
        for modality in ("speech", "text"):
            made = json.loads(file.attrs[modality])
            made["crop"] = crop_in_words(modality, made["crop"])
            file.attrs[modality] = json.dumps(made)
        file.attrs[SEAL] = seal_of(file)

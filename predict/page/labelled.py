"""Segments that a visitor labelled, as a corpus that `mdat-extract` takes."""

import csv
import io
import re
import shlex
from collections.abc import Iterator, Sequence
from pathlib import Path, PurePosixPath
from zipfile import ZipFile

import numpy as np
import soundfile

from mdat_data.errors import InputError
from mdat_extract.config import SAMPLING_RATE
from mdat_predict.page.reviewed import Reviewed
from mdat_predict.page.sound import cuts
from mdat_predict.page.uploads import Upload
from mdat_predict.prediction import Segment
from mdat_predict.saved.description import Description

COLUMNS = ("id", "audio", "speaker", "emotion", "transcript")
UNSAFE = re.compile(r"[^\w-]+")
LONGEST = 60
"""Characters of a speaker, and of what an id keeps of the name of its recording."""

README = """\
Segments that somebody labelled by ear.

manifest.csv has a line for each, and wav/ holds what the model heard: one channel at 16 kHz.
These commands make features like those of the model, and adapt it with all segments:

{extract}
{train}

SOURCE.h5 is the features file that the model learned from.
"""


def write_labelled(
    uploads: Sequence[Upload],
    recordings: Sequence[Reviewed],
    out: Path,
    *,
    of: Description,
    max_seconds: float,
) -> None:
    """Write labelled segments into an archive, with a manifest and instructions.

    Args:
        uploads: The recordings.
        recordings: What was labelled in each of them.
        out: The archive (.zip) to write.
        of: The model, whose encoders the instructions name.
        max_seconds: Duration of the longest recording.

    Raises:
        InputError: Nothing is labelled, a recording cannot be read, or it ends before a segment.
        HTTPException: A recording is too long.
    """
    if len(uploads) != len(recordings) or not any(any(each.labels) for each in recordings):
        raise InputError(
            f"expected labels in recordings that are sent with them, got {len(uploads)} recordings "
            f"and labels in {sum(any(each.labels) for each in recordings)}. Label a segment first."
        )
    rows = [COLUMNS]
    with ZipFile(out, "w") as archive:
        for number, (upload, given) in enumerate(zip(uploads, recordings, strict=True), 1):
            name = f"{_safe(PurePosixPath(upload.name).stem)}-{number}"
            chosen = _cuts(upload, given, max_seconds)
            for place, (segment, label, samples) in enumerate(chosen, 1):
                path = f"wav/{name}-{place:03}.wav"
                archive.writestr(path, _wav(samples))
                said = " ".join(segment.transcript.split())
                speaker = _safe(given.speaker) or name
                rows.append((f"{name}-{place:03}", path, speaker, label, said))
        archive.writestr("manifest.csv", _table(rows))
        archive.writestr("README.txt", _instructions(of))


def _cuts(
    upload: Upload, given: Reviewed, max_seconds: float
) -> Iterator[tuple[Segment, str, np.ndarray]]:
    """The labelled segments with their samples."""
    pairs = zip(given.prediction.segments, given.labels, strict=True)
    chosen = [(segment, label) for segment, label in pairs if label]
    if chosen:
        spans = [(segment.start, segment.end) for segment, _ in chosen]
        samples = cuts(upload.path, spans, max_seconds=max_seconds)
        for (segment, label), each in zip(chosen, samples, strict=True):
            yield segment, label, each


def _wav(samples: np.ndarray) -> bytes:
    """A file of floating-point numbers, so that features are those of the prediction."""
    file = io.BytesIO()
    soundfile.write(file, samples, SAMPLING_RATE, format="WAV", subtype="FLOAT")
    return file.getvalue()


def _table(rows: Sequence[Sequence[str]]) -> str:
    file = io.StringIO()
    csv.writer(file, lineterminator="\n").writerows(rows)
    return file.getvalue()


def _safe(name: str) -> str:
    """A word that is neither a path nor a formula."""
    return UNSAFE.sub("_", name.strip())[:LONGEST].strip("-_")


def _instructions(of: Description) -> str:
    extract = ["mdat-extract", "--corpus", "manifest.csv"]
    for name in ("speech", "text"):
        extract += _encoder(name, of)
    target = ["--target", "labelled.h5", "--shots", "all", "--out", "adapted"]
    train = ["mdat-train", "--source", "SOURCE.h5", *target, "--model", of.model]
    extract += ["--out", "labelled.h5"]
    return README.format(extract=shlex.join(extract), train=shlex.join(train))


def _encoder(name: str, of: Description) -> list[str]:
    """The options of mdat-extract that make a stream as the model's was made."""
    stream = of.streams.get(name)
    if stream is None:
        return [f"--{name}-encoder", "none"]
    named = stream.encoder
    if "/" in named and not stream.revision.startswith("sha256:"):
        named = f"{named}@{stream.revision}"
    found = [f"--{name}-encoder", named]
    if stream.layers != ("last",):
        found += [f"--{name}-layer", ",".join(stream.layers)]
    return found + (["--text-prefix", stream.prefix] if stream.prefix else [])

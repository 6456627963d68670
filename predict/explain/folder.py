"""A folder of pictures, one for each segment that is predicted."""

import re
from collections.abc import Iterable, Iterator
from pathlib import Path

from mdat_data import InputError
from mdat_predict.explain.explanation import explain_features
from mdat_predict.explain.masking import refuse_different_texts
from mdat_predict.explain.picture import picture, words_as_they_are
from mdat_predict.model import Model
from mdat_predict.stages import Found, Outcome

LONGEST_STEM = 40
"""Characters of a recording's name in that of a file: at most 160 of the 255 bytes of a name."""

UNSAFE = re.compile(r"[^\w-]+")
"""What the name of a file does not keep: separators, dots, spaces and control characters."""


def with_pictures(model: Model, outcomes: Iterable[Outcome], folder: Path) -> Iterator[Outcome]:
    """Draw each segment as soon as it is predicted. One picture is in memory at a time.

    Args:
        model: The model that predicts.
        outcomes: From `Model.outcomes`.
        folder: It is made where it is missing.

    Returns:
        The outcomes.

    Raises:
        InputError: The folder holds files, or the members of the model divide texts in different
            ways.
        OSError: The folder or a picture cannot be written.
    """
    refuse_different_texts(model)
    folder.mkdir(parents=True, exist_ok=True)
    if any(folder.iterdir()):
        raise InputError(
            f"expected --explain to name a new or an empty folder, got {folder}, which holds "
            "files: pictures of other predictions would stay among the new ones. Choose another."
        )
    return _drawn(model, outcomes, folder)


def _drawn(model: Model, outcomes: Iterable[Outcome], folder: Path) -> Iterator[Outcome]:
    number = 0
    for outcome in outcomes:
        if isinstance(outcome, Found):
            number += 1
            with words_as_they_are():
                _draw(model, outcome, folder / file_name(outcome, number))
        yield outcome


def file_name(found: Found, number: int) -> str:
    """Name the picture of a segment, for any system of files.

    Args:
        found: The segment.
        number: Of the segment, from 1: no two pictures have one name.

    Returns:
        The number, the name of the recording, and where the segment begins.
    """
    stem = UNSAFE.sub("_", Path(found.recording).stem)[:LONGEST_STEM]
    return f"{number:05}-{stem}-{found.segment.start:.2f}s.png"


def _draw(model: Model, found: Found, path: Path) -> None:
    explanation = explain_features(model, found.features, found.segment.transcript)
    figure = picture(explanation, found.waveform, found.segment, found.recording)
    figure.savefig(path, dpi=100)

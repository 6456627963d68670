"""The features of a features file, as a saved model reads them."""

from collections.abc import Sequence

import numpy as np

from mdat_data import InputError
from mdat_data.cache import FeaturesFile
from mdat_data.steps import averaged
from mdat_predict.saved.description import Description, Stream

ALIKE = ("encoder", "revision", "dim", "precision", "crop", "prefix")
"""What features must have in common with those that a model learned from."""


def refuse_others(file: FeaturesFile, description: Description) -> None:
    """Refuse a features file that was made in another way than that of a model.

    Args:
        file: The file.
        description: Of the model.

    Raises:
        InputError: An encoder, a layer or a limit is another one.
    """
    for name, of in description.streams.items():
        made = getattr(file.provenance, name)
        if made is None:
            raise InputError(
                f"{description.folder} reads {name}, but {file.path} was made with "
                f"--{name}-encoder none. Make the file again with {of.encoder}."
            )
        other = [field for field in ALIKE if getattr(made, field) != getattr(of, field)]
        missing = [layer for layer in of.layers if layer not in made.layers]
        if other or missing:
            expected = ", ".join(f"{field} {getattr(of, field)}" for field in other)
            got = ", ".join(f"{field} {getattr(made, field)}" for field in other)
            if missing:
                expected = ", ".join(filter(None, [expected, f"layer {', '.join(missing)}"]))
                got = ", ".join(filter(None, [got, f"layers {', '.join(made.layers)}"]))
            raise InputError(
                f"{file.path} must have {name} features like those of {description.folder}: "
                f"expected {expected}; got {got}. Make the file again with mdat-extract."
            )


def read(
    file: FeaturesFile, description: Description, rows: Sequence[int]
) -> dict[str, list[np.ndarray]]:
    """Read the features of some utterances.

    Args:
        file: The file.
        description: Of the model.
        rows: Of the utterances.

    Returns:
        Name of a stream -> features (T, D) of each utterance.
    """
    found = {}
    for name, of in description.streams.items():
        speech = name == "speech"
        steps, stride = (description.frames, description.frame_stride) if speech else (None, 1)
        found[name] = [averaged(_rows(file, name, of, row, steps), stride) for row in rows]
    return found


def _rows(file: FeaturesFile, name: str, of: Stream, row: int, steps: int | None) -> np.ndarray:
    layers = [file.read(name, layer, row, steps=steps) for layer in of.layers]
    return np.concatenate(layers, axis=-1)

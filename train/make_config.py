"""Makes a configuration from what a program has at hand."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, TypedDict, Unpack

from mdat_data import InputError
from mdat_data.process.paths import usable_path
from mdat_train.config import CHOICES, AnyPath, TrainConfig, Value
from mdat_train.config_checks import check_choices, several


class TrainOptions(TypedDict, total=False):
    """The fields of `TrainConfig` as a caller may give them; source and target are apart."""

    model: str
    modality: str
    preset: str
    disable: Sequence[str]
    model_options: Mapping[str, Value]
    classes: Sequence[str]
    merge: Mapping[str, str]
    at_most: int | None
    at_most_seed: int
    speech_layer: str | int | None
    text_layer: str | int | None
    frames: int
    frame_stride: int | None
    split: str
    folds: int
    shots: int | str | Sequence[int]
    l2: float | None
    adaptation: str | None
    adapt_share: float | None
    adapt_pull: float | None
    adapt_from: str | None
    adapt_pseudo_labels: bool | None
    seeds: int
    first_seed: int
    shot_draws: int
    epochs: int
    patience: int
    adapt_epochs: int
    batch_size: int
    learning_rate: float | None
    adapt_learning_rate: float | None
    normalize: str | None
    precision: str
    memory: float
    resampling_seed: int
    out: AnyPath | None


def make_config(
    source: AnyPath | Iterable[AnyPath],
    target: AnyPath | None = None,
    **options: Unpack[TrainOptions],
) -> TrainConfig:
    """Make a configuration from what a program has at hand.

    Args:
        source: A features file to train on, or several.
        target: Features file to test on and to adapt to; None tests within the source.
        **options: Fields of `TrainConfig`. Paths may be text, sequences may be lists, pairs may be
            a mapping, and a single value needs no list.

    Returns:
        The configuration.

    Raises:
        InputError: A value cannot be used; the valid ones are named.

    Example:
        >>> make_config("emodb.h5", shots=5, merge={"boredom": "sad"}).merge
        (('boredom', 'sad'),)
    """
    values: dict[str, Any] = dict(options)
    for name in ("disable", "classes", "shots"):
        if name in values:
            values[name] = several(values[name])
    for name in ("model_options", "merge"):
        if isinstance(values.get(name), Mapping):
            values[name] = values[name].items()
        if name in values:
            values[name] = tuple(map(tuple, values[name]))
    for name in ("speech_layer", "text_layer"):
        if values.get(name) is not None:
            values[name] = str(values[name])
    for name, path in (("target", target), ("out", values.get("out"))):
        values[name] = None if path is None else usable_path(path, name)
    sources = tuple(usable_path(path, "source") for path in several(source))
    if not sources:
        raise InputError("source must name a features file; got none. Make one with mdat-extract.")
    config = TrainConfig(source=sources, **values)
    check_choices(config, CHOICES)
    return config

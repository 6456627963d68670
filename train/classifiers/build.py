"""Builds the classifier that a configuration names."""

from collections.abc import Mapping
from dataclasses import fields, replace
from types import NoneType, UnionType
from typing import TYPE_CHECKING, Any, get_args, get_type_hints

from mdat_data import InputError
from mdat_train.classifiers import backend
from mdat_train.classifiers.classifier import Classifier
from mdat_train.classifiers.models import MODELS
from mdat_train.classifiers.sklearn_classifier import SklearnClassifier
from mdat_train.config import DISABLE, TrainConfig, Value

if TYPE_CHECKING:
    from mdat_train.classifiers.compiled_models import CompiledModels

OWNED = ("classes", "standardize", "speech_layers", "modality")
"""Fields of a model's configuration that other options decide."""


def build_classifier(
    config: TrainConfig,
    *,
    speech_dim: int,
    text_dim: int,
    models: "CompiledModels | None" = None,
    speech_layers: int = 1,
) -> Classifier:
    """Build the classifier of a run. Only a network starts Keras, which takes seconds.

    Args:
        config: A resolved configuration.
        speech_dim: Width D_s of the speech features.
        text_dim: Width D_t of the text features.
        models: Compiled models of earlier runs in this process; None compiles new ones.
        speech_layers: Number of encoder layers that lie side by side in the speech features.

    Returns:
        The classifier, untrained.

    Raises:
        InputError: A field of `config.model_options` is unknown, or its value cannot be used.
    """
    if not MODELS[config.model].has_epochs:
        return SklearnClassifier(
            config.model,
            standardize=config.standardize,
            modality=config.modality,
            l2=config.l2,
        )
    backend.start()
    from mdat_train.classifiers.compiled_models import CompiledModels
    from mdat_train.classifiers.keras_classifier import KerasClassifier

    model = replace(
        model_configuration(config),
        classes=len(config.classes),
        standardize=config.standardize,
        speech_layers=speech_layers,
        modality=config.modality,
    )
    return KerasClassifier(model, speech_dim, text_dim, config, models or CompiledModels())


def model_configuration(config: TrainConfig) -> Any:
    """The configuration of the network itself: a preset with fields replaced.

    Args:
        config: Gives the model, which has epochs, the preset, and the fields that are set.

    Returns:
        Such as a `MDATConfig`.

    Raises:
        InputError: A field is unknown, or its value cannot be used; the fields are listed.
    """
    base = MODELS[config.model].configuration_class()()
    if config.model == "mdat":
        from mdat_keras import PRESETS

        disabled: dict[str, Any] = {DISABLE[name]: False for name in config.disable}
        base = replace(PRESETS[config.preset], **disabled)
    typed = _typed(base, dict(config.model_options))
    try:
        return replace(base, **typed)
    except ValueError as error:  # the configuration checks its own values
        raise InputError(f"--set: {error}") from error


def _typed(base: Any, options: Mapping[str, Value]) -> dict[str, Value]:
    """Values of fields, converted to the type of each field."""
    types = get_type_hints(type(base))
    free = [field.name for field in fields(base) if field.name not in OWNED]
    typed = {}
    for name, value in options.items():
        if name not in free:
            listed = ", ".join(f"{field}={getattr(base, field)}" for field in free)
            raise InputError(
                f"--set must name a field of {type(base).__name__}; got {name!r}. The fields, with "
                f"their defaults, are: {listed}."
            )
        typed[name] = _converted(name, value, types[name])
    return typed


def _converted(name: str, value: Value, kind: Any) -> Value:
    """A value in the type of a field; text, as the command line gives it, is read."""
    kinds = get_args(kind) if isinstance(kind, UnionType) else (kind,)
    if value is None or (value == "none" and NoneType in kinds):
        if NoneType in kinds:
            return None
    elif bool in kinds:
        if (read := {"true": True, "false": False}.get(str(value).lower())) is not None:
            return read
    elif isinstance(value, str) and str not in kinds:
        for number in (k for k in (int, float) if k in kinds):
            try:
                return number(value)
            except ValueError:
                continue
    elif type(value) in kinds or (isinstance(value, int) and float in kinds):
        return value
    wanted = " or ".join("none" if k is NoneType else k.__name__ for k in kinds)
    raise InputError(f"--set {name} must be a value of type {wanted}; got {value!r}.")

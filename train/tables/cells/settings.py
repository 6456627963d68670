"""One sentence with the options of the runs of a table."""

from collections.abc import Sequence
from typing import Any

from mdat_train.classifiers.models import MODELS
from mdat_train.config import STRENGTHS
from mdat_train.runs.labels import model_label
from mdat_train.tables.plan.study import Outcomes

LAYERS = ("speech_layer", "text_layer")
OF_FEATURES = (*LAYERS, "frame_stride", "normalize", "merge")
OPTIONS = ("modality", "preset", "model_options", *OF_FEATURES, "l2")
OF_NETWORKS = ("epochs", "patience", "batch_size", "learning_rate", "precision")
OF_ADAPTATION = ("adaptation", *STRENGTHS)
OF_ADAPTED_NETWORKS = ("adapt_epochs", "adapt_learning_rate")


def settings(used: Outcomes) -> str:
    """Seeds, draws and options; an option that differs between models has its models."""
    predictions = [p for outcome in used.values() for p in outcome.run.predictions]
    draws = {p.draw for p in predictions} - {None}
    networks = {s: o for s, o in used.items() if MODELS[s.model].has_epochs}
    parts = [f"seeds {len({p.seed for p in predictions})}"]
    parts += [f"draws of the support set {len(draws)}"] if draws else []
    parts += [_option(name, used) for name in OPTIONS]
    parts += [_option(name, networks) for name in OF_NETWORKS]
    parts += [_option(name, used) for name in OF_ADAPTATION if draws]
    parts += [_option(name, networks) for name in OF_ADAPTED_NETWORKS if draws]
    return f"Options: {'; '.join(filter(None, parts))}."


def _option(name: str, used: Outcomes) -> str:
    """An option with its values, each with its models where they differ in it."""
    values: dict[str, dict[str, None]] = {}
    for study, outcome in used.items():
        if value := _text(getattr(outcome.run.config, name)):
            values.setdefault(value, {})[model_label(study.model)] = None
    if not values:
        return ""
    word = name.replace("_", " ")
    if len({tuple(models) for models in values.values()}) == 1:
        return f"{word} {', '.join(values)}"
    of_models = (f"{value} ({'; '.join(models)})" for value, models in values.items())
    return f"{word} {', '.join(of_models)}"


def _text(value: Any) -> str:
    """A value as on the command line; empty for None."""
    if value is None:
        return ""
    if isinstance(value, Sequence) and not isinstance(value, str):
        return ", ".join(v if isinstance(v, str) else "=".join(map(str, v)) for v in value)
    return f"{value:g}" if isinstance(value, float) else str(value)

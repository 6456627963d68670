"""Every model of the package as a classifier of toy features, small and quick."""

from dataclasses import fields
from typing import Any

import small_networks
from toy_features import SPEECH_DIM, TEXT_DIM
from toy_runs import config

from mdat_train.classifiers.build import OWNED, build_classifier
from mdat_train.classifiers.classifier import Classifier
from mdat_train.classifiers.compiled_models import CompiledModels
from mdat_train.classifiers.models import MODELS

LEARNING = {
    "hcam": (
        ("speech_units", 8),
        ("context_units", 8),
        ("head_dim", 4),
        ("layers", 1),
        ("dropout", 0.1),
    )
}
"""Sizes of networks that learn nothing with those of `small_networks`."""


def small_classifier(
    name: str, *, models: CompiledModels | None = None, **changed: Any
) -> Classifier:
    """A model by its name, of one stream, since both take twice as long to compile."""
    options = {
        "model": name,
        "model_options": LEARNING.get(name) or _small(name),
        "modality": "speech",
        "normalize": "train",
        "epochs": 1,
    }
    return build_classifier(
        config(**options | changed), speech_dim=SPEECH_DIM, text_dim=TEXT_DIM, models=models
    )


def _small(name: str) -> tuple[tuple[str, object], ...]:
    """The fields that make a network small; a network without such fields is built as it is."""
    of = small_networks.MODELS.get(name)
    if of is None or not MODELS[name].has_epochs:
        return ()
    changed = ((f.name, getattr(of, f.name), f.default) for f in fields(of) if f.name not in OWNED)
    return tuple((name, value) for name, value, default in changed if value != default)

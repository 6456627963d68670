"""Small configurations and quick models for runs on toy features."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from mdat_keras import MDATConfig
from mdat_train.classifiers.classifier import Epoch, Watch
from mdat_train.config import TrainConfig

TINY = MDATConfig(projection=8, encoder_heads=2, head_units=16, transformer=False)
"""MDAT without the part that takes longest to compile."""


def config(**changed: Any) -> TrainConfig:
    """The options of a quick run within `toy.h5`, some of them changed."""
    options: dict[str, Any] = {
        "source": (Path("toy.h5"),),
        "target": None,
        "model": "linear",
        "modality": "both",
        "preset": "base",
        "disable": (),
        "classes": ("angry", "happy", "neutral", "sad"),
        "merge": (),
        "at_most": None,
        "speech_layer": None,
        "frames": 100,
        "split": "group",
        "folds": 2,
        "shots": (0,),
        "seeds": 1,
        "first_seed": 0,
        "shot_draws": 1,
        "epochs": 2,
        "patience": 2,
        "adapt_epochs": 1,
        "batch_size": 16,
        "learning_rate": 1e-2,
        "adapt_learning_rate": 1e-3,
        "normalize": None,
        "memory": 1.0,
        "out": Path("run"),
    }
    return TrainConfig(**options | changed)


def unwatched(epoch: Epoch, epochs: int) -> None:
    """Look away."""


@contextmanager
def silent(name: str) -> Iterator[Watch]:
    """Show no progress."""
    yield unwatched

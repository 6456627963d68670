"""Small configurations and quick models for runs on toy features."""

from pathlib import Path
from typing import Any

from mdat_keras import MDATConfig
from mdat_train.classifiers.classifier import Epoch
from mdat_train.config import TrainConfig

TINY = MDATConfig(projection=8, encoder_heads=2, head_units=16, transformer=False)
"""MDAT without the part that takes longest to compile."""

QUICK: dict[str, Any] = {
    "source": (Path("toy.h5"),),
    "model": "linear",
    "frames": 100,
    "frame_stride": 1,
    "folds": 2,
    "seeds": 1,
    "shot_draws": 1,
    "epochs": 2,
    "patience": 2,
    "adaptation": "finetune",
    "adapt_epochs": 1,
    "learning_rate": 1e-2,
    "adapt_learning_rate": 1e-3,
    "memory": 1.0,
}
"""Options of a quick run within `toy.h5`."""


def config(**changed: Any) -> TrainConfig:
    """The configuration of a quick run, with some of its fields changed."""
    return TrainConfig(**QUICK | changed)


def ignore_epoch(epoch: Epoch, epochs: int) -> None:
    """An epoch callback that does nothing."""

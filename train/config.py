"""What a run is made from."""

from dataclasses import dataclass
from pathlib import Path

MODELS = ("mdat", "linear", "svm")
SPLITS = ("group", "random")
NORMALIZATIONS = ("train", "corpus", "none")
DISABLE = {"graph": "graph_attention", "co": "co_attention", "transformer": "transformer"}
"""The user's word for a module of MDAT -> its switch in the model's configuration."""


@dataclass(frozen=True, kw_only=True)
class TrainConfig:
    """Every option of mdat-train, under its name.

    Attributes:
        source: Features files to learn from.
        target: Features file to test on and adapt to; None tests within the source.
        model: One of `MODELS`.
        preset: Name of a preset of MDAT.
        disable: Modules of MDAT to switch off, keys of `DISABLE`.
        classes: Emotions; `("all",)` takes those that every file has.
        merge: Pairs (emotion, the emotion that it counts as).
        speech_layer: Stored layer of the speech encoder, or `mix` for a learned weighted sum of
            all stored ones; None takes the middle one, under the preset `paper` the last.
        frames: Speech beyond so many frames is cropped.
        split: How a corpus is divided within itself, one of `SPLITS`.
        folds: Parts of the division.
        shots: Labelled clips per class of the target to adapt with, several numbers at once.
        seeds: How many seeds, 0 to seeds - 1.
        shot_draws: How many draws of the clips for each seed.
        epochs: Passes over the source.
        patience: Training stops after so many epochs without a better validation UA.
        adapt_epochs: Passes over the clips of the target.
        batch_size: Utterances of a batch.
        learning_rate: The highest, after warm-up.
        adapt_learning_rate: Constant, for adaptation.
        normalize: One of `NORMALIZATIONS`; None takes the preset's (`paper` none, else train).
        out: Folder of the run.
    """

    source: tuple[Path, ...]
    target: Path | None
    model: str
    preset: str
    disable: tuple[str, ...]
    classes: tuple[str, ...]
    merge: tuple[tuple[str, str], ...]
    speech_layer: str | None
    frames: int
    split: str
    folds: int
    shots: tuple[int, ...]
    seeds: int
    shot_draws: int
    epochs: int
    patience: int
    adapt_epochs: int
    batch_size: int
    learning_rate: float
    adapt_learning_rate: float
    normalize: str | None
    out: Path

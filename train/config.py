"""What a run is made from."""

from dataclasses import dataclass
from pathlib import Path

MODELS = ("mdat", "bilstm", "safrlm", "hcam", "linear", "svm")
MODALITIES = ("both", "speech", "text")
TABLES = ("II", "IV", "V", "VI")
PROTOCOLS = ("paper", "strict")
SPLITS = ("group", "random", "80-20")
NORMALIZATIONS = ("train", "corpus", "none")
DISABLE = {"graph": "graph_attention", "co": "co_attention", "transformer": "transformer"}
"""The user's word for a module of MDAT -> its switch in the model's configuration."""


ABLATIONS: dict[int, tuple[str, ...]] = {
    1: (),
    2: ("transformer",),
    3: ("co", "transformer"),
    4: ("graph", "transformer"),
    5: ("graph", "co"),
    6: ("graph",),
    7: ("co",),
}
"""The models of the paper's Table VI -> the modules that they lack."""

LEARNING_RATES = {"mdat": 3e-4, "bilstm": 3e-3, "safrlm": 3e-4, "hcam": 3e-3}
"""Chosen for each network by the same folds inside training speakers (benchmarks/choices.py)."""


@dataclass(frozen=True, kw_only=True)
class TrainConfig:
    """Every option of mdat-train, under its name.

    Attributes:
        source: Features files to learn from.
        target: Features file to test on and adapt to; None tests within the source.
        model: One of `MODELS`.
        modality: What is learned from, one of `MODALITIES`.
        preset: Name of a preset of MDAT.
        disable: Modules of MDAT to switch off, keys of `DISABLE`.
        classes: Emotions; `("all",)` takes those that every file has.
        merge: Pairs (emotion, the emotion that it counts as).
        at_most: So many utterances of each emotion of a file are used, the others left out at
            random (always the same ones); None uses all.
        speech_layer: Stored layer of the speech encoder, or `mix` for a learned weighted sum of
            all stored ones; None takes the middle one, under the preset `paper` the last.
        frames: Speech beyond so many frames is cropped.
        split: How a corpus is divided, one of `SPLITS`: within itself into folds (`80-20` into one
            training and one test part), and in k-shot into the clips to learn from and the queries.
        folds: Parts of the division within a corpus.
        shots: Labelled clips per class of the target to adapt with, several numbers at once.
        seeds: How many seeds.
        first_seed: The others follow it.
        shot_draws: How many draws of the clips for each seed.
        epochs: Passes over the source.
        patience: Training stops after so many epochs without a better UA of groups held out of the
            training side; 0 trains all epochs, on all groups.
        adapt_epochs: Passes over the clips of the target.
        batch_size: Utterances of a batch.
        learning_rate: The highest, after warm-up; None takes the model's, of `LEARNING_RATES`.
        adapt_learning_rate: Constant, for adaptation; None takes the learning rate.
        normalize: One of `NORMALIZATIONS`; None takes the preset's (`paper` none, else train).
        memory: Features are held in memory up to so many GiB; more are read anew for every batch.
        out: Folder of the run.
    """

    source: tuple[Path, ...]
    target: Path | None
    model: str
    modality: str
    preset: str
    disable: tuple[str, ...]
    classes: tuple[str, ...]
    merge: tuple[tuple[str, str], ...]
    at_most: int | None
    speech_layer: str | None
    frames: int
    split: str
    folds: int
    shots: tuple[int, ...]
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
    memory: float
    out: Path

    @property
    def highest_learning_rate(self) -> float:
        """The learning rate asked for, or the network's own."""
        return self.learning_rate or LEARNING_RATES[self.model]

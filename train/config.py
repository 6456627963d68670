"""The configuration of a run: every option of mdat-train, with its default."""

from collections.abc import Collection
from dataclasses import dataclass
from os import PathLike
from pathlib import Path
from typing import Any

from mdat_train.adaptation import AUTO, DEFAULT, METHODS, STARTS, Adaptation, Strengths
from mdat_train.classifiers.models import MODELS
from mdat_train.config_checks import check_numbers, check_words

MODALITIES = ("both", "speech", "text")
PRESETS = ("base", "wide", "paper")
TABLES = ("II", "IV", "V", "VI")
TRANSFER = "transfer"
"""The table that is not of the paper."""

PROTOCOLS = ("paper", "strict")
SPLITS = ("group", "random", "80-20")
NORMALIZATIONS = ("none", "train", "corpus", "support", "speaker")
TRANSDUCTIVE = ("corpus", "speaker")
"""Those that read unlabelled utterances of the target."""

PRECISIONS = ("float32", "bfloat16")
DISABLE = {"graph": "graph_attention", "co": "co_attention", "transformer": "transformer"}
"""The user's word for a module of MDAT -> the field of `MDATConfig` that switches it."""

ABLATIONS: dict[int, tuple[str, ...]] = {
    1: (),
    2: ("transformer",),
    3: ("co", "transformer"),
    4: ("graph", "transformer"),
    5: ("graph", "co"),
    6: ("graph",),
    7: ("co",),
}
"""Number of a model in the paper's Table VI -> the modules that it lacks."""

FULL = 1
"""The model of `ABLATIONS` that the others are compared with."""

CHOICES: dict[str, Collection[str]] = {
    "model": MODELS,
    "modality": MODALITIES,
    "preset": PRESETS,
    "split": SPLITS,
    "adaptation": (*METHODS, AUTO),
    "adapt_from": STARTS,
    "normalize": NORMALIZATIONS,
    "precision": PRECISIONS,
    "disable": DISABLE,
}
"""Field -> its valid values; None is always valid."""

STRENGTHS = {
    "adapt_share": "share",
    "adapt_pull": "pull",
    "adapt_from": "start",
    "adapt_pseudo_labels": "pseudo_labels",
}
"""Field -> the field of `Strengths` that it is."""

ALL = "all"
"""For `shots`: every labelled utterance of the target."""

ADDED: dict[str, Any] = {"frame_stride": 1, "precision": "float32"}
ADDED |= dict.fromkeys(("l2", *STRENGTHS))
"""Field that earlier versions did not have -> what their runs did. A run of theirs is read with
this value, and found under the same key as a run of today that has it."""

AnyPath = str | PathLike[str]
Value = int | float | bool | str | None
"""The value of a field of a model's configuration."""


@dataclass(frozen=True, kw_only=True)
class TrainConfig:
    """Every option of mdat-train, under its name.

    Attributes:
        source: Features files to train on.
        target: Features file to test on and to adapt to; None tests within the source.
        model: Name of a model, one of `mdat_train.classifiers.models.MODELS`.
        modality: The streams that the model uses, one of `MODALITIES`.
        preset: Preset of MDAT, one of `PRESETS`.
        disable: Modules of MDAT that are switched off, keys of `DISABLE`.
        model_options: Fields of the model's configuration with their values (`--set`).
        classes: Emotions; `("all",)` takes those that every file has.
        merge: Pairs (emotion, the emotion that it counts as).
        at_most: Largest number of utterances of each emotion of a file; the others are left out
            at random. None uses all.
        at_most_seed: Seed of that choice.
        speech_layer: Stored layer of the speech encoder, or `mix` for a learned weighted sum of
            all stored layers. None takes the middle one; the preset `paper` takes the last.
        text_layer: Stored layer of the text encoder. None takes `last`, or the highest number
            where `last` is not stored.
        frames: Longer speech is cropped to this number of frames of the features file.
        frame_stride: Number of neighbouring frames that are averaged into one, after the cropping.
            None takes what leaves a network 12.5 steps a second, and 1 for `linear`, `svm` and
            the preset `paper`.
        split: How a corpus is divided, one of `SPLITS`: into folds within a corpus (`80-20`: into
            one training and one test set), and into support and query in k-shot.
        folds: Number of folds within a corpus.
        shots: Numbers of labelled utterances per class of the target to adapt with; or `("all",)`,
            to adapt with all of them for use.
        l2: Penalty on the weights of `linear`, or of the linear classifier of `mdat`, added to the
            mean loss. None takes 0.03 in a transfer where every corpus has a scale of its own,
            and else 1 / utterances.
        adaptation: Method of adaptation, the name of a module of `mdat_train.adaptation`; or
            `auto`, which chooses one by a game among the sources. None takes `joint`, and
            `finetune` under the preset `paper`, in ablations and in the paper's tables.
        adapt_share: Share of the support set in the loss of `joint`; None lets it grow with the
            number of its utterances N, N / (N + 160).
        adapt_pull: How strongly `prior` pulls the weights to those of the source. None takes the
            default of `Strengths`, here and below.
        adapt_from: The weights that `joint` starts from, `source` or `new`.
        adapt_pseudo_labels: `joint` learns from unlabelled utterances of the target too.
        seeds: Number of seeds.
        first_seed: The first seed; the others follow it.
        shot_draws: Number of draws of the support set for each seed.
        epochs: Epochs over the source.
        patience: Early stopping: epochs without improvement on validation groups that are held
            out of the training set. 0 disables it, and trains on all groups.
        adapt_epochs: Epochs over the support set.
        batch_size: Utterances of a batch.
        learning_rate: The highest, after warm-up; None takes the model's own.
        adapt_learning_rate: Of the adaptation, constant. None takes a tenth of `learning_rate`,
            and all of it with `finetune`, as the paper.
        normalize: Whose statistics standardise the features, one of `NORMALIZATIONS`. None takes
            `corpus` in a transfer, `train` within a corpus and where the target is adapted to by
            `finetune`, and `none` under the preset `paper`.
        precision: Of the multiplications of a network, one of `PRECISIONS`. With bfloat16 its
            weights and its probabilities remain float32.
        memory: Features of up to this size, in GiB, are held in memory; larger ones are read from
            the files for every batch.
        resampling_seed: Seed of the bootstrap and of the sign-flip test.
        out: Folder of the run; None where the run is not written.

    Raises:
        InputError: A number is out of its range, or a word is given twice.
    """

    source: tuple[Path, ...]
    target: Path | None = None
    model: str = "mdat"
    modality: str = "both"
    preset: str = "base"
    disable: tuple[str, ...] = ()
    model_options: tuple[tuple[str, Value], ...] = ()
    classes: tuple[str, ...] = ("angry", "happy", "neutral", "sad")
    merge: tuple[tuple[str, str], ...] = ()
    at_most: int | None = None
    at_most_seed: int = 0
    speech_layer: str | None = None
    text_layer: str | None = None
    frames: int = 1500
    frame_stride: int | None = None
    split: str = "group"
    folds: int = 5
    shots: tuple[int, ...] | tuple[str] = (0,)
    l2: float | None = None
    adaptation: str | None = None
    adapt_share: float | None = None
    adapt_pull: float | None = None
    adapt_from: str | None = None
    adapt_pseudo_labels: bool | None = None
    seeds: int = 3
    first_seed: int = 0
    shot_draws: int = 5
    epochs: int = 10
    patience: int = 0
    adapt_epochs: int = 10
    batch_size: int = 16
    learning_rate: float | None = None
    adapt_learning_rate: float | None = None
    normalize: str | None = None
    precision: str = "float32"
    memory: float = 8.0
    resampling_seed: int = 0
    out: Path | None = None

    def __post_init__(self) -> None:
        check_numbers(self)
        check_words(self)

    @property
    def all_seeds(self) -> range:
        """The seeds of the run."""
        return range(self.first_seed, self.first_seed + self.seeds)

    @property
    def adapts_to_all(self) -> bool:
        """Whether the model is adapted with every labelled utterance of the target."""
        return self.shots == (ALL,)

    @property
    def numbers_of_shots(self) -> tuple[int, ...]:
        """Numbers of labelled utterances per class, ascending from 0."""
        return tuple(sorted({0, *(k for k in self.shots if isinstance(k, int))}))

    @property
    def adapted_by(self) -> Adaptation:
        """The method of adaptation, with its strengths."""
        given = {name: getattr(self, field) for field, name in STRENGTHS.items()}
        given = {name: value for name, value in given.items() if value is not None}
        return Adaptation(name=self.adaptation or DEFAULT, strengths=Strengths(**given))

    @property
    def has_linear(self) -> bool:
        """Whether a linear classifier is fitted: `linear` itself, or one beside a network."""
        with_linear = MODELS[self.model].with_linear
        # Text from the command line is checked later, with the other fields of the network.
        weight = dict(self.model_options).get("linear", self.preset in with_linear)
        return self.model == "linear" or bool(with_linear and weight and str(weight).strip("0."))

    @property
    def standardize(self) -> bool:
        """Whether features are standardised."""
        return self.normalize != "none"

    @property
    def transductive(self) -> bool:
        """Whether unlabelled utterances of the target are used."""
        return self.normalize in TRANSDUCTIVE or self.adapted_by.strengths.pseudo_labels

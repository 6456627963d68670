"""Methods that adapt a trained model to another corpus: one module each. The folder is the list.

A module has a docstring, which describes the method, `READS`, the strengths that it reads, and
`adapt`, with the signature of `Adapt`.
What a method needs of a model is in `mdat_train.classifiers.classifier`: it trains from new weights
or from trained ones, with shares of the utterances and a pull to where it started.
"""

import pkgutil
from collections.abc import Mapping
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from mdat_train.classifiers.classifier import Classifier, EpochCallback, Fitted
    from mdat_train.inputs.selection import Selection

METHODS = tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))
"""The names of the methods."""

DEFAULT = "joint"
"""The method that adapts where none is named: the best of a fixed strength between EMO-DB and nEMO,
where what `AUTO` chose was no better."""

OF_PAPER = "finetune"
"""That of the paper, and of its tables."""

AUTO = "auto"
"""The word for a method that is chosen, with its strength, by a game among the sources."""

STARTS = ("source", "new")

HALF = 160
"""Number of utterances of a support set that has half of the loss. Between EMO-DB and nEMO, with 1,
5 and 15 utterances per class, no fixed share is as good for all three."""


@dataclass(frozen=True, kw_only=True)
class Strengths:
    """How strongly a method adapts.

    Attributes:
        share: Of the support set in the loss, however few utterances it has. None takes
            N / (N + `HALF`) for its N utterances.
        pull: Of the weights to those of the source.
        start: The weights that training starts from, one of `STARTS`.
        pseudo_labels: Learn from unlabelled utterances of the target too (transductive).
    """

    share: float | None = None
    pull: float = 1.0
    start: str = "source"
    pseudo_labels: bool = False


@dataclass(frozen=True, kw_only=True)
class Setting:
    """What a method adapts, and what it may learn from.

    Attributes:
        classifier: The model and the way it is trained.
        fitted: What it learned from the source.
        source: What it was trained on.
        support: The labelled utterances of the target.
        unlabelled: Other utterances of the target, whose labels must not be used; None where a
            method may not see them.
        seed: Of all that is random.
        callback: Called after every epoch.
    """

    classifier: "Classifier"
    fitted: "Fitted"
    source: "Selection"
    support: "Selection"
    unlabelled: "Selection | None" = None
    seed: int
    callback: "EpochCallback"


class Adapt(Protocol):
    """Adapts a trained model to a target."""

    def __call__(self, setting: Setting, strengths: Strengths) -> "Fitted":
        """Adapt a model.

        Args:
            setting: The model, and the utterances.
            strengths: How strongly to adapt.

        Returns:
            The adapted model.
        """


@dataclass(frozen=True, kw_only=True)
class Adaptation:
    """A method with its strengths: all that is chosen about how a model is adapted.

    Attributes:
        name: One of `METHODS`; or `AUTO`, before the choice.
        strengths: How strongly it adapts.
    """

    name: str
    strengths: Strengths = Strengths()

    @property
    def label(self) -> str:
        """The printed name, with the strengths that the method reads.

        Example:
            >>> Adaptation(name="joint", strengths=Strengths(share=0.35, start="new")).label
            'joint, share 0.35, start new'
        """
        values = {field: getattr(self.strengths, field) for field in reads(self.name)}
        told = (
            f"{field.replace('_', '-')} {value}".removesuffix(" True")
            for field, value in values.items()
            if isinstance(value, float) or value != getattr(Strengths(), field)
        )
        return ", ".join([self.name, *told])

    def adapt(self, setting: Setting) -> "Fitted":
        """Adapt a model; see `Adapt`."""
        return method(self.name)(setting, self.strengths)


@dataclass(frozen=True, kw_only=True)
class Choice:
    """What was chosen under `AUTO`, and why.

    Attributes:
        chosen: The label of an adaptation.
        scores: Label of what was tried -> its mean UA over the sources, between 0 and 1; none where
            the game could not be played.
        played_on: Which sources stood for the target; or why none could.
    """

    chosen: str
    scores: Mapping[str, float]
    played_on: str


def method(name: str) -> Adapt:
    """Import a method.

    Args:
        name: One of `METHODS`.

    Returns:
        Its function `adapt`.
    """
    return cast(Adapt, import_module(f"{__name__}.{name}").adapt)


def reads(name: str) -> tuple[str, ...]:
    """The fields of `Strengths` that a method reads; what is chosen leaves none open."""
    if name == AUTO:
        return ()
    return cast(tuple[str, ...], import_module(f"{__name__}.{name}").READS)

"""Methods that adapt a trained model to another corpus: one module each. The folder is the list.

A module has a docstring, which describes the method, `READS`, the strengths that it reads, and
`adapt`, with the signature of `Adapt`.
What a method needs of a model is in `mdat_train.classifiers.classifier`: it trains from new weights
or from trained ones, with shares of the utterances and a pull to where it started.
"""

import pkgutil
from dataclasses import dataclass
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from mdat_train.classifiers.classifier import Classifier, EpochCallback, Fitted
    from mdat_train.inputs.selection import Selection

METHODS = tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))
"""The names of the methods."""

STARTS = ("source", "new")


@dataclass(frozen=True, kw_only=True)
class Strengths:
    """How strongly a method adapts.

    Attributes:
        share: Of the support set in the loss, however few utterances it has.
        pull: Of the weights to those of the source.
        start: The weights that training starts from, one of `STARTS`.
        pseudo_labels: Learn from unlabelled utterances of the target too.
    """

    share: float = 0.2
    pull: float = 1.0
    start: str = "source"
    pseudo_labels: bool = False


class Adapt(Protocol):
    """Adapts a trained model to a target."""

    def __call__(
        self,
        classifier: "Classifier",
        fitted: "Fitted",
        *,
        support: "Selection",
        unlabelled: "Selection | None",
        source: "Selection",
        strengths: Strengths,
        seed: int,
        callback: "EpochCallback",
    ) -> "Fitted":
        """Adapt a model.

        Args:
            classifier: The model and the way it is trained.
            fitted: What it learned from the source.
            support: The labelled utterances of the target.
            unlabelled: Other utterances of the target, whose labels must not be used; None where a
                method may not see them.
            source: What the model was trained on.
            strengths: How strongly to adapt.
            seed: Of all that is random.
            callback: Called after every epoch.

        Returns:
            The adapted model.
        """


def method(name: str) -> Adapt:
    """Import a method.

    Args:
        name: One of `METHODS`.

    Returns:
        Its function `adapt`.
    """
    return cast(Adapt, import_module(f"{__name__}.{name}").adapt)


def reads(name: str) -> tuple[str, ...]:
    """The fields of `Strengths` that a method reads."""
    return cast(tuple[str, ...], import_module(f"{__name__}.{name}").READS)

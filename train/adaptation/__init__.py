"""Methods that adapt a trained model to another corpus: one module each. The folder is the list.

A module has a docstring, which describes the method, and `adapt`, with the signature of `Adapt`.
"""

import pkgutil
from importlib import import_module
from typing import TYPE_CHECKING, Protocol, cast

if TYPE_CHECKING:
    from mdat_train.classifiers.classifier import Classifier, EpochCallback, Fitted
    from mdat_train.inputs.selection import Selection

METHODS = tuple(sorted(module.name for module in pkgutil.iter_modules(__path__)))
"""The names of the methods."""


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

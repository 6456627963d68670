"""The printed names of models, conditions and tasks."""

from mdat_train.classifiers.models import MODELS
from mdat_train.runs.condition import SUPPORT, Condition


def model_label(model: str, trained_on: str = "") -> str:
    """The printed name of a model, and of what a control was trained on.

    Args:
        model: Name of a model.
        trained_on: As in `Condition`.

    Example:
        >>> model_label("mdat"), model_label("linear", "support")
        ('MDAT', 'linear, support only')
    """
    label = MODELS[model].label if model in MODELS else model
    return f"{label}, support only" if trained_on == SUPPORT else label


def condition_label(condition: Condition) -> str:
    """The printed name of a condition's model."""
    return model_label(condition.model, condition.trained_on)


def task_label(*corpora: str | None) -> str:
    """The printed name of a corpus, or of a source and a target.

    Args:
        corpora: Names of corpora; None is left out.

    Example:
        >>> task_label("iemocap", "emodb"), task_label("urdu", None)
        ('IEMOCAP→EMODB', 'URDU')
    """
    return "→".join(corpus.upper() for corpus in corpora if corpus)

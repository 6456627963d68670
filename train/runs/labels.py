"""The printed names of models, conditions and tasks."""

from mdat_train.classifiers.models import MODELS
from mdat_train.config import TRANSDUCTIVE, TrainConfig
from mdat_train.runs.condition import ADAPTED, QUERY, SUPPORT, TARGET, Condition


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


def scale_label(config: TrainConfig, condition: Condition) -> str:
    """What a reader of a score must know of the scale of the test utterances.

    Args:
        config: Of the run.
        condition: Of the score.

    Returns:
        A few words; empty where the model itself standardises.

    Example:
        >>> zero_shot = Condition(model="mdat", trained_on="source", tested_on="query", shots=0)
        >>> scale_label(TrainConfig(source=(), normalize="support"), zero_shot)
        'scale of the training set'
    """
    pseudo = config.adapted_by.strengths.pseudo_labels and condition.trained_on == ADAPTED
    told = [_scale(config, condition), "transductive: pseudo-labels" if pseudo else ""]
    return "; ".join(filter(None, told))


def _scale(config: TrainConfig, condition: Condition) -> str:
    if config.normalize == "support":
        return f"scale of the {'support' if condition.shots else 'training'} set"
    if config.normalize == "speaker" and condition.tested_on in (TARGET, QUERY):
        # Without labelled utterances nobody knows whether speakers may have one.
        known = "speakers, unless a warning says otherwise" if condition.shots else "the corpus"
        return f"transductive: scale of {known}"
    return "transductive" if config.normalize in TRANSDUCTIVE else ""

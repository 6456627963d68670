"""No adaptation: the model of the source as it is, the floor of every curve."""

from mdat_train.adaptation import Strengths
from mdat_train.classifiers.classifier import Classifier, EpochCallback, Fitted
from mdat_train.inputs.selection import Selection

READS: tuple[str, ...] = ()


def adapt(
    classifier: Classifier,
    fitted: Fitted,
    *,
    support: Selection,
    unlabelled: Selection | None,
    source: Selection,
    strengths: Strengths,
    seed: int,
    callback: EpochCallback,
) -> Fitted:
    """Leave the model as it is; see `mdat_train.adaptation.Adapt`."""
    return fitted

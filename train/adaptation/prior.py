"""Learning from the support set alone, while the weights are pulled to those of the source.

L2-SP (Li et al., 2018): the fewer the utterances, the more of the source is kept.
"""

from mdat_train.adaptation import Strengths
from mdat_train.classifiers.classifier import Classifier, EpochCallback, Fitted
from mdat_train.inputs.selection import Selection

READS: tuple[str, ...] = ("pull",)


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
    """Learn near the model of the source; see `mdat_train.adaptation.Adapt`."""
    return classifier.continue_from(
        fitted, support, pull=strengths.pull, seed=seed, callback=callback
    )

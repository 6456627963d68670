"""Learning from source and support together.

The support set has a share of the loss, however few its utterances are, so that neither is
forgotten. Training starts from the weights of the source, or from new ones.
"""

from mdat_train.adaptation import Strengths
from mdat_train.classifiers.classifier import Classifier, EpochCallback, Fitted
from mdat_train.inputs.balance import shared
from mdat_train.inputs.selection import Selection, joined

READS: tuple[str, ...] = ("share", "start")


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
    """Learn both together; see `mdat_train.adaptation.Adapt`."""
    both, weights = joined([source, support]), shared(source, support, share=strengths.share)
    if strengths.start == "new":
        return classifier.fit(both, None, weights=weights, seed=seed, callback=callback)
    return classifier.continue_from(fitted, both, weights=weights, seed=seed, callback=callback)

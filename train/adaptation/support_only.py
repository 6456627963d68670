"""Training from new weights on the support set alone: the control of k-shot as a method."""

from mdat_train.classifiers.classifier import Classifier, EpochCallback, Fitted
from mdat_train.inputs.selection import Selection


def adapt(
    classifier: Classifier,
    fitted: Fitted,
    *,
    support: Selection,
    unlabelled: Selection | None,
    source: Selection,
    seed: int,
    callback: EpochCallback,
) -> Fitted:
    """Ignore the source; see `mdat_train.adaptation.Adapt`."""
    return classifier.fit(support, None, seed=seed, callback=callback)

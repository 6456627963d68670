"""Fine-tuning, as in the paper: training of all weights continues with the support set alone.

Models without epochs (linear, svm) are fitted again to source and support together.
"""

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
    """Fine-tune; see `mdat_train.adaptation.Adapt`."""
    return classifier.fine_tune(fitted, support, source=source, seed=seed, callback=callback)

"""Fine-tuning, as in the paper: training of all weights continues with the support set alone.

A model that starts over (linear, svm) would forget the source, so that it is fitted to source and
support together: both have the same weight.
"""

from mdat_train.adaptation import Strengths
from mdat_train.classifiers.classifier import Classifier, EpochCallback, Fitted
from mdat_train.inputs.balance import shared
from mdat_train.inputs.selection import Selection, joined

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
    """Fine-tune; see `mdat_train.adaptation.Adapt`."""
    if classifier.starts_over:
        weights, both = shared(source, support, share=0.5), joined([source, support])
        return classifier.fit(both, None, weights=weights, seed=seed, callback=callback)
    return classifier.continue_from(fitted, support, seed=seed, callback=callback)

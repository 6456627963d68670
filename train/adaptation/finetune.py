"""Fine-tuning, as in the paper: training of all weights continues with the support set alone.

A model that starts over (linear, svm) would forget the source, so that it is fitted to source and
support together: both have the same weight.
"""

from mdat_train.adaptation import Setting, Strengths, joint
from mdat_train.classifiers.classifier import Fitted

READS: tuple[str, ...] = ()


def adapt(setting: Setting, strengths: Strengths) -> Fitted:
    """Fine-tune; see `mdat_train.adaptation.Adapt`."""
    if setting.classifier.starts_over:
        return joint.adapt(setting, Strengths(share=0.5, start="new"))
    return setting.classifier.continue_from(
        setting.fitted, setting.support, seed=setting.seed, callback=setting.callback
    )

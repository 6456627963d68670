"""Learning from the support set alone, while the weights are pulled to those of the source.

L2-SP (Li et al., 2018): the fewer the utterances, the more of the source is kept.
"""

from mdat_train.adaptation import Setting, Strengths
from mdat_train.classifiers.classifier import Fitted

READS: tuple[str, ...] = ("pull",)


def adapt(setting: Setting, strengths: Strengths) -> Fitted:
    """Learn near the model of the source; see `mdat_train.adaptation.Adapt`."""
    return setting.classifier.continue_from(
        setting.fitted,
        setting.support,
        pull=strengths.pull,
        seed=setting.seed,
        callback=setting.callback,
    )

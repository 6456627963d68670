"""No adaptation: the model of the source as it is, the floor of every curve."""

from dataclasses import replace

from mdat_train.adaptation import Setting, Strengths
from mdat_train.classifiers.classifier import Fitted

READS: tuple[str, ...] = ()


def adapt(setting: Setting, strengths: Strengths) -> Fitted:
    """Leave the model as it is; see `mdat_train.adaptation.Adapt`."""
    return replace(setting.fitted, history=())

"""One adaptation of a model, as every experiment does it."""

from collections.abc import Callable
from dataclasses import dataclass

from mdat_train.adaptation import AUTO, Adaptation, Setting
from mdat_train.classifiers.classifier import EpochCallback, Fitted
from mdat_train.experiments.game import choose
from mdat_train.experiments.recorder import Recorder
from mdat_train.inputs.scales import Scaled
from mdat_train.inputs.selection import Selection

Fit = Callable[[EpochCallback], Fitted]


@dataclass(frozen=True, kw_only=True)
class Transferred:
    """A model that was adapted.

    Attributes:
        fitted: The model.
        of_source: The model before it was adapted; the same without shots.
        target: All of the target, on the scale that the model expects.
        support: Ids of the labelled utterances of the target that it learned from.
        adaptation: How it was adapted.
    """

    fitted: Fitted
    of_source: Fitted
    target: Scaled
    adaptation: Adaptation
    support: tuple[str, ...] = ()


def adaptation_of(recorder: Recorder, source: Selection, shots: int, seed: int) -> Adaptation:
    """The method of the configuration; or the one that the game among the sources chooses, once.

    Args:
        recorder: Has the configuration, and records the choice.
        source: The utterances that were trained on.
        shots: Number of labelled utterances per class of the target.
        seed: Of the game.
    """
    if recorder.config.adaptation != AUTO:
        return recorder.config.adapted_by
    name = f"seed {seed}, {shots} shots"
    if name not in recorder.chosen:
        recorder.chosen[name] = choose(source, recorder.config, shots=shots, seed=seed)
    adaptation, _ = recorder.chosen[name]
    return adaptation


def adapting(
    recorder: Recorder,
    adaptation: Adaptation,
    *,
    fitted: Fitted,
    source: Selection,
    support: Selection,
    unlabelled: Selection | None = None,
    seed: int,
) -> Fit:
    """Prepare an adaptation.

    Args:
        recorder: Has the classifier.
        adaptation: The method with its strengths.
        fitted: What was learned from the source.
        source: The utterances of the source.
        support: The labelled utterances of the target.
        unlabelled: Other utterances of the target; None where a method may not see them.
        seed: Of all that is random.

    Returns:
        Does it, and calls back after every epoch.
    """

    def fit(callback: EpochCallback) -> Fitted:
        setting = Setting(
            classifier=recorder.classifier,
            fitted=fitted,
            source=source,
            support=support,
            unlabelled=unlabelled,
            seed=seed,
            callback=callback,
        )
        return adaptation.adapt(setting)

    return fit

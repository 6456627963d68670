"""What sets one method of adaptation apart from another, shown by the linear classifier."""

import numpy as np
import pytest
from small_classifiers import small_classifier
from toy_features import selection, utterances
from toy_runs import ignore_epoch

from mdat_train.adaptation import Strengths, method
from mdat_train.inputs.selection import Selection

SOURCE = selection(utterances(speakers=8, clips=4), separation=1.0)
SUPPORT = selection(utterances(speakers=1, clips=2), separation=-1.0, seed=1)
"""The opposite of the source."""

LINEAR = small_classifier("linear")
FITTED = LINEAR.fit(SOURCE, None, seed=0, callback=ignore_epoch)


def right(name: str, on: Selection, **strengths: float) -> float:
    """Mean probability of the true class after an adaptation."""
    after = method(name)(
        LINEAR,
        FITTED,
        support=SUPPORT,
        unlabelled=None,
        source=SOURCE,
        strengths=Strengths(**strengths),
        seed=0,
        callback=ignore_epoch,
    )
    return float(LINEAR.predict(after, on)[np.arange(len(on)), on.labels].mean())


def test_the_larger_the_share_the_more_the_support_counts():
    support = [right("joint", SUPPORT, share=share) for share in (0.01, 0.3, 0.9)]
    source = [right("joint", SOURCE, share=share) for share in (0.01, 0.3, 0.9)]
    assert support == sorted(support)
    assert source == sorted(source, reverse=True)
    assert support[2] - support[0] > 0.3


def test_fine_tuning_a_model_that_starts_over_gives_the_support_half_of_the_loss():
    assert right("finetune", SUPPORT) == right("joint", SUPPORT, share=0.5)


def test_the_stronger_the_pull_the_more_the_source_counts():
    source = [right("prior", SOURCE, pull=pull) for pull in (1e-3, 1, 1e3)]
    assert source == sorted(source)
    assert source[2] == pytest.approx(right("none", SOURCE), abs=0.01)
    assert right("prior", SUPPORT, pull=1e-3) > 0.9


def test_without_adaptation_the_support_has_no_effect():
    assert right("none", SUPPORT) < 0.1

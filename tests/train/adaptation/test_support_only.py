import numpy as np
from toy_features import selection, utterances
from toy_runs import ignore_epoch

from mdat_train.adaptation import METHODS, method
from mdat_train.classifiers.sklearn_classifier import SklearnClassifier


def test_the_source_has_no_effect():
    assert "support_only" in METHODS
    source, support = (
        selection(utterances(speakers=2, clips=3), seed=1),
        selection(utterances(speakers=2, clips=3), seed=2),
    )
    classifier = SklearnClassifier("linear", standardize=True)
    alone = classifier.fit(support, None, seed=0, callback=ignore_epoch)
    adapted = method("support_only")(
        classifier,
        classifier.fit(source, None, seed=0, callback=ignore_epoch),
        support=support,
        unlabelled=None,
        source=source,
        seed=0,
        callback=ignore_epoch,
    )
    query = selection(utterances(speakers=2, clips=3), seed=3)
    probabilities = [classifier.predict(fitted, query) for fitted in (alone, adapted)]
    np.testing.assert_array_equal(*probabilities)

import numpy as np
from toy_features import selection, utterances
from toy_runs import ignore_epoch

from mdat_train.adaptation import method
from mdat_train.classifiers.sklearn_classifier import SklearnClassifier

SUPPORT = selection(utterances(speakers=2, clips=3), seed=1)
QUERY = selection(utterances(speakers=2, clips=3), seed=2)


def adapted(*, source_seed: int) -> np.ndarray:
    """Probabilities of the query set, after an adaptation of a model of some source."""
    source = selection(utterances(speakers=2, clips=3), separation=-1.0, seed=source_seed)
    classifier = SklearnClassifier("linear", standardize=True)
    fitted = classifier.fit(source, None, seed=0, callback=ignore_epoch)
    after = method("support_only")(
        classifier,
        fitted,
        support=SUPPORT,
        unlabelled=None,
        source=source,
        seed=0,
        callback=ignore_epoch,
    )
    return classifier.predict(after, QUERY)


def test_the_source_has_no_effect_and_the_support_is_learned():
    np.testing.assert_array_equal(adapted(source_seed=3), adapted(source_seed=4))
    assert (adapted(source_seed=3).argmax(axis=1) == QUERY.labels).mean() > 0.9

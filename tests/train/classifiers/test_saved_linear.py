"""The linear classifier as a saved Keras model."""

from dataclasses import replace
from pathlib import Path

import keras
import numpy as np
import pytest
from toy_features import CLASSES, selection, utterances
from toy_runs import ignore_epoch

from mdat_data import InputError
from mdat_data.batches import batches
from mdat_train.classifiers.classifier import Fitted
from mdat_train.classifiers.sklearn_classifier import SklearnClassifier
from mdat_train.inputs.scaling import standardized, statistics_of
from mdat_train.inputs.selection import Selection


def fit(classifier: SklearnClassifier, train: Selection) -> Fitted:
    return classifier.fit(train, None, seed=0, callback=ignore_epoch)


def saved_and_loaded(
    folder: Path, train: Selection, test: Selection, *, normalize: str, modality: str = "both"
) -> tuple[np.ndarray, np.ndarray]:
    """Probabilities of scikit-learn, and of the saved Keras model on the features of the file."""
    classifier = SklearnClassifier("linear", standardize=normalize != "none", modality=modality)
    statistics = None
    seen = train, test
    if normalize == "corpus":
        seen, statistics = (standardized(train), standardized(test)), statistics_of(test)
    fitted = fit(classifier, seen[0])
    classifier.save(fitted, folder / "model.keras", statistics=statistics)
    model = keras.saving.load_model(folder / "model.keras")
    ((_, inputs),) = batches(test.streams, range(len(test)), size=len(test))
    return classifier.predict(fitted, seen[1]), keras.ops.convert_to_numpy(model(inputs))


def raw(seed: int, classes: tuple[str, ...] = CLASSES) -> Selection:
    """Features whose scale and place differ from stream to stream, as encoders make them."""
    of = selection(utterances(speakers=5, clips=3, classes=classes), classes=classes, seed=seed)
    return replace(
        of,
        speech=tuple(np.float16(rows * 5 + 3) for rows in of.speech),
        text=tuple(np.float16(rows * 0.2 - 1) for rows in of.text),
    )


@pytest.mark.parametrize("normalize", ["train", "corpus", "none"])
@pytest.mark.parametrize("classes", [CLASSES, ("angry", "sad")], ids=len)
def test_a_saved_linear_classifier_gives_the_same_probabilities(classes, normalize, tmp_path):
    found, of_keras = saved_and_loaded(
        tmp_path, raw(0, classes), raw(1, classes), normalize=normalize
    )
    np.testing.assert_allclose(of_keras, found, atol=1e-6)
    assert found.shape == (len(classes) * 15, len(classes))
    assert found.std() > 0.1


@pytest.mark.parametrize("normalize", ["train", "corpus", "none"])
@pytest.mark.parametrize("modality", ["speech", "text"])
def test_a_saved_linear_classifier_of_one_modality(modality, normalize, tmp_path):
    found, of_keras = saved_and_loaded(
        tmp_path, raw(0), raw(1), normalize=normalize, modality=modality
    )
    np.testing.assert_allclose(of_keras, found, atol=1e-6)


@pytest.mark.parametrize("lacking", [("angry",), ("sad",), ("neutral", "angry")], ids=len)
def test_a_saved_linear_classifier_lacks_the_classes_that_training_lacked(lacking, tmp_path):
    train = raw(0)
    train = train.of([u.id for u in train.utterances if u.emotion not in lacking])
    found, of_keras = saved_and_loaded(tmp_path, train, raw(1), normalize="train")
    np.testing.assert_allclose(of_keras, found, atol=1e-6)
    numbers = [CLASSES.index(emotion) for emotion in lacking]
    assert not found[:, numbers].any() and not of_keras[:, numbers].any()


def test_an_svm_cannot_be_saved(tmp_path):
    classifier = SklearnClassifier("svm", standardize=True)
    with pytest.raises(InputError, match="only a linear classifier or a network .*; got svm"):
        classifier.save(fit(classifier, selection()), tmp_path / "model.keras")
    assert not any(tmp_path.iterdir())

"""What every model does as a classifier."""

from dataclasses import dataclass, fields

import keras
import numpy as np
import pytest
import small_networks
from toy_features import SPEECH_DIM, TEXT_DIM, selection, utterances
from toy_runs import config, ignore_epoch

from mdat_data import InputError
from mdat_data.batches import batches
from mdat_train.classifiers.build import OWNED, build_classifier
from mdat_train.classifiers.classifier import Classifier, Epoch, Fitted
from mdat_train.classifiers.compiled_models import CompiledModels
from mdat_train.classifiers.models import MODELS, Model

TRAIN = selection(utterances(speakers=2, clips=2))
SUPPORT = selection(utterances(speakers=1, clips=1), separation=2.0, seed=1)
TEST = selection(utterances(speakers=2, clips=1), seed=2)


@dataclass
class Trained:
    """A model of the package, trained for one epoch."""

    model: Model
    classifier: Classifier
    fitted: Fitted
    seen: list[tuple[Epoch, int]]


def small(name: str) -> tuple[tuple[str, object], ...]:
    """The fields that make a network small; a network without such fields is built as it is."""
    of = small_networks.MODELS.get(name)
    if of is None or not MODELS[name].has_epochs:
        return ()
    changed = ((f.name, getattr(of, f.name), f.default) for f in fields(of) if f.name not in OWNED)
    return tuple((name, value) for name, value, default in changed if value != default)


@pytest.fixture(scope="module", params=MODELS)
def trained(request: pytest.FixtureRequest) -> Trained:
    options = config(
        model=request.param, normalize="train", epochs=1, model_options=small(request.param)
    )
    classifier = build_classifier(
        options, speech_dim=SPEECH_DIM, text_dim=TEXT_DIM, models=CompiledModels()
    )
    seen: list[tuple[Epoch, int]] = []
    fitted = classifier.fit(TRAIN, None, seed=0, callback=lambda *logs: seen.append(logs))
    return Trained(MODELS[request.param], classifier, fitted, seen)


def test_networks_alone_have_epochs_and_count_their_parameters(trained):
    assert bool(trained.fitted.history) == trained.model.has_epochs
    assert (trained.classifier.parameters is not None) == trained.model.has_epochs
    assert [epoch for epoch, _ in trained.seen] == list(trained.fitted.history)
    assert {epochs for _, epochs in trained.seen} <= {len(trained.seen)}


def test_predictions_are_probabilities(trained):
    probabilities = trained.classifier.predict(trained.fitted, TEST)
    assert probabilities.shape == (len(TEST), len(TEST.classes))
    assert probabilities.dtype == np.float32
    assert probabilities.min() >= 0
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)


def test_fine_tuning_changes_predictions_and_leaves_the_fitted_model_as_it_was(trained):
    classifier, fitted = trained.classifier, trained.fitted
    before = classifier.predict(fitted, TEST)
    adapted = classifier.fine_tune(fitted, SUPPORT, source=TRAIN, seed=0, callback=ignore_epoch)
    assert not np.array_equal(classifier.predict(adapted, TEST), before)
    np.testing.assert_array_equal(classifier.predict(fitted, TEST), before)


def test_a_saved_model_gives_the_same_probabilities(trained, tmp_path):
    path = tmp_path / "model.keras"
    if not trained.model.can_be_saved:
        with pytest.raises(InputError, match=trained.model.name):
            trained.classifier.save(trained.fitted, path)
        return
    trained.classifier.save(trained.fitted, path)
    ((_, inputs),) = batches(TEST.streams, range(len(TEST)), size=len(TEST))
    found = keras.ops.convert_to_numpy(keras.saving.load_model(path)(inputs))
    expected = trained.classifier.predict(trained.fitted, TEST)
    np.testing.assert_allclose(found, expected, atol=1e-5)

"""What every model does as a classifier, and how a model of several stages is trained."""

import math
from dataclasses import dataclass

import keras
import numpy as np
import pytest
from small_classifiers import small_classifier
from toy_features import selection, utterances
from toy_runs import ignore_epoch

from mdat_data import InputError
from mdat_data.batches import batches
from mdat_train.adaptation import METHODS, Setting, Strengths, method
from mdat_train.classifiers.classifier import Classifier, Epoch, Fitted
from mdat_train.classifiers.compiled_models import CompiledModels
from mdat_train.classifiers.keras_classifier import KerasClassifier
from mdat_train.classifiers.models import MODELS, Model
from mdat_train.inputs.selection import Selection

TRAIN = selection(seed=0)
SUPPORT = selection(utterances(speakers=1, clips=1), separation=2.0, seed=5)
TEST = selection(utterances(speakers=3, clips=3), seed=1)


@dataclass
class Trained:
    """A model of the package, trained for one epoch."""

    model: Model
    classifier: Classifier
    fitted: Fitted
    seen: list[tuple[Epoch, int]]


@pytest.fixture(scope="module", params=MODELS)
def trained(request: pytest.FixtureRequest, models: CompiledModels) -> Trained:
    classifier = small_classifier(request.param, models=models)
    seen: list[tuple[Epoch, int]] = []
    fitted = classifier.fit(TRAIN, None, seed=0, callback=lambda *logs: seen.append(logs))
    return Trained(MODELS[request.param], classifier, fitted, seen)


def test_networks_alone_have_epochs_and_count_their_parameters(trained):
    assert bool(trained.fitted.history) == trained.model.has_epochs
    assert (trained.classifier.parameters is not None) == trained.model.has_epochs
    assert trained.classifier.starts_over != trained.model.has_epochs
    assert [epoch for epoch, _ in trained.seen] == list(trained.fitted.history)
    assert {epochs for _, epochs in trained.seen} <= {len(trained.seen)}


def test_predictions_are_probabilities(trained):
    probabilities = trained.classifier.predict(trained.fitted, TEST)
    assert probabilities.shape == (len(TEST), len(TEST.classes))
    assert probabilities.dtype == np.float32
    assert probabilities.min() >= 0
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)


@pytest.mark.parametrize("name", METHODS)
def test_every_method_adapts_every_model_and_leaves_the_fitted_model_as_it_was(name, trained):
    classifier, fitted = trained.classifier, trained.fitted
    before = classifier.predict(fitted, TEST)
    setting = Setting(
        classifier=classifier,
        fitted=fitted,
        source=TRAIN,
        support=SUPPORT,
        unlabelled=None,
        seed=0,
        callback=ignore_epoch,
    )
    if (name, trained.model.name) == ("prior", "svm"):
        with pytest.raises(InputError, match="--adaptation prior .* svm has none"):
            method(name)(setting, Strengths())
        return
    adapted = method(name)(setting, Strengths())
    assert np.array_equal(classifier.predict(adapted, TEST), before) == (name == "none")
    np.testing.assert_array_equal(classifier.predict(fitted, TEST), before)


def test_a_saved_model_gives_the_same_probabilities(trained, tmp_path):
    path = tmp_path / "model.keras"
    if not trained.model.can_be_saved:
        with pytest.raises(InputError, match=trained.model.name):
            trained.classifier.save(trained.fitted, path)
        return
    trained.classifier.save(trained.fitted, path)
    ((_, inputs),) = batches(TEST.streams, range(len(TEST)), size=len(TEST))
    found = keras.saving.load_model(path).predict_on_batch(inputs)
    expected = trained.classifier.predict(trained.fitted, TEST)
    np.testing.assert_allclose(found, expected, atol=1e-5)


@pytest.fixture(scope="module")
def staged(models: CompiledModels) -> KerasClassifier:
    """Three stages of two epochs, and two epochs of fine-tuning."""
    options = {"epochs": 2, "adapt_epochs": 2, "learning_rate": 3e-2}
    return small_classifier("hcam", models=models, **options)


def fit(classifier: KerasClassifier, validation: Selection | None = None, seed: int = 0) -> Fitted:
    return classifier.fit(TRAIN, validation, seed=seed, callback=ignore_epoch)


@pytest.fixture(scope="module")
def fitted_in_stages(staged: KerasClassifier) -> tuple[Fitted, list[tuple[float, int]]]:
    """What was learned, and what the callback was called with."""
    seen: list[tuple[float, int]] = []
    fitted = staged.fit(TRAIN, None, seed=0, callback=lambda e, of: seen.append((e["epoch"], of)))
    return fitted, seen


def test_stages_are_trained_one_after_the_other(staged, fitted_in_stages):
    fitted, seen = fitted_in_stages
    assert seen == [(number, 6) for number in range(1, 7)]
    probabilities = staged.predict(fitted, TEST)
    assert (probabilities.argmax(axis=1) == TEST.labels).mean() > 0.7
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)


@pytest.fixture(scope="module")
def validated(staged: KerasClassifier, fitted_in_stages: object) -> Fitted:
    """A later training, of another seed and with a validation set."""
    return fit(staged, TEST, seed=1)


@pytest.mark.usefixtures("validated")
def test_stages_of_the_same_seed_give_the_same_numbers(staged, fitted_in_stages):
    first, _ = fitted_in_stages
    again = fit(staged)
    assert all(map(np.array_equal, first.state, again.state))
    assert first.history == again.history


def test_early_stopping_watches_every_stage(validated):
    history = validated.history
    assert all("validation_ua" in epoch for epoch in history)
    assert {math.ceil(epoch["epoch"] / 2) for epoch in history} == {1, 2, 3}


def test_fine_tuning_changes_every_weight_of_every_stage(staged, fitted_in_stages):
    fitted, _ = fitted_in_stages
    adapted = staged.continue_from(fitted, TEST, seed=0, callback=ignore_epoch)
    before, after = (trainable(staged, f) for f in (fitted, adapted))
    assert not any(np.array_equal(before[path], after[path]) for path in before)
    # The weight decay changes weights without a gradient too, but less. A softmax has no gradient
    # for what it adds to all its inputs: the bias of keys and of scores.
    still = [path for path in before if np.abs(after[path] - before[path]).max() < 1e-4]
    assert all(path.endswith(("key/bias", "score/bias")) for path in still)


def trainable(classifier: KerasClassifier, fitted: Fitted) -> dict[str, np.ndarray]:
    """The weights of the model that training changes."""
    classifier.predict(fitted, TEST)
    variables = classifier.model.trainable_variables
    return {v.path: keras.ops.convert_to_numpy(v) for v in variables}


def test_a_model_of_stages_is_saved_whole(staged, fitted_in_stages, tmp_path):
    fitted, _ = fitted_in_stages
    expected = staged.predict(fitted, TEST)
    staged.save(fitted, tmp_path / "model.keras")
    model = keras.saving.load_model(tmp_path / "model.keras")
    ((_, inputs),) = batches(TEST.streams, range(len(TEST)), size=len(TEST))
    np.testing.assert_allclose(model.predict_on_batch(inputs), expected, atol=1e-5)

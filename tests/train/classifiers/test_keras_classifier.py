"""A Keras model as a classifier: how it trains, stops early, is fine-tuned and saved."""

from dataclasses import replace
from pathlib import Path
from typing import Any
from zipfile import ZipFile

import keras
import numpy as np
import pytest
from toy_features import SPEECH_DIM, TEXT_DIM, selection, utterances
from toy_runs import TINY, config, ignore_epoch

from mdat_data.batches import batches
from mdat_keras import MDATConfig, Standardize
from mdat_train.classifiers import keras_classifier
from mdat_train.classifiers.classifier import Epoch, Fitted
from mdat_train.classifiers.compiled_models import CompiledModels
from mdat_train.classifiers.keras_classifier import RECIPE, KerasClassifier
from mdat_train.classifiers.sklearn_classifier import SklearnClassifier
from mdat_train.inputs.scaling import standardized, statistics_of
from mdat_train.inputs.selection import Origin, Selection

TRAIN = selection(seed=0)
TEST = selection(utterances(speakers=3, clips=3), seed=1)


def tiny(models: CompiledModels, **changed) -> KerasClassifier:
    options = config(model="mdat", **{"normalize": "train"} | changed)
    model = replace(TINY, standardize=options.normalize != "none")
    return KerasClassifier(model, SPEECH_DIM, TEXT_DIM, options, models)


@pytest.fixture(scope="module")
def quick(models: CompiledModels) -> KerasClassifier:
    """Two epochs of training, one of fine-tuning."""
    return tiny(models)


def fit(classifier: KerasClassifier, train: Selection = TRAIN, seed: int = 0, **others) -> Fitted:
    return classifier.fit(train, others.get("validation"), seed=seed, callback=ignore_epoch)


def go_on(
    classifier: KerasClassifier, fitted: Fitted, train: Selection, *, seed: int = 0, **how: Any
) -> Fitted:
    return classifier.continue_from(fitted, train, seed=seed, callback=ignore_epoch, **how)


def same(first: Fitted, second: Fitted) -> bool:
    equal = map(np.array_equal, first.state, second.state)
    return all(equal) and first.history == second.history


def statistics(fitted: Fitted, classifier: KerasClassifier) -> dict[str, np.ndarray]:
    """Those that the network standardises with; the linear classifier beside it has its own."""
    found = [layer for layer in classifier.model.layers if isinstance(layer, Standardize)]
    own = {id(variable) for layer in found for variable in layer.variables}
    values = zip(classifier.model.variables, fitted.state, strict=True)
    return {v.path: value for v, value in values if id(v) in own}


@pytest.fixture(scope="module")
def fitted(quick: KerasClassifier) -> Fitted:
    return fit(quick)


class Watched:
    """A configuration that records which of its fields are read."""

    def __init__(self) -> None:
        self.read: set[str] = set()

    def __getattr__(self, name: str) -> object:
        self.read.add(name)
        return getattr(config(model="mdat", normalize="train"), name)


def test_the_recipe_has_every_option_that_a_training_reads(models):
    watched = Watched()
    classifier = KerasClassifier(
        replace(TINY, standardize=True), SPEECH_DIM, TEXT_DIM, watched, models
    )
    fit(classifier, validation=TEST)
    assert {"epochs", "learning_rate", "precision"} <= watched.read == set(RECIPE)


def test_another_network_has_another_recipe(models):
    recipes = {tiny(models, **of).recipe for of in ({}, {"epochs": 9}, {"normalize": "none"})}
    assert len(recipes) == 3
    assert tiny(models, seeds=9, adapt_epochs=9, shots=(9,)).recipe in recipes


def test_same_seed_same_numbers(quick, fitted):
    fit(quick, seed=1)
    assert same(fit(quick), fitted)


def test_same_seed_same_numbers_in_a_new_classifier(models, fitted):
    assert same(fit(tiny(models)), fitted)


def test_earlier_trainings_have_no_effect():
    # They would, in the last digits, if what TensorFlow traces depended on their shapes. A smaller
    # model, or shorter utterances, would not show it.
    rng = np.random.default_rng(0)
    first, second = (
        replace(of, speech=tuple(np.repeat(rows, rng.integers(1, 4), axis=0) for rows in of.speech))
        for of in (selection(seed=0), selection(seed=1))
    )
    options = config(model="mdat", normalize="train", epochs=1, learning_rate=3e-3)
    states = []
    for before in ((), (first,)):
        model = MDATConfig(projection=16, head_units=16, modality="speech", graph_attention=False)
        classifier = KerasClassifier(model, SPEECH_DIM, TEXT_DIM, options, CompiledModels())
        for earlier in before:
            classifier.predict(fit(classifier, earlier, seed=5), TEST)
        states.append(fit(classifier, second))
    assert same(*states)


def test_another_seed_gives_other_numbers(quick, fitted):
    assert not same(fit(quick, seed=1), fitted)


def test_the_history_has_every_epoch(fitted):
    assert [epoch["epoch"] for epoch in fitted.history] == [1, 2]
    assert all(set(epoch) == {"epoch", "loss"} for epoch in fitted.history)
    assert fitted.history[1]["loss"] < fitted.history[0]["loss"]


def test_the_callback_is_called_after_every_epoch(quick):
    seen: list[tuple[Epoch, int]] = []
    trained = quick.fit(TRAIN, TEST, seed=0, callback=lambda *logs: seen.append(logs))
    assert seen == [(epoch, 2) for epoch in trained.history]
    assert all(0 <= epoch["validation_ua"] <= 1 for epoch, _ in seen)


def test_learns_classes_that_are_far_apart(models):
    classifier = tiny(models, epochs=6)
    probabilities = classifier.predict(fit(classifier), TEST)
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-5)
    assert (probabilities.argmax(axis=1) == TEST.labels).mean() > 0.9


def test_predictions_depend_on_no_other_utterance(quick, fitted):
    whole = quick.predict(fitted, TEST)
    alone = quick.predict(fitted, TEST.of(TEST.ids[7:8]))
    np.testing.assert_allclose(whole[7:8], alone, atol=1e-5)
    np.testing.assert_array_equal(whole, quick.predict(fitted, TEST))


def test_predictions_are_those_of_the_fitted_model_that_is_given(quick, fitted):
    before = quick.predict(fitted, TEST)
    other = fit(quick, seed=1)
    assert not np.allclose(before, quick.predict(other, TEST))
    np.testing.assert_array_equal(before, quick.predict(fitted, TEST))


def test_fine_tuning_changes_weights_but_not_statistics(quick, fitted):
    support = selection(utterances(speakers=1, clips=2), seed=5)
    shifted = replace(support, speech=tuple(rows + 10 for rows in support.speech))
    adapted = go_on(quick, fitted, shifted)
    kept, moved = (statistics(f, quick) for f in (fitted, adapted))
    assert len(kept) == 4
    assert all(np.array_equal(kept[name], moved[name]) for name in kept)
    trainable = [v.trainable for v in quick.model.variables]
    changed = [not np.array_equal(a, b) for a, b in zip(fitted.state, adapted.state, strict=True)]
    assert sum(changed) > 0.9 * sum(trainable)
    assert len(adapted.history) == 1


def test_fine_tuning_repeats_and_leaves_the_fitted_model_as_it_was(quick, fitted):
    before = [value.copy() for value in fitted.state]
    first, second = (go_on(quick, fitted, TEST, seed=3) for _ in range(2))
    assert same(first, second)
    assert all(map(np.array_equal, before, fitted.state))


def test_the_stronger_the_pull_the_nearer_to_where_it_started(quick, fitted):
    free, near, none = (go_on(quick, fitted, TEST, pull=pull) for pull in (0.0, 300.0, 1e9))
    trained = [row for row, v in enumerate(quick.model.variables) if v.trainable]
    far, close = (
        sum(np.abs(of.state[row] - fitted.state[row]).sum() for row in trained)
        for of in (free, near)
    )
    assert far > 1.5 * close > 0
    before, after = (quick.predict(of, TEST) for of in (fitted, none))
    np.testing.assert_allclose(after, before, atol=1e-6)


def test_utterances_are_drawn_as_often_as_their_weights_say(quick, fitted, monkeypatch):
    seen: list[np.ndarray] = []
    learn = keras_classifier.train_on_batch

    def train_on_batch(stage, inputs, labels, weights):
        seen.append(labels)
        assert (weights == 1).all()
        return learn(stage, inputs, labels, weights)

    monkeypatch.setattr(keras_classifier, "train_on_batch", train_on_batch)
    weights = np.where(TRAIN.labels == 2, 3.0, np.where(TRAIN.labels == 0, 1.0, 0.0))
    go_on(quick, fitted, TRAIN, weights=weights)
    counts = np.bincount(np.concatenate(seen), minlength=4)
    assert counts.sum() == 160
    assert counts[[1, 3]].tolist() == [0, 0]
    assert 90 < counts[2] < 150
    seen.clear()
    quick.fit(TRAIN, None, weights=weights, seed=0, callback=ignore_epoch)
    assert sum(map(len, seen)) == quick.config.epochs * len(TRAIN)


def test_a_file_that_lacks_a_class_says_nothing_about_it(quick, fitted):
    """Learning it does not make the class that it lacks less probable."""
    three = TEST.of([id for id in TEST.ids if "sad" not in id])
    found = []
    for lacking in ((), ("sad",)):
        of_file = replace(three, origins=(Origin(name="three", lacking=lacking),) * len(three))
        found.append(quick.predict(go_on(quick, fitted, of_file), TEST)[:, 3].mean())
    assert found[1] > found[0]


def test_statistics_are_those_of_the_training_set(quick, fitted):
    # Neither the validation set nor the test set can change them.
    far = replace(TEST, speech=tuple(rows + 1000 for rows in TEST.speech))
    validated = fit(quick, validation=far)
    quick.predict(validated, far)
    of_train = statistics_of(TRAIN)
    found = statistics(validated, quick)
    assert sorted(found) == sorted(statistics(fitted, quick))
    np.testing.assert_allclose(found["speech_standardize/mean"], of_train["speech"].mean)
    np.testing.assert_allclose(found["text_standardize/scale"], of_train["text"].scale)


@pytest.fixture
def validations(quick, monkeypatch) -> list[dict[str, np.ndarray]]:
    """The weights at each validation, whose UA is 0.3, 0.7, 0.7, 0.5, … in turn."""
    seen: list[list[np.ndarray]] = []
    uas, losses = iter((0.3, 0.7, 0.7, 0.5, 0.5, 0.5, 0.5)), iter((1.0, 0.8, 0.6) + (1.0,) * 4)

    def validate(predictor: keras.Model, validation: Selection) -> Epoch:
        seen.append([keras.ops.convert_to_numpy(v) for v in quick.model.variables])
        return {"validation_ua": next(uas), "validation_loss": next(losses)}

    monkeypatch.setattr(quick, "_validate", validate)
    monkeypatch.setattr(quick, "config", replace(quick.config, epochs=7))
    return seen


def test_early_stopping_keeps_the_best_epoch(quick, validations):
    stopped = fit(quick, validation=TEST)
    # The third has the UA of the second and a lower loss; two epochs later training stops.
    assert [epoch["epoch"] for epoch in stopped.history] == [1, 2, 3, 4, 5]
    assert all(map(np.array_equal, stopped.state, validations[2]))
    assert not all(map(np.array_equal, stopped.state, validations[4]))


def test_without_a_validation_set_all_epochs_are_trained(quick, validations):
    assert len(fit(quick).history) == 7
    assert not validations


def test_validation_metrics_by_hand(quick, fitted):
    quick.predict(fitted, TEST)
    epoch = quick._validate(quick.model, TEST)
    probabilities = quick.predict(fitted, TEST)
    recalls = [(probabilities[TEST.labels == c].argmax(axis=1) == c).mean() for c in range(4)]
    likelihoods = probabilities[np.arange(len(TEST)), TEST.labels]
    assert epoch["validation_ua"] == pytest.approx(np.mean(recalls))
    assert epoch["validation_loss"] == pytest.approx(-np.log(likelihoods).mean(), rel=1e-4)


def test_a_learning_rate_that_was_not_resolved_is_refused(models):
    with pytest.raises(ValueError, match="learning_rate must be resolved before training"):
        fit(tiny(models, learning_rate=None))


def raw_predictions(path: Path, of: Selection) -> np.ndarray:
    model = keras.saving.load_model(path)
    ((_, inputs),) = batches(of.streams, range(len(of)), size=len(of))
    return keras.ops.convert_to_numpy(model(inputs))


@pytest.mark.parametrize("normalize", ["train", "corpus", "none"])
def test_a_saved_model_takes_features_as_they_are_in_the_file(models, normalize, tmp_path):
    raw = replace(TEST, speech=tuple(rows * 5 + 3 for rows in TEST.speech))
    seen, of_corpus = (
        (standardized(raw), statistics_of(raw)) if normalize == "corpus" else (raw, None)
    )
    classifier = tiny(models, normalize=normalize, epochs=1)
    learned = fit(classifier, seen)
    classifier.save(learned, tmp_path / "model.keras", statistics=of_corpus)
    expected = classifier.predict(learned, seen)
    np.testing.assert_allclose(raw_predictions(tmp_path / "model.keras", raw), expected, atol=1e-4)
    # Saving does not change the classifier.
    np.testing.assert_array_equal(classifier.predict(learned, seen), expected)


def test_a_saved_model_names_nothing_of_training(quick, fitted, tmp_path):
    # So importing mdat_keras is enough to load it, as a test of the saved networks does.
    quick.save(fitted, tmp_path / "model.keras")
    with ZipFile(tmp_path / "model.keras") as archive:
        config = archive.read("config.json").decode()
    assert "mdat_keras" in config and "mdat_train" not in config


def test_the_linear_classifier_beside_the_network_is_that_of_the_model_linear(quick, fitted):
    linear = SklearnClassifier("linear", standardize=True)
    expected = linear.predict(linear.fit(TRAIN, None, seed=0, callback=ignore_epoch), TEST)
    np.testing.assert_allclose(of_linear(quick, fitted), expected, atol=1e-5)


def test_joint_learning_fits_the_linear_classifier_to_all_with_their_shares(quick, fitted):
    weights = np.where(TRAIN.labels == 2, 3.0, 1.0)
    linear = SklearnClassifier("linear", standardize=True)
    learned = linear.fit(TRAIN, None, weights=weights, seed=0, callback=ignore_epoch)
    found = of_linear(quick, go_on(quick, fitted, TRAIN, weights=weights))
    np.testing.assert_allclose(found, linear.predict(learned, TEST), atol=1e-5)


def test_fine_tuning_pulls_the_linear_classifier_to_where_it_was(quick, fitted):
    """As `linear` with the method prior: without a pull it would forget the source."""
    support = selection(utterances(speakers=1, clips=2), seed=5)
    linear = SklearnClassifier("linear", standardize=True)
    of_source = linear.fit(TRAIN, None, seed=0, callback=ignore_epoch)
    expected = linear.predict(go_on(linear, of_source, support, pull=1.0), TEST)
    found = of_linear(quick, go_on(quick, fitted, support))
    np.testing.assert_allclose(found, expected, atol=1e-4)


def of_linear(classifier: KerasClassifier, fitted: Fitted) -> np.ndarray:
    """The probabilities of the linear classifier alone, on the test set."""
    classifier.predict(fitted, TEST)  # sets the weights
    ((_, inputs),) = batches(TEST.streams, range(len(TEST)), size=len(TEST))
    return keras.ops.convert_to_numpy(classifier.model.get_layer("linear")(inputs))


def test_a_support_set_of_one_emotion_is_learned(quick, fitted):
    angry = TEST.of([id for id in TEST.ids if "angry" in id])
    before, after = (quick.predict(f, angry) for f in (fitted, go_on(quick, fitted, angry)))
    assert after[:, 0].mean() > before[:, 0].mean()

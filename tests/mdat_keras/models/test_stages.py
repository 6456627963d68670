"""Training of models in stages: compiled with losses by output name, one batch after the other."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache
from typing import Any

import keras
import numpy as np
import pytest
from small_networks import MODELS, SPEECH_DIM, TEXT_DIM

from mdat_keras import Stage, among_classes, build_model, single_stage, stages
from mdat_keras.models.model_config import ModelConfig

Inputs = dict[str, np.ndarray]
LABELS = np.array([0, 2, 0])
HCAM = MODELS["hcam"]
OF_HCAM = ("stage_1", "stage_2", "stage_3")
# They change all scores of a row alike: a softmax ignores them, and their gradient is 0.
WITHOUT_GRADIENT = ("key/bias", "score/bias")
every_model = pytest.mark.parametrize("config", MODELS.values(), ids=MODELS)
every_modality = pytest.mark.parametrize("modality", ["both", "speech", "text"])
# Only HCAM is also trained with one stream: no other model has stages of its own.
CASES = {**MODELS, **{f"hcam, {name}": replace(HCAM, modality=name) for name in ("speech", "text")}}
every_case = pytest.mark.parametrize("config", CASES.values(), ids=CASES)


@dataclass(frozen=True)
class Trained:
    """A stage, and what its training changed.

    Attributes:
        stage: The stage.
        losses: Of each training step: the weighted sum of the losses, then each alone.
        before: The weights of the model before training, by path.
        after: The weights of the model after training, by path.
        probabilities: Of the predictor after training.
        expected: Of the model after training, where the whole model is trained by then.
    """

    stage: Stage
    losses: list[list[float]]
    before: Inputs
    after: Inputs
    probabilities: np.ndarray
    expected: np.ndarray | None


def build(config: ModelConfig) -> keras.Model:
    keras.utils.set_random_seed(7)
    return build_model(config, SPEECH_DIM, TEXT_DIM)


def outputs(model: keras.Model, inputs: Inputs) -> Any:
    return keras.tree.map_structure(keras.ops.convert_to_numpy, model(inputs))


def weights(model: keras.Model) -> Inputs:
    """Copies of the trained weights by path; those of HCAM's parts are inside its stages."""
    parts = [layer for layer in model.layers if layer.name in OF_HCAM] or [model]
    return {
        f"{part.name}/{number}/{weight.path}": keras.ops.convert_to_numpy(weight).copy()
        for part in parts
        for number, weight in enumerate(part.trainable_weights)
    }


def train(stage: Stage, inputs: Inputs, *, steps: int = 2, eagerly: bool = True) -> Any:
    """Train some steps; returns the losses of each.

    Eager training keeps the tests quick: a step takes a hundredth of the time of a compilation.
    """
    stage.model.compile(
        # Not AdamW, whose weight decay changes weights without a gradient.
        keras.optimizers.SGD(0.1),
        loss=dict(stage.losses),
        loss_weights=dict(stage.weights),
        jit_compile=False,
        run_eagerly=eagerly,
    )
    labels = dict.fromkeys(stage.losses, LABELS)
    of_utterances = dict.fromkeys(stage.losses, np.array([1.0, 2.0, 0.5]))
    return [
        stage.model.train_on_batch(inputs, labels, sample_weight=of_utterances)
        for _ in range(steps)
    ]


def trained(stage: Stage, model: keras.Model, inputs: Inputs, of_model: Inputs) -> Trained:
    """Train a stage with its inputs; the model itself takes those of the first stage."""
    before, is_last = weights(model), stage.features is None
    return Trained(
        stage=stage,
        losses=train(stage, inputs, steps=2 if is_last else 1),
        before=before,
        after=weights(model),
        probabilities=outputs(stage.predictor, inputs),
        expected=outputs(model, of_model) if is_last else None,
    )


@dataclass(frozen=True)
class Training:
    """A model that was trained in its stages, then in a single stage."""

    model: keras.Model
    in_stages: tuple[Trained, ...]
    at_once: Trained


@pytest.fixture(scope="module")
def training(batch: Any) -> Callable[[ModelConfig], Training]:
    """A function from a configuration to its training, which takes place once."""

    @cache
    def run(config: ModelConfig) -> Training:
        model, first = build(config), batch()
        inputs, in_stages = first, []
        for stage in stages(config, model):
            in_stages.append(trained(stage, model, inputs, first))
            if stage.features is not None:
                inputs = inputs | outputs(stage.features, inputs)
        at_once = in_stages[0]
        if len(in_stages) > 1:
            at_once = trained(single_stage(config, model), model, first, first)
        return Training(model, tuple(in_stages), at_once)

    return run


@pytest.fixture(scope="module")
def passed_on(training: Any, batch: Any) -> Callable[[str], list[tuple[Stage, Inputs]]]:
    """A function from a modality to the stages of HCAM, and what each gets of a batch."""

    @cache
    def run(modality: str) -> list[tuple[Stage, Inputs]]:
        inputs, found = batch(speech_padding=3, text_padding=2), []
        for of_stage in training(replace(HCAM, modality=modality)).in_stages:
            found.append((of_stage.stage, inputs))
            if of_stage.stage.features is not None:
                inputs = inputs | outputs(of_stage.stage.features, inputs)
        return found

    return run


@every_case
def test_every_stage_trains(config: ModelConfig, training: Any) -> None:
    in_stages = training(config).in_stages
    for found in in_stages:
        assert np.isfinite(found.losses).all()
        np.testing.assert_allclose(found.probabilities.sum(axis=-1), 1, atol=1e-5)
    # The last stage was trained on the features of the others: now the whole model is trained.
    np.testing.assert_allclose(in_stages[-1].probabilities, in_stages[-1].expected, atol=1e-5)


def test_every_stage_trains_compiled(batch: Any) -> None:
    # With the text alone: the classifiers of training compile all of the speech.
    config, inputs = replace(HCAM, modality="text"), batch()
    for number, stage in enumerate(stages(config, build(config))):
        assert np.isfinite(train(stage, inputs, eagerly=False)).all()
        assert stage.predictor.predict_on_batch(inputs).shape == (3, 3)
        if number < 2:
            found, expected = stage.features.predict_on_batch(inputs), stage.features(inputs)
            np.testing.assert_allclose(found["text"], expected["text"], atol=1e-5)
            inputs = inputs | found
    assert number == 2


@every_case
def test_a_single_stage_trains_every_weight(config: ModelConfig, training: Any) -> None:
    found = training(config).at_once
    assert np.isfinite(found.losses).all()
    same = [path for path, old in found.before.items() if np.array_equal(old, found.after[path])]
    assert [path for path in same if not path.endswith(WITHOUT_GRADIENT)] == []
    np.testing.assert_array_equal(found.probabilities, found.expected)


@every_model
def test_a_trained_model_is_saved(config, training, tmp_path, batch) -> None:
    found = training(config)
    found.model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(outputs(loaded, batch()), found.at_once.expected)


def test_stages_of_hcam(training: Any) -> None:
    first, second, third = (found.stage for found in training(HCAM).in_stages)
    assert dict(first.weights) == dict(second.weights) == {"speech_emotion": 1, "text_emotion": 1}
    assert dict(third.weights) == {"emotion": 0.8, "views": 0.2}
    assert third.losses["views"].temperature == 0.1
    assert third.features is None


@pytest.mark.parametrize("number", [0, 1, 2])
def test_a_stage_changes_no_other_stage(number: int, training: Any) -> None:
    found = training(HCAM).in_stages[number]
    changed = {
        path.partition("/")[0]
        for path, old in found.before.items()
        if not np.array_equal(old, found.after[path])
    }
    assert changed == {OF_HCAM[number]}


@every_modality
@pytest.mark.parametrize("number", [0, 1])
def test_features_do_not_depend_on_the_batch(number: int, modality: str, passed_on: Any) -> None:
    stage, inputs = passed_on(modality)[number]
    together = outputs(stage.features, inputs)
    speech, text = inputs["speech_mask"][1], inputs["text_mask"][1]
    alone = outputs(
        stage.features,
        {
            "speech": inputs["speech"][1:2, speech],
            "speech_mask": speech[None, speech],
            "text": inputs["text"][1:2, text],
            "text_mask": text[None, text],
        },
    )
    np.testing.assert_allclose(alone["speech"][0], together["speech"][1, speech], atol=1e-5)
    np.testing.assert_allclose(alone["text"][0], together["text"][1, text], atol=1e-5)


@pytest.mark.parametrize(("used", "unused"), [("speech", "text"), ("text", "speech")])
def test_an_unused_stream_is_passed_on(used: str, unused: str, passed_on: Any) -> None:
    found = passed_on(used)
    _, first = found[0]
    for stage, inputs in found:
        assert len(stage.losses) == (1 if stage.features is not None else 2)
        np.testing.assert_array_equal(inputs[unused], first[unused])


@pytest.mark.parametrize("name", ["mdat", "hcam"])
def test_an_utterance_is_judged_among_its_classes(name, batch):
    config = MODELS[name]
    stage = single_stage(config, build(config))
    inputs, plain = batch(), stage.model(batch())["emotion"]
    assert set(among_classes(stage).model.output) == set(stage.model.output)
    classes = np.array([[1, 1, 1], [1, 0, 1], [0, 1, 1]], "float32")
    found = among_classes(stage).model(inputs | {"classes": classes})
    expected = keras.ops.convert_to_numpy(plain) * classes
    expected /= expected.sum(axis=1, keepdims=True)
    np.testing.assert_allclose(found["emotion"], expected, atol=1e-6)


def test_a_class_that_is_not_judged_has_no_gradient(batch):
    """All utterances of class 0 or 2: without masks the bias of class 1 falls."""
    falls = []
    for judged in (1, 0):
        model = build(MODELS["mdat"])
        stage = among_classes(single_stage(MODELS["mdat"], model))
        classes = np.ones((3, 3), "float32")
        classes[:, 1] = judged
        before = model.get_layer("emotion").get_weights()[1].copy()
        train(stage, batch() | {"classes": classes}, steps=1)
        falls.append(before[1] - model.get_layer("emotion").get_weights()[1][1])
    assert falls[0] > 1e-3
    assert falls[1] == pytest.approx(0, abs=1e-6)

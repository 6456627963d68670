"""Training of models in stages: compiled with losses by output name, one batch after the other."""

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import keras
import numpy as np
import pytest
from small_networks import MODELS, SPEECH_DIM, TEXT_DIM

from mdat_keras import Stage, build_model, single_stage, stages
from mdat_keras.models.model_config import ModelConfig

LABELS = np.array([0, 2, 0])
HCAM = MODELS["hcam"]
every_model = pytest.mark.parametrize("config", MODELS.values(), ids=MODELS)
every_modality = pytest.mark.parametrize("modality", ["both", "speech", "text"])
# Only HCAM is also trained with one stream: no other model has stages of its own.
CASES = {**MODELS, **{f"hcam, {name}": replace(HCAM, modality=name) for name in ("speech", "text")}}
every_case = pytest.mark.parametrize("config", CASES.values(), ids=CASES)


def build(config: ModelConfig) -> keras.Model:
    return build_model(config, SPEECH_DIM, TEXT_DIM)


def train(
    stage: Stage, inputs: dict[str, np.ndarray], *, steps: int = 2, eagerly: bool = True
) -> list[float]:
    """Train some steps; returns the losses of each: their weighted sum, then each alone.

    Eager training keeps the tests quick: a step takes a hundredth of the time of a compilation.
    """
    stage.model.compile(
        keras.optimizers.AdamW(0.01),
        loss=dict(stage.losses),
        loss_weights=dict(stage.weights),
        jit_compile=False,
        run_eagerly=eagerly,
    )
    labels = dict.fromkeys(stage.losses, LABELS)
    weights = dict.fromkeys(stage.losses, np.array([1.0, 2.0, 0.5]))
    return [stage.model.train_on_batch(inputs, labels, sample_weight=weights) for _ in range(steps)]


def outputs(model: keras.Model, inputs: dict[str, np.ndarray]) -> Any:
    return keras.tree.map_structure(keras.ops.convert_to_numpy, model(inputs))


def weights_of(*models: keras.Model) -> list[bytes]:
    return [keras.ops.convert_to_numpy(w).tobytes() for model in models for w in model.weights]


def stages_with_inputs(
    config: ModelConfig, model: keras.Model, inputs: dict[str, np.ndarray]
) -> Iterator[tuple[Stage, dict[str, np.ndarray]]]:
    """Each stage with its inputs, which the stage before computes."""
    for stage in stages(config, model):
        yield stage, inputs
        if stage.features is not None:
            inputs = inputs | outputs(stage.features, inputs)


@every_case
def test_every_stage_trains(config: ModelConfig, batch: Any) -> None:
    model = build(config)
    for stage, inputs in stages_with_inputs(config, model, batch()):
        assert np.isfinite(train(stage, inputs)).all()
        probabilities = outputs(stage.predictor, inputs)
        np.testing.assert_allclose(probabilities.sum(axis=-1), 1, atol=1e-5)
    # The last stage was trained on the features of the others: now the whole model is trained.
    np.testing.assert_allclose(probabilities, outputs(model, batch()), atol=1e-5)


def test_every_stage_trains_compiled(batch: Any) -> None:
    inputs = batch()
    for stage in stages(HCAM, build(HCAM)):
        assert np.isfinite(train(stage, inputs, eagerly=False)).all()
        assert stage.predictor.predict_on_batch(inputs).shape == (3, 3)
        if stage.features is not None:
            inputs = inputs | stage.features.predict_on_batch(inputs)


@every_case
def test_a_single_stage_trains_every_weight(config: ModelConfig, batch: Any) -> None:
    model = build(config)
    stage = single_stage(config, model)
    before = [keras.ops.convert_to_numpy(weight) for weight in model.trainable_weights]
    assert np.isfinite(train(stage, batch())).all()
    after = [keras.ops.convert_to_numpy(weight) for weight in model.trainable_weights]
    assert all((old != new).any() for old, new in zip(before, after, strict=True))
    np.testing.assert_array_equal(outputs(stage.predictor, batch()), outputs(model, batch()))


@every_model
def test_a_trained_model_is_saved(config: ModelConfig, tmp_path: Any, batch: Any) -> None:
    model = build(config)
    for stage, inputs in stages_with_inputs(config, model, batch()):
        train(stage, inputs, steps=1)
    train(single_stage(config, model), batch(), steps=1)
    model.save(tmp_path / "model.keras")
    loaded = keras.saving.load_model(tmp_path / "model.keras")
    np.testing.assert_array_equal(outputs(loaded, batch()), outputs(model, batch()))


def test_stages_of_hcam() -> None:
    first, second, third = stages(HCAM, build(HCAM))
    assert dict(first.weights) == dict(second.weights) == {"speech_emotion": 1, "text_emotion": 1}
    assert dict(third.weights) == {"emotion": 0.8, "views": 0.2}
    assert third.losses["views"].temperature == 0.1
    assert third.features is None


@pytest.mark.parametrize("trained", [0, 1, 2])
def test_a_stage_changes_no_other_stage(trained: int, batch: Any) -> None:
    model = build(HCAM)
    stage, inputs = list(stages_with_inputs(HCAM, model, batch()))[trained]
    names = ["stage_1", "stage_2", "stage_3"]
    before = [weights_of(model.get_layer(name)) for name in names]
    train(stage, inputs)
    after = [weights_of(model.get_layer(name)) for name in names]
    assert [old != new for old, new in zip(before, after, strict=True)] == [
        number == trained for number in range(3)
    ]


@every_modality
@pytest.mark.parametrize("number", [0, 1])
def test_features_do_not_depend_on_the_batch(number: int, modality: str, batch: Any) -> None:
    config = replace(HCAM, modality=modality)
    model = build(config)
    stage, inputs = list(
        stages_with_inputs(config, model, batch(speech_padding=3, text_padding=2))
    )[number]
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
def test_an_unused_stream_is_passed_on(used: str, unused: str, batch: Any) -> None:
    config = replace(HCAM, modality=used)
    for stage, inputs in stages_with_inputs(config, build(config), batch()):
        assert len(stage.losses) == (1 if stage.features is not None else 2)
        np.testing.assert_array_equal(inputs[unused], batch()[unused])

"""The compiled training step, and who owns a compiled model."""

from collections.abc import Callable
from dataclasses import replace

import keras
import numpy as np
import pytest
from small_networks import MDAT, SPEECH_DIM, TEXT_DIM

from mdat_data.batches import Inputs, batches
from mdat_keras import Stage
from mdat_train.classifiers.compiled_models import (
    CompiledModels,
    TrainableModel,
    predict_on_batch,
    train_on_batch,
)
from mdat_train.inputs.selection import Selection

STILL = replace(MDAT, attention_dropout=0.0, encoder_dropout=0.0, head_dropout=0.0)
"""Without dropout, whose draws depend on how far a batch is padded."""
PLAIN = replace(
    STILL, graph_attention=False, co_attention=False, transformer=False, modality="speech"
)
"""What is compiled in the shortest time."""


@pytest.fixture(scope="module")
def trainable() -> TrainableModel:
    keras.utils.set_random_seed(0)
    made = TrainableModel(STILL, SPEECH_DIM, TEXT_DIM)
    made.compile(made.whole)
    return made


def trimmed(lengths: list[int]) -> Inputs:
    rng = np.random.default_rng(0)
    speech, text = (
        tuple(rng.normal(size=(n + more, dim)) for n in lengths)
        for more, dim in ((3, SPEECH_DIM), (0, TEXT_DIM))
    )
    of = Selection(classes=("a",), utterances=(None,) * len(lengths), speech=speech, text=text)
    ((_, inputs),) = batches(of.streams, range(len(lengths)), size=len(lengths))
    return inputs


def trained(
    trainable: TrainableModel, state: list[np.ndarray], inputs: Inputs
) -> tuple[list[float], np.ndarray]:
    """The losses of some steps, and the probabilities after them."""
    trainable.restore(state)
    for variable in trainable.whole.model.optimizer.variables:
        variable.assign(np.zeros(variable.shape))
    trainable.whole.model.optimizer.learning_rate.assign(1e-2)
    batch = inputs, np.arange(3, dtype=np.int32), np.ones(3, np.float32)
    losses = [train_on_batch(trainable.whole, *batch) for _ in range(5)]
    return losses, predict_on_batch(trainable.model, inputs)


def test_padding_changes_nothing_that_is_learned(trainable):
    inputs, state = trimmed([2, 9, 5]), trainable.state
    padded = {
        name: np.pad(array, [(0, 0), (0, 20)] + [(0, 0)] * (array.ndim - 2))
        for name, array in inputs.items()
    }
    (losses, after), (expected, of_padded) = (
        trained(trainable, state, x) for x in (inputs, padded)
    )
    assert losses[-1] < losses[0] - 0.1
    np.testing.assert_allclose(losses, expected, atol=1e-4)
    np.testing.assert_allclose(after, of_padded, atol=1e-4)


def counted(name: str, calls: list[str]) -> Callable[..., object]:
    """A method of `keras.Model` that notes its calls: a compiled one is called to be traced."""
    plain = getattr(keras.Model, name)

    def step(model: keras.Model, data: object) -> object:
        calls.append(name)
        return plain(model, data)

    return step


def with_two_losses(stage: Stage) -> Stage:
    (name,), (loss,) = stage.losses, stage.losses.values()
    outputs = {name: stage.model.output[name], "again": stage.model.output[name]}
    losses, weights = dict.fromkeys(outputs, loss), dict.fromkeys(outputs, 0.5)
    model = keras.Model(stage.model.input, outputs)
    return replace(stage, model=model, losses=losses, weights=weights)


@pytest.mark.skipif(keras.backend.backend() != "tensorflow", reason="others compile each shape")
@pytest.mark.parametrize("losses", [1, 2])
def test_batches_of_all_shapes_share_one_trace(losses, monkeypatch):
    traced: list[str] = []
    for name in ("train_step", "predict_step"):
        monkeypatch.setattr(keras.Model, name, counted(name, traced))
    trainable = TrainableModel(PLAIN, SPEECH_DIM, TEXT_DIM)
    if losses == 2:
        trainable.whole = with_two_losses(trainable.whole)
    trainable.compile(trainable.whole)
    for lengths in ([2, 9, 5], [4, 4, 1], [30, 2, 2]):
        trained(trainable, trainable.state, trimmed(lengths))
    assert traced == ["train_step", "predict_step"]


def test_compiling_leaves_the_state_as_it_was():
    trainable = TrainableModel(PLAIN, SPEECH_DIM, TEXT_DIM)
    before = trainable.state
    trainable.compile(trainable.whole)
    assert all(map(np.array_equal, before, trainable.state))


def test_a_state_is_a_copy_that_can_be_restored(trainable):
    before = trainable.state
    trained(trainable, before, trimmed([2, 9, 5]))
    assert not all(map(np.array_equal, before, trainable.state))
    trainable.restore(before)
    assert all(map(np.array_equal, before, trainable.state))


def test_the_state_that_trainings_start_from_is_made_once_for_each_seed():
    trainable = TrainableModel(PLAIN, SPEECH_DIM, TEXT_DIM)
    keras.utils.set_random_seed(3)
    expected = TrainableModel(PLAIN, SPEECH_DIM, TEXT_DIM).state
    found = trainable.initial_state(3)
    assert all(map(np.array_equal, found, expected))
    assert not all(map(np.array_equal, found, trainable.initial_state(4)))
    assert trainable.initial_state(3) is found


@pytest.fixture
def built(monkeypatch: pytest.MonkeyPatch) -> list[object]:
    """What is built, in place of building."""
    made: list[object] = []

    def build_nothing(*shape: object) -> object:
        made.append(shape)
        return object()

    monkeypatch.setattr("mdat_train.classifiers.compiled_models.TrainableModel", build_nothing)
    return made


def test_a_model_is_built_once_for_each_owner(built):
    mine, yours = CompiledModels(), CompiledModels()
    of_mine, of_yours = (models.get(MDAT, SPEECH_DIM, TEXT_DIM) for models in (mine, yours))
    assert mine.get(MDAT, SPEECH_DIM, TEXT_DIM) is of_mine
    assert of_yours is not of_mine
    assert built == [(MDAT, SPEECH_DIM, TEXT_DIM)] * 2


def test_the_models_used_last_are_kept(built):
    models = CompiledModels()
    first, second = (models.get(MDAT, width, TEXT_DIM) for width in (1, 2))
    assert models.get(MDAT, 1, TEXT_DIM) is first
    models.get(MDAT, 3, TEXT_DIM)
    assert models.get(MDAT, 1, TEXT_DIM) is first
    assert models.get(MDAT, 2, TEXT_DIM) is not second

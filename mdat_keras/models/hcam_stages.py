"""How HCAM is trained: one level of the hierarchy after the other."""

import keras
from keras import KerasTensor, layers

from mdat_keras.layers.masked_mean import MaskedMean
from mdat_keras.models.classifier import emotion
from mdat_keras.models.hcam import HCAMConfig, stage_inputs
from mdat_keras.models.stages import Stage, stages, whole
from mdat_keras.models.streams import Streams, each, front, select, stream_inputs
from mdat_keras.supervised_contrastive import SupervisedContrastive


@stages.register
def hcam_stages(config: HCAMConfig, model: keras.Model) -> tuple[Stage, ...]:
    """Train stage I, then stage II on its features, then stage III on theirs; see `stages`.

    In stages I and II each stream is classified by a head of its own, which is thrown away; by
    default these heads have 4,528 weights.

    Args:
        config: What `model` was built from.
        model: From `build_hcam`.

    Returns:
        Three stages.
    """
    first = _encoding(config, model)
    second = _context(config, model, _inputs_after(first))
    return first, second, _fusion(config, model, _inputs_after(second))


@whole.register
def hcam_whole(config: HCAMConfig, model: keras.Model) -> Stage:
    """Train all stages at once by the losses of stage III; see `whole`.

    Args:
        config: What `model` was built from.
        model: From `build_hcam`.

    Returns:
        One stage.
    """
    streams, masks = front(config, model.input, model)
    encoded = model.get_layer("stage_1")(stage_inputs(streams, masks))
    encoded = {name: encoded[name] for name in config.streams}
    related = model.get_layer("stage_2")(stage_inputs(encoded, masks))
    outputs = model.get_layer("stage_3")(stage_inputs(related, masks))
    return _contrasted(config, model.input, outputs)


def _encoding(config: HCAMConfig, model: keras.Model) -> Stage:
    """Stage I: the mean of the speech, the last states of the text."""
    streams, masks = front(config, model.input, model)
    features = model.get_layer("stage_1")(stage_inputs(streams, masks))
    vectors = {}
    if "speech" in streams:
        vectors["speech"] = MaskedMean(name="speech_mean")(features["speech"], masks["speech"])
    if "text" in streams:
        vectors["text"] = features["text_states"]
    return _classified(config, model.input, features, vectors)


def _context(config: HCAMConfig, model: keras.Model, inputs: dict[str, KerasTensor]) -> Stage:
    """Stage II: the means of both streams."""
    streams, masks = select(config, inputs)
    features = model.get_layer("stage_2")(stage_inputs(streams, masks))
    return _classified(config, inputs, features, each("mean", MaskedMean, features, masks))


def _fusion(config: HCAMConfig, model: keras.Model, inputs: dict[str, KerasTensor]) -> Stage:
    """Stage III: the utterance and its views."""
    outputs = model.get_layer("stage_3")(stage_inputs(*select(config, inputs)))
    return _contrasted(config, inputs, outputs)


def _inputs_after(stage: Stage) -> dict[str, KerasTensor]:
    """Make the inputs of the stage that takes the features of this one."""
    widths = {name: stream.shape[-1] for name, stream in stage.features.output.items()}
    return stream_inputs(widths["speech"], widths["text"])


def _classified(
    config: HCAMConfig, inputs: dict[str, KerasTensor], features: Streams, vectors: Streams
) -> Stage:
    """Train by one head for each stream; their mean predicts."""
    heads = {
        f"{name}_emotion": emotion(vector, config.classes, name=f"{name}_emotion")
        for name, vector in vectors.items()
    }
    mean, *others = heads.values()
    if others:
        mean = layers.Average(dtype="float32", name="emotion")([mean, *others])
    # A stream that is not used goes to the next stage as it came.
    passed_on = {name: features.get(name, inputs[name]) for name in ("speech", "text")}
    return Stage(
        model=keras.Model(inputs, heads),
        losses={name: keras.losses.SparseCategoricalCrossentropy() for name in heads},
        weights=dict.fromkeys(heads, 1.0),
        predictor=keras.Model(inputs, mean),
        features=keras.Model(inputs, passed_on),
    )


def _contrasted(config: HCAMConfig, inputs: dict[str, KerasTensor], outputs: Streams) -> Stage:
    """Train by cross-entropy, and by the views of each class, which it draws together."""
    return Stage(
        model=keras.Model(inputs, outputs),
        losses={
            "emotion": keras.losses.SparseCategoricalCrossentropy(),
            "views": SupervisedContrastive(config.supcon_temperature),
        },
        weights={"emotion": 1 - config.supcon_weight, "views": config.supcon_weight},
        predictor=keras.Model(inputs, outputs["emotion"]),
    )

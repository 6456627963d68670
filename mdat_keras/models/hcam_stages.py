"""Training of HCAM, one level of the hierarchy after the other."""

import keras
from keras import KerasTensor, layers

from mdat_keras.layers.masked_mean import MaskedMean
from mdat_keras.models.classification_head import softmax_layer
from mdat_keras.models.hcam import HCAMConfig, stage_inputs
from mdat_keras.models.stages import Stage, single_stage, stages
from mdat_keras.models.streams import Streams, each, prepare, select, stream_inputs
from mdat_keras.supervised_contrastive import SupervisedContrastive


@stages.register
def hcam_stages(config: HCAMConfig, model: keras.Model) -> tuple[Stage, ...]:
    """Give the three stages of HCAM; each one is trained on the features of the one before.

    In stages I and II each stream has a softmax layer of its own, which is not part of `model`.
    With the default configuration these layers have 4,528 weights. See `stages`.

    Args:
        config: The configuration of `model`.
        model: From `build_hcam`.

    Returns:
        The stages I, II and III.
    """
    first = _stage_1(config, model)
    second = _stage_2(config, model, _inputs_after(first.features))
    return first, second, _stage_3(config, model, _inputs_after(second.features))


@single_stage.register
def hcam_single_stage(config: HCAMConfig, model: keras.Model) -> Stage:
    """Give the stage that trains all of HCAM together, with the losses of stage III.

    See `single_stage`.

    Args:
        config: The configuration of `model`.
        model: From `build_hcam`.

    Returns:
        One stage.
    """
    streams, masks = prepare(config, model.input, model)
    encoded = model.get_layer("stage_1")(stage_inputs(streams, masks))
    encoded = {name: encoded[name] for name in config.streams}
    related = model.get_layer("stage_2")(stage_inputs(encoded, masks))
    outputs = model.get_layer("stage_3")(stage_inputs(related, masks))
    return _contrastive(config, model.input, outputs)


def _stage_1(config: HCAMConfig, model: keras.Model) -> Stage:
    """Stage I: classify the mean of the speech and the last states of the text."""
    streams, masks = prepare(config, model.input, model)
    features = model.get_layer("stage_1")(stage_inputs(streams, masks))
    vectors = {}
    if "speech" in streams:
        vectors["speech"] = MaskedMean(name="speech_mean")(features["speech"], masks["speech"])
    if "text" in streams:
        vectors["text"] = features["text_states"]
    return _classification(config, model.input, features, vectors)


def _stage_2(config: HCAMConfig, model: keras.Model, inputs: dict[str, KerasTensor]) -> Stage:
    """Stage II: classify the means of both streams."""
    streams, masks = select(config, inputs)
    features = model.get_layer("stage_2")(stage_inputs(streams, masks))
    return _classification(config, inputs, features, each("mean", MaskedMean, features, masks))


def _stage_3(config: HCAMConfig, model: keras.Model, inputs: dict[str, KerasTensor]) -> Stage:
    """Stage III: classify the utterance and contrast its views."""
    outputs = model.get_layer("stage_3")(stage_inputs(*select(config, inputs)))
    return _contrastive(config, inputs, outputs)


def _inputs_after(features: keras.Model) -> dict[str, KerasTensor]:
    """Make the inputs of a stage in the widths of the features of the stage before."""
    widths = {name: stream.shape[-1] for name, stream in features.output.items()}
    return stream_inputs(widths["speech"], widths["text"])


def _classification(
    config: HCAMConfig, inputs: dict[str, KerasTensor], features: Streams, vectors: Streams
) -> Stage:
    """Train one softmax layer for each stream; predict with the mean of their probabilities."""
    heads = {
        f"{name}_emotion": softmax_layer(vector, config.classes, name=f"{name}_emotion")
        for name, vector in vectors.items()
    }
    mean, *others = heads.values()
    if others:
        mean = layers.Average(dtype="float32", name="emotion")([mean, *others])
    # An unused stream is passed to the next stage unchanged.
    passed_on = {name: features.get(name, inputs[name]) for name in ("speech", "text")}
    return Stage(
        model=keras.Model(inputs, heads),
        losses={name: keras.losses.SparseCategoricalCrossentropy() for name in heads},
        weights=dict.fromkeys(heads, 1.0),
        predictor=keras.Model(inputs, mean),
        features=keras.Model(inputs, passed_on),
    )


def _contrastive(config: HCAMConfig, inputs: dict[str, KerasTensor], outputs: Streams) -> Stage:
    """Train with cross-entropy and the supervised contrastive loss of the views."""
    return Stage(
        model=keras.Model(inputs, outputs),
        losses={
            "emotion": keras.losses.SparseCategoricalCrossentropy(),
            "views": SupervisedContrastive(config.supcon_temperature),
        },
        weights={"emotion": 1 - config.supcon_weight, "views": config.supcon_weight},
        predictor=keras.Model(inputs, outputs["emotion"]),
    )

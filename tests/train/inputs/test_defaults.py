"""Options that depend on the features files, or on each other."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from toy_features import CLASSES, modality, selection, utterances, write_features
from toy_runs import config

from mdat_data import InputError
from mdat_data.cache import open_features
from mdat_train.classifiers.models import MODELS
from mdat_train.config import TrainConfig
from mdat_train.inputs.defaults import resolved
from mdat_train.inputs.selection import Selection

WITH_FEAR = ("fear", "sad", "angry")
FOUR = selection(utterances(speakers=1, clips=1))
THREE = selection(utterances(speakers=1, clips=1, classes=WITH_FEAR), classes=WITH_FEAR)


@pytest.fixture(scope="module")
def resolve(tmp_path_factory: pytest.TempPathFactory) -> Any:
    """Resolve options for a file of four emotions and one of three, with these stored layers."""
    folder = tmp_path_factory.mktemp("files")

    def written(name: str, of: Selection, stream: str, layers: tuple[str, ...]) -> Path:
        path = folder / f"{name} {stream} {' '.join(layers)}.h5"
        if not path.exists():
            write_features(path, of, provenance=modality(stream, layers=layers))
        return path

    def _resolve(*layers: tuple[str, ...], stream: str = "speech", **changed: Any) -> TrainConfig:
        first, second = layers if len(layers) == 2 else (layers or [("12", "last")]) * 2
        a = written("four", FOUR, stream, first)
        b = written("three", THREE, stream, second)
        with open_features(a) as source, open_features(b) as target:
            return resolved(config(**changed), [source, target])

    return _resolve


@pytest.mark.parametrize(
    ("layers", "preset", "expected"),
    [
        ([("12", "last")], "base", "12"),
        ([("12", "last")], "paper", "last"),
        ([("last",)], "base", "last"),
        ([("6", "9", "12", "18", "last")], "base", "9"),
        ([tuple(map(str, range(1, 25)))], "base", "12"),  # what the extractor calls the middle
        ([tuple(map(str, range(25)))], "base", "12"),
        ([("6", "12", "18"), ("18", "12")], "base", "12"),
        ([("6", "last"), ("12", "last")], "base", "last"),
    ],
)
def test_the_speech_layer_is_the_middle_one_that_all_have(resolve, layers, preset, expected):
    assert resolve(*layers, preset=preset, classes=("angry", "sad")).speech_layer == expected


@pytest.mark.parametrize("layer", ["last", "12", "mix", "7"])
def test_a_speech_layer_that_is_named_is_kept(resolve, layer):
    assert resolve(speech_layer=layer, preset="paper").speech_layer == layer


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({"model": "mdat"}, 4),  # of 50 frames a second
        ({"model": "hcam"}, 4),
        ({"model": "mdat", "frame_stride": 3}, 3),
        ({"model": "mdat", "preset": "paper"}, 1),
        ({"model": "linear"}, 1),
        ({"model": "svm"}, 1),
    ],
)
def test_networks_read_no_more_steps_a_second_than_help_them(resolve, changed, expected):
    assert resolve(**{"frame_stride": None} | changed).frame_stride == expected


@pytest.mark.parametrize(("rate", "expected"), [(25.0, 2), (12.5, 1), (5.0, 1), (None, 1)])
def test_the_steps_of_a_network_are_those_of_a_second(tmp_path, rate, expected):
    made = modality("speech", frames_per_second=rate)
    with open_features(write_features(tmp_path / "a.h5", FOUR, provenance=made)) as file:
        assert resolved(TrainConfig(source=()), [file]).frame_stride == expected


def test_a_file_without_speech_has_no_steps_to_average(tmp_path):
    made = replace(modality("text"), speech=None)
    with open_features(write_features(tmp_path / "a.h5", FOUR, provenance=made)) as file:
        assert resolved(TrainConfig(source=()), [file]).frame_stride == 1


@pytest.mark.parametrize(
    ("layers", "expected"),
    [
        ([("last",)], "last"),
        ([("last", "6")], "last"),  # --text-layer last,6 once gave the layer named last in the list
        ([("6", "last", "9")], "last"),
        ([("6", "12", "9")], "12"),
        ([("6", "12"), ("last", "6")], "6"),
        ([("6",), ("last",)], "last"),  # no common layer: reading names those that are stored
    ],
)
def test_the_text_layer_is_the_last_or_the_highest_that_all_have(resolve, layers, expected):
    assert resolve(*layers, stream="text", classes=("angry", "sad")).text_layer == expected


@pytest.mark.parametrize("layer", ["last", "6", "7"])
def test_a_text_layer_that_is_named_is_kept(resolve, layer):
    assert (
        resolve(("6", "last"), ("6", "last"), stream="text", text_layer=layer).text_layer == layer
    )


@pytest.mark.parametrize(("model", "rate"), [(m.name, m.learning_rate) for m in MODELS.values()])
def test_learning_rates_are_those_of_the_model(resolve, model, rate):
    of = resolve(model=model, learning_rate=None, adapt_learning_rate=None)
    assert (of.learning_rate, of.adapt_learning_rate) == (rate, rate)


@pytest.mark.parametrize(("preset", "rate"), [("base", 3e-3), ("wide", 3e-4), ("paper", 3e-4)])
def test_a_wide_network_learns_at_a_lower_rate(resolve, preset, rate):
    assert resolve(model="mdat", preset=preset, learning_rate=None).learning_rate == rate
    assert resolve(model="hcam", preset=preset, learning_rate=None).learning_rate == 3e-3


@pytest.mark.parametrize(
    ("rates", "expected"), [((0.5, None), (0.5, 0.5)), ((None, 0.25), (3e-3, 0.25))]
)
def test_the_learning_rate_of_adaptation_is_that_of_training_unless_given(resolve, rates, expected):
    of = resolve(model="mdat", learning_rate=rates[0], adapt_learning_rate=rates[1])
    assert (of.learning_rate, of.adapt_learning_rate) == expected


@pytest.mark.parametrize(
    ("preset", "given", "expected"),
    [
        ("base", None, "train"),
        ("paper", None, "none"),
        ("paper", "corpus", "corpus"),
        ("base", "none", "none"),
    ],
)
def test_normalisation_is_that_of_the_preset_unless_given(resolve, preset, given, expected):
    assert resolve(preset=preset, normalize=given).normalize == expected


def test_all_classes_are_those_of_every_file(resolve):
    assert resolve(classes=("all",)).classes == ("angry", "sad")


def test_all_classes_are_those_left_after_merging(resolve):
    merged = resolve(classes=("all",), merge=(("fear", "happy"), ("neutral", "angry")))
    assert merged.classes == ("angry", "happy", "sad")


def test_a_class_named_twice_is_one(resolve):
    assert resolve(classes=("sad", "angry", "sad")).classes == ("sad", "angry")


def test_other_options_stay_as_they_are(resolve):
    of = {"speech_layer": "12", "text_layer": "last", "normalize": "none", "frame_stride": 3}
    assert resolve(**of) == config(classes=CLASSES, **of)


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"classes": ("sad",)}, "at least two emotions; got sad"),
        ({"classes": ("sad", "sad")}, "at least two emotions; got sad"),
        (
            {"classes": ("all",), "merge": (("angry", "sad"),)},
            "at least two emotions; got sad. Name them, or --merge",
        ),
        ({"shots": (0, 5)}, "--target is missing. Name its features file"),
        ({"split": "80-20", "target": Path("t.h5")}, "80-20 .* but there is a --target. Use group"),
        ({"model_options": (("units", 3),)}, "--set .* but --model is linear, which has none"),
        ({"disable": ("co",)}, "--disable .* but --model is linear"),
        (
            {"merge": (("boredem", "sad"),)},
            "boredem=sad: no file has boredem; the emotions are angry, f",
        ),
        ({"merge": (("fear", "sadd"),)}, r"sadd is not one of --classes \(angry, happy, neutral"),
    ],
)
def test_options_without_effect_are_refused(resolve, changed, message):
    with pytest.raises(InputError, match=message):
        resolve(**changed)


def test_only_the_strengths_that_a_method_reads_are_resolved(resolve):
    joint = resolve(classes=("angry", "sad"), target=Path("t.h5"), adaptation="joint")
    assert (joint.adapt_share, joint.adapt_from, joint.adapt_pull) == (None, "source", None)
    within = resolve(classes=("angry", "sad"), adaptation="joint")
    assert (within.adapt_share, within.adapt_from, within.adapt_pull) == (None, None, None)


@pytest.mark.parametrize(
    ("adaptation", "given"),
    [
        ("finetune", {"adapt_share": 0.3}),
        ("joint", {"adapt_pull": 3.0}),
        ("none", {"adapt_from": "new"}),
    ],
)
def test_a_strength_that_the_method_does_not_read_is_refused(resolve, adaptation, given):
    option = next(iter(given)).replace("_", "-")
    with pytest.raises(
        InputError, match=f"--{option} has no effect with --adaptation {adaptation}. Leave it out"
    ):
        resolve(target=Path("t.h5"), adaptation=adaptation, **given)


def test_a_strength_without_a_target_is_refused(resolve):
    with pytest.raises(InputError, match="--adapt-share has no effect without --target"):
        resolve(adaptation="joint", adapt_share=0.3)


def test_the_penalty_is_that_of_the_linear_classifier_alone(resolve):
    assert resolve(classes=("angry", "sad"), model="linear", l2=0.1).l2 == 0.1
    assert resolve(classes=("angry", "sad"), model="mdat", l2=0.1).l2 == 0.1
    with pytest.raises(InputError, match="--l2 is the penalty of .* but bilstm has none"):
        resolve(model="bilstm", l2=0.1)
    with_linear = {"preset": "wide", "model_options": (("linear", "0.5"),)}
    assert resolve(classes=("angry", "sad"), model="mdat", l2=0.1, **with_linear).l2 == 0.1
    for without in ({"preset": "wide"}, {"model_options": (("linear", "0.0"),)}):
        with pytest.raises(InputError, match="--l2 is .* but mdat has none with these options"):
            resolve(model="mdat", l2=0.1, **without)


def test_the_scale_of_the_support_needs_a_target(resolve):
    with pytest.raises(InputError, match="--normalize support takes .* --target is missing. Use"):
        resolve(normalize="support")
    used = resolve(classes=("angry", "sad"), normalize="support", target=Path("t.h5"))
    assert used.normalize == "support"


@pytest.mark.parametrize(
    ("changed", "expected"),
    [
        ({}, ("joint", "train", None)),
        ({"target": Path("t.h5")}, ("joint", "corpus", 0.03)),
        ({"target": Path("t.h5"), "l2": 0.5}, ("joint", "corpus", 0.5)),
        ({"target": Path("t.h5"), "normalize": "support"}, ("joint", "support", 0.03)),
        ({"target": Path("t.h5"), "normalize": "train"}, ("joint", "train", None)),
        ({"target": Path("t.h5"), "adaptation": "finetune"}, ("finetune", "train", None)),
        ({"target": Path("t.h5"), "preset": "paper"}, ("finetune", "none", None)),
        ({"target": Path("t.h5"), "model": "svm"}, ("joint", "corpus", None)),
    ],
)
def test_a_transfer_has_scales_of_its_own_unless_it_is_the_papers(resolve, changed, expected):
    own = {"classes": ("angry", "sad"), "model": "linear", "adaptation": None}
    used = resolve(**own | changed)
    assert (used.adaptation, used.normalize, used.l2) == expected


@pytest.mark.parametrize(
    ("changed", "part"),
    [({}, 0.1), ({"adaptation": "prior"}, 0.1), ({"adaptation": "finetune"}, 1)],
)
def test_a_network_adapts_more_slowly_than_it_learns_unless_it_is_the_papers(
    resolve, changed, part
):
    own = {"classes": ("angry", "sad"), "adaptation": None, "learning_rate": 0.004}
    used = resolve(**own | {"adapt_learning_rate": None, "target": Path("t.h5")} | changed)
    assert used.adapt_learning_rate == pytest.approx(0.004 * part)

"""Options that depend on the files, or on each other."""

from pathlib import Path
from typing import Any

import pytest
from toy_features import CLASSES, modality, selection, utterances, write_features
from toy_runs import config

from mdat_data import InputError
from mdat_data.cache import open_features
from mdat_train.config import TrainConfig
from mdat_train.inputs.defaults import resolved

ONE = utterances(speakers=1, clips=1)
WITH_FEAR = utterances(speakers=1, clips=1, classes=("fear", "sad", "angry"))


@pytest.fixture
def resolve(tmp_path: Path) -> Any:
    """Resolve options for a file of four emotions and one of three, with these speech layers."""

    def _resolve(*layers: tuple[str, ...], **changed: Any) -> TrainConfig:
        first, second = layers if len(layers) == 2 else (layers or [("12", "last")]) * 2
        four = selection(ONE)
        three = selection(WITH_FEAR, classes=("fear", "sad", "angry"))
        a = write_features(tmp_path / "a.h5", four, provenance=modality("speech", layers=first))
        b = write_features(tmp_path / "b.h5", three, provenance=modality("speech", layers=second))
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
def test_the_speech_layer_asked_for_is_kept(resolve, layer):
    assert resolve(speech_layer=layer, preset="paper").speech_layer == layer


@pytest.mark.parametrize(
    ("preset", "asked", "expected"),
    [
        ("base", None, "train"),
        ("paper", None, "none"),
        ("paper", "corpus", "corpus"),
        ("base", "none", "none"),
    ],
)
def test_normalisation_is_that_of_the_preset_unless_asked_for(resolve, preset, asked, expected):
    assert resolve(preset=preset, normalize=asked).normalize == expected


def test_all_classes_are_those_of_every_file(resolve):
    assert resolve(classes=("all",)).classes == ("angry", "sad")


def test_all_classes_are_those_left_after_merging(resolve):
    merged = resolve(classes=("all",), merge=(("fear", "happy"), ("neutral", "angry")))
    assert merged.classes == ("angry", "happy", "sad")


def test_a_class_named_twice_is_one(resolve):
    assert resolve(classes=("sad", "angry", "sad")).classes == ("sad", "angry")


def test_other_options_stay_as_they_are(resolve):
    assert resolve(speech_layer="12", normalize="none") == config(
        speech_layer="12", normalize="none", classes=CLASSES
    )


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"classes": ("sad",)}, "at least two emotions, but leaves sad"),
        ({"classes": ("sad", "sad")}, "at least two emotions, but leaves sad"),
        (
            {"classes": ("all",), "merge": (("angry", "sad"),)},
            "at least two emotions, but leaves sad. Name them, or --merge",
        ),
        ({"shots": (0, 5)}, "there is no --target"),
        ({"disable": ("co",)}, "--disable .* but --model is linear"),
        ({"merge": (("boredem", "sad"),)}, "boredem=sad: no file has boredem; there are angry, f"),
        ({"merge": (("fear", "sadd"),)}, r"sadd is not one of --classes \(angry, happy, neutral"),
    ],
)
def test_options_without_effect_are_refused(resolve, changed, message):
    with pytest.raises(InputError, match=message):
        resolve(**changed)

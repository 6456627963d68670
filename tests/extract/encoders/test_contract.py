"""What holds for every encoder, of speech and of text, of ours and of transformers."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tiny_models

from mdat_data import InputError
from mdat_extract.encoders import speech_encoder, text_encoder
from mdat_extract.encoders.encoder import Encoder

HOW = {"device": "cpu", "precision": "float32"}
RNG = np.random.default_rng(1)
SPEECH = [RNG.normal(0.01, 0.1, n).astype("float32") for n in (8_123, 400, 6_000, 6_001)]
TEXT = ["das ist ein Tuch", "", "das", "größer " * 30]

# WavLM calls torch's attention so that torch warns.
pytestmark = pytest.mark.filterwarnings("ignore:Support for mismatched key_padding_mask")


@dataclass
class Case:
    """An encoder, what it may encode, and whether it has hidden states."""

    encoder: Encoder[Any]
    inputs: list[Any]
    pretrained: bool


def load(name: str, models: Path, layers: list[str]) -> Encoder[Any]:
    path = str(models / name) if (models / name).exists() else name
    maker = speech_encoder if name in ("logmel", *tiny_models.SPEECH) else text_encoder
    return maker(path, layers=layers, **HOW)


@pytest.fixture(
    params=["logmel", "char-ngram", *tiny_models.SPEECH, *tiny_models.TEXT], scope="module"
)
def case(request: pytest.FixtureRequest, models: Path) -> Case:
    name = request.param
    encoder = load(name, models, ["middle", "last"])
    inputs = SPEECH if name in ("logmel", *tiny_models.SPEECH) else TEXT
    return Case(encoder, inputs, pretrained=(models / name).exists())


def test_every_utterance_has_its_layers_in_float32(case: Case) -> None:
    encoded = case.encoder.encode(case.inputs)
    arrays = [rows for features in encoded for rows in features.values()]
    assert len(encoded) == len(case.inputs)
    assert {tuple(features) for features in encoded} == {case.encoder.layers}
    assert {(rows.ndim, rows.shape[1], rows.dtype) for rows in arrays} == {
        (2, case.encoder.dim, np.dtype("float32"))
    }
    assert min(len(rows) for rows in arrays) >= 1
    assert all(np.isfinite(rows).all() for rows in arrays)


def test_the_layers_of_an_utterance_have_the_same_steps(case: Case) -> None:
    encoded = case.encoder.encode(case.inputs)
    assert all(len({len(rows) for rows in features.values()}) == 1 for features in encoded)


def test_a_batch_does_not_change_an_utterance(case: Case) -> None:
    alone = [case.encoder.encode([utterance])[0]["last"] for utterance in case.inputs]
    batch = [features["last"] for features in case.encoder.encode(case.inputs)]
    errors = [
        np.linalg.norm(a - b) / max(np.linalg.norm(a), 1e-9)
        for a, b in zip(alone, batch, strict=True)
    ]
    assert max(errors) < 1e-5


def test_encoding_is_deterministic(case: Case) -> None:
    first, second = (case.encoder.encode(case.inputs[:1])[0]["last"] for _ in range(2))
    np.testing.assert_array_equal(first, second)


def test_it_says_what_it_is(case: Case) -> None:
    assert case.encoder.name and "/" not in case.encoder.name
    assert case.encoder.revision
    assert case.encoder.precision == "float32"


def test_the_middle_of_an_encoder_without_hidden_states_is_its_last(case: Case) -> None:
    expected = ("1", "last") if case.pretrained else ("last",)
    assert case.encoder.layers == expected


@pytest.mark.parametrize("name", ["logmel", "char-ngram", "xls-r", "roberta"])
def test_a_layer_that_is_not_there_is_refused_with_those_that_are(name: str, models: Path) -> None:
    with pytest.raises(InputError, match=r"no layer 99 .* its layers are: last"):
        load(name, models, ["99"])

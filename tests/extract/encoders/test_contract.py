"""What holds for every encoder, of speech and of text, with and without a model.

A class that needs no model is tested here by itself. A class that takes models must have its tiny
models in `TINY`: a forgotten one is an error.
"""

import inspect
import pkgutil
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tiny_models

from mdat_data import InputError
from mdat_extract import encoders
from mdat_extract.encoders import speech_encoder, text_encoder
from mdat_extract.encoders.encoder import Encoder

HOW = {"device": "cpu", "precision": "float32"}
RNG = np.random.default_rng(1)
SPEECH = [RNG.normal(0.01, 0.1, n).astype("float32") for n in (8_123, 400, 6_000, 6_001)]
TEXT = ["das ist ein Tuch", "", "das", "größer " * 30]

# WavLM calls the attention of torch in a way that makes torch warn.
pytestmark = pytest.mark.filterwarnings("ignore:Support for mismatched key_padding_mask")


def found_classes() -> dict[str, type[Any]]:
    """Every class in the folder that encodes, protocols and abstract classes left out."""
    modules = [
        import_module(f"{encoders.__name__}.{found.name}")
        for found in pkgutil.iter_modules(encoders.__path__)
    ]
    return {
        name: found
        for module in modules
        for name, found in inspect.getmembers(module, inspect.isclass)
        if found.__module__ == module.__name__
        and hasattr(found, "encode")
        and not getattr(found, "_is_protocol", False)
        and not inspect.isabstract(found)
    }


CLASSES = found_classes()
TINY = {
    "LanguageModel": list(tiny_models.TEXT),
    "Wav2Vec2": list(tiny_models.WAV2VEC2),
    "Wav2Vec2Bert": list(tiny_models.WAV2VEC2_BERT),
    "Whisper": list(tiny_models.WHISPER_ENCODERS),
}
NAMES = {
    kind: [found.name] if hasattr(found, "name") else TINY.get(kind, [])
    for kind, found in CLASSES.items()
}
"""Name of a class -> the encoders of that class that are tested: its own name or tiny models."""


@dataclass
class Case:
    """An encoder, its class and its inputs."""

    encoder: Any
    kind: type[Any]
    inputs: list[Any]

    @property
    def pretrained(self) -> bool:
        return not hasattr(self.kind, "name")


def load(name: str, modality: str, models: Path, layers: list[str]) -> Encoder[Any]:
    path = str(models / name) if (models / name).exists() else name
    maker = speech_encoder if modality == "speech" else text_encoder
    return maker(path, layers=layers, **HOW)


@pytest.fixture(
    params=[(kind, name) for kind, names in NAMES.items() for name in names],
    ids=lambda param: param[1],
    scope="module",
)
def case(request: pytest.FixtureRequest, models: Path) -> Case:
    kind, name = request.param
    modality = CLASSES[kind].modality
    encoder = load(name, modality, models, ["middle", "last"])
    return Case(encoder, CLASSES[kind], SPEECH if modality == "speech" else TEXT)


def test_no_encoder_is_forgotten() -> None:
    assert {"CharNgram", "LogMel", *TINY} <= set(NAMES)
    assert all(NAMES.values())
    saved = {config.model_type for _, config, _ in tiny_models.SPEECH.values()}
    assert saved == {kind for found in CLASSES.values() for kind in encoders._model_types(found)}
    assert {kind.__name__ for kind in encoders.encoder_classes()} == set(NAMES)


def test_it_is_found_by_its_name_or_the_type_of_its_model(case: Case) -> None:
    assert type(case.encoder) is case.kind


def test_it_has_all_of_the_protocol(case: Case) -> None:
    extra = "frames_per_second" if case.kind.modality == "speech" else "max_tokens"
    missing = [n for n in (*Encoder.__annotations__, extra) if not hasattr(case.encoder, n)]
    assert missing == []
    assert len(case.encoder.packages) == len(set(case.encoder.packages))


def test_an_encoder_of_text_gives_a_token_for_every_row(case: Case) -> None:
    if case.kind.modality == "speech":
        assert not hasattr(case.encoder, "tokens")
        return
    rows = [len(features["last"]) for features in case.encoder.encode(case.inputs)]
    assert [len(case.encoder.tokens(text)) for text in case.inputs] == rows


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
    steps = [{len(rows) for rows in features.values()} for features in encoded]
    assert [len(different) for different in steps] == [1] * len(case.inputs)


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


def test_it_has_a_name_a_revision_and_a_precision(case: Case) -> None:
    assert case.encoder.name and "/" not in case.encoder.name
    assert case.encoder.revision
    assert case.encoder.precision == "float32"


def test_the_middle_of_an_encoder_without_hidden_states_is_its_last(case: Case) -> None:
    expected = ("1", "last") if case.pretrained else ("last",)
    assert case.encoder.layers == expected


@pytest.mark.parametrize("kind", NAMES)
def test_an_unknown_layer_is_refused_with_the_known_ones(kind: str, models: Path) -> None:
    with pytest.raises(InputError, match=r"which is last.*, got '99'\. Choose"):
        load(NAMES[kind][0], CLASSES[kind].modality, models, ["99"])


@pytest.mark.parametrize(
    ("name", "modality", "offline"),
    [
        ("logmel", "speech", True),
        ("char-ngram", "text", True),
        ("logmel", "text", False),
        ("char-ngram", "speech", False),
        ("char_ngram", "text", False),
        ("roberta", "text", False),
        ("wav2vec2", "speech", False),
        ("facebook/wav2vec2-base", "speech", False),
    ],
)
def test_offline_encoders_are_those_that_have_the_name(
    name: str, modality: str, offline: bool
) -> None:
    assert encoders.is_offline(name, modality) == offline


@pytest.mark.parametrize(
    ("name", "modality", "expected"),
    [
        ("bert", "speech", r"kinds data2vec-audio, hubert, .*, whisper, got bert of the kind bert"),
        ("xls-r", "text", "a language model such as .*, got xls-r of the kind wav2vec2"),
        ("whisper-tiny", "text", "a language model such as .* of the kind whisper"),
        ("new", "speech", "of one of the kinds .*, got new of the kind wav2vec3"),
    ],
)
def test_a_model_of_another_kind_is_refused(
    name: str, modality: str, expected: str, models: Path, tmp_path: Path
) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "new" / "config.json").write_text('{"model_type": "wav2vec3"}')
    folder = tmp_path if name == "new" else models
    with pytest.raises(InputError, match=expected):
        load(name, modality, folder, ["last"])

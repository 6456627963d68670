from pathlib import Path
from typing import Any

import numpy as np
import pytest
import tiny_models
import torch

from mdat_extract.encoders.language_model import LanguageModel
from mdat_extract.encoders.locate import locate
from mdat_extract.encoders.packed_linear import PackedLinear, pack_linear_layers, store_in_bfloat16
from mdat_extract.encoders.pretrained import load_model
from mdat_extract.encoders.wav2vec2 import Wav2Vec2, _compute_weight_norm_once
from mdat_extract.encoders.wav2vec2_bert import Wav2Vec2Bert
from mdat_extract.encoders.whisper import Whisper

needs_onednn = pytest.mark.skipif(
    not torch.backends.mkldnn.is_available(), reason="torch was built without oneDNN"
)
needs_bfloat16 = pytest.mark.skipif(
    not torch.cpu._is_avx512_bf16_supported(), reason="the processor does not multiply in bfloat16"
)


def layer(*, bias: bool = True) -> torch.nn.Linear:
    generator = torch.Generator().manual_seed(1)
    made = torch.nn.Linear(24, 32, bias=bias)
    with torch.no_grad():
        [weights.normal_(generator=generator) for weights in made.parameters()]
    return made


def inputs(*shape: int) -> torch.Tensor:
    return torch.randn(shape, generator=torch.Generator().manual_seed(2))


def kinds(model: torch.nn.Module) -> set[type]:
    return {type(module) for module in model.modules()}


@needs_onednn
@pytest.mark.parametrize("bias", [True, False])
@pytest.mark.parametrize("shape", [(24,), (5, 24), (2, 5, 24), (0, 24)])
def test_it_computes_what_the_layer_computes(bias: bool, shape: tuple[int, ...]) -> None:
    x, dense = inputs(*shape), layer(bias=bias)
    with torch.inference_mode():
        torch.testing.assert_close(
            PackedLinear(dense, torch.float32)(x), dense(x), rtol=1e-5, atol=1e-5
        )


@needs_onednn
def test_strided_inputs_are_right() -> None:
    x, dense = inputs(2, 24, 5).transpose(1, 2), layer()
    with torch.inference_mode():
        torch.testing.assert_close(
            PackedLinear(dense, torch.float32)(x), dense(x), rtol=1e-5, atol=1e-5
        )


@needs_onednn
def test_weights_and_bias_can_be_read() -> None:
    dense = layer()
    packed = PackedLinear(dense, torch.float32)
    assert torch.equal(packed.weight, dense.weight)
    assert torch.equal(packed.bias, dense.bias)


@needs_onednn
@needs_bfloat16
def test_bfloat16_is_what_autocast_computes() -> None:
    x, dense = inputs(5, 24), layer()
    packed = PackedLinear(dense, torch.bfloat16)
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        got, expected = packed(x), dense(x)
    assert got.dtype == torch.bfloat16
    torch.testing.assert_close(got, expected)


@needs_onednn
@pytest.mark.parametrize(
    "name",
    # GPT-2 has linear layers of a class of its own.
    [*tiny_models.WAV2VEC2, *tiny_models.WAV2VEC2_BERT, *sorted({*tiny_models.TEXT} - {"gpt2"})],
)
def test_every_linear_layer_of_a_model_is_replaced(name: str, models: Path) -> None:
    model = load_model(locate(str(models / name)), torch.device("cpu"))
    pack_linear_layers(model, "float32")
    assert PackedLinear in kinds(model)
    assert torch.nn.Linear not in kinds(model)


@needs_onednn
@pytest.mark.parametrize(
    ("kind", "name", "utterance"),
    [
        (Wav2Vec2, "xls-r", np.ones(400, np.float32)),
        (Wav2Vec2Bert, "w2v-bert", np.ones(400, np.float32)),
        (Whisper, "whisper-tiny", np.ones(400, np.float32)),
        (LanguageModel, "roberta", "das"),
    ],
)
@pytest.mark.parametrize("precision", ["float32", pytest.param("bfloat16", marks=needs_bfloat16)])
def test_encoders_compute_with_packed_layers(
    kind: Any,
    name: str,
    utterance: Any,
    precision: str,
    models: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    encoder = kind.load(
        locate(str(models / name)), layers=["last"], device="cpu", precision=precision
    )
    monkeypatch.delattr(PackedLinear, "forward")
    with pytest.raises(NotImplementedError, match="PackedLinear"):
        encoder.encode([utterance])


def test_on_another_device_nothing_changes() -> None:
    model = torch.nn.Sequential(layer()).to("meta")
    pack_linear_layers(model, "float32")
    assert PackedLinear not in kinds(model)


def test_without_onednn_nothing_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.backends.mkldnn, "is_available", lambda: False)
    model = torch.nn.Sequential(layer())
    pack_linear_layers(model, "float32")
    assert PackedLinear not in kinds(model)


@pytest.mark.parametrize("name", [*tiny_models.WAV2VEC2, *tiny_models.WAV2VEC2_BERT])
def test_weights_stored_in_bfloat16_compute_what_autocast_computes(name: str, models: Path) -> None:
    speech = torch.randn(1, 4_000, generator=torch.Generator().manual_seed(1))
    bands = torch.randn(1, 20, 160, generator=torch.Generator().manual_seed(1))
    given = bands if name in tiny_models.WAV2VEC2_BERT else speech
    expected, stored = (
        load_model(locate(str(models / name)), torch.device("cpu")) for _ in range(2)
    )
    _compute_weight_norm_once(stored)  # from weights in float32
    store_in_bfloat16(stored)
    assert torch.bfloat16 in {weights.dtype for weights in stored.parameters()}
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16):
        states = [model(given).last_hidden_state for model in (expected, stored)]
    assert states[0].dtype == states[1].dtype
    torch.testing.assert_close(*states)

"""The configuration of an extraction checks its values, from wherever they are."""

import os
import subprocess
import sys
from pathlib import Path
from typing import get_type_hints

import numpy as np
import pytest

import mdat_extract
from mdat_data import InputError
from mdat_extract.config import PATHS, ExtractConfig, ExtractOptions

LIGHT = """
import sys
import mdat_extract
mdat_extract.ExtractConfig(corpus="emodb", out="emodb.h5")
print(sorted({"numpy", "h5py", "torch", "soundfile", "librosa"} & set(sys.modules)))
"""


def config(**options: object) -> ExtractConfig:
    return ExtractConfig(**{"corpus": "emodb", "out": "emodb.h5"} | options)


def test_strings_and_paths_make_the_same_configuration() -> None:
    paths = {"out": "a.h5", "root": "corpora/emodb", "transcripts": "t.tsv", "corpus": "m.csv"}
    assert config(**paths) == config(**{name: Path(path) for name, path in paths.items()})
    assert config(max_seconds=30) == config(max_seconds=30.0)


@pytest.mark.parametrize(
    "layers", ["6, 12,last", ["6", "12", "last"], ("6,12", "last"), [6, 12, "last"]]
)
def test_layers_are_a_string_or_a_sequence(layers: object) -> None:
    made = config(speech_layer=layers, text_layer=layers)
    assert made.speech_layer == made.text_layer == ("6", "12", "last")


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("precision", "float64", "--precision to be float32 or bfloat16, got 'float64'"),
        ("store", "bfloat16", "--store to be float16 or float32, got 'bfloat16'"),
        ("long", "drop", "--long to be cut or error, got 'drop'. Its default is cut"),
        ("batch_seconds", 0, "--batch-seconds to be above 0 and finite, got 0.0"),
        ("batch_seconds", np.inf, "--batch-seconds to be above 0 and finite, got inf"),
        ("max_seconds", 0.02, "--max-seconds to be at least 0.025, got 0.02"),
        ("max_seconds", np.nan, "--max-seconds to be at least 0.025, got nan"),
        ("max_seconds", np.inf, "--max-seconds to be finite, got inf. Its default is 30.0"),
        ("batch_seconds", np.nan, "--batch-seconds to be above 0 and finite, got nan"),
        ("max_failures", np.inf, "--max-failures to be a whole number, got inf"),
        ("limit", 1.5, "--limit to be a whole number, got 1.5"),
        ("shard", f"1/{'9' * 5000}", "--shard to be a shard such as 3/8, got "),
        ("max_failures", -1, "--max-failures to be at least 0, got -1"),
        ("limit", 0, "--limit to be at least 1, got 0. Its default is None"),
    ],
)
def test_a_wrong_value_is_refused(option: str, value: object, message: str) -> None:
    with pytest.raises(InputError, match=f"expected {message}"):
        config(**{option: value})


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"speech_encoder": "none"}, "--speech-encoder to be an encoder if text has none"),
        ({"text_prefix": "query: "}, "--text-prefix to be empty without a text encoder"),
        ({"asr": "whisper"}, "--asr to be left out without a text encoder"),
    ],
)
def test_without_a_text_encoder_what_needs_one_is_refused(
    options: dict[str, str], message: str
) -> None:
    with pytest.raises(InputError, match=f"expected {message}"):
        config(text_encoder="none", **options)
    config(text_encoder="none")


@pytest.mark.parametrize("name", PATHS)
@pytest.mark.parametrize("path", ["", "a\0b", "x" * 256, "C:\\corpora\\emodb"])
def test_a_path_that_no_file_can_have_is_refused(name: str, path: str) -> None:
    with pytest.raises(InputError, match=f"--{name.replace('_', '-')} must "):
        config(**{name: path})


def test_the_options_of_extract_are_the_fields_of_the_configuration() -> None:
    assert get_type_hints(ExtractOptions) | {"corpus": str | Path} == get_type_hints(ExtractConfig)


def test_importing_the_package_loads_nothing_heavy() -> None:
    ended = subprocess.run(
        [sys.executable, "-c", LIGHT],
        env=os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
    )
    assert (ended.stdout, ended.stderr) == ("[]\n", "")


@pytest.mark.parametrize("name", ["extract", "ExtractConfig", "ExtractSummary", "Progress"])
def test_the_package_exports_its_door(name: str) -> None:
    assert name in dir(mdat_extract)
    assert getattr(mdat_extract, name).__doc__

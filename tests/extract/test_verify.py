"""Encoding again finds features that differ."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import toy_audformat
import toy_corpora

from mdat_data import InputError
from mdat_data.cache import open_features
from mdat_extract.config import ExtractConfig
from mdat_extract.encode import extract
from mdat_extract.verify import verify


@pytest.fixture
def config(tmp_path: Path) -> ExtractConfig:
    toy_corpora.write_emodb(tmp_path / "emodb")
    return ExtractConfig(
        corpus="emodb",
        root=tmp_path / "emodb",
        out=tmp_path / "emodb.h5",
        speech_encoder="logmel",
        text_encoder="char-ngram",
        limit=6,
        max_seconds=0.3,
    )


@pytest.mark.parametrize(("store", "largest"), [("float32", 0.0), ("float16", 2**-11)])
def test_the_error_is_that_of_storage(store: str, largest: float, config: ExtractConfig) -> None:
    extract(replace(config, store=store))
    verified = verify(config.out, count=6, seed=1, root=config.root)
    assert len(verified.errors) == 6
    assert (max(verified.errors.values()) == 0) == (store == "float32")
    assert max(verified.errors.values()) <= largest


@pytest.mark.parametrize(
    "options",
    [
        {"speech_encoder": "none"},
        {"text_encoder": "none"},
        {"text_encoder": "roberta", "text_prefix": "das: "},
    ],
)
def test_a_file_of_one_stream_and_one_with_a_prefix_are_verified(
    options: dict[str, str], config: ExtractConfig, models: Path
) -> None:
    folder = str(models / "roberta") if options.get("text_encoder") == "roberta" else None
    extract(replace(config, **options | ({"text_encoder": folder} if folder else {})))
    verified = verify(config.out, count=6, seed=1, root=config.root, text_encoder=folder)
    assert 0 < max(verified.errors.values()) <= verified.allowed


def test_the_seed_decides_which_are_drawn(config: ExtractConfig) -> None:
    extract(config)
    drawn = [
        list(verify(config.out, count=3, seed=seed, root=config.root).errors) for seed in (1, 1, 2)
    ]
    assert drawn[0] == drawn[1] != drawn[2]


def test_a_model_from_a_folder_must_be_given(config: ExtractConfig, models: Path) -> None:
    wav2vec2 = str(models / "xls-r")
    extract(replace(config, speech_encoder=wav2vec2, device="cpu"))
    with pytest.raises(
        InputError, match="a model from a folder, xls-r. Give this folder: --speech-encoder F"
    ):
        verify(config.out, count=2, seed=1, root=config.root)
    verified = verify(
        config.out, count=6, seed=1, root=config.root, speech_encoder=wav2vec2, device="cpu"
    )
    assert 0 < max(verified.errors.values()) <= verified.allowed


@pytest.mark.parametrize(("precision", "largest"), [("float32", 1e-5), ("bfloat16", 0.03)])
def test_the_other_utterances_of_a_batch_explain_little(
    precision: str, largest: float, config: ExtractConfig, models: Path
) -> None:
    speech, text = (str(models / name) for name in ("xls-r", "roberta"))
    how = {"speech_encoder": speech, "text_encoder": text, "device": "cpu", "store": "float32"}
    extract(replace(config, **how, precision=precision, max_seconds=30, limit=20))
    verified = verify(
        config.out,
        count=20,
        seed=1,
        root=config.root,
        speech_encoder=speech,
        text_encoder=text,
        device="cpu",
    )
    assert 0 < max(verified.errors.values()) <= largest < verified.allowed


def test_another_model_is_refused(config: ExtractConfig, models: Path) -> None:
    extract(replace(config, speech_encoder=str(models / "xls-r"), device="cpu"))
    other = str(models / "hubert-large")
    with pytest.raises(
        InputError, match="made with xls-r at sha256:.*, but hubert-large is at sha"
    ):
        verify(config.out, count=2, seed=1, root=config.root, speech_encoder=other, device="cpu")


def test_another_recording_is_refused(config: ExtractConfig) -> None:
    extract(config)
    with open_features(config.out) as file:
        one, other, *_ = (config.root / u.audio for u in file.utterances)
    shutil.copy(other, one)
    with pytest.raises(InputError, match=f"{one.name} is not the recording"):
        verify(config.out, count=6, seed=1, root=config.root)


def test_the_recordings_of_a_manifest_must_be_given(config: ExtractConfig) -> None:
    table = config.root / "mine.csv"
    table.write_text("id,audio,emotion,speaker\na,wav/03a01Wa.wav,angry,1\n")
    extract(replace(config, corpus=str(table), root=None))
    with pytest.raises(InputError, match=r"a manifest or an audformat database named mine\. Give"):
        verify(config.out, count=1, seed=1)
    assert list(verify(config.out, count=1, seed=1, corpus=str(table)).errors) == ["a"]
    assert list(verify(config.out, count=1, seed=1, root=config.root).errors) == ["a"]


def test_the_recordings_of_a_database_must_be_given(config: ExtractConfig, tmp_path: Path) -> None:
    database = toy_audformat.write(toy_audformat.make_database(), tmp_path / "database")
    extract(replace(config, corpus=str(database), root=None))
    with pytest.raises(InputError, match=r"an audformat database named toy\. Give.*--root"):
        verify(config.out, count=1, seed=1)
    assert len(verify(config.out, count=3, seed=1, corpus=str(database)).errors) == 3
    assert len(verify(config.out, count=3, seed=1, root=database).errors) == 3

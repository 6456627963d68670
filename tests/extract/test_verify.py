"""Encoding again finds what is not what it should be."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
import toy_audformat
import toy_corpora

from mdat_data import InputError
from mdat_data.cache import Cache
from mdat_extract.config import ExtractSettings
from mdat_extract.encode import extract
from mdat_extract.verify import verify


@pytest.fixture
def settings(tmp_path: Path) -> ExtractSettings:
    toy_corpora.write_emodb(tmp_path / "emodb")
    return ExtractSettings(
        corpus="emodb",
        root=tmp_path / "emodb",
        out=tmp_path / "emodb.h5",
        speech_encoder="logmel",
        text_encoder="char-ngram",
        limit=6,
        max_seconds=0.3,
    )


@pytest.mark.parametrize(("store", "largest"), [("float32", 0.0), ("float16", 2**-11)])
def test_the_error_is_that_of_storage(
    store: str, largest: float, settings: ExtractSettings
) -> None:
    extract(replace(settings, store=store))
    verified = verify(settings.out, 6, seed=1, root=settings.root)
    assert len(verified.errors) == 6
    assert (max(verified.errors.values()) == 0) == (store == "float32")
    assert max(verified.errors.values()) <= largest


def test_the_seed_decides_which_are_drawn(settings: ExtractSettings) -> None:
    extract(settings)
    drawn = [
        list(verify(settings.out, 3, seed=seed, root=settings.root).errors) for seed in (1, 1, 2)
    ]
    assert drawn[0] == drawn[1] != drawn[2]


def test_a_model_from_a_folder_has_to_be_named(settings: ExtractSettings, models: Path) -> None:
    wav2vec2 = str(models / "xls-r")
    extract(replace(settings, speech_encoder=wav2vec2, device="cpu"))
    with pytest.raises(InputError, match="a model in a folder, xls-r. Name it: --speech-encoder F"):
        verify(settings.out, 2, seed=1, root=settings.root)
    verified = verify(settings.out, 6, seed=1, root=settings.root, speech=wav2vec2, device="cpu")
    assert 0 < max(verified.errors.values()) <= verified.allowed


@pytest.mark.parametrize(("precision", "largest"), [("float32", 1e-5), ("bfloat16", 0.03)])
def test_neighbours_in_a_batch_explain_little(
    precision: str, largest: float, settings: ExtractSettings, models: Path
) -> None:
    speech, text = (str(models / name) for name in ("xls-r", "roberta"))
    how = {"speech_encoder": speech, "text_encoder": text, "device": "cpu", "store": "float32"}
    extract(replace(settings, **how, precision=precision, max_seconds=30, limit=20))
    verified = verify(
        settings.out, 20, seed=1, root=settings.root, speech=speech, text=text, device="cpu"
    )
    assert 0 < max(verified.errors.values()) <= largest < verified.allowed


def test_another_model_is_refused(settings: ExtractSettings, models: Path) -> None:
    extract(replace(settings, speech_encoder=str(models / "xls-r"), device="cpu"))
    other = str(models / "hubert-large")
    with pytest.raises(InputError, match="from xls-r at sha256:.*, but hubert-large is at sha"):
        verify(settings.out, 2, seed=1, root=settings.root, speech=other, device="cpu")


def test_another_recording_is_refused(settings: ExtractSettings) -> None:
    extract(settings)
    with Cache(settings.out) as cache:
        one, other, *_ = (settings.root / u.audio for u in cache.utterances)
    shutil.copy(other, one)
    with pytest.raises(InputError, match=f"{one.name} is not the recording"):
        verify(settings.out, 6, seed=1, root=settings.root)


def test_the_recordings_of_a_table_have_to_be_named(settings: ExtractSettings) -> None:
    table = settings.root / "mine.csv"
    table.write_text("id,audio,emotion,speaker\na,wav/03a01Wa.wav,angry,1\n")
    extract(replace(settings, corpus=str(table), root=None))
    with pytest.raises(InputError, match="a table, or an audformat database, called mine. Name"):
        verify(settings.out, 1, seed=1)
    assert list(verify(settings.out, 1, seed=1, corpus=str(table)).errors) == ["a"]
    assert list(verify(settings.out, 1, seed=1, root=settings.root).errors) == ["a"]


def test_the_recordings_of_a_database_have_to_be_named(
    settings: ExtractSettings, tmp_path: Path
) -> None:
    database = toy_audformat.write(toy_audformat.make_database(), tmp_path / "database")
    extract(replace(settings, corpus=str(database), root=None))
    with pytest.raises(InputError, match=r"an audformat database, called toy\. Name.*--root"):
        verify(settings.out, 1, seed=1)
    assert len(verify(settings.out, 3, seed=1, corpus=str(database)).errors) == 3
    assert len(verify(settings.out, 3, seed=1, root=database).errors) == 3

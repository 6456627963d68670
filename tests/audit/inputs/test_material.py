"""Corpora and features files become one list of utterances."""

from dataclasses import replace

import caches
import numpy as np
import pytest
import soundfile
import toy_corpora
from toy_features import selection, utterances, write_features

from mdat_audit.config import AuditConfig
from mdat_audit.inputs.item import silent
from mdat_audit.inputs.material import read_material
from mdat_data import InputError
from mdat_extract import extract


@pytest.fixture(scope="module")
def manifest(tmp_path_factory):
    """Three recordings, one of which is silent and one a copy in another format."""
    folder = tmp_path_factory.mktemp("mine")
    toy_corpora.write_wav(folder / "a.wav", "sad")
    samples, rate = soundfile.read(folder / "a.wav", dtype="int16")
    soundfile.write(folder / "b.flac", samples, rate)
    soundfile.write(folder / "c.wav", np.zeros(rate, "int16"), rate)
    rows = ["id,audio,emotion,speaker", "a,a.wav,sad,s", "b,b.flac,sad,s", "c,c.wav,sad,t"]
    (folder / "mine.csv").write_text("\n".join(rows))
    return folder / "mine.csv"


@pytest.fixture(scope="module")
def features(manifest):
    """A features file of the usable recordings of the manifest."""
    out = manifest.with_suffix(".h5")
    extract(manifest, out=out, speech_encoder="logmel", text_encoder="char-ngram", max_failures=1)
    return out


def read(*corpora, **options):
    return read_material(AuditConfig(corpora=[*map(str, corpora)], **options), silent)


def test_recordings_are_read_and_unusable_ones_are_named(manifest):
    material = read(manifest)
    assert [item.utterance.id for item in material.items] == ["a", "b"]
    assert [*material.unusable] == ["c"]
    assert material.unusable["c"].startswith("silent")
    first, second = material.items
    assert first.fingerprint == second.fingerprint
    assert first.measures.rate == 16_000
    assert first.duration == pytest.approx(second.duration)
    assert material.features == {"mine": "logmel"}


def test_a_features_file_without_its_recordings_says_what_is_unknown(features):
    material = read(features)
    assert [item.measures for item in material.items] == [None, None]
    assert "--root" in material.unread["mine"]
    assert material.features == {"mine": "logmel, speech layer last"}


def test_a_features_file_with_its_recordings_is_what_the_recordings_are(manifest, features):
    of_file, of_recordings = read(features, root=[str(manifest.parent)]), read(manifest)
    assert of_file.unread == {}
    for one, other in zip(of_file.items, of_recordings.items, strict=True):
        assert one.measures == other.measures
        assert one.fingerprint == other.fingerprint
        np.testing.assert_allclose(one.pooled, other.pooled, rtol=1e-2, atol=1e-2)  # float16


def test_other_recordings_than_those_of_the_features_are_refused(features, tmp_path):
    toy_corpora.write_wav(tmp_path / "a.wav", "angry")
    with pytest.raises(InputError, match=r"a\.wav is not the recording that the features"):
        read(features, root=[str(tmp_path)])
    (tmp_path / "a.wav").unlink()
    with pytest.raises(InputError, match=r"a\.wav: cannot be opened.*--root"):
        read(features, root=[str(tmp_path)])


def test_several_corpora_keep_their_names_apart(features, tmp_path):
    toy = write_features(tmp_path / "toy.h5", selection(utterances(speakers=2, clips=1)))
    material = read(features, toy)
    assert material.corpora == ("mine", "toy")
    assert [item.utterance.id for item in material.items][:3] == [
        "mine/a",
        "mine/b",
        "toy/s0-angry-0",
    ]
    assert {item.utterance.speaker for item in material.items} == {"mine/s", "toy/s0", "toy/s1"}
    assert len(set(material.features.values())) == 2


def test_a_corpus_that_is_there_twice_is_refused(features):
    with pytest.raises(InputError, match="each corpus once, but mine is there several times"):
        read(features, features)


def test_the_middle_layer_is_pooled_unless_another_is_named(tmp_path):
    layers = ("6", "12", "18", "last")
    speech = replace(caches.PROVENANCE.speech, layers=layers)
    made = replace(caches.PROVENANCE, speech=speech)
    of = selection(utterances(speakers=2, clips=1))
    path = write_features(tmp_path / "toy.h5", of, provenance=made)
    assert read(path).features == {"toy": "ear, speech layer 12"}
    assert read(path, layer="last").features == {"toy": "ear, speech layer last"}
    with pytest.raises(InputError, match="one of the speech layers 6, 12, 18, last, got '7'"):
        read(path, layer="7")


@pytest.mark.parametrize("layer", ["12", ""])
def test_a_layer_that_does_not_exist_is_refused(manifest, features, layer):
    with pytest.raises(InputError, match=f"a layer of this encoder, which is last, got '{layer}'"):
        read(manifest, layer=layer)
    with pytest.raises(InputError, match=f"one of the speech layers last, got '{layer}'"):
        read(features, layer=layer)


def test_a_column_of_labels_is_refused_where_it_has_no_effect(features):
    with pytest.raises(InputError, match=r"--emotion-column with .*, got .*mine\.h5\. Leave"):
        read(features, emotion_column="emotion.gold")


def test_a_file_without_usable_recordings_is_refused(tmp_path):
    soundfile.write(tmp_path / "a.wav", np.zeros(16_000), 16_000)
    (tmp_path / "mine.csv").write_text("id,audio,speaker\na,a.wav,s\n")
    with pytest.raises(InputError, match=r"but none of 1 can be used[^$]*\n  a: silent"):
        read(tmp_path / "mine.csv")


@pytest.mark.parametrize("name", ["no.h5", "no.csv", "nothing"])
def test_what_is_not_there_is_refused(name, tmp_path):
    with pytest.raises(InputError, match=name):
        read(tmp_path / name)

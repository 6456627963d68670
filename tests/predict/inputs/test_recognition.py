"""Words that a recogniser finds in segments."""

from pathlib import Path

import numpy as np
import pytest
import soundfile
from tiny_models import save_ctc_model, save_whisper_model

import mdat_predict
from mdat_data import InputError
from mdat_extract.asr import recognizer


def test_every_segment_gets_what_is_recognised_in_it(toy, tmp_path):
    asr = str(save_ctc_model(tmp_path))
    noise = np.random.default_rng(1).normal(size=32_000) / 10
    soundfile.write(tmp_path / "a.wav", noise, 16_000)
    model = mdat_predict.load(toy.run)
    [whole], [parts] = (
        model.predict(tmp_path / "a.wav", segments=how, window=1, asr=asr)
        for how in ("whole", "fixed")
    )
    said = [segment.transcript for segment in (*whole.segments, *parts.segments)]
    assert all(said)
    assert len(said) == 3
    with_words = model.probabilities([noise[:16_000].astype("float32")], [said[1]])
    without = model.probabilities([noise[:16_000].astype("float32")], [""])
    np.testing.assert_allclose(parts.segments[0].probabilities, with_words[0], atol=1e-3)
    assert np.abs(with_words - without).max() > 0.01


def test_known_transcripts_are_not_recognised(toy, tmp_path):
    asr = str(save_ctc_model(tmp_path))
    words = tmp_path / "words.tsv"
    words.write_text(f"id\ttext\n{toy.recordings[0].name}\thallo\n", encoding="utf-8")
    model = mdat_predict.load(toy.run)
    first, second = model.predict(toy.recordings[:2], segments="whole", transcripts=words, asr=asr)
    assert first.segments[0].transcript == "hallo"
    assert second.segments[0].transcript != "hallo"


def test_a_language_is_needed_where_the_recogniser_has_several(toy, tmp_path):
    asr = str(save_whisper_model("whisper", Path(tmp_path)))
    model = mdat_predict.load(toy.run)
    with pytest.raises(InputError, match="--language"):
        model.predict(toy.recordings[0], segments="whole", asr=asr)
    assert len(model.predict(toy.recordings[0], segments="whole", asr=asr, language="de"))


def test_the_recogniser_is_loaded_once_for_all_recordings(toy, tmp_path, monkeypatch):
    asr, loads = str(save_ctc_model(tmp_path)), []
    load = recognizer.load_recognizer

    def counted(*given, **options):
        loads.append(given)
        return load(*given, **options)

    monkeypatch.setattr(recognizer, "load_recognizer", counted)
    model = mdat_predict.load(toy.run)
    for recording in toy.recordings[:2]:
        model.predict(recording, segments="whole", asr=asr)
    assert len(loads) == 1

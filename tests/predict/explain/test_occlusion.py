"""Occlusion finds the frames and the tokens on which an answer depends, and no others."""

import numpy as np
import pytest
from summing_runs import save_summing_run

import mdat_predict
from mdat_data import InputError
from mdat_predict.explain.masking import Masking
from mdat_predict.explain.occlusion import of_speech, of_text, windows
from mdat_predict.model import Model

ANGRY = 0
WORDS = np.array([0.0, 0.125, -0.0625])


def masking(model: Model, speech: np.ndarray, text: np.ndarray = WORDS) -> Masking:
    """One utterance, whose features are given, for a model of one or more members."""
    streams = {"speech": speech, "text": text}
    features = [
        {name: [streams[name][:, None].astype(np.float32)] for name in member.description.streams}
        for member in model.members
    ]
    return Masking(model, features)


@pytest.fixture
def model(tmp_path) -> Model:
    return mdat_predict.load(save_summing_run(tmp_path / "run"))


def test_windows_of_one_frame_give_exactly_what_each_frame_adds(model):
    speech = np.zeros(20)
    speech[[3, 11]] = 0.25, -0.125
    np.testing.assert_allclose(of_speech(masking(model, speech + 0.01), ANGRY), speech + 0.01, 1e-5)


@pytest.mark.parametrize("frame", [0, 1, 7, 19])
def test_windows_of_several_frames_fall_around_the_frame_alone(frame, tmp_path):
    model = mdat_predict.load(save_summing_run(tmp_path / "run", rate=50))
    falls = of_speech(masking(model, np.where(np.arange(20) == frame, 0.5, 0)), ANGRY)
    assert falls[frame] == falls.max() == pytest.approx(0.5)
    away = np.abs(np.arange(20) - frame) > 4
    assert not falls[away].any()
    assert falls[np.abs(np.arange(20) - frame) == 3].max() < 0.5


def test_the_fall_of_the_other_class_is_a_rise(model):
    of = masking(model, np.full(10, 0.05))
    np.testing.assert_allclose(of_speech(of, 1), -of_speech(of, ANGRY), atol=1e-6)


def test_tokens_fall_by_what_they_add(model):
    of = masking(model, np.full(10, 0.05))
    np.testing.assert_allclose(of_text(of, ANGRY), WORDS, atol=1e-6)


def test_what_is_alone_cannot_be_masked(model):
    of = masking(model, np.ones(1), np.ones(1))
    assert np.isnan(of_speech(of, ANGRY)).tolist() == [True]
    assert np.isnan(of_text(of, ANGRY)).tolist() == [True]


@pytest.mark.parametrize("stream", ["speech", "text"])
def test_masking_everything_is_refused(model, stream):
    of = masking(model, np.ones(3))
    left = np.array([[True, False, False], [False, False, False]])
    with pytest.raises(InputError, match=f"at least one step of {stream}; got one that leaves"):
        of.probabilities(**{stream: left})


@pytest.mark.parametrize("rate", [1, 10, 20, 25, 50, 100])
def test_every_frame_is_masked_by_some_window_and_all_by_none(rate):
    for steps in range(2, 30):
        masked = windows(steps, rate)
        assert masked.any(axis=0).all()
        assert masked.any(axis=1).all()
        assert not masked.all(axis=1).any()


def test_a_model_that_averages_frames_has_fewer_of_them(tmp_path):
    run = save_summing_run(tmp_path / "run", rate=50, frame_stride=5)
    assert masking(mdat_predict.load(run), np.ones(4)).rate == 10


def test_several_members_lose_the_same_seconds(tmp_path):
    rates = {"slow": 10, "fast": 20}
    runs = [save_summing_run(tmp_path / n, rate=r, streams=("speech",)) for n, r in rates.items()]
    model = mdat_predict.load(*runs)
    slow, fast = np.zeros((10, 1), np.float32), np.zeros((20, 1), np.float32)
    slow[4], fast[8], fast[13] = 0.5, 0.25, 0.125
    falls = of_speech(Masking(model, [{"speech": [slow]}, {"speech": [fast]}]), ANGRY)
    expected = np.zeros(10)
    expected[[4, 6]] = (0.5 + 0.25) / 2, 0.125 / 2
    np.testing.assert_allclose(falls, expected, atol=1e-6)


def test_streams_without_effect_are_not_explained(tmp_path):
    model = mdat_predict.load(save_summing_run(tmp_path / "run", ignored=["text"]))
    of = masking(model, np.ones(4))
    assert (of.steps, of.tokens) == (4, 0)


def test_a_model_that_does_not_say_its_rate_is_refused(tmp_path):
    model = mdat_predict.load(save_summing_run(tmp_path / "run", rate=None))
    with pytest.raises(InputError, match="expected frames_per_second of the speech"):
        masking(model, np.ones(4))


def test_members_that_read_other_tokens_are_refused(tmp_path):
    names = ("char-ngram", "xlmr")
    model = mdat_predict.load(*(save_summing_run(tmp_path / n, text_encoder=n) for n in names))
    with pytest.raises(InputError, match="the text encoders char-ngram, xlmr"):
        masking(model, np.ones(4))


def test_long_utterances_are_masked_in_smaller_batches(model, monkeypatch):
    speech = np.where(np.arange(20) == 3, 0.5, 0)
    whole = of_speech(masking(model, speech), ANGRY)
    monkeypatch.setattr("mdat_predict.saved.network.STEPS", 50)
    np.testing.assert_array_equal(of_speech(masking(model, speech), ANGRY), whole)

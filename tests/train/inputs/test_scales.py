"""Whose statistics standardise a corpus, and when a speaker may have some."""

from dataclasses import replace

import numpy as np
import pytest
from toy_features import CLASSES, selection, utterance, utterances

from mdat_data import Utterance
from mdat_train.config import NORMALIZATIONS
from mdat_train.inputs.scales import Scale, speakers_tell_emotions
from mdat_train.inputs.scaling import Statistics, statistics_of
from mdat_train.inputs.selection import Selection

CORPUS = selection(utterances(speakers=4, clips=2))
ONE = tuple(u.id for u in CORPUS.utterances if u.speaker == "s1")
LOUD = replace(
    CORPUS,
    speech=tuple(
        rows * 3 + 10 * (u.speaker == "s1")
        for u, rows in zip(CORPUS.utterances, CORPUS.speech, strict=True)
    ),
)
"""One speaker has another microphone."""


def mean(of: Selection, speaker: str = "") -> np.ndarray:
    """Mean of the speech over all steps, of a speaker or of all."""
    pairs = zip(of.utterances, of.speech, strict=True)
    return np.concatenate([r for u, r in pairs if speaker in ("", u.speaker)]).mean(axis=0)


@pytest.mark.parametrize("normalize", ["none", "train"])
def test_what_the_model_standardises_stays_as_it_is(normalize):
    scaled = Scale(CORPUS, normalize).scaled(ONE)
    assert (scaled.selection, scaled.statistics, scaled.recordings) == (CORPUS, {}, 0)


def test_the_scale_of_the_corpus_is_of_all_whoever_has_a_label():
    scale = Scale(LOUD, "corpus")
    np.testing.assert_allclose(mean(scale.scaled(ONE).selection), 0, atol=1e-5)
    assert scale.scaled(ONE) is scale.scaled(())
    assert scale.scaled(()).recordings == len(LOUD)


def test_the_scale_of_the_support_is_of_labelled_utterances_alone():
    scaled = Scale(LOUD, "support").scaled(ONE)
    np.testing.assert_allclose(mean(scaled.selection, "s1"), 0, atol=1e-5)
    assert np.abs(mean(scaled.selection)).min() > 0.5
    assert scaled.recordings == len(ONE)
    others = tuple(
        rows if u.id in ONE else rows + 1000
        for u, rows in zip(LOUD.utterances, LOUD.speech, strict=True)
    )
    moved = Scale(replace(LOUD, speech=others), "support").scaled(ONE)
    for name, of in scaled.statistics.items():
        np.testing.assert_array_equal(of.mean, moved.statistics[name].mean)


def test_without_labels_the_scale_of_the_support_is_that_of_the_training_set():
    of_training = statistics_of(CORPUS)
    scaled = Scale(LOUD, "support", of_training, 32).scaled(())
    assert (scaled.statistics, scaled.recordings) == (of_training, 32)
    expected = (LOUD.speech[0] - of_training["speech"].mean) / of_training["speech"].scale
    np.testing.assert_allclose(scaled.selection.speech[0], expected, atol=1e-5)


def test_every_speaker_has_a_scale_that_is_mixed_with_that_of_the_corpus():
    scaled = Scale(LOUD, "speaker").scaled(LOUD.ids)
    assert not scaled.warning
    own, whole = (Statistics.of(of.speech) for of in (LOUD.of(ONE), LOUD))
    part = 8 / (8 + 5)
    row = LOUD.ids.index(ONE[0])
    expected = (LOUD.speech[row] - (part * own.mean + (1 - part) * whole.mean)) / (
        part * own.scale + (1 - part) * whole.scale
    )
    np.testing.assert_allclose(scaled.selection.speech[row], expected, rtol=1e-4, atol=1e-5)
    before = Scale(LOUD, "corpus").scaled(()).selection
    assert np.abs(mean(scaled.selection, "s1")).max() < 0.7 * np.abs(mean(before, "s1")).max()


def test_new_recordings_have_the_scale_of_the_corpus_because_their_speakers_have_none():
    scaled = Scale(LOUD, "speaker").scaled(LOUD.ids)
    np.testing.assert_array_equal(
        scaled.statistics["speech"].mean, statistics_of(LOUD)["speech"].mean
    )
    assert scaled.recordings == len(LOUD)


def labelled(*emotions: str, classes: tuple[str, ...] = CLASSES) -> Selection:
    """Speakers who show some emotions each, such as `ang hap neu`."""
    of: list[Utterance] = []
    for number, shown in enumerate(emotions):
        for short in shown.split():
            (emotion,) = (name for name in classes if name.startswith(short))
            of.append(utterance(f"{number} {emotion}", emotion, f"s{number}"))
    return selection(of, classes=classes)


@pytest.mark.parametrize(
    ("of", "told"),
    [
        (labelled("ang hap neu"), ""),
        (labelled("ang hap neu sad", "ang hap neu", "sad"), ""),
        (labelled("ang hap neu", "sad"), "1 of 2 speakers"),
        (labelled("ang hap", "neu sad", "ang hap neu"), "2 of 3 speakers"),
        (labelled("ang", "hap", "neu", "sad"), "4 of 4 speakers"),
        (labelled(), "0 of 0 speakers"),
        (labelled("ang sad", classes=("angry", "sad")), ""),
        (labelled("ang", classes=("angry", "sad")), "1 of 1 speakers .* fewer than 2 emotions"),
    ],
)
def test_most_speakers_must_show_three_emotions_or_all_there_are(of, told):
    why_not = speakers_tell_emotions(of)
    assert bool(why_not) == bool(told)
    if told:
        with pytest.raises(ValueError, match=told):
            raise ValueError(why_not)


def test_speakers_of_one_emotion_keep_the_scale_of_the_corpus():
    """As most speakers of URDU: their own scale would tell the label."""
    single = tuple(replace(u, speaker=f"{u.speaker} {u.emotion}") for u in LOUD.utterances)
    corpus = replace(LOUD, utterances=single)
    scaled = Scale(corpus, "speaker").scaled(corpus.ids)
    assert "16 of 16 speakers" in scaled.warning
    expected = Scale(corpus, "corpus").scaled(()).selection
    np.testing.assert_array_equal(scaled.selection.speech[3], expected.speech[3])


def test_only_labels_of_labelled_utterances_decide():
    scale = Scale(LOUD, "speaker")
    assert not scale.scaled(ONE).warning
    assert "0 of 0 speakers" in scale.scaled(()).warning
    unknown = tuple(replace(u, emotion="sad") if u.id not in ONE else u for u in LOUD.utterances)
    assert not Scale(replace(LOUD, utterances=unknown), "speaker").scaled(ONE).warning


@pytest.mark.parametrize("normalize", sorted({*NORMALIZATIONS} - {"none", "train"}))
def test_pooled_features_are_those_of_the_scaled_ones(normalize):
    of = Scale(LOUD, normalize).scaled(LOUD.ids).selection
    found = of.pooled(["speech", "text"])
    expected = replace(
        of, **{name: tuple(map(np.asarray, getattr(of, name))) for name in ("speech", "text")}
    )
    np.testing.assert_allclose(found, expected.pooled(["speech", "text"]), rtol=1e-4, atol=1e-5)

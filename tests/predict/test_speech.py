"""Speech in a stream, against Silero's own function over a whole recording."""

import numpy as np
import pytest

from mdat_predict.speech import BREAK, CHUNK, ENTER, LEAVE, PAD, SILENCE, SPEECH, SpeechFinder

LONG = 10**9


def by_silero(speech_probs: list[float], audio_length_samples: int, longest: int) -> list[tuple]:
    """`get_speech_timestamps` of silero-vad 6.2, without what our options never use."""
    max_speech_samples = longest - CHUNK - 2 * PAD
    triggered, speeches, current_speech = False, [], {}
    temp_end = prev_end = next_start = 0
    for i, speech_prob in enumerate(speech_probs):
        here = CHUNK * i
        if speech_prob >= ENTER and temp_end:
            temp_end = 0
            if next_start < prev_end:
                next_start = here
        if speech_prob >= ENTER and not triggered:
            triggered = True
            current_speech["start"] = here
            continue
        if triggered and here - current_speech["start"] > max_speech_samples:
            if prev_end:
                current_speech["end"] = prev_end
                speeches.append(current_speech)
                current_speech = {}
                if next_start < prev_end:
                    triggered = False
                else:
                    current_speech["start"] = next_start
                prev_end = next_start = temp_end = 0
            else:
                raise NotImplementedError("speech without a pause")
        if speech_prob < LEAVE and triggered:
            if not temp_end:
                temp_end = here
            if here - temp_end > BREAK:
                prev_end = temp_end
            if here - temp_end < SILENCE:
                continue
            current_speech["end"] = temp_end
            if current_speech["end"] - current_speech["start"] > SPEECH:
                speeches.append(current_speech)
            current_speech = {}
            prev_end = next_start = temp_end = 0
            triggered = False
    if current_speech and audio_length_samples - current_speech["start"] > SPEECH:
        current_speech["end"] = audio_length_samples
        speeches.append(current_speech)
    return [(max(0, s["start"] - PAD), min(audio_length_samples, s["end"] + PAD)) for s in speeches]


def found(probabilities: list[float], samples: int, *, longest: int = LONG, step: int = 700):
    given = iter(probabilities)
    finder = SpeechFinder(longest, lambda chunk: next(given))
    spans = []
    for start in range(0, samples, step):
        spans += finder.feed(np.zeros(min(step, samples - start), np.float32))
        assert all(first >= 0 for first, _ in spans)
        assert not spans or finder.needed >= spans[-1][1] - SILENCE - PAD
    return spans + list(finder.finish())


def walk(seed: int, chunks: int) -> list[float]:
    """Probabilities of speech and silence in turn, with doubts between."""
    rng = np.random.default_rng(seed)
    values = []
    while len(values) < chunks:
        centre = rng.choice([0.02, 0.4, 0.95])
        values += np.clip(rng.normal(centre, 0.1, rng.integers(1, 25)), 0, 1).tolist()
    return values[:chunks]


@pytest.mark.parametrize("seed", range(20))
def test_segments_are_those_of_silero(seed):
    samples = 400 * CHUNK - 100 * (seed % 3)
    probabilities = walk(seed, 400)
    assert found(probabilities, samples) == by_silero(probabilities, samples, LONG)


@pytest.mark.parametrize("seed", range(30))
def test_long_speech_is_divided_at_its_last_pause(seed):
    samples, longest = 400 * CHUNK, 60 * CHUNK
    rng = np.random.default_rng(seed)
    probabilities = []
    while len(probabilities) < 400:  # every pause is long enough to divide, few to end
        probabilities += [0.9] * rng.integers(5, 20) + [0.1] * rng.choice([5, 6, 7, 12])
    probabilities = probabilities[:400]
    spans = found(probabilities, samples, longest=longest)
    assert spans == by_silero(probabilities, samples, longest)
    assert max(last - first for first, last in spans) <= longest


def test_speech_without_a_pause_is_divided_where_it_is_too_long():
    spans = found([0.9] * 100, 100 * CHUNK, longest=40 * CHUNK)
    assert spans[0][0] == 0
    assert spans[-1][1] == 100 * CHUNK
    assert all(one[1] == other[0] for one, other in zip(spans, spans[1:], strict=False))
    assert max(last - first for first, last in spans) <= 40 * CHUNK


@pytest.mark.parametrize("step", [1, 511, 512, 5000, 10**6])
def test_blocks_of_any_size_give_the_same(step):
    samples = 60 * CHUNK + 100
    probabilities = walk(1, 61)
    assert found(probabilities, samples, step=step) == found(probabilities, samples)


def test_silence_has_no_speech():
    finder = SpeechFinder(LONG)
    assert not list(finder.feed(np.zeros(16_000, np.float32)))
    assert not list(finder.finish())
    assert finder.needed == 16_000 // CHUNK * CHUNK + CHUNK - PAD

"""Numbers of steps of the utterances of a corpus, and random features of these lengths."""

from collections.abc import Sequence
from pathlib import Path

import numpy as np
from reading import EMOTIONS, SPEECH_DIM, TEXT_DIM, recording

from mdat_data.corpora import read_corpus
from mdat_extract.inputs.audio import inspect_audio
from mdat_train.inputs.selection import Selection

TOKENS_PER_SECOND = 4
"""Of read sentences such as EMO-DB's; each text has two more, at its beginning and its end."""


def steps_of(corpus: str, root: Path) -> list[int]:
    """Number of speech frames of every utterance, 50 per second.

    Args:
        corpus: Name of the corpus.
        root: Folder of its recordings.
    """
    utterances = [u for u in read_corpus(corpus, root).utterances if u.emotion in EMOTIONS]
    return [round(50 * inspect_audio(u.audio).duration) for u in utterances]


def random_selection(steps: Sequence[int], *, frames: int) -> Selection:
    """Make random float16 features; the classes alternate.

    Args:
        steps: Number of speech frames of each utterance.
        frames: Longer speech is cropped to this number of frames.
    """
    rng = np.random.default_rng(0)

    def drawn(number: int, dim: int) -> np.ndarray:
        return rng.standard_normal((number, dim), np.float32).astype(np.float16)

    return Selection(
        classes=EMOTIONS,
        utterances=tuple(recording(*row).utterance for row in enumerate(steps)),
        speech=tuple(drawn(min(length, frames), SPEECH_DIM) for length in steps),
        text=tuple(drawn(tokens(length), TEXT_DIM) for length in steps),
    )


def tokens(steps: int) -> int:
    """Number of text tokens for a number of speech frames."""
    return 2 + round(TOKENS_PER_SECOND * steps / 50)

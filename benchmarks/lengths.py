"""How many steps of XLS-R and XLM-R the utterances of a corpus have, and such features."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from reading import EMOTIONS, SPEECH_DIM, TEXT_DIM

from mdat_data import Utterance
from mdat_data.corpora import read_corpus
from mdat_extract.inputs.audio import look
from mdat_train.inputs.selection import Selection

TOKENS_A_SECOND = 4
"""Of read sentences such as EMO-DB's; beside these stand the two that begin and end a text."""


def steps_of(corpus: str, root: Path) -> list[int]:
    """Frames of speech of every utterance, 50 a second.

    Args:
        corpus: Its name.
        root: Of its recordings.
    """
    of = [u for u in read_corpus(corpus, root).utterances if u.emotion in EMOTIONS]
    return [round(50 * look(u.audio).duration) for u in of]


def random_selection(steps: Sequence[int], *, frames: int) -> Selection:
    """Random float16 features of so many steps, cropped to `frames`; the classes take turns."""
    rng = np.random.default_rng(0)

    def drawn(number: int, dim: int) -> np.ndarray:
        return rng.standard_normal((number, dim), np.float32).astype(np.float16)

    return Selection(
        classes=EMOTIONS,
        utterances=tuple(utterance(row) for row in range(len(steps))),
        speech=tuple(drawn(min(length, frames), SPEECH_DIM) for length in steps),
        text=tuple(drawn(tokens(length), TEXT_DIM) for length in steps),
    )


def tokens(steps: int) -> int:
    """Steps of the text that is said in so many frames."""
    return 2 + round(TOKENS_A_SECOND * steps / 50)


def utterance(row: int) -> Utterance:
    """One of a class."""
    words: dict[str, Any] = {"id": f"{row:05}", "audio": Path(f"{row:05}.wav"), "transcript": ""}
    emotion = EMOTIONS[row % len(EMOTIONS)]
    return Utterance(**words, emotion=emotion, speaker="1", group="1", language="de")

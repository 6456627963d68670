"""The record of an utterance."""

import unicodedata
from dataclasses import dataclass
from pathlib import Path

EMOTIONS = (
    "angry",
    "happy",
    "neutral",
    "sad",
    "fear",
    "disgust",
    "surprise",
    "boredom",
    "excited",
    "frustrated",
    "calm",
    "contempt",
)
"""The emotion words of the corpus modules. A manifest may use any others."""


SEXES = {"f": "female", "m": "male"}
"""The letter that stands for a sex in the names of many corpora -> the word for it."""

UNLABELLED = "unlabelled"
"""What utterances without an emotion are counted as."""


@dataclass(frozen=True, kw_only=True)
class Utterance:
    """An item of a corpus: what one speaker says in one recording.

    Attributes:
        id: Unique in the corpus and the same on every machine.
        audio: Path of the recording.
        transcript: The words; empty where the corpus has none.
        emotion: The label; None where it is unlabelled.
        speaker: Name of the speaker.
        group: A session or a speaker. A split never divides a group.
        language: ISO 639-1 code.
        sex: Of the speaker, `female` or `male` in our corpus modules; empty where it is unknown.
        sentence: What is said, as the names of a corpus write it: recordings of one sentence have
            the same words. Empty where the names do not tell. It is not kept in features files.
        intensity: How strong the emotion is, in the words of the corpus. Empty where it does not
            tell. It is not kept in features files.
    """

    id: str
    audio: Path
    transcript: str = ""
    emotion: str | None = None
    speaker: str
    group: str
    language: str
    sex: str = ""
    sentence: str = ""
    intensity: str = ""


def sex_of(word: str) -> str:
    """Give the word for a sex that a table may write as a letter, f or m.

    Args:
        word: As a table has it.

    Returns:
        `female` or `male` for a letter; any other word as it is.
    """
    return SEXES.get(word.lower(), word)


def normalized(text: str) -> str:
    r"""Write a word as corpora are compared: without white space at its ends, composed (NFC).

    Otherwise `"s1 "` and `"s1"`, or two spellings of é that look the same, are two speakers.

    Args:
        text: A word or a transcript as it stands in a table.

    Returns:
        The text.

    Example:
        >>> normalized(" Re\u0301mi ") == "R\u00e9mi"
        True
    """
    return unicodedata.normalize("NFC", text.strip())

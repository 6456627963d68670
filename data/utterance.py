"""What an utterance is."""

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
)
"""The emotion words of the corpus modules. A manifest may bring any others."""


@dataclass(frozen=True, kw_only=True)
class Utterance:
    """One recording of one speaker, with what is known about it.

    Attributes:
        id: Unique in its corpus and the same on every machine.
        audio: The recording.
        transcript: What is said; empty where the corpus does not tell.
        emotion: The label.
        speaker: Who speaks.
        group: What must never be divided between the parts of a split: a session or a speaker.
        language: ISO 639-1 code.
    """

    id: str
    audio: Path
    transcript: str = ""
    emotion: str
    speaker: str
    group: str
    language: str

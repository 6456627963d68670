"""Demo corpora: emotions as prosody, spoken by eSpeak NG."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from mdat_data.corpus import FOREIGN, Reading
from mdat_data.process.output import whole_folder
from mdat_data.readers.speech_synthesis import Request, speak
from mdat_data.utterance import Utterance

ESPEAK_NG = """
@software{espeakng,
  author = {{The eSpeak NG developers}},
  title  = {{eSpeak NG}},
  url    = {https://github.com/espeak-ng/espeak-ng}
}
"""
"""BibTeX entry of the synthesiser."""

VOICES = ("f1", "f2", "f3", "f4", "m1", "m2", "m3", "m4")
"""The variants of a language's voice that serve as speakers."""


class Prosody(NamedTuple):
    """How an emotion is spoken, in the units of `Request`."""

    rate: float
    volume: float
    pitch: float
    range: float


OF_SPEAKER = Prosody(rate=4, volume=6, pitch=2, range=2)
OF_UTTERANCE = Prosody(rate=5, volume=6, pitch=2, range=4)
"""How far, at most, a speaker is from the table of prosody and an utterance from its speaker."""


def read_demo(
    root: Path, *, language: str, sentences: Sequence[str], prosody: Mapping[str, Prosody]
) -> Reading:
    """Read a demo corpus, and first speak it where the folder does not exist yet.

    Args:
        root: The folder of `<speaker>_<emotion>_<sentence>.wav`; it may hold only some of them.
        language: ISO 639-1 code, by which eSpeak NG knows its voice.
        sentences: What each speaker says in each emotion.
        prosody: The emotions.

    Returns:
        What `read` of a corpus module returns.

    Raises:
        InputError: If there is something to speak but no eSpeak NG.
    """
    requests = {request.file: request for request in _requests(language, sentences, prosody)}
    if not root.exists():
        with whole_folder(root) as folder:
            speak(list(requests.values()), folder)
    left_out: Counter[str] = Counter()
    for audio in sorted(root.iterdir()):
        if audio.name not in requests:
            left_out[FOREIGN] += 1
            continue
        speaker, emotion, _ = audio.stem.split("_")
        yield Utterance(
            id=audio.stem,
            audio=audio,
            transcript=requests[audio.name].text,
            emotion=emotion,
            speaker=speaker,
            group=speaker,
            language=language,
        )
    return left_out


def _requests(
    language: str, sentences: Sequence[str], prosody: Mapping[str, Prosody]
) -> Iterator[Request]:
    noise = random.Random(language)
    for voice in VOICES:
        speaker = _deviation(noise, OF_SPEAKER)
        for emotion, typical in prosody.items():
            for number, sentence in enumerate(sentences, start=1):
                utterance = _deviation(noise, OF_UTTERANCE)
                rate, volume, pitch, span = map(_total, typical, speaker, utterance)
                yield Request(
                    file=f"{voice}_{emotion}_{number}.wav",
                    text=sentence,
                    voice=f"{language}+{voice}",
                    rate=rate,
                    volume=volume,
                    pitch=pitch,
                    range=span,
                )


def _deviation(noise: random.Random, most: Prosody) -> Prosody:
    return Prosody(*(noise.uniform(-each, each) for each in most))


def _total(*parts: float) -> int:
    return max(0, round(sum(parts)))

"""Demo corpora: emotions as prosody, synthesised by eSpeak NG."""

import random
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from mdat_data.corpus import FOREIGN, Reading
from mdat_data.process.lock import exclusive
from mdat_data.process.output import whole_folder
from mdat_data.readers.speech_synthesis import Request, speak
from mdat_data.utterance import SEXES, Utterance

ESPEAK_NG = """
@software{espeakng,
  author = {{The eSpeak NG developers}},
  title  = {{eSpeak NG}},
  url    = {https://github.com/espeak-ng/espeak-ng}
}
"""
"""BibTeX entry of the synthesiser."""

VOICES = ("f1", "f2", "f3", "f4", "m1", "m2", "m3", "m4")
"""The variants of a voice of eSpeak NG that are the speakers."""


class Prosody(NamedTuple):
    """The prosody of an emotion, in the units of `Request`."""

    rate: float
    volume: float
    pitch: float
    range: float


OF_SPEAKER = Prosody(rate=4, volume=6, pitch=2, range=2)
OF_UTTERANCE = Prosody(rate=5, volume=6, pitch=2, range=4)
"""The largest deviation of a speaker from the table, and of an utterance from the speaker."""


def read_demo(
    root: Path, *, language: str, sentences: Sequence[str], prosody: Mapping[str, Prosody]
) -> Reading:
    """Read a demo corpus. If its folder does not exist, synthesise it first.

    Args:
        root: The folder of `<speaker>_<emotion>_<sentence>.wav`; some may be missing.
        language: ISO 639-1 code, which is also the name of a voice of eSpeak NG.
        sentences: The sentences that each speaker says in each emotion.
        prosody: Emotion -> its prosody.

    Returns:
        The utterances, as `read` of a corpus module returns them.

    Raises:
        InputError: The folder does not exist and eSpeak NG is not installed.
    """
    requests = {request.file: request for request in _requests(language, sentences, prosody)}
    if not root.exists():
        with exclusive(root):
            _synthesise(list(requests.values()), root)
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
            sex=SEXES[speaker[0]],
        )
    return left_out


def _synthesise(requests: Sequence[Request], root: Path) -> None:
    if not root.exists():  # another process may have made it just now
        with whole_folder(root) as folder:
            speak(requests, folder)


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

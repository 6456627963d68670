"""URDU, spontaneous emotional speech from Urdu talk shows.

Origin: 400 recordings from broadcast talk shows, 100 of each of four emotions; 44.1 kHz mono.
Obtain: https://github.com/siddiquelatif/URDU-Dataset; clone it into the root.
Licence: for research purposes only, according to its README.
Layout: Angry/SM1_F10_A010.wav, which is the tenth recording of the male speaker 1 and the tenth
angry one; folders Angry, Happy, Neutral and Sad.
Oddities: there are no transcripts. The README counts 38 speakers, the file names 29 (18 men, 11
women). 26 of the 29 have a single emotion and SM5 speaks 72 of the 100 neutral recordings, so a
model that recognises the speaker knows the emotion, and scores on random folds are optimistic.
In the published files the letter of every name agrees with its folder; a file where it does not is
left out.
Citation: S. Latif, A. Qayyum, M. Usman, J. Qadir: Cross lingual speech emotion recognition: Urdu
vs. Western languages. International Conference on Frontiers of Information Technology 2018.
"""

import re
from collections import Counter
from pathlib import Path

from mdat_data.corpus import FOREIGN, Reading, Size
from mdat_data.utterance import SEXES, Utterance

LANGUAGE = "ur"
SIZE = Size(recordings=400, speakers=29, hours=0.28)
LABELS = {"Angry": "angry", "Happy": "happy", "Neutral": "neutral", "Sad": "sad"}
BIBTEX = """
@inproceedings{latif2018cross,
  author    = {Latif, Siddique and Qayyum, Adnan and Usman, Muhammad and Qadir, Junaid},
  title     = {Cross lingual speech emotion recognition: {Urdu} vs. {Western} languages},
  booktitle = {International Conference on Frontiers of Information Technology},
  year      = {2018}
}
"""
FILE_NAME = re.compile(r"(S[FM]\d+)_F\d+_([AHNS])\d+\.wav")


def read(root: Path) -> Reading:
    """Read the recordings that are there, in the folders of all emotions."""
    left_out: Counter[str] = Counter()
    recordings = (audio for label in LABELS for audio in root.glob(f"{label}/*"))
    for audio in sorted(recordings, key=lambda audio: audio.stem):
        label = audio.parent.name
        name = FILE_NAME.fullmatch(audio.name)
        if name is None:
            left_out[FOREIGN] += 1
            continue
        speaker, letter = name.groups()
        if letter != label[0]:
            left_out[f"letter {letter} in folder {label}"] += 1
            continue
        yield Utterance(
            id=audio.stem,
            audio=audio,
            emotion=LABELS[label],
            speaker=speaker,
            group=speaker,
            language=LANGUAGE,
            sex=SEXES[speaker[1].lower()],
        )
    return left_out

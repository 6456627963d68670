"""RESD, Russian emotional speech dialogs (Russian).

Origin: actors speak 50 dialogues of about three minutes, each in two given emotions; 1,396
recordings of turns, 16 kHz and others.
Obtain: https://huggingface.co/datasets/Aniemore/resd; unpack train and test into the root.
Licence: MIT.
Layout: train/anger_disgust_19/19_anger_disgust_a_070.wav, which is dialogue 19, the letter a of
anger and turn 070; ten dialogues write a blank before the letter. The letters are a anger, d
disgust, e enthusiasm, f fear, h happiness, n neutral, s sadness.
Oddities: enthusiasm has no common word and stays as it is. The names of the actors are not given,
so each emotion of a dialogue counts as one speaker. Such a speaker has a single emotion, and an
actor of several dialogues is several speakers (the authors name 200 actors). The group is the
dialogue. The folders train and test divide dialogues, so they are not used. Transcripts are in a
version of its own (resd_annotated) and are not read; sexes are not given.
Citation: A. Amentes, I. Lubenets, N. Davidchuk: Open library of artificial intelligence for
analysis and detection of emotional shades of human speech. Aniemore, 2022.
"""

import re
from dataclasses import replace
from pathlib import Path

from mdat_data.corpus import Reading, Size
from mdat_data.readers.file_names import read_file_names
from mdat_data.utterance import Utterance

LANGUAGE = "ru"
SIZE = Size(recordings=1396, speakers=100, hours=2.3)
LABELS = {
    "a": "angry",
    "d": "disgust",
    "e": "enthusiasm",
    "f": "fear",
    "h": "happy",
    "n": "neutral",
    "s": "sad",
}
BIBTEX = """
@misc{aniemore2022resd,
  author       = {Amentes, Artem and Lubenets, Ilya and Davidchuk, Nikita},
  title        = {Open library of artificial intelligence for analysis and detection of emotional
                  shades of human speech},
  year         = {2022},
  howpublished = {https://github.com/aniemore/Aniemore}
}
"""
NAME = rf"(?P<group>\d\d)_[a-z]+_[a-z]+[ _](?P<label>[{''.join(LABELS)}])_\d{{3}}"


def read(root: Path) -> Reading:
    """Read the recordings that are there, in any folders."""
    return read_file_names(root, NAME, LABELS, LANGUAGE, _complete)


def _complete(utterance: Utterance, name: re.Match[str]) -> Utterance:
    return replace(utterance, speaker=f"{utterance.group}{name['label']}")

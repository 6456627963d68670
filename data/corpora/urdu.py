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
from pathlib import Path

from mdat_data.corpus import Reading, Size
from mdat_data.readers.file_names import read_file_names
from mdat_data.utterance import Utterance

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
NAME = rf"(?P<label>{'|'.join(LABELS)})/(?P<speaker>S(?P<sex>[FM])\d+)_F\d+_(?P<letter>[AHNS])\d+"


def read(root: Path) -> Reading:
    """Read the recordings that are there, in the folders of all emotions."""
    return read_file_names(root, NAME, LABELS, LANGUAGE, _complete)


def _complete(utterance: Utterance, name: re.Match[str]) -> Utterance | str:
    label, letter = name["label"], name["letter"]
    return utterance if letter == label[0] else f"letter {letter} in folder {label}"

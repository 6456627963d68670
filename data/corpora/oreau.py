"""Oréau, emotional speech for the classroom (French).

Origin: 32 non-professional speakers (7 women, 25 men) speak 79 sentences in seven emotions; the
second version has the 434 recordings that listeners recognised, 44.1 kHz.
Obtain: https://zenodo.org/record/4405783; unpack OréauFR_02 into the root.
Licence: Creative Commons BY 4.0.
Layout: OréauFR_02/f/sessc/10a01Ca.wav, which is a woman (m: a man), speaker 10, sentence a01 of the
letter C (colère, angry) and take a. The letters are those of the French words.
Oddities: the é of the folder is often in two characters (decomposed). Recordings of the first
version (OréauFR_01) are left out, because the second one repeats them. Two names have z instead of
a before the sentence. The sentences of an emotion are its own, so the text gives the emotion away;
their texts are not with the recordings.
Citation: L. Kerkeni, C. Cleder, Y. Serrestou, K. Raoof: French emotional speech database - Oréau.
Zenodo, 2020.
"""

import re
from dataclasses import replace
from pathlib import Path

from mdat_data.corpus import Reading, Size
from mdat_data.readers.file_names import read_file_names
from mdat_data.utterance import Utterance

LANGUAGE = "fr"
SIZE = Size(recordings=434, speakers=32, hours=0.34)
LABELS = {
    "C": "angry",
    "D": "disgust",
    "J": "happy",
    "N": "neutral",
    "P": "fear",
    "S": "surprise",
    "T": "sad",
}
BIBTEX = """
@misc{kerkeni2020oreau,
  author    = {Kerkeni, Leila and Cleder, Catherine and Serrestou, Youssef and Raoof, Kosai},
  title     = {French emotional speech database - {Oréau}},
  publisher = {Zenodo},
  year      = {2020},
  doi       = {10.5281/zenodo.4405783}
}
"""
NAME = (
    rf"(?P<sex>[fm])/sess[a-z]/(?P<speaker>\d\d)[az](?P<number>\d\d)"
    rf"(?P<label>[{''.join(LABELS)}])[a-z]"
)


def read(root: Path) -> Reading:
    """Read the recordings of the second version that are there."""
    return read_file_names(root, NAME, LABELS, LANGUAGE, _complete)


def _complete(utterance: Utterance, name: re.Match[str]) -> Utterance | str:
    if "FR_01/" in name.string:
        return "first version"
    return replace(utterance, sentence=f"{name['label']}{name['number']}")

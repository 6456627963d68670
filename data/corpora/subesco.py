"""SUBESCO, the SUST Bangla emotional speech corpus (Bengali).

Origin: twenty actors (ten women, ten men) speak ten sentences five times in seven emotions; 7,000
recordings, 48 kHz.
Obtain: https://zenodo.org/record/4526477; unpack it into the root.
Licence: Creative Commons BY 4.0.
Layout: F_02_MONIKA_S_1_NEUTRAL_5.wav, which is the woman 02, sentence 1, neutral and take 5.
Oddities: women and men are counted apart, so the sex belongs to the name of a speaker. One name has
a bracket too many (F_02_MONIKA_S_2_SURPRISE_3]); its id has none. Each sentence is spoken in every
emotion; their texts are not with the recordings, so transcripts are empty.
Citation: S. Sultana, M. S. Rahman, M. R. Selim, M. Z. Iqbal: SUST Bangla emotional speech corpus
(SUBESCO): an audio-only emotional speech corpus for Bangla. PLOS ONE 16 (2021), e0250173.
"""

import re
from dataclasses import replace
from pathlib import Path

from mdat_data.corpus import Reading, Size
from mdat_data.readers.file_names import read_file_names
from mdat_data.utterance import Utterance

LANGUAGE = "bn"
SIZE = Size(recordings=7000, speakers=20, hours=7.8)
LABELS = {
    "ANGRY": "angry",
    "DISGUST": "disgust",
    "FEAR": "fear",
    "HAPPY": "happy",
    "NEUTRAL": "neutral",
    "SAD": "sad",
    "SURPRISE": "surprise",
}
BIBTEX = """
@article{sultana2021subesco,
  author  = {Sultana, Sadia and Rahman, M. Shahidur and Selim, M. Reza and Iqbal, M. Zafar},
  title   = {{SUST} {Bangla} emotional speech corpus ({SUBESCO}): an audio-only emotional speech
             corpus for {Bangla}},
  journal = {PLOS ONE},
  volume  = {16},
  pages   = {e0250173},
  year    = {2021},
  doi     = {10.1371/journal.pone.0250173}
}
"""
NAME = (
    rf"(?P<speaker>(?P<sex>[FM])_\d\d)_[A-Z]+_S_(?P<sentence>\d+)"
    rf"_(?P<label>{'|'.join(LABELS)})_\d]?"
)


def read(root: Path) -> Reading:
    """Read the recordings that are there, in any folders."""
    return read_file_names(root, NAME, LABELS, LANGUAGE, _complete)


def _complete(utterance: Utterance, name: re.Match[str]) -> Utterance:
    return replace(utterance, id=utterance.id.removesuffix("]"))

"""MESD, the Mexican emotional speech database (Spanish).

Origin: three women, two men and six children say single words in six emotions; 862 recordings,
48 kHz mono.
Obtain: https://data.mendeley.com/datasets/cy34mh68j9/5; unpack it into the root.
Licence: Creative Commons BY 4.0.
Layout: Anger_F_A_abajo.wav, which is anger, an adult woman (M: man, C: child), the list A (words
that recur in all emotions; B: words chosen for the emotion) and the word.
Oddities: names tell the kind of voice and not the speaker, so each of the three kinds counts as one
speaker and is never divided. The sex of children is unknown. Words lack their accents (adios), and
so do the transcripts. In list B the text gives the emotion away.
Citation: M. M. Duville, L. M. Alonso-Valerdi, D. I. Ibarra-Zarate: Mexican emotional speech
database based on semantic, frequency, familiarity, concreteness, and cultural shaping of affective
prosody. Data 6 (2021), 130.
"""

import re
from dataclasses import replace
from pathlib import Path

from mdat_data.corpus import Reading, Size
from mdat_data.readers.file_names import read_file_names
from mdat_data.utterance import Utterance

LANGUAGE = "es"
SIZE = Size(recordings=862, speakers=3, hours=0.17)
LABELS = {
    "Anger": "angry",
    "Disgust": "disgust",
    "Fear": "fear",
    "Happiness": "happy",
    "Neutral": "neutral",
    "Sadness": "sad",
}
BIBTEX = """
@article{duville2021mesd,
  author  = {Duville, Mathilde Marie and Alonso-Valerdi, Luz Maria and Ibarra-Zarate, David I.},
  title   = {{Mexican} emotional speech database based on semantic, frequency, familiarity,
             concreteness, and cultural shaping of affective prosody},
  journal = {Data},
  volume  = {6},
  pages   = {130},
  year    = {2021},
  doi     = {10.3390/data6120130}
}
"""
NAME = rf"(?P<label>{'|'.join(LABELS)})_(?P<speaker>(?P<sex>[FM])|C)_[AB]_(?P<transcript>\w+)"


def read(root: Path) -> Reading:
    """Read the recordings that are there, in any folders."""
    return read_file_names(root, NAME, LABELS, LANGUAGE, _complete)


def _complete(utterance: Utterance, name: re.Match[str]) -> Utterance:
    return replace(utterance, transcript=utterance.transcript.replace("_", " "))

"""SAVEE, Surrey audio-visual expressed emotion (English).

Origin: four men speak fifteen sentences in each of six emotions and thirty neutrally, in British
English; 480 recordings, 44.1 kHz mono.
Obtain: register at http://kahlan.eps.surrey.ac.uk/savee; unpack AudioData into the root.
Licence: free of charge for research.
Layout: DC/a01.wav or DC_a01.wav, which is speaker DC, anger and sentence 01; sa is sadness, su
surprise. Other folders above are fine.
Oddities: all speakers are men. Most sentences belong to one emotion, so the text gives the emotion
away: of the fifteen, three are common to all emotions. Numbers count the sentences of an emotion,
and no table of their texts comes with the recordings, so transcripts are empty.
Citation: S. Haq, P. J. B. Jackson: Multimodal emotion recognition. Machine Audition: Principles,
Algorithms and Systems 2010, pp. 398-423.
"""

import re
from dataclasses import replace
from pathlib import Path

from mdat_data.corpus import Reading, Size
from mdat_data.readers.file_names import read_file_names
from mdat_data.utterance import Utterance

LANGUAGE = "en"
SIZE = Size(recordings=480, speakers=4, hours=0.51)
LABELS = {
    "a": "angry",
    "d": "disgust",
    "f": "fear",
    "h": "happy",
    "n": "neutral",
    "sa": "sad",
    "su": "surprise",
}
BIBTEX = """
@incollection{haq2010savee,
  author    = {Haq, Sanaul and Jackson, Philip J. B.},
  title     = {Multimodal emotion recognition},
  booktitle = {Machine Audition: Principles, Algorithms and Systems},
  pages     = {398--423},
  year      = {2010}
}
"""
NAME = rf"(?P<speaker>DC|JE|JK|KL)[/_](?P<label>{'|'.join(LABELS)})(?P<number>\d\d)"


def read(root: Path) -> Reading:
    """Read the recordings that are there, in any folders above the speakers."""
    return read_file_names(root, NAME, LABELS, LANGUAGE, _complete)


def _complete(utterance: Utterance, name: re.Match[str]) -> Utterance:
    id = f"{utterance.speaker}_{name['label']}{name['number']}"
    return replace(utterance, id=id, sex="male")

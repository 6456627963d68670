"""EmoV-DB, the emotional voices database (English).

Origin: four speakers (two women, two men) read sentences of CMU ARCTIC in five emotions, for speech
synthesis; 6,887 recordings, 44.1 or 16 kHz.
Obtain: https://www.openslr.org/115 or https://github.com/numediart/EmoV-DB; unpack the archives
into the root.
Licence: for non-commercial purposes only (research, teaching, publication and personal
experiments), by its LICENSE.md.
Layout: bea_Angry/anger_1-28_0011.wav (or bea/Angry/anger_1-28_0011.wav), which is speaker bea,
angry, a file of annotations and sentence 0011.
Oddities: amused and sleepy have no common word and stay as they are. There is no sad. josh has
three emotions: amused, neutral and sleepy. File names recur between speakers, so ids begin with the
speaker. Capital letters of file names vary. Texts are those of CMU ARCTIC, which is not with the
recordings, so transcripts are empty.
Citation: A. Adigwe, N. Tits, K. El Haddad, S. Ostadabbas, T. Dutoit: The emotional voices database:
towards controlling the emotion dimension in voice generation systems. arXiv:1806.09514, 2018.
"""

import re
from dataclasses import replace
from pathlib import Path

from mdat_data.corpus import Reading, Size
from mdat_data.readers.file_names import read_file_names
from mdat_data.utterance import Utterance

LANGUAGE = "en"
SIZE = Size(recordings=6887, speakers=4, hours=9.5)
LABELS = {
    "Amused": "amused",
    "Angry": "angry",
    "Disgusted": "disgust",
    "Neutral": "neutral",
    "Sleepy": "sleepy",
}
BIBTEX = """
@article{adigwe2018emotional,
  author  = {Adigwe, Adaeze and Tits, No{\\'e} and El Haddad, Kevin and Ostadabbas, Sarah
             and Dutoit, Thierry},
  title   = {The emotional voices database: towards controlling the emotion dimension in voice
             generation systems},
  journal = {arXiv:1806.09514},
  year    = {2018}
}
"""
SPEAKERS = {"bea": "female", "jenie": "female", "josh": "male", "sam": "male"}
NAME = (
    rf"(?P<speaker>{'|'.join(SPEAKERS)})[/_](?P<label>{'|'.join(LABELS)})"
    rf"/[^/]*_(?P<sentence>\d{{4}})"
)


def read(root: Path) -> Reading:
    """Read the recordings that are there, in the folders of all speakers and emotions."""
    return read_file_names(root, NAME, LABELS, LANGUAGE, _complete)


def _complete(utterance: Utterance, name: re.Match[str]) -> Utterance:
    return replace(
        utterance,
        id=f"{utterance.speaker}_{utterance.id.lower()}",
        sex=SPEAKERS[utterance.speaker],
    )

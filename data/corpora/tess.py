"""TESS, the Toronto emotional speech set (English).

Origin: two actresses, 26 and 64 years old, say "Say the word ..." with 200 words in seven emotions;
2,800 recordings, 24.4 kHz mono.
Obtain: https://doi.org/10.5683/SP2/E8H2MF (University of Toronto); unpack it into the root.
Licence: a Creative Commons licence without commercial use: BY-NC 4.0 by its entry in Borealis,
BY-NC-ND 4.0 in other copies.
Layout: OAF_back_angry.wav, which is the older actress (YAF is the younger one), the word back and
angry. Folders above are fine.
Oddities: there are two speakers, so a score says little about others. ps is pleasant surprise. Each
sentence is spoken in every emotion. Some archives hold all recordings twice, the copies are left
out; some name one recording OA instead of OAF.
Citation: M. K. Pichora-Fuller, K. Dupuis: Toronto emotional speech set (TESS). Scholars Portal
Dataverse, 2020.
"""

import re
from dataclasses import replace
from pathlib import Path

from mdat_data.corpus import Reading, Size
from mdat_data.readers.file_names import read_file_names
from mdat_data.utterance import Utterance

LANGUAGE = "en"
SIZE = Size(recordings=2800, speakers=2, hours=1.6)
LABELS = {
    "angry": "angry",
    "disgust": "disgust",
    "fear": "fear",
    "happy": "happy",
    "neutral": "neutral",
    "ps": "surprise",
    "sad": "sad",
}
BIBTEX = """
@data{pichorafuller2020tess,
  author    = {Pichora-Fuller, M. Kathleen and Dupuis, Kate},
  title     = {Toronto emotional speech set ({TESS})},
  publisher = {Scholars Portal Dataverse},
  year      = {2020},
  doi       = {10.5683/SP2/E8H2MF}
}
"""
NAME = rf"(?P<speaker>OAF?|YAF)_(?P<sentence>[a-z]+)_(?P<label>{'|'.join(LABELS)})"


def read(root: Path) -> Reading:
    """Read the recordings that are there, in any folders."""
    return read_file_names(root, NAME, LABELS, LANGUAGE, _complete)


def _complete(utterance: Utterance, name: re.Match[str]) -> Utterance:
    speaker = utterance.speaker.removesuffix("F") + "F"
    return replace(
        utterance,
        id=f"{speaker}_{utterance.sentence}_{name['label']}",
        transcript=f"Say the word {utterance.sentence}.",
        speaker=speaker,
        group=speaker,
        sex="female",
    )

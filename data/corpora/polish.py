"""Emotions in Polish speech recordings (Polish).

Origin: five men of 21 to 23 years say six words five times in three emotions, recorded at the
Gdańsk University of Technology; 450 recordings, 44.1 kHz.
Obtain: https://doi.org/10.34808/h46c-hb44; unpack it into the root.
Licence: unknown to us; see its page.
Layout: m1.a_nie_2.wav, which is speaker m1, a (anger), the word nie and its second repetition; n is
neutral, s (strach) fear.
Oddities: there is neither happy nor sad. All speakers are men. Each word is spoken in every
emotion.
Citation: M. Mięsikowska, D. Świsulski: Emotions in Polish speech recordings. Gdańsk University of
Technology, 2020.
"""

import re
from dataclasses import replace
from pathlib import Path

from mdat_data.corpus import Reading, Size
from mdat_data.readers.file_names import read_file_names
from mdat_data.utterance import Utterance

LANGUAGE = "pl"
SIZE = Size(recordings=450, speakers=5, hours=0.11)
LABELS = {"a": "angry", "n": "neutral", "s": "fear"}
BIBTEX = """
@misc{miesikowska2020emotions,
  author    = {Mięsikowska, Marzena and Świsulski, Dariusz},
  title     = {Emotions in {Polish} speech recordings},
  publisher = {Gdańsk University of Technology},
  year      = {2020},
  doi       = {10.34808/h46c-hb44}
}
"""
NAME = rf"(?P<speaker>m\d)\.(?P<label>[{''.join(LABELS)}])_(?P<transcript>[a-z]+)_\d"


def read(root: Path) -> Reading:
    """Read the recordings that are there, in any folders."""
    return read_file_names(root, NAME, LABELS, LANGUAGE, _complete)


def _complete(utterance: Utterance, name: re.Match[str]) -> Utterance:
    return replace(utterance, sex="male")

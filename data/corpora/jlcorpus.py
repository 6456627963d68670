"""JL corpus, emotions for human-robot interaction (English).

Origin: four actors (two women, two men) speak fifteen sentences four times in ten emotions, in New
Zealand English; 2,400 recordings, 44.1 kHz.
Obtain: https://www.kaggle.com/tli725/jl-corpus; unpack it into the root.
Licence: CC0 1.0 (public domain).
Layout: Raw JL corpus (unchecked and unannotated)/JL(wav+txt)/female1_angry_10a_1.wav, which is
speaker female1, angry, sentence 10 in session a, take 1; its words are in female1_angry_10a_1.txt.
Oddities: five emotions are secondary and stay as they are: anxious, apologetic, assertive,
concerned and encouraging. The archive holds a part of the recordings twice; the copies are left
out. Each sentence is spoken in every emotion. Without its text file a recording has no transcript.
Citation: J. James, L. Tian, C. I. Watson: An open source emotional speech corpus for human robot
interaction applications. Interspeech 2018, pp. 2768-2772.
"""

import re
from dataclasses import replace
from pathlib import Path

from mdat_data.corpus import Reading, Size
from mdat_data.readers.file_names import read_file_names
from mdat_data.utterance import Utterance

LANGUAGE = "en"
SIZE = Size(recordings=2400, speakers=4, hours=1.4)
LABELS = {
    "angry": "angry",
    "anxious": "anxious",
    "apologetic": "apologetic",
    "assertive": "assertive",
    "concerned": "concerned",
    "encouraging": "encouraging",
    "excited": "excited",
    "happy": "happy",
    "neutral": "neutral",
    "sad": "sad",
}
BIBTEX = """
@inproceedings{james2018jl,
  author    = {James, Jesin and Tian, Li and Watson, Catherine Inez},
  title     = {An open source emotional speech corpus for human robot interaction applications},
  booktitle = {Interspeech},
  pages     = {2768--2772},
  year      = {2018},
  doi       = {10.21437/Interspeech.2018-1349}
}
"""
NAME = (
    rf"(?P<speaker>(?P<sex>female|male)[12])_(?P<label>{'|'.join(LABELS)})"
    rf"_(?P<sentence>\d+)[ab]_[12]"
)


def read(root: Path) -> Reading:
    """Read the recordings that are there, in any folders, each with the text beside it."""
    return read_file_names(root, NAME, LABELS, LANGUAGE, _complete)


def _complete(utterance: Utterance, name: re.Match[str]) -> Utterance:
    text = utterance.audio.with_suffix(".txt")
    words = text.read_text(encoding="utf-8", errors="replace") if text.is_file() else ""
    return replace(utterance, transcript=" ".join(words.split()))

"""ASED, the Amharic speech emotion dataset (Amharic).

Origin: 65 volunteers (25 women, 40 men) speak 27 sentences in five emotions, twice each; 2,474
recordings that most of eight judges accepted, 16 kHz mono.
Obtain: https://github.com/Ethio2021/ASED_V1; clone it into the root.
Licence: none is stated with the recordings, as far as we know; the paper calls them freely
available.
Layout: 05Angry/a5-03-01-02-50.wav, which is a (angry) in folder 5, sentence 03, repetition 01, sex
02 (01 is female) and speaker 50.
Oddities: one name begins with S instead of s for sad. Five names contradict the other names of
their speaker in the sex, so that of the speaker is read. Sentences 01 and 02 are spoken in all
emotions, 03 to 07 belong to one, so the text gives the emotion away. Transcripts are not with the
recordings.
Citation: E. A. Retta, E. Almekhlafi, R. Sutcliffe, M. Mhamed, H. Ali, J. Feng: A new Amharic speech
emotion dataset and classification benchmark. ACM Transactions on Asian and Low-Resource Language
Information Processing 22 (2023), pp. 1-22.
"""

import re
from dataclasses import replace
from pathlib import Path

from mdat_data.corpus import Reading, Size
from mdat_data.readers.file_names import read_file_names
from mdat_data.utterance import Utterance

LANGUAGE = "am"
SIZE = Size(recordings=2474, speakers=65, hours=2.1)
LABELS = {"a": "angry", "f": "fear", "h": "happy", "n": "neutral", "s": "sad", "S": "sad"}
BIBTEX = """
@article{retta2023ased,
  author  = {Retta, Ephrem Afele and Almekhlafi, Eiad and Sutcliffe, Richard and Mhamed, Mustafa
             and Ali, Haider and Feng, Jun},
  title   = {A new {Amharic} speech emotion dataset and classification benchmark},
  journal = {ACM Transactions on Asian and Low-Resource Language Information Processing},
  volume  = {22},
  pages   = {1--22},
  year    = {2023},
  doi     = {10.1145/3529759}
}
"""
COMMON = ("01", "02")
WOMEN = frozenset([*range(1, 38, 2), 43, 47, 48, 49, 58, 62])
NAME = rf"(?P<label>[{''.join(LABELS)}])[1-5]-(?P<sentence>\d\d)-\d\d-0[12]-(?P<speaker>\d\d)"


def read(root: Path) -> Reading:
    """Read the recordings that are there, in any folders."""
    return read_file_names(root, NAME, LABELS, LANGUAGE, _complete)


def _complete(utterance: Utterance, name: re.Match[str]) -> Utterance:
    number = name["sentence"]
    return replace(
        utterance,
        sentence=number if number in COMMON else f"{utterance.emotion} {number}",
        sex="female" if int(utterance.speaker) in WOMEN else "male",
    )

"""RAVDESS, the Ryerson audio-visual database of emotional speech and song (English).

Origin: 24 actors (twelve women, twelve men) speak two sentences twice in eight emotions, seven of
them also in a strong intensity, in North American English; 1,440 recordings of speech, 48 kHz.
Obtain: https://zenodo.org/record/1188976 (Audio_Speech_Actors_01-24.zip); unpack it into the root.
Licence: Creative Commons BY-NC-SA 4.0.
Layout: Actor_12/03-01-06-01-02-01-12.wav, which is audio (03), speech (01), fearful (06), normal
intensity (01; 02 is strong), the second sentence, the first repetition and actor 12. Women have
even numbers, men odd ones. Other folders above are fine.
Oddities: song (02 in the second place) and films (01 and 02 in the first) are left out. Neutral has
no strong intensity, therefore half as many recordings. Calm is a class of its own. Some archives
hold all recordings twice; the copies are left out.
Citation: S. R. Livingstone, F. A. Russo: The Ryerson audio-visual database of emotional speech and
song (RAVDESS). PLOS ONE 13 (2018), e0196391.
"""

import re
from dataclasses import replace
from pathlib import Path

from mdat_data.corpus import Reading, Size
from mdat_data.readers.file_names import read_file_names
from mdat_data.utterance import Utterance

LANGUAGE = "en"
SIZE = Size(recordings=1440, speakers=24, hours=1.5)
LABELS = {
    "01": "neutral",
    "02": "calm",
    "03": "happy",
    "04": "sad",
    "05": "angry",
    "06": "fear",
    "07": "disgust",
    "08": "surprise",
}
BIBTEX = """
@article{livingstone2018ravdess,
  author  = {Livingstone, Steven R. and Russo, Frank A.},
  title   = {The {Ryerson} audio-visual database of emotional speech and song ({RAVDESS})},
  journal = {PLOS ONE},
  volume  = {13},
  pages   = {e0196391},
  year    = {2018},
  doi     = {10.1371/journal.pone.0196391}
}
"""
SENTENCES = {"01": "Kids are talking by the door.", "02": "Dogs are sitting by the door."}
INTENSITIES = {"01": "normal", "02": "strong"}
NAME = (
    r"(?P<what>\d\d-\d\d)-(?P<label>0[1-8])-(?P<strong>0[12])"
    r"-(?P<sentence>0[12])-0[12]-(?P<speaker>\d\d)"
)


def read(root: Path) -> Reading:
    """Read the recordings that are there, in any folders."""
    return read_file_names(root, NAME, LABELS, LANGUAGE, _complete)


def _complete(utterance: Utterance, name: re.Match[str]) -> Utterance | str:
    if name["what"] != "03-01":
        return "song or film"
    return replace(
        utterance,
        transcript=SENTENCES[name["sentence"]],
        intensity=INTENSITIES[name["strong"]],
        sex="male" if int(utterance.speaker) % 2 else "female",
    )

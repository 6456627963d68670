"""RAVDESS, the Ryerson audio-visual database of emotional speech and song (English): its speech.

Origin: twenty-four actors (twelve women, twelve men) with a North American accent speak two
sentences in seven emotions and neutral, each twice and, except neutral, with normal and strong
intensity; recorded at Ryerson University in Toronto; 1440 recordings, 48 kHz.
Obtain: https://zenodo.org/records/1188976 (the archive Audio_Speech_Actors_01-24.zip); unpack it
into the root.
Licence: Creative Commons BY-NC-SA 4.0: not for commercial use.
Layout: Actor_01/03-01-05-01-02-01-01.wav, which is audio alone (03), speech (01), angry (05),
normal intensity (01), sentence 02, the first repetition (01) and actor 01; odd actors are men.
Oddities: the layout is that of the archive of songs too; a song is left out. Neutral has half as
many recordings as each emotion. Each sentence is spoken in every emotion, so the text alone does
not give the emotion. A file whose name gives another actor than its folder is left out.
Citation: S. R. Livingstone, F. A. Russo: The Ryerson audio-visual database of emotional speech and
song (RAVDESS): a dynamic, multimodal set of facial and vocal expressions in North American
English. PLoS ONE 13(5), 2018, e0196391.
"""

import re
from collections import Counter
from pathlib import Path

from mdat_data.corpus import FOREIGN, Reading
from mdat_data.utterance import Utterance

LANGUAGE = "en"
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
@article{livingstone2018ryerson,
  author    = {Livingstone, Steven R. and Russo, Frank A.},
  title     = {The {Ryerson} audio-visual database of emotional speech and song ({RAVDESS}): a
               dynamic, multimodal set of facial and vocal expressions in {North American}
               {English}},
  journal   = {PLoS ONE},
  volume    = {13},
  number    = {5},
  pages     = {e0196391},
  year      = {2018}
}
"""
SENTENCES = {"01": "Kids are talking by the door.", "02": "Dogs are sitting by the door."}
FILE_NAME = re.compile(r"03-(0[12])-(0[1-8])-0[12]-(0[12])-0[12]-(\d\d)\.wav")


def read(root: Path) -> Reading:
    """Read the recordings that are there, in the folders of all actors."""
    left_out: Counter[str] = Counter()
    for audio in sorted(root.glob("Actor_[0-9][0-9]/*"), key=lambda audio: audio.stem):
        name = FILE_NAME.fullmatch(audio.name)
        if name is None or f"Actor_{name[4]}" != audio.parent.name:
            left_out[FOREIGN] += 1
            continue
        channel, label, sentence, speaker = name.groups()
        if channel == "02":
            left_out["song"] += 1
            continue
        yield Utterance(
            id=audio.stem,
            audio=audio,
            transcript=SENTENCES[sentence],
            emotion=LABELS[label],
            speaker=speaker,
            group=speaker,
            language=LANGUAGE,
        )
    return left_out

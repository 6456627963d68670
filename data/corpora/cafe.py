"""CaFE, the Canadian French emotional speech dataset (French).

Origin: twelve actors (six women, six men) speak six sentences in six emotions, mild and strong, and
neutrally, in the French of Quebec; 936 recordings, 48 kHz (or 192 kHz).
Obtain: https://zenodo.org/record/1478765 (CaFE_48k.zip); unpack it into the root.
Licence: Creative Commons BY-NC-SA 4.0.
Layout: Colère/Faible/01-C-1-2.wav, which is actor 01, the letter C of Colère (angry), mild (1;
2 is strong) and sentence 2. Women have even numbers, men odd ones.
Oddities: the names of the folders are in code page 437, so that many programs unpack them with
wrong letters instead of accents (Dégoût, Colère); the file names say everything, and folders are
not looked at. Neutral has no intensity. Each sentence is spoken in every emotion.
Citation: P. Gournay, O. Lahaie, R. Lefebvre: A Canadian French emotional speech dataset. ACM
Multimedia Systems Conference 2018, pp. 399-402.
"""

import re
from dataclasses import replace
from pathlib import Path

from mdat_data.corpus import Reading, Size
from mdat_data.readers.file_names import read_file_names
from mdat_data.utterance import Utterance

LANGUAGE = "fr"
SIZE = Size(recordings=936, speakers=12, hours=1.2)
LABELS = {
    "C": "angry",
    "D": "disgust",
    "J": "happy",
    "N": "neutral",
    "P": "fear",
    "S": "surprise",
    "T": "sad",
}
BIBTEX = """
@inproceedings{gournay2018cafe,
  author    = {Gournay, Philippe and Lahaie, Olivier and Lefebvre, Roch},
  title     = {A {Canadian} {French} emotional speech dataset},
  booktitle = {ACM Multimedia Systems Conference},
  pages     = {399--402},
  year      = {2018},
  doi       = {10.1145/3204949.3208121}
}
"""
SENTENCES = {
    "1": "Un cheval fou dans mon jardin.",
    "2": "Deux ânes aigris au pelage brun.",
    "3": "Trois cygnes aveugles au bord du lac.",
    "4": "Quatre vieilles truies éléphantesques.",
    "5": "Cinq pumas fiers et passionnés.",
    "6": "Six ours aimants domestiqués.",
}
INTENSITIES = {"1": "mild", "2": "strong"}
NAME = rf"(?P<speaker>\d\d)-(?P<label>[{''.join(LABELS)}])-(?P<level>[12])-(?P<sentence>[1-6])"


def read(root: Path) -> Reading:
    """Read the recordings that are there, in any folders."""
    return read_file_names(root, NAME, LABELS, LANGUAGE, _complete)


def _complete(utterance: Utterance, name: re.Match[str]) -> Utterance:
    return replace(
        utterance,
        transcript=SENTENCES[name["sentence"]],
        intensity="" if utterance.emotion == "neutral" else INTENSITIES[name["level"]],
        sex="male" if int(utterance.speaker) % 2 else "female",
    )

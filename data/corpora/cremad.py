"""CREMA-D, the crowd-sourced emotional multimodal actors dataset (English).

Origin: 91 actors (43 women, 48 men) of many backgrounds speak twelve sentences in six emotions, one
of the sentences in three intensities; 7,442 recordings, 16 kHz mono.
Obtain: https://github.com/CheyneyComputerScience/CREMA-D (with git lfs); clone it into the root.
Licence: Open Database License 1.0, the recordings Database Contents License 1.0.
Layout: AudioWAV/1001_IEO_ANG_HI.wav, which is actor 1001, sentence IEO, angry and high intensity
(LO, MD, HI; XX is unspecified). AudioMP3 holds the same recordings and is left out where both are.
Oddities: 1076_MTI_SAD_XX is silent, as the authors say, and is left out. Emotions are what the
actor was asked for; what listeners heard is in processedResults/summaryTable.csv. The sexes are
those of VideoDemographics.csv. A clone without git lfs holds pointers instead of recordings.
Citation: H. Cao, D. G. Cooper, M. K. Keutmann, R. C. Gur, A. Nenkova, R. Verma: CREMA-D:
crowd-sourced emotional multimodal actors dataset. IEEE Transactions on Affective Computing 5
(2014), pp. 377-390.
"""

import re
from dataclasses import replace
from pathlib import Path

from mdat_data.corpus import Reading, Size
from mdat_data.readers.file_names import read_file_names
from mdat_data.utterance import Utterance

LANGUAGE = "en"
SIZE = Size(recordings=7441, speakers=91, hours=5.3)
LABELS = {
    "ANG": "angry",
    "DIS": "disgust",
    "FEA": "fear",
    "HAP": "happy",
    "NEU": "neutral",
    "SAD": "sad",
}
BIBTEX = """
@article{cao2014cremad,
  author  = {Cao, Houwei and Cooper, David G. and Keutmann, Michael K. and Gur, Ruben C.
             and Nenkova, Ani and Verma, Ragini},
  title   = {{CREMA-D}: crowd-sourced emotional multimodal actors dataset},
  journal = {IEEE Transactions on Affective Computing},
  volume  = {5},
  pages   = {377--390},
  year    = {2014},
  doi     = {10.1109/TAFFC.2014.2336244}
}
"""
SENTENCES = {
    "DFA": "Don't forget a jacket.",
    "IEO": "It's eleven o'clock.",
    "IOM": "I'm on my way to the meeting.",
    "ITH": "I think I have a doctor's appointment.",
    "ITS": "I think I've seen this before.",
    "IWL": "I would like a new alarm clock.",
    "IWW": "I wonder what this is about.",
    "MTI": "Maybe tomorrow it will be cold.",
    "TAI": "The airplane is almost full.",
    "TIE": "That is exactly what happened.",
    "TSI": "The surface is slick.",
    "WSI": "We'll stop in a couple of minutes.",
}
WOMEN = frozenset(
    [1002, 1003, 1004, 1006, 1007, 1008, 1009, 1010, 1012, 1013, 1018, 1020, 1021, 1024, 1025]
    + [1028, 1029, 1030, 1037, 1043, 1046, 1047, 1049, 1052, 1053, 1054, 1055, 1056, 1058, 1060]
    + [1061, 1063, 1072, 1073, 1074, 1075, 1076, 1078, 1079, 1082, 1084, 1089, 1091]
)
INTENSITIES = {"LO": "low", "MD": "medium", "HI": "high", "XX": ""}
SILENT = ("1076_MTI_SAD_XX",)
NAME = (
    rf"(?P<speaker>1\d{{3}})_(?P<sentence>{'|'.join(SENTENCES)})"
    rf"_(?P<label>{'|'.join(LABELS)})_(?P<level>{'|'.join(INTENSITIES)})"
)


def read(root: Path) -> Reading:
    """Read the recordings that are there, in any folders."""
    return read_file_names(root, NAME, LABELS, LANGUAGE, _complete)


def _complete(utterance: Utterance, name: re.Match[str]) -> Utterance | str:
    audio = utterance.audio
    if audio.stem in SILENT:
        return "silent"
    if audio.parent.name == "AudioMP3" and (audio.parents[1] / "AudioWAV").is_dir():
        return "the same in AudioWAV"
    return replace(
        utterance,
        transcript=SENTENCES[name["sentence"]],
        intensity=INTENSITIES[name["level"]],
        sex="female" if int(utterance.speaker) in WOMEN else "male",
    )

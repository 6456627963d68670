"""CASIA, the Chinese emotional corpus (Mandarin).

Origin: four speakers (two women, two men) read the same fifty sentences in six emotions; 1,200
recordings, 16 kHz mono, a part of the 9,600 of the corpus.
Obtain: the whole corpus from the Chinese Academy of Sciences (http://www.chineseldc.org), this part
from https://aistudio.baidu.com/datasetdetail/209512; unpack it into the root.
Licence: unknown to us: the whole corpus is sold, and the copies of this part name none.
Layout: liuchanhg/angry/201.wav, which is speaker liuchanhg, angry and sentence 201.
Oddities: numbers recur, so ids are made of speaker, emotion and number. Some copies write
ZhaoZuoxiang with capital letters. Each sentence is spoken in every emotion; the texts are not with
the recordings, so transcripts are empty.
Citation: Institute of Automation, Chinese Academy of Sciences: CASIA Chinese emotional corpus.
Chinese Linguistic Data Consortium, 2008.
"""

import re
from dataclasses import replace
from pathlib import Path

from mdat_data.corpus import Reading, Size
from mdat_data.readers.file_names import read_file_names
from mdat_data.utterance import Utterance

LANGUAGE = "zh"
SIZE = Size(recordings=1200, speakers=4, hours=0.64)
LABELS = {
    "angry": "angry",
    "fear": "fear",
    "happy": "happy",
    "neutral": "neutral",
    "sad": "sad",
    "surprise": "surprise",
}
BIBTEX = """
@misc{casia2008emotional,
  author    = {{Institute of Automation, Chinese Academy of Sciences}},
  title     = {{CASIA} {Chinese} emotional corpus},
  publisher = {Chinese Linguistic Data Consortium},
  year      = {2008}
}
"""
SPEAKERS = {
    "liuchanhg": "female",
    "wangzhe": "male",
    "zhaoquanyin": "female",
    "zhaozuoxiang": "male",
}
NAME = rf"(?P<speaker>(?i:{'|'.join(SPEAKERS)}))/(?P<label>{'|'.join(LABELS)})/(?P<sentence>\d+)"


def read(root: Path) -> Reading:
    """Read the recordings that are there, in the folders of all speakers and emotions."""
    return read_file_names(root, NAME, LABELS, LANGUAGE, _complete)


def _complete(utterance: Utterance, name: re.Match[str]) -> Utterance:
    speaker = utterance.speaker.lower()
    return replace(
        utterance,
        id=f"{speaker}_{name['label']}_{name['sentence']}",
        speaker=speaker,
        group=speaker,
        sex=SPEAKERS[speaker],
    )

"""EMO-DB, the Berlin database of emotional speech (German).

Origin: ten actors (five women, five men) speak ten everyday sentences in seven emotions, recorded
at the Technical University of Berlin in 1997 and 1999; 535 recordings that listeners recognised,
16 kHz mono.
Obtain: http://emodb.bilderbar.info (the archive download.zip); unpack it into the root.
Licence: none is stated with the recordings; they are offered to everybody, without registration,
for research that cites them.
Layout: wav/03a01Fa.wav, which is speaker 03, sentence a01, the letter F of Freude (happy) and
take a.
Oddities: the emotions are not balanced, because only recognised recordings were kept. Each sentence
is spoken in every emotion, so the text alone does not give the emotion. Some papers count boredom
as sad; here it is an emotion of its own.
Citation: F. Burkhardt, A. Paeschke, M. Rolfes, W. Sendlmeier, B. Weiss: A database of German
emotional speech. Interspeech 2005, pp. 1517-1520.
"""

import re
from dataclasses import replace
from pathlib import Path

from mdat_data.corpus import Reading, Size
from mdat_data.readers.file_names import read_file_names
from mdat_data.utterance import Utterance

LANGUAGE = "de"
SIZE = Size(recordings=535, speakers=10, hours=0.41)
LABELS = {
    "W": "angry",
    "L": "boredom",
    "E": "disgust",
    "A": "fear",
    "F": "happy",
    "T": "sad",
    "N": "neutral",
}
BIBTEX = """
@inproceedings{burkhardt2005database,
  author    = {Burkhardt, Felix and Paeschke, Astrid and Rolfes, Miriam and Sendlmeier, Walter F.
               and Weiss, Benjamin},
  title     = {A database of German emotional speech},
  booktitle = {Interspeech},
  pages     = {1517--1520},
  year      = {2005}
}
"""
SENTENCES = {
    "a01": "Der Lappen liegt auf dem Eisschrank.",
    "a02": "Das will sie am Mittwoch abgeben.",
    "a04": "Heute abend könnte ich es ihm sagen.",
    "a05": "Das schwarze Stück Papier befindet sich da oben neben dem Holzstück.",
    "a07": "In sieben Stunden wird es soweit sein.",
    "b01": "Was sind denn das für Tüten, die da unter dem Tisch stehen?",
    "b02": "Sie haben es gerade hochgetragen und jetzt gehen sie wieder runter.",
    "b03": ("An den Wochenenden bin ich jetzt immer nach Hause gefahren und habe Agnes besucht."),
    "b09": "Ich will das eben wegbringen und dann mit Karl was trinken gehen.",
    "b10": "Die wird auf dem Platz sein, wo wir sie immer hinlegen.",
}
WOMEN = ("08", "09", "13", "14", "16")
NAME = rf"(?P<speaker>\d\d)(?P<sentence>{'|'.join(SENTENCES)})(?P<label>[{''.join(LABELS)}])[a-z]"


def read(root: Path) -> Reading:
    """Read the recordings that are there, in any folders: there may be fewer than the 535."""
    return read_file_names(root, NAME, LABELS, LANGUAGE, _complete)


def _complete(utterance: Utterance, name: re.Match[str]) -> Utterance:
    return replace(
        utterance,
        transcript=SENTENCES[name["sentence"]],
        sex="female" if utterance.speaker in WOMEN else "male",
    )

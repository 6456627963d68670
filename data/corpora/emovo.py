"""EMOVO, a corpus of Italian emotional speech.

Origin: six actors (three women, three men) speak fourteen sentences, some of them nonsense, in
six emotions and neutral, recorded at the Fondazione Ugo Bordoni in Rome; 588 recordings, 48 kHz.
Obtain: http://voice.fub.it/activities/corpora/emovo/index.html; unpack it into the root.
Licence: none is stated with the recordings; they were published for research. Ask the authors
about any other use.
Layout: f1/dis-f1-b1.wav, which is speaker f1, disgusto (disgust) and sentence b1; folders f1, f2,
f3, m1, m2 and m3.
Oddities: all recordings are stereo except one, which is mono. Each sentence is spoken in every
emotion, so the text alone does not give the emotion. There are only six speakers, so
speaker-independent scores vary much. A file whose name gives another speaker than its folder is
left out.
Citation: G. Costantini, I. Iaderola, A. Paoloni, M. Todisco: EMOVO corpus: an Italian emotional
speech database. LREC 2014, pp. 3501-3504.
"""

import re
from dataclasses import replace
from pathlib import Path

from mdat_data.corpus import Reading, Size
from mdat_data.readers.file_names import read_file_names
from mdat_data.utterance import Utterance

LANGUAGE = "it"
SIZE = Size(recordings=588, speakers=6, hours=0.51)
LABELS = {
    "dis": "disgust",
    "gio": "happy",
    "neu": "neutral",
    "pau": "fear",
    "rab": "angry",
    "sor": "surprise",
    "tri": "sad",
}
BIBTEX = """
@inproceedings{costantini2014emovo,
  author    = {Costantini, Giovanni and Iaderola, Iacopo and Paoloni, Andrea
               and Todisco, Massimiliano},
  title     = {{EMOVO} corpus: an {Italian} emotional speech database},
  booktitle = {LREC},
  pages     = {3501--3504},
  year      = {2014}
}
"""
SENTENCES = {
    "b1": "Gli operai si alzano presto.",
    "b2": "I vigili sono muniti di pistola.",
    "b3": "La cascata fa molto rumore.",
    "l1": "L’autunno prossimo Tony partirà per la Spagna nella prima metà di ottobre.",
    "l2": "Ora prendo la felpa di là ed esco per fare una passeggiata.",
    "l3": "Un attimo dopo s’è incamminato ... ed è inciampato.",
    "l4": "Vorrei il numero telefonico del Signor Piatti.",
    "n1": "La casa forte vuole col pane.",
    "n2": "La forza trova il passo e l’aglio rosso.",
    "n3": "Il gatto sta scorrendo nella pera.",
    "n4": "Insalata pastasciutta coscia d’agnello limoncello.",
    "n5": "Uno quarantatré dieci mille cinquantasette venti.",
    "d1": "Sabato sera cosa farà?",
    "d2": "Porti con te quella cosa?",
}
NAME = (
    rf"(?P<speaker>(?P<sex>[fm])[123])/(?P<label>{'|'.join(LABELS)})-(?P=speaker)"
    rf"-(?P<sentence>{'|'.join(SENTENCES)})"
)


def read(root: Path) -> Reading:
    """Read the recordings that are there, in the folders of all speakers."""
    return read_file_names(root, NAME, LABELS, LANGUAGE, _complete)


def _complete(utterance: Utterance, name: re.Match[str]) -> Utterance:
    return replace(utterance, transcript=SENTENCES[name["sentence"]])

"""AESDD, the acted emotional speech dynamic database (Greek).

Origin: professional actors speak twenty utterances, one of them improvised, in five emotions; 604
recordings, 44.1 kHz. Neutral is not among the emotions.
Obtain: http://m3c.web.auth.gr/research/aesdd-speech-emotion-recognition; unpack it into the root.
Licence: none is stated with the recordings, as far as we know; they are offered to the public for
research.
Layout: anger/a03 (4).wav, which is the letter a of anger, utterance 03 and speaker 4; d is disgust,
f fear, h happiness, s sadness.
Oddities: names have blanks and brackets. A letter behind them, as in a06 (5)b.wav, is another take,
and (01) is speaker 1. The first version had five actors (three women, two men), more were added,
and the names give six; which are women is said nowhere, so the sex is unknown. Transcripts are not
with the recordings. Each utterance is spoken in every emotion.
Citation: N. Vryzas, R. Kotsakis, A. Liatsou, C. A. Dimoulas, G. Kalliris: Speech emotion
recognition for performance interaction. Journal of the Audio Engineering Society 66 (2018), pp.
457-467.
"""

from pathlib import Path

from mdat_data.corpus import Reading, Size
from mdat_data.readers.file_names import read_file_names

LANGUAGE = "el"
SIZE = Size(recordings=604, speakers=6, hours=0.69)
LABELS = {"a": "angry", "d": "disgust", "f": "fear", "h": "happy", "s": "sad"}
BIBTEX = """
@article{vryzas2018aesdd,
  author  = {Vryzas, Nikolaos and Kotsakis, Rigas and Liatsou, Aikaterini
             and Dimoulas, Charalampos A. and Kalliris, George},
  title   = {Speech emotion recognition for performance interaction},
  journal = {Journal of the Audio Engineering Society},
  volume  = {66},
  pages   = {457--467},
  year    = {2018}
}
"""
NAME = rf"(?P<label>[{''.join(LABELS)}])(?P<sentence>\d\d) \(0?(?P<speaker>\d)\)[a-z]?"


def read(root: Path) -> Reading:
    """Read the recordings that are there, in any folders."""
    return read_file_names(root, NAME, LABELS, LANGUAGE)

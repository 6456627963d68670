"""TurEV-DB, the Turkish emotion-voice database (Turkish).

Origin: six speakers say 82 words in four emotions; 1,735 recordings, 44.1 kHz.
Obtain: https://github.com/Xeonen/TurEV-DB; clone it into the root.
Licence: Creative Commons BY-NC-ND 4.0.
Layout: Sound Source/Angry/1157_kz_acik.wav, which is speaker 1157, kz (kizgin, angry) and the word
açık.
Oddities: the emotions are angry, calm, happy and sad: there is no neutral, and calm stays calm. Two
speakers lack emotions or words. Words are written without Turkish letters, and so are the
transcripts. The sexes are not given.
Citation: S. F. Canpolat, Z. Ormanoğlu, D. Zeyrek: Turkish emotion voice database (TurEV-DB). SLTU
and CCURL 2020, pp. 368-375.
"""

from pathlib import Path

from mdat_data.corpus import Reading, Size
from mdat_data.readers.file_names import read_file_names

LANGUAGE = "tr"
SIZE = Size(recordings=1735, speakers=6, hours=0.46)
LABELS = {"Angry": "angry", "Calm": "calm", "Happy": "happy", "Sad": "sad"}
BIBTEX = """
@inproceedings{canpolat2020turev,
  author    = {Canpolat, Salih Firat and Ormanoğlu, Zuhal and Zeyrek, Deniz},
  title     = {{Turkish} emotion voice database ({TurEV-DB})},
  booktitle = {SLTU and CCURL},
  pages     = {368--375},
  year      = {2020}
}
"""
NAME = (
    rf"(?P<label>{'|'.join(LABELS)})/(?P<speaker>\d{{4}})_(kz|sk|mt|hl)_(?P<transcript>[a-z]+)\d?"
)


def read(root: Path) -> Reading:
    """Read the recordings that are there, in the folders of all emotions."""
    return read_file_names(root, NAME, LABELS, LANGUAGE)

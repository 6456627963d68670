"""ShEMO, the Sharif emotional speech database (Persian).

Origin: 87 speakers (31 women, 56 men) in online radio plays, labelled by twelve listeners;
3,000 recordings, of which 2,838 are in the list that this module is proved with, 44.1 kHz mono.
Obtain: https://github.com/mansourehk/ShEMO; unpack female.zip and male.zip into the root.
Licence: none is stated with the recordings; the paper offers them free of charge for academic
purposes.
Layout: female/F01A02.wav, which is the woman 01, anger and her second angry recording. The letters
are A anger, F fear, H happiness, N neutral, S sadness, W (wonder) surprise.
Oddities: emotions are far from balanced: 1,034 angry, 29 fearful. Speakers have between 2 and 171
recordings. The texts differ, and no transcripts are read.
Citation: O. Mohamad Nezami, P. Jamshid Lou, M. Karami: ShEMO: a large-scale validated database for
Persian speech emotion detection. Language Resources and Evaluation 53 (2019), pp. 1-16.
"""

from pathlib import Path

from mdat_data.corpus import Reading, Size
from mdat_data.readers.file_names import read_file_names

LANGUAGE = "fa"
SIZE = Size(recordings=2838, speakers=87, hours=3.3)
LABELS = {"A": "angry", "F": "fear", "H": "happy", "N": "neutral", "S": "sad", "W": "surprise"}
BIBTEX = """
@article{mohamadnezami2019shemo,
  author  = {Mohamad Nezami, Omid and Jamshid Lou, Paria and Karami, Mansoureh},
  title   = {{ShEMO}: a large-scale validated database for {Persian} speech emotion detection},
  journal = {Language Resources and Evaluation},
  volume  = {53},
  pages   = {1--16},
  year    = {2019},
  doi     = {10.1007/s10579-018-9427-x}
}
"""
NAME = rf"(?P<speaker>(?P<sex>[FM])\d\d)(?P<label>[{''.join(LABELS)}])\d\d"


def read(root: Path) -> Reading:
    """Read the recordings that are there, in any folders."""
    return read_file_names(root, NAME, LABELS, LANGUAGE)

"""ESD, the emotional speech dataset: its Mandarin half.

Origin: ten native speakers of Mandarin (five women, five men), 0001 to 0010, speak 350 sentences
in five emotions; 17,500 recordings, 16 kHz mono. The other half is esd-en.
Obtain: https://github.com/HLTSingapore/Emotional-Speech-Data; unpack it into the root, which may be
shared with esd-en.
Licence: for research only, after signing the licence that its page links to.
Layout: 0001/Angry/0001_000351.wav, which is speaker 0001 and the first angry recording; more in
esd-en.
Oddities: as in esd-en, whose recordings are counted among what is left out.
Citation: K. Zhou, B. Sisman, R. Liu, H. Li: Emotional voice conversion: theory, databases and ESD.
Speech Communication 137 (2022), pp. 1-18.
"""

from functools import partial

from mdat_data.corpus import Size
from mdat_data.readers import esd

LANGUAGE = "zh"
SIZE = Size(recordings=17500, speakers=10, hours=15.7)
LABELS = esd.LABELS
BIBTEX = esd.BIBTEX

read = partial(esd.read_esd, language=LANGUAGE, speakers=range(1, 11))

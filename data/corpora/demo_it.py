"""Demo, Italian: synthetic speech for trying the programs, not for science.

Origin: eight voices of the speech synthesiser eSpeak NG say five sentences in four emotions, 160
recordings, 22.05 kHz mono. Only the prosody table of this module makes the emotions.
Obtain: pip install "mdat-keras[demo]"; the first reading synthesises the folder. Remove it to
synthesise it again.
Licence: the speech is yours to use as you like; eSpeak NG itself is under GPL 3.0 or later.
Layout: f1_angry_1.wav, which is speaker f1, angry and the first sentence.
Oddities: scores on this corpus say nothing about human speech. Among the four
languages this one has the widest pitch, and its anger is as high as its joy is elsewhere.
Citation: eSpeak NG, https://github.com/espeak-ng/espeak-ng.
"""

from functools import partial

from mdat_data.corpus import Size
from mdat_data.readers.demo import ESPEAK_NG, Prosody, read_demo

LANGUAGE = "it"
SIZE = Size(recordings=160, speakers=8, hours=0.06)
SENTENCES = (
    "Il treno parte alle otto.",
    "La finestra è ancora aperta.",
    "Ci vediamo domani sera.",
    "Il libro è sul tavolo.",
    "Oggi andiamo al mercato.",
)
PROSODY = {
    "angry": Prosody(rate=212, volume=122, pitch=62, range=82),
    "happy": Prosody(rate=194, volume=110, pitch=73, range=90),
    "neutral": Prosody(rate=184, volume=94, pitch=48, range=54),
    "sad": Prosody(rate=146, volume=76, pitch=42, range=32),
}
LABELS = {emotion: emotion for emotion in PROSODY}
BIBTEX = ESPEAK_NG

read = partial(read_demo, language=LANGUAGE, sentences=SENTENCES, prosody=PROSODY)
